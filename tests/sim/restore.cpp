#include "tests/sim/restore.hpp"

#include "tests/catalogue/pgbackrest_fake.hpp"

namespace muster::sim {

using namespace std::chrono_literals;

namespace {

ports::Said said_of(pgbackrest_test::Is is) {
  using pgbackrest_test::Is;
  if (is == Is::yes) return ports::Said::yes;
  if (is == Is::no) return ports::Said::no;
  return is == Is::could_not ? ports::Said::could_not : ports::Said::unknown;
}

}  // namespace

void restore_answers(Fleet& fleet) {
  auto hosts = std::make_shared<std::map<std::string, pgbackrest_test::Host>>();  // by effect
  fleet.phases = [hosts](const ports::Call& call) {
    catalogue::RestoreQuestion question;
    question.phase = value_of(call, "phase");
    for (const auto& [name, value] : call.values)
      if (name.starts_with("p_")) question.values[name.substr(2)] = value;
    const auto answer = (*hosts)[call.effect].answer(question);
    return PhaseResult{said_of(answer.is), answer.evidence,
                       question.phase == "restore" ? Duration{30s} : 200ms};
  };
}

}  // namespace muster::sim
