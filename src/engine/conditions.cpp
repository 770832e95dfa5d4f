// The steps `check` (must hold now) and `wait` (until it holds).
#include <fmt/format.h>

#include "engine/steps.hpp"

namespace muster::engine {

namespace {

/// What the answer tells, for people.
const char* found(const ports::ProbeAnswer& answer) {
  if (!answer.asked) return "could not be asked";
  if (answer.sample.outcome == measure::Outcome::ok) return "is up";
  return answer.sample.outcome == measure::Outcome::failed ? "is down" : "did not answer";
}

}  // namespace

/// Silence is what clients of a cut-off service get, so it is down; that it is not up it does not
/// prove. A question that was never asked tells neither.
Steps::How Steps::judged(const ports::ProbeAnswer& answer, bool up) {
  if (!answer.asked) return How::unknown;
  if (answer.sample.outcome == measure::Outcome::ok) return up ? How::passed : How::failed;
  if (!up) return How::passed;
  return answer.sample.outcome == measure::Outcome::unknown ? How::unknown : How::failed;
}

void Steps::evaluate(const plan::Condition& condition, std::function<void(How, Ending)> done) {
  if (const auto* service = std::get_if<plan::ServiceIs>(&condition)) {
    const auto state = services_.state(service->service);
    const bool wanted = state == (service->up ? measure::UpState::up : measure::UpState::down);
    const char* is = state == measure::UpState::up     ? "up"
                     : state == measure::UpState::down ? "down"
                                                       : "not known to be up or down";
    const auto how = wanted                               ? How::passed
                     : state == measure::UpState::unknown ? How::unknown
                                                          : How::failed;
    return done(how, {how, fmt::format("{} is {}", service->service, is), {}, {}, {}, {}});
  }
  if (const auto* probe = std::get_if<plan::ProbeIs>(&condition)) {
    auto bound = plan::resolve(probe->probe, core_.bindings());
    if (!bound) return done(How::unknown, {How::unknown, bound.error().what, {}, {}, {}, {}});
    const std::string what = catalogue::describe(*bound);
    return core_.ask(*bound, std::chrono::seconds{5},
                     [up = probe->up, what, done](const ports::ProbeAnswer& answer) {
                       const How how = judged(answer, up);
                       done(how,
                            {how,
                             fmt::format("{} {}{}{}", what, found(answer),
                                         answer.sample.why.empty() ? "" : ": ", answer.sample.why),
                             answer.evidence,
                             {},
                             {},
                             {}});
                     });
  }
  evaluate_command(std::get<plan::CommandHolds>(condition), std::move(done));
}

void Steps::evaluate_command(const plan::CommandHolds& holds,
                             std::function<void(How, Ending)> done) {
  auto argv = plan::resolve(holds.argv, core_.bindings());
  if (!argv) return done(How::unknown, {How::unknown, argv.error().what, {}, {}, {}, {}});
  struct Tally {
    std::size_t left;
    Ending ending;
  };
  const auto& hosts = targets_.hosts_of(holds.slot);
  auto tally = std::make_shared<Tally>();
  tally->left = hosts.size();
  for (const auto& host : hosts) {
    ports::Call call;
    call.host = core_.plan().hosts.at(host).address;
    call.verb = ports::Verb::command;
    call.argv = *argv;
    core_.call(std::move(call), false, [host, tally, done](const ports::Answer& answer) {
      Ending& e = tally->ending;
      if (answer.said == ports::Said::no) {
        // Proven false on one host is false, whatever the others could not tell.
        e = {How::failed, fmt::format("on {} it ended with status {}", host, answer.status),
             {},          answer.output,
             {},          {}};
      } else if (answer.said != ports::Said::yes && e.how != How::failed) {
        e = {How::unknown,
             fmt::format("{} could not be asked: {}", host, ports::name_of(answer.said)),
             {},
             answer.output,
             {},
             {}};
      } else if (e.how == How::passed) {
        e.output += answer.output;
      }
      if (--tally->left == 0) done(e.how, e);
    });
  }
}

void Steps::begin(const Id& id, const plan::Check& action) {
  evaluate(action.condition, [this, id](How how, Ending ending) {
    ending.how = how;
    finish(id, std::move(ending));
  });
}

void Steps::begin(const Id& id, const plan::Wait& action) {
  if (const auto* service = std::get_if<plan::ServiceIs>(&action.condition))
    return wait_for_service(id, *service);
  poll(id, action.condition);
}

void Steps::wait_for_service(const Id& id, const plan::ServiceIs& condition) {
  const auto look = [this, id, condition] {
    const auto wanted = condition.up ? measure::UpState::up : measure::UpState::down;
    if (under_way(id) && services_.state(condition.service) == wanted)
      finish(id, {How::passed,
                  fmt::format("{} is {}", condition.service, condition.up ? "up" : "down"),
                  {},
                  {},
                  {},
                  {}});
  };
  under_.at(id).listener = services_.listen(look);
  look();
}

void Steps::poll(const Id& id, const plan::Condition& condition) {
  evaluate(condition, [this, id, &condition](How how, Ending ending) {
    if (!under_way(id)) return;
    if (how == How::passed) return finish(id, std::move(ending));
    under_.at(id).last = ending;
    core_.at(core_.now() + core_.settings().poll_every, [this, id, &condition] {
      if (under_way(id)) poll(id, condition);
    });
  });
}

/// A wait ends as what it was told last: what could not be told is not proven false.
void Steps::out_of_time(const Id& id) {
  Under& under = under_.at(id);
  const std::string why =
      fmt::format("it was not over within {}", format_duration(under.step->within));
  const auto* wait = std::get_if<plan::Wait>(&under.step->action);
  if (!wait) return fail(id, why);
  if (std::holds_alternative<plan::ServiceIs>(wait->condition))
    evaluate(wait->condition, [&under](How how, Ending ending) {
      ending.how = how;
      under.last = std::move(ending);
    });
  Ending ending = under.last.value_or(Ending{How::unknown, "no answer came", {}, {}, {}, {}});
  if (ending.how != How::passed) ending.why = fmt::format("{}: {}", why, ending.why);
  finish(id, std::move(ending));
}

}  // namespace muster::engine
