// Whatever stands in a parameter: nothing of it is run, and what cannot be meant is refused.
// MUSTER_HOSTILE=all: each value in each shell; else in one of them, by turns.
#include <cstdlib>

#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/adapters_shell/hostile_values.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

/// The shells that are given this value, the `turn`th.
std::vector<std::vector<std::string>> shells_for(const std::string& value, std::size_t turn) {
  if (value.size() > 1000) return {kShells.front()};
  const char* wish = std::getenv("MUSTER_HOSTILE");
  if (wish && std::string{wish} == "all") return kShells;
  return {kShells[turn % kShells.size()]};
}

}  // namespace

TEST_CASE("hostile values are not run, by any parameter of any fault") {
  const Trap trap;
  const auto values = hostile_values(trap);
  std::size_t turn = 0, cases = 0;
  for (const auto* name : {"process.kill", "service.stop", "network.partition"}) {
    const auto& fault = catalogue::builtin_faults().at(name);
    for (const auto& parameter : fault.parameters)
      for (const auto& value : values)
        for (const auto& sh : shells_for(value, turn++)) {
          ByHand hand{name, sh};
          ++cases;
          // What else is needed is there, and matches nothing of this host.
          hand.values = {{"pid", "999999999"}};
          hand.list("unit", {"muster-no-such-unit"});
          hand.list("peers", {"192.0.2.1"});
          if (parameter.name.starts_with("recover")) hand.list("recover", {"false"});
          if (parameter.type == catalogue::ParameterType::list) {
            hand.list(parameter.name, {value});
          } else {
            if (parameter.name == "name" || parameter.name == "command" ||
                parameter.name == "unit" || parameter.name == "port")
              hand.values.erase("pid");
            hand.values[parameter.name] = value;
          }
          // Without systemd the precheck of service.stop ends before it reads its parameters;
          // inject begins with the same questions, and no such unit is there to be stopped.
          const auto told = hand.run(std::string{name} == "service.stop" ? "inject" : "precheck");
          INFO(name << " " << parameter.name << " " << value.substr(0, 60) << ": "
                    << told.text.substr(0, 400));
          CHECK(told.text.size() < 4096);
          CHECK_FALSE(trap.sprung());
          // A `*` is data, and some process of this machine may have one in its command line.
          const bool is_there = std::string{name} == "process.kill" &&
                                parameter.name == "command" && told.text.starts_with("matches=");
          const bool may_pass =
              is_there || (std::string{name} == "network.partition" &&
                           (parameter.name == "forwarded" || parameter.name == "tool"));
          CHECK((told.code == 1 || told.code == 2 || (may_pass && told.code == 0)));
        }
  }
  WARN("hostile values, every parameter of three faults: " << cases
                                                           << " cases, none of them was run");
}
