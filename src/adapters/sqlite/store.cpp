#include "adapters/sqlite/store.hpp"

#include <fmt/format.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "adapters/sqlite/record.hpp"

namespace muster::sqlite {
namespace {

using ports::Commit;

constexpr std::size_t kQueueJobsMax = 10'000;
constexpr std::size_t kQueueBytesMax = 256u << 20;
constexpr std::size_t kGroupJobsMax = 256;
constexpr std::size_t kGroupBytesMax = 32u << 20;

std::size_t size_of(const ports::Batch& b) {
  std::size_t n = 256;
  for (const auto& e : b.entries) n += e.size();
  for (const auto& x : b.blobs) n += x.size();
  for (const auto& p : b.puts) n += p.to ? p.to->size() : 0;
  return n;
}

}  // namespace

/// The thread that owns the connection. Jobs are done in the order in which they came; neighbours
/// that write are done together.
class Store::Worker {
 public:
  Worker(std::unique_ptr<Record> record, Post post)
      : record_(std::move(record)), post_(std::move(post)), thread_([this] { work(); }) {}

  ~Worker() {
    {
      const std::lock_guard lock{mutex_};
      ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void write(ports::Batch batch, ports::OnCommit answer) {
    Job job;
    job.bytes = size_of(batch);
    job.batch = std::move(batch);
    job.answer = std::move(answer);
    {
      const std::lock_guard lock{mutex_};
      if (queue_.size() < kQueueJobsMax && queue_bytes_ + job.bytes <= kQueueBytesMax) {
        queue_bytes_ += job.bytes;
        queue_.push_back(std::move(job));
        wake_.notify_one();
        return;
      }
    }
    refuse(std::move(job.answer), "too much waits to be written to the store");
  }

  void refuse(ports::OnCommit answer, std::string why) {
    post_([answer = std::move(answer), why = std::move(why)] { answer(Commit::full, why); });
  }

  /// `f(Record&) -> Result<T>` on the worker's thread, its answer on the engine's.
  template <class T, class F>
  void ask(F f, ports::OnAnswer<T> answer) {
    Job job;
    job.other = [this, f = std::move(f), answer = std::move(answer)] {
      post_([answer, result = f(*record_)] { answer(result); });
    };
    const std::lock_guard lock{mutex_};
    queue_.push_back(std::move(job));
    wake_.notify_one();
  }

 private:
  struct Job {
    ports::Batch batch;
    ports::OnCommit answer;
    std::size_t bytes = 0;
    std::function<void()> other;  ///< set: no write
  };

  void work() {
    while (true) {
      const auto jobs = take();
      if (jobs.empty()) return;
      if (jobs.front().other)
        jobs.front().other();
      else
        commit(jobs);
    }
  }

  /// One job that is no write, or all writes up to the next one that is; none at the end.
  std::vector<Job> take() {
    std::unique_lock lock{mutex_};
    wake_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    std::vector<Job> jobs;
    std::size_t bytes = 0;
    while (!queue_.empty() && jobs.size() < kGroupJobsMax) {
      Job& next = queue_.front();
      if (!jobs.empty() && (next.other || bytes + next.bytes > kGroupBytesMax)) break;
      bytes += next.bytes;
      queue_bytes_ -= next.bytes;
      jobs.push_back(std::move(next));
      queue_.pop_front();
      if (jobs.back().other) break;
    }
    return jobs;
  }

  void commit(const std::vector<Job>& jobs) {
    std::vector<const ports::Batch*> batches;
    for (const auto& job : jobs) batches.push_back(&job.batch);
    auto outcomes = record_->commit(batches);
    for (std::size_t i = 0; i < jobs.size(); ++i)
      post_([answer = jobs[i].answer, o = std::move(outcomes[i])] { answer(o.commit, o.why); });
    record_->checkpoint_if_due();
  }

  std::unique_ptr<Record> record_;
  Post post_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> queue_;
  std::size_t queue_bytes_ = 0;
  bool ending_ = false;
  std::thread thread_;  ///< last: starts when all else is there
};

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder, Post post,
                                           const StoreOptions& options) {
  auto record = Record::open(folder, options);
  if (!record) return record.error();
  return std::unique_ptr<Store>{
      new Store{std::make_unique<Worker>(std::move(*record), std::move(post))}};
}

Store::Store(std::unique_ptr<Worker> worker) : worker_(std::move(worker)) {}
Store::~Store() = default;

void Store::commit(ports::Batch batch, ports::OnCommit answer) {
  if (auto limit = ports::over_limit(batch); !limit.empty())
    return worker_->refuse(std::move(answer), std::move(limit));
  worker_->write(std::move(batch), std::move(answer));
}

void Store::put_blob(std::string bytes, ports::OnAnswer<Digest> answer) {
  const Digest name = sha256(bytes);
  const auto told = [answer, name](Commit commit, const std::string& why) {
    if (commit == Commit::durable) return answer(name);
    answer(Error{"the blob was not kept: " + why});
  };
  if (bytes.size() > ports::StoreLimits::kBlobBytesMax)
    return worker_->refuse(told, "a blob is above 64 MiB");
  ports::Batch batch;
  batch.blobs.push_back(std::move(bytes));
  worker_->write(std::move(batch), told);
}

void Store::tip(ports::LogId log, ports::OnAnswer<ports::Tip> answer) {
  worker_->ask<ports::Tip>(
      [log](Record& r) { return r.read([&](Tables& t) { return t.tip(log); }); },
      std::move(answer));
}

void Store::entries(ports::LogId log, std::uint64_t from, std::size_t bytes_max,
                    ports::OnAnswer<std::vector<ports::Stored>> answer) {
  worker_->ask<std::vector<ports::Stored>>(
      [=](Record& r) { return r.read([&](Tables& t) { return t.entries(log, from, bytes_max); }); },
      std::move(answer));
}

void Store::scan(std::string prefix, std::string after, std::size_t rows_max,
                 ports::OnAnswer<std::vector<ports::Row>> answer) {
  worker_->ask<std::vector<ports::Row>>(
      [=](Record& r) { return r.read([&](Tables& t) { return t.scan(prefix, after, rows_max); }); },
      std::move(answer));
}

void Store::blob(Digest name, ports::OnAnswer<std::string> answer) {
  const auto look_up = [name](Record& r) -> Result<std::string> {
    auto bytes = r.read([&](Tables& t) { return t.blob(name); });
    if (!bytes) return bytes.error();
    if (!*bytes) return Error{fmt::format("the blob {} is not in the store", hex(name))};
    if (sha256(**bytes) != name)
      return Error{
          fmt::format("the blob {} is damaged: its content has another digest", hex(name))};
    return std::move(**bytes);
  };
  worker_->ask<std::string>(look_up, std::move(answer));
}

void Store::erase(ports::Erasure what, ports::OnAnswer<void> answer) {
  worker_->ask<void>([what = std::move(what)](Record& r) { return r.erase(what); },
                     std::move(answer));
}

// The time to live is not needed: the lock on the file ends with the process, and with it every
// hold.
void Store::hold(ports::LogId log, Duration, ports::OnAnswer<std::uint64_t> answer) {
  worker_->ask<std::uint64_t>([log](Record& r) { return r.hold(log); }, std::move(answer));
}

void Store::release(ports::LogId log, std::uint64_t epoch, ports::OnAnswer<void> answer) {
  const auto end = [log, epoch](Record& r) -> Result<void> {
    r.release(log, epoch);
    return {};
  };
  worker_->ask<void>(end, std::move(answer));
}

}  // namespace muster::sqlite
