#include "engine/driver.hpp"

#include <utility>

namespace muster::engine {

Driver::Driver(Machine& machine, Ports ports, std::function<void(const journal::Draft&)> seen,
               std::function<void()> on_over)
    : machine_{machine}, ports_{ports}, seen_{std::move(seen)}, on_over_{std::move(on_over)} {}

void Driver::begin() {
  perform(machine_.begin(ports_.clock.now(), ports_.clock.wall()));
}
void Driver::go_on(Output first) {
  perform(std::move(first));
}

void Driver::feed(decltype(Input::what) what) {
  if (over_) return;
  perform(machine_.on({ports_.clock.now(), ports_.clock.wall(), std::move(what)}));
}

std::string Driver::request(Request request) {
  if (over_) return "the run is over";
  Output out = machine_.on({ports_.clock.now(), ports_.clock.wall(), std::move(request)});
  const std::string refused = out.refused;
  perform(std::move(out));
  return refused;
}

void Driver::perform(Output output) {
  set_wake(output.wake);
  Batch batch{std::move(output.drafts), std::move(output.actions), false, output.over};
  if (record_lost_ || batch.drafts.empty()) {
    batch.durable = true;
    batches_.push_back(std::move(batch));
    return drain();
  }
  journal::Write write;
  write.drafts = batch.drafts;
  write.blobs = std::move(output.blobs);
  batches_.push_back(std::move(batch));
  const auto queued =
      ports_.writer.write(std::move(write), [this](const journal::Written& written) {
        // Answers come in the order of the writes: this one is of the first batch that is not
        // durable yet.
        if (written.commit != ports::Commit::durable)
          return lose_record(written.why.empty() ? std::string{ports::to_string(written.commit)}
                                                 : written.why);
        for (auto& b : batches_)
          if (!b.durable) {
            b.durable = true;
            break;
          }
        drain();
      });
  if (!queued) lose_record(to_string(queued.error()));
}

void Driver::drain() {
  while (!batches_.empty() && batches_.front().durable) {
    const Batch batch = std::move(batches_.front());
    batches_.pop_front();
    if (!record_lost_)
      for (const auto& draft : batch.drafts) seen_(draft);
    for (const auto& action : batch.actions)
      record_lost_ && !action.heals ? drop(action) : start(action);
    if (batch.over && !std::exchange(over_, true)) {
      set_wake(std::nullopt);
      on_over_();
    }
  }
}

void Driver::lose_record(const std::string& why) {
  if (record_lost_) return;
  record_lost_ = why;
  RecordLost lost{why};
  for (auto& batch : batches_) {
    batch.durable = true;  // as durable as it will get: what heals may start
    for (const auto& action : batch.actions)
      if (const auto* call = std::get_if<CallHost>(&action.what); call && !action.heals)
        lost.not_done.insert(call->id);
  }
  drain();
  feed(std::move(lost));
}

void Driver::start(const Action& action) {
  if (const auto* a = std::get_if<CallHost>(&action.what)) {
    ports_.shell.call(a->call, [this, id = a->id](ports::Answer answer) {
      feed(HostAnswered{id, std::move(answer)});
    });
  } else if (const auto* b = std::get_if<AskProbe>(&action.what)) {
    ports_.prober.ask(b->probe, b->timeout, [this, id = b->id](ports::ProbeAnswer answer) {
      feed(Probed{id, std::move(answer)});
    });
  } else if (const auto* c = std::get_if<StartService>(&action.what)) {
    ports_.prober.start(c->probe,
                        [this, service = c->probe.service](std::vector<measure::Sample> samples) {
                          feed(Sampled{service, std::move(samples)});
                        });
  } else if (const auto* d = std::get_if<StopService>(&action.what)) {
    ports_.prober.stop(d->service, [this, id = d->id] { feed(ServiceStopped{id}); });
  } else if (const auto* e = std::get_if<ReadLedger>(&action.what)) {
    ports_.prober.read_back(e->probe, e->timeout, [this, id = e->id](ports::ReadBack read) {
      feed(LedgerRead{id, std::move(read)});
    });
  }
}

void Driver::drop(const Action& action) {
  // Whoever asked must not wait for ever; the answer comes later, as every answer does.
  const auto later = [this](decltype(Input::what) what) {
    ports_.clock.at(ports_.clock.now(), [this, what = std::move(what)] { feed(what); });
  };
  if (const auto* a = std::get_if<CallHost>(&action.what)) {
    HostAnswered answer{a->id, {}};
    answer.answer.said = ports::Said::could_not;
    answer.answer.output = "not done: the record cannot be written";
    answer.answer.sent = answer.answer.done = ports_.clock.now();
    later(std::move(answer));
  } else if (const auto* b = std::get_if<AskProbe>(&action.what)) {
    Probed answer{b->id, {}};
    answer.answer.sample.why = "not asked: the record cannot be written";
    later(std::move(answer));
  } else if (const auto* e = std::get_if<ReadLedger>(&action.what)) {
    later(LedgerRead{e->id, {}});
  }
}

void Driver::set_wake(const std::optional<Instant>& wake) {
  if (wake_) ports_.clock.cancel(*std::exchange(wake_, std::nullopt));
  if (!wake) return;
  wake_ = ports_.clock.at(*wake, [this] {
    wake_.reset();
    feed(Tick{});
  });
}

}  // namespace muster::engine
