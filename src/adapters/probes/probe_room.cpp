#include "adapters/probes/probe_room.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace muster::probes {

ProbeRoom::~ProbeRoom() {
  workers_.stop();
  workers_.join();
}

void ProbeRoom::start(const ports::ServiceProbe& probe, std::shared_ptr<Outbox> outbox) {
  const auto rhythm =
      std::make_shared<Rhythm>(io_, *clock_, probe.every, probe.timeout, std::move(outbox));
  rhythms_[probe.service] = rhythm;
  prepared(question(probe), [weak = std::weak_ptr{rhythm}](const Result<MakeSlot>& make) {
    if (const auto self = weak.lock()) self->begin(make);
  });
}

void ProbeRoom::stop(const std::string& service, std::function<void()> done) {
  const auto found = rhythms_.find(service);
  if (found == rhythms_.end()) return done();
  found->second->stop([this, service, rhythm = found->second.get(), done = std::move(done)] {
    done();
    // Not from within its own call, and not the one that may have replaced it.
    boost::asio::post(io_, [this, service, rhythm] {
      const auto it = rhythms_.find(service);
      if (it != rhythms_.end() && it->second.get() == rhythm) rhythms_.erase(it);
    });
  });
}

void ProbeRoom::ask(Prepare question, Duration timeout, OneShot::Done done) {
  const auto id = ++last_one_shot_;
  const auto shot = std::make_shared<OneShot>(
      io_, *clock_, timeout, [this, id, done = std::move(done)](Asked asked) {
        done(std::move(asked));
        boost::asio::post(io_, [this, id] { one_shots_.erase(id); });
      });
  one_shots_.emplace(id, shot);
  prepared(std::move(question), [weak = std::weak_ptr{shot}](const Result<MakeSlot>& make) {
    if (const auto self = weak.lock()) self->ask(make);
  });
}

void ProbeRoom::prepared(Prepare question, std::function<void(Result<MakeSlot>)> then) {
  const auto quick = question(Names::numeric_only);
  if (!quick) return then(quick.error());
  if (*quick) return then(**quick);
  boost::asio::post(workers_, [&io = io_, question = std::move(question), then = std::move(then)] {
    const auto resolved = question(Names::resolve);
    boost::asio::post(io, [resolved, then] {
      if (!resolved) return then(resolved.error());
      if (!*resolved) return then(Error{"the question cannot be asked: a name was not resolved"});
      then(**resolved);
    });
  });
}

}  // namespace muster::probes
