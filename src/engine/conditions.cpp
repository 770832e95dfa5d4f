#include "engine/conditions.hpp"

#include <fmt/format.h>

#include <memory>

namespace muster::engine {

namespace {

/// What the answer tells, for people.
const char* found(const ports::ProbeAnswer& answer) {
  if (!answer.asked) return "could not be asked";
  if (answer.sample.outcome == measure::Outcome::ok) return "is up";
  return answer.sample.outcome == measure::Outcome::failed ? "is down" : "did not answer";
}

/// Silence is what clients of a cut-off service get, so it is down; that it is not up it does not
/// prove. A question that was never asked tells neither.
Told::Is judged(const ports::ProbeAnswer& answer, bool up) {
  if (!answer.asked) return Told::Is::unknown;
  if (answer.sample.outcome == measure::Outcome::ok) return up ? Told::Is::yes : Told::Is::no;
  if (!up) return Told::Is::yes;
  return answer.sample.outcome == measure::Outcome::unknown ? Told::Is::unknown : Told::Is::no;
}

}  // namespace

void Conditions::look(const plan::Condition& condition, Duration timeout,
                      std::function<void(const Told&)> done) {
  if (const auto* service = std::get_if<plan::ServiceIs>(&condition)) return done(look(*service));
  if (const auto* probe = std::get_if<plan::ProbeIs>(&condition))
    return look(*probe, timeout, std::move(done));
  look(std::get<plan::CommandHolds>(condition), timeout, std::move(done));
}

Told Conditions::look(const plan::ServiceIs& condition) const {
  const auto state = services_.state(condition.service);
  const bool wanted = state == (condition.up ? measure::UpState::up : measure::UpState::down);
  const char* is = state == measure::UpState::up     ? "up"
                   : state == measure::UpState::down ? "down"
                                                     : "not known to be up or down";
  const auto how = wanted                               ? Told::Is::yes
                   : state == measure::UpState::unknown ? Told::Is::unknown
                                                        : Told::Is::no;
  return {how, fmt::format("{} is {}", condition.service, is), {}, {}};
}

void Conditions::look(const plan::ProbeIs& condition, Duration timeout,
                      std::function<void(const Told&)> done) {
  auto bound = plan::resolve(condition.probe, core_.bindings());
  if (!bound) return done({Told::Is::unknown, bound.error().what, {}, {}});
  const std::string what = catalogue::describe(*bound);
  const Duration patience = timeout > Duration::zero() ? timeout : std::chrono::seconds{5};
  core_.ask(*bound, patience,
            [up = condition.up, what, done = std::move(done)](const ports::ProbeAnswer& answer) {
              const auto& why = answer.sample.why;
              done({judged(answer, up),
                    fmt::format("{} {}{}{}", what, found(answer), why.empty() ? "" : ": ", why),
                    answer.evidence,
                    {}});
            });
}

void Conditions::look(const plan::CommandHolds& holds, Duration timeout,
                      std::function<void(const Told&)> done) {
  auto argv = plan::resolve(holds.argv, core_.bindings());
  if (!argv) return done({Told::Is::unknown, argv.error().what, {}, {}});
  struct Tally {
    std::size_t left;
    Told told;
  };
  const auto& hosts = targets_.hosts_of(holds.slot);
  auto tally = std::make_shared<Tally>();
  tally->left = hosts.size();
  for (const auto& host : hosts) {
    ports::Call call;
    call.host = core_.plan().hosts.at(host).address;
    call.verb = ports::Verb::command;
    call.argv = *argv;
    call.within = timeout;
    core_.call(std::move(call), false, [host, tally, done](const ports::Answer& answer) {
      Told& told = tally->told;
      if (answer.said == ports::Said::no) {
        // Proven false on one host is false, whatever the others could not tell.
        told = {Told::Is::no,
                fmt::format("on {} it ended with status {}", host, answer.status),
                {},
                answer.output};
      } else if (answer.said != ports::Said::yes && told.is != Told::Is::no) {
        told = {Told::Is::unknown,
                fmt::format("{} could not be asked: {}", host, ports::name_of(answer.said)),
                {},
                answer.output};
      } else if (told.is == Told::Is::yes) {
        told.output += answer.output;
      }
      if (--tally->left == 0) done(told);
    });
  }
}

}  // namespace muster::engine
