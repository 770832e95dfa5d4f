// Every parameter of everything in the catalogue, faults and restores, with every hostile value: by
// hand in each of the shells, and over a channel as a drill would send it. A new fault is covered
// as soon as it is in the catalogue. MUSTER_HOSTILE=all: each value at each parameter, which takes
// minutes; else a seventh of them.
#include <cstdlib>
#include <fstream>
#include <map>

#include "catalogue/restore.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/adapters_shell/hostile_values.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

struct Scripted {
  std::string script;
  std::vector<catalogue::Parameter> parameters;
  std::vector<std::string> functions;  // those that only look
};

std::map<std::string, Scripted> the_catalogue() {
  std::map<std::string, Scripted> all;
  for (const auto& [name, fault] : catalogue::builtin_faults())
    all[name] = {fault.script, fault.parameters, {"precheck"}};
  for (const auto& [name, provider] : catalogue::restore_providers())
    all[name] = {provider.script, provider.parameters, {"precheck", "discover", "fingerprint"}};
  return all;
}

void put(catalogue::Values& values, const catalogue::Parameter& parameter,
         const std::string& value) {
  if (catalogue::is_list(parameter.type)) {
    values[parameter.name + "_count"] = "1";
    values[parameter.name + "_0"] = value;
  } else {
    values[parameter.name] = value;
  }
}

/// What is required, and nothing that would hide the parameter in question. What a restore would
/// make, it makes in `room`.
catalogue::Values values_around(const Scripted& one, const std::string& name,
                                const std::string& room) {
  catalogue::Values values;
  for (const auto& parameter : one.parameters) {
    if (parameter.name == name) continue;
    if (parameter.name == "directory") values["directory"] = room + "/restored";
    if (parameter.required) put(values, parameter, harmless_value(parameter));
  }
  return values;
}

/// What the restores call, and may not be here; it does nothing and says nothing.
class SilentTools {
 public:
  SilentTools() {
    std::filesystem::create_directory(folder_);
    const auto tool = folder_ / "pgbackrest";
    std::ofstream{tool} << "#!/bin/sh\nexit 0\n";
    std::filesystem::permissions(tool, std::filesystem::perms::owner_all);
  }
  ~SilentTools() { std::filesystem::remove_all(folder_); }
  SilentTools(const SilentTools&) = delete;
  SilentTools& operator=(const SilentTools&) = delete;
  std::string folder() const { return folder_.string(); }
  std::string path() const { return "PATH=" + folder_.string() + ":/usr/sbin:/usr/bin:/sbin:/bin"; }

 private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("muster-tools-" + random_id());
};

}  // namespace

TEST_CASE("nothing is run of any value, in any parameter of the catalogue, by any shell") {
  const Trap trap;
  const auto values = hostile_values(trap);
  const SilentTools tools;
  const char* wish = std::getenv("MUSTER_HOSTILE");
  const std::size_t step = wish && std::string{wish} == "all" ? 1 : 7;
  std::size_t cases = 0, turn = 0;
  for (const auto& [name, one] : the_catalogue())
    for (const auto& sh : kShells)
      for (const auto& parameter : one.parameters)
        for (std::size_t i = 0; i < values.size(); ++i) {
          if (++turn % step != 0) continue;
          // Every value in one shell; in the others those that have more than one shell's syntax.
          if (sh[0] != "dash" && i % 5 != 0) continue;
          ByHand hand{Script{one.script}, sh, {"env", tools.path()}};
          hand.values = values_around(one, parameter.name, tools.folder());
          put(hand.values, parameter, values[i]);
          for (const auto& function : one.functions) {
            const auto told = hand.run(function);
            ++cases;
            INFO(name << " " << function << " " << parameter.name << " = "
                      << values[i].substr(0, 60) << ": " << told.text.substr(0, 400));
            CHECK_FALSE(trap.sprung());
            CHECK((told.code >= 0 && told.code <= 2));
          }
        }
  WARN("hostile values by hand: " << cases << " cases, none of them was run");
}

TEST_CASE("nothing is run of any value, on the whole way to a target") {
  const Trap trap;
  const auto values = hostile_values(trap);
  Host host;
  REQUIRE(host.lock().said == Said::yes);
  std::size_t cases = 0;
  for (const auto& [name, one] : the_catalogue())
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i].size() > 1000 && name != "disk.fill") continue;
      catalogue::Values all;  // each parameter another value, so that all meet all
      for (std::size_t p = 0; p < one.parameters.size(); ++p)
        put(all, one.parameters[p], values[(i + p) % (values.size() - 2)]);
      const auto effect = "effect" + std::to_string(++cases);
      const auto armed = host.arm(effect, one.script, all);
      INFO(name << " " << values[i].substr(0, 60) << ": " << armed.output);
      CHECK_FALSE(trap.sprung());
      CHECK(armed.said != Said::unknown);
      if (armed.said == Said::yes)
        CHECK(host.ask(host.call(Verb::disarm, effect)).said == Said::yes);
    }
  for (const auto& value : values_that_cannot_travel())
    CHECK(host.arm("effect-x", marker_fault(), {{"file", value}}).said == Said::could_not);
  CHECK(host.command({"true"}).said == Said::yes);  // the channel has lost no step
  WARN("hostile values over a channel: " << cases << " cases, none of them was run");
}

TEST_CASE("nothing is run of what names a run, and it forges nothing on the target") {
  const Trap trap;
  std::size_t cases = 0;
  for (const auto& value : hostile_values(trap)) {
    if (value.size() > 1000) continue;
    Host host;
    auto lock = host.call(Verb::lock);
    lock.values["drill"] = value;
    lock.values["who"] = value;
    const auto locked = host.ask(lock);
    auto facts = host.call(Verb::facts);
    facts.values["tools"] = "sh";
    facts.values["space"] = value;
    const auto told = host.ask(facts);
    const auto survey = host.ask(host.call(Verb::survey));
    const auto ran = host.command({"printf", "%s", value});
    cases += 4;
    INFO(value << ": " << locked.output << told.output << survey.output);
    CHECK_FALSE(trap.sprung());
    CHECK(told.said == Said::yes);
    CHECK(survey.said == Said::yes);
    CHECK(ran.said == Said::yes);
    if (locked.said == Said::yes) CHECK(evidence(survey, "lock.run") == host.run);
    CHECK(host.ask(host.call(Verb::unlock)).said == Said::yes);
  }
  WARN("hostile names of a run: " << cases << " cases, none of them was run");
}
