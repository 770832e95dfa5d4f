// What a gate has judged is what it acts on, whatever another one does to the same id meanwhile.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "plan/calls.hpp"
#include "tests/adapters_shell/gated.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

/// A gate for a command that leaves a file, and its undo; another process can be played in between
/// what it judges and what it does.
class RacedGate : public Gated {
 public:
  explicit RacedGate(std::vector<std::string> shell) : Gated{std::move(shell)} {
    auto plan = plan_of_a_drill();
    const auto& command = catalogue::builtin_faults().at("command");
    plan.scripts["command"] = {"command", command.script, command.sha256, command.healer, {}};
    plan::Step run;
    run.action = plan::Run{"t", do_argv(), false, undo_argv(), false, ""};
    plan.steps = {run};
    install(plan);
    text_ = read_file(path("gate"));
  }

  std::vector<std::string> do_argv() const { return {"touch", path("done")}; }
  std::vector<std::string> undo_argv() const { return {"rm", "-f", path("done")}; }
  Call arm() const {
    return Gated::arm("command", catalogue::builtin_faults().at("command").sha256,
                      plan::command_values(do_argv(), undo_argv()));
  }
  static Call on_effect(Verb verb) {
    auto c = call(verb);
    c.effect = kEffect;
    return c;
  }
  std::string effect() const { return path("state/effect/" + kEffect); }

  /// `shell` stands before the gate begins to serve: it may say its functions anew.
  void with(const std::string& shell) const {
    auto text = text_;
    const auto at = text.rfind("\ngate_main\n");
    REQUIRE(at != text.npos);
    text.insert(at + 1, shell);
    std::ofstream{path("gate")} << text;
  }
  /// Runs `shell` once the gate has judged a call, and before it acts.
  void once_judged(const std::string& shell) const {
    with("gate_judges() {" + body_of("gate_allows") + "}\ngate_allows() {\n  gate_judges\n" +
         "  set -- $?\n  {\n" + shell + "\n  } >/dev/null 2>&1\n  return \"$1\"\n}\n");
  }
  /// The same when the verb has judged it, too: before the script is started.
  void once_allowed(const std::string& shell) const {
    once_judged("m_act() { " + shell + "; m_run \"$1\"; }");
  }

 private:
  std::string body_of(const std::string& function) const {
    const auto from = text_.find("\n" + function + "() {");
    const auto start = from + function.size() + 5;
    const auto end = text_.find("\n}\n", from);
    REQUIRE(from != text_.npos);
    return text_.substr(start, end + 1 - start);
  }
  std::string text_;
};

const std::vector<std::string> kSlow{"taskset", "-c", "0", "chrt", "-i", "0", "nice", "-n", "19"};

/// This very user may make such a process as fast again as others are.
bool can_be_lifted() {
  auto words = kSlow;
  words.insert(words.end(),
               {"sh", "-c",
                "chrt -o -p 0 $$ && renice 0 -p $$ && "
                "taskset -p \"$(sed -n 's/^Cpus_allowed:[[:blank:]]*//p' /proc/1/status)\" $$"});
  return run_program(words, {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}).code == 0;
}

}  // namespace

TEST_CASE("an effect that appears once the gate has looked for it is not acted on") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const RacedGate gate{sh};
    REQUIRE(Gated::yes(gate.said(Gated::call(Verb::lock))));
    REQUIRE(Gated::yes(gate.said(gate.arm())));
    std::filesystem::rename(gate.effect(), gate.path("aside"));
    auto phase = RacedGate::on_effect(Verb::phase);
    phase.values["phase"] = "inject";
    phase.values["p_do_count"] = "2";
    phase.values["p_do_0"] = "touch";
    phase.values["p_do_1"] = gate.path("ran");
    auto inject = RacedGate::on_effect(Verb::inject);
    inject.standard_input = "anything";
    for (const auto& call : {phase, inject}) {
      gate.once_judged("mv '" + gate.path("aside") + "' '" + gate.effect() + "'");
      const auto said = gate.said(call);
      CAPTURE(said);
      CHECK(said.find("absent=yes") != said.npos);
      CHECK(said.find("\nnonce 75\n") != said.npos);
      CHECK_FALSE(gate.is("ran"));
      CHECK_FALSE(gate.is("done"));
      REQUIRE(std::filesystem::exists(gate.effect() + "/meta"));
      CHECK_FALSE(std::filesystem::exists(gate.effect() + "/started"));
      std::filesystem::rename(gate.effect(), gate.path("aside"));
    }
  }
}

TEST_CASE("an id that was armed anew since it was judged is not acted on") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const RacedGate gate{sh};
    REQUIRE(Gated::yes(gate.said(Gated::call(Verb::lock))));
    REQUIRE(Gated::yes(gate.said(gate.arm())));
    const auto meta = gate.effect() + "/meta";
    CHECK(read_file(meta).find("\narming=") != std::string::npos);
    // All the same but which arming it is; and other parameters under the same one.
    for (const auto& change :
         {"sed -i 's/^arming=.*/arming=another/' '" + meta + "'",
          "echo 'do_1 " + gate.path("ran") + "' >>'" + gate.effect() + "/params'"}) {
      const auto was = read_file(meta);
      gate.once_judged(change);
      const auto said = gate.said(RacedGate::on_effect(Verb::inject));
      CAPTURE(change, said);
      CHECK(said.find("\nnonce 75\n") != said.npos);
      CHECK_FALSE(gate.is("done"));
      CHECK_FALSE(gate.is("ran"));
      CHECK_FALSE(std::filesystem::exists(gate.effect() + "/started"));
      std::ofstream{meta} << was;
    }
  }
}

TEST_CASE("an id that is armed anew while its script is started is not acted on") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const RacedGate gate{sh};
    REQUIRE(Gated::yes(gate.said(Gated::call(Verb::lock))));
    REQUIRE(Gated::yes(gate.said(gate.arm())));
    gate.once_allowed("sed -i 's/^arming=.*/arming=another/' '" + gate.effect() + "/meta'");
    const auto said = gate.said(RacedGate::on_effect(Verb::inject));
    CAPTURE(said);
    CHECK_FALSE(Gated::yes(said));
    CHECK(std::filesystem::exists(gate.effect() + "/started"));  // so far it came
    CHECK_FALSE(gate.is("done"));
    for (const auto& entry : std::filesystem::directory_iterator{gate.effect()})
      CHECK_FALSE(entry.path().filename().string().starts_with("job."));
  }
}

TEST_CASE("who comes to a gate slowed down does not slow down what heals") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    auto slow = kSlow;
    slow.insert(slow.end(), sh.begin(), sh.end());
    const RacedGate gate{slow};
    REQUIRE(Gated::yes(gate.said(Gated::call(Verb::lock))));
    const auto armed = gate.said(gate.arm());
    CAPTURE(armed);
    if (!can_be_lifted()) {
      CHECK_FALSE(Gated::yes(armed));
      WARN("SKIPPED (1): a process cannot be made faster again here");
      return;
    }
    REQUIRE(Gated::yes(armed));
    const auto pid_file = read_file(gate.effect() + "/deadman.pid");
    const auto proc = "/proc/" + pid_file.substr(0, pid_file.find(' '));
    const auto stat = read_file(proc + "/stat");
    std::istringstream fields{stat.substr(stat.rfind(") ") + 2)};
    std::string field, nice, policy;
    for (int n = 3; fields >> field; ++n) {
      if (n == 19) nice = field;
      if (n == 41) policy = field;
    }
    CHECK(nice == "0");
    CHECK(policy == "0");
    const auto cpus = [](const std::string& status) {
      const auto at = status.find("Cpus_allowed:");
      return status.substr(at, status.find('\n', at) - at);
    };
    CHECK(cpus(read_file(proc + "/status")) == cpus(read_file("/proc/1/status")));
  }
}
