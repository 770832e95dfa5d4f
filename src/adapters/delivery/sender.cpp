#include "adapters/delivery/sender.hpp"

#include "adapters/delivery/ways.hpp"
#include "base/text.hpp"

namespace muster::delivery {
namespace {

constexpr std::size_t kThreads = 4;
constexpr std::size_t kSaidBytesMax = 500;

ports::Told by_its_way(const ports::Message& m, const Secrets& secrets, const Bounds& bounds) {
  if (const auto* one = std::get_if<ports::HttpPost>(&m.what)) return post(*one, secrets, bounds);
  if (const auto* one = std::get_if<ports::Mail>(&m.what)) return mail(*one, secrets, bounds);
  return command(std::get<ports::LocalCommand>(m.what), bounds);
}

}  // namespace

Sender::Sender(std::function<void(std::function<void()>)> post, Secrets secrets)
    : post_{std::move(post)}, secrets_{std::move(secrets)} {}

Sender::~Sender() {
  *alive_ = false;
  stop_ = true;
  {
    const std::lock_guard lock{mutex_};
    jobs_.clear();
  }
  more_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Sender::send(ports::Message message, std::function<void(const ports::Told&)> done) {
  {
    const std::lock_guard lock{mutex_};
    jobs_.push_back({std::move(message), std::move(done)});
  }
  // Started by need: most processes tell nobody anything.
  if (threads_.size() < kThreads) threads_.emplace_back([this] { work(); });
  more_.notify_one();
}

void Sender::work() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock{mutex_};
      more_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
      if (stop_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    ports::Told told = by_its_way(job.message, secrets_, {job.message.within, stop_});
    if (secrets_.redacted) told.said = secrets_.redacted(std::move(told.said));
    told.said = bounded(printable(trimmed(told.said)), kSaidBytesMax);
    post_([alive = alive_, done = std::move(job.done), told = std::move(told)] {
      if (*alive) done(told);
    });
  }
}

}  // namespace muster::delivery
