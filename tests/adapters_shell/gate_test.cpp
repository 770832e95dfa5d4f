// A gate takes data and nothing else: under each shell that a host may have, by frames that
// somebody with the drill's SSH key could send.
#include "adapters/shell/command.hpp"
#include "plan/calls.hpp"
#include "tests/adapters_shell/gated.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

/// A gate for: a command with an undo, that reads; and one more command.
class CommandGate : public Gated {
 public:
  explicit CommandGate(std::vector<std::string> shell) : Gated{std::move(shell)} {
    auto plan = plan_of_a_drill();
    const auto& command = catalogue::builtin_faults().at("command");
    plan.scripts["command"] = {"command", command.script, command.sha256, command.healer, {}};
    plan::Step run, check, ask;
    ask.action = plan::Ask{"dba", "", {{"to", "time", {}}, {"n", "integer", {}}}, {}, ""};
    run.action = plan::Run{"t", do_argv(), false, undo_argv(), false, "one ${to}\n"};
    check.action = plan::Check{plan::CommandHolds{"t", {"echo", "by ${n}-${to}!"}, ""}};
    plan.steps = {ask, run, check};
    install(plan);
  }

  std::vector<std::string> do_argv() const {
    return {"sh", "-c", "cat >" + path("done"), "it's $(touch " + path("ran") + ")"};
  }
  std::vector<std::string> undo_argv() const { return {"rm", "-f", path("done")}; }

  Call arm() const {
    return Gated::arm("command", catalogue::builtin_faults().at("command").sha256,
                      plan::command_values(do_argv(), undo_argv()));
  }
};

}  // namespace

TEST_CASE("a gate does what its drill asks: armed, injected, verified, undone, forgotten") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const CommandGate gate{sh};
    CHECK(gate.said(gate.call(Verb::facts)).find("\ngate.d=") != std::string::npos);
    CHECK(Gated::yes(gate.said(gate.call(Verb::lock))));
    const auto armed = gate.said(gate.arm());
    CAPTURE(armed);
    REQUIRE(Gated::yes(armed));
    auto inject = gate.arm();
    inject.verb = Verb::inject;
    std::erase_if(inject.values, [](const auto& v) { return v.first.starts_with("p_"); });
    inject.standard_input = "two 2026-11-27T10:00:00Z\n";
    CHECK(Gated::refused(gate.said(inject)));
    inject.standard_input = "one 2026-11-27T10:00:00Z\n";
    CHECK(Gated::yes(gate.said(inject)));
    CHECK(read_file(gate.path("done")) == "one 2026-11-27T10:00:00Z\n");
    auto renew = gate.call(Verb::renew);
    renew.values["lease_until_cs"] = std::to_string(Gated::uptime_cs() + 3000);
    CHECK(gate.said(renew).find("effect." + kEffect + "=active") != std::string::npos);
    auto revert = gate.call(Verb::revert);
    revert.effect = kEffect;
    CHECK(Gated::yes(gate.said(revert)));
    CHECK_FALSE(gate.is("done"));
    auto disarm = gate.call(Verb::disarm);
    disarm.effect = kEffect;
    CHECK(Gated::yes(gate.said(disarm)));
    CHECK(Gated::yes(gate.said(gate.call(Verb::unlock))));
    CHECK_FALSE(gate.is("ran"));
  }
}

TEST_CASE(
    "an effect that the host has forgotten is undone by the gate's own script, or not at all") {
  const CommandGate gate{{"dash"}};
  std::ofstream{gate.path("done")} << "left";
  auto revert = gate.arm();
  revert.verb = Verb::revert;
  revert.values.erase("cap_s");
  revert.values.erase("lease_until_cs");
  auto other = revert;
  other.values["sha256"] = std::string(64, 'a');
  CHECK(Gated::refused(gate.said(other)));
  CHECK(gate.is("done"));
  CHECK(Gated::yes(gate.said(revert)));
  CHECK_FALSE(gate.is("done"));
}

TEST_CASE("what a person answered is a value of its type, and nothing else") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const CommandGate gate{sh};
    for (const auto& [word, fine] :
         std::vector<std::pair<std::string, bool>>{{"by 5-2026-11-27!", true},
                                                   {"by -5-latest!", true},
                                                   {"by 5-$(id)!", false},
                                                   {"by 5-latest! ", false},
                                                   {"by x-latest!", false},
                                                   {"by 5-latest", false},
                                                   {"by 5-2026\n!", false},
                                                   {"xby 5-latest!", false},
                                                   {"", false}}) {
      auto command = gate.call(Verb::command);
      command.argv = {"echo", word};
      const auto said = gate.said(command);
      CAPTURE(word, said);
      CHECK(Gated::yes(said) == fine);
      CHECK(Gated::refused(said) == !fine);
    }
  }
}

TEST_CASE("calls that the drill has not are refused, and the next one is heard") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const CommandGate gate{sh};
    CHECK(Gated::yes(gate.said(gate.call(Verb::lock))));
    std::vector<Call> calls;
    const auto add = [&](Call c) { calls.push_back(std::move(c)); };
    const auto armed_with = [&](const std::string& name, const std::string& value) {
      auto c = gate.arm();
      c.values[name] = value;
      add(std::move(c));
    };
    armed_with("p_do_2", "touch " + gate.path("ran"));
    armed_with("p_do_4", "one more");
    armed_with("p_undo_count", "0");
    armed_with("fault", "process.kill");
    armed_with("sha256", std::string(64, 'a'));
    armed_with("cap_s", "99999999");
    armed_with("lease_until_cs", std::to_string(Gated::uptime_cs() + 99999999));
    armed_with("precheck", "no");
    armed_with("guardian", "yes");
    armed_with("run", "another");
    armed_with("store", "../../etc");
    auto fewer = gate.arm();
    fewer.values.erase("p_undo_1");
    add(fewer);
    for (const auto& argv :
         std::vector<std::vector<std::string>>{{"touch", gate.path("ran")},
                                               {"sh", "-c", "touch " + gate.path("ran")},
                                               {"echo", "by 5-latest!", "more"},
                                               {"echo"}}) {
      auto c = gate.call(Verb::command);
      c.argv = argv;
      add(c);
    }
    auto hold = gate.call(Verb::hold);
    hold.effect = kEffect;
    add(hold);
    auto forget = gate.call(Verb::disarm);
    forget.effect = kEffect;
    forget.values["force"] = "yes";
    add(forget);
    auto lock = gate.call(Verb::lock);
    lock.values["lock_s"] = "99999999";
    add(lock);
    for (const auto& c : calls) {
      const auto frame = shell::gate_frame(c, "nonce").value();
      const auto said = gate.said(frame + shell::gate_opening("again"));
      CAPTURE(frame, said);
      CHECK(Gated::refused(said));
      CHECK(said.find("\nagain 0\n") != std::string::npos);
      CHECK_FALSE(gate.is("ran"));
      CHECK_FALSE(gate.is("state/effect/" + kEffect));
    }
  }
}

TEST_CASE("nothing is armed under limits that could end its dead-man") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    for (const auto* limit : {"-t 100", "-f 1000000", "-n 100"}) {
      std::vector<std::string> bound{"sh", "-c", "ulimit " + std::string{limit} + "; exec \"$@\"",
                                     "sh"};
      bound.insert(bound.end(), sh.begin(), sh.end());
      const CommandGate gate{bound};
      CHECK(Gated::yes(gate.said(gate.call(Verb::lock))));
      CHECK(Gated::refused(gate.said(gate.arm())));
    }
  }
}

TEST_CASE("bytes that are no frame end the gate, and nothing of them is run") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const CommandGate gate{sh};
    const auto touch = "touch " + gate.path("ran");
    const auto head = std::string{"muster-gate-1 nonce facts - run\n"};
    const std::string big(1u << 20, 'x');
    const std::vector<std::string> inputs{
        touch + "\n",
        "$(" + touch + ")\n`" + touch + "`\n",
        "muster-gate-1 $(" + touch + ") facts - run\nend x\n",
        "muster-gate-1 nonce facts - run more\nend nonce\n",
        head + "v tools $(" + touch + ")\nend nonce\n",
        head + "v tools \\0044(" + touch + ")\nend nonce\n",
        head + "v tools;" + touch + " x\nend nonce\n",
        head + "v IFS x\nend nonce\n",
        head + "p x]$(" + touch + ") x\nend nonce\n",
        head + "p x one\np x two\nend nonce\n",
        head + "v tools \\c\nend nonce\n",
        head + "v tools \\0000\nend nonce\n",
        head + "v tools \\x41\nend nonce\n",
        head + "v tools \\044\nend nonce\n",
        head + "a 7 x\nend nonce\n",
        head + "e x y\nend nonce\n",
        head + "v tools sh\n" + touch + "\n",
        head + "v tools sh\n",
        head + std::string("v tools a\0b\n", 12) + "v tools \\q\nend nonce\n",
        std::string(4096, '\0') + "\n" + touch + "\n",
        big + "\n" + touch + "\n",
        head + "v tools " + big + "\nend other\n" + touch + "\n",
        head + "p x " + big + big + "\nend nonce\n",
        "'; " + touch + "; '\n\"; " + touch + "; \"\n",
    };
    for (const auto& input : inputs) {
      const auto said = gate.said(input);
      INFO(input.substr(0, 120) << " => " << said.substr(0, 400));
      CHECK(said.find("nonce 0") == std::string::npos);
      CHECK_FALSE(gate.is("ran"));
    }
    // Verbs and ids that are no such thing: refused, by name.
    for (const auto* line :
         {"muster-gate-1 nonce facts/../x - run", "muster-gate-1 nonce eval - run",
          "muster-gate-1 nonce main - run", "muster-gate-1 nonce revert ../../../etc run",
          "muster-gate-1 nonce revert .. run", "muster-gate-1 nonce revert - run",
          "muster-gate-1 nonce lock - ../run", "muster-gate-1 nonce lock - -",
          "muster-gate-1 nonce arm -rf run", "muster-gate-1 nonce revert x.mount run",
          "muster-gate-1 nonce revert 0123456789abcdef run",
          "muster-gate-1 nonce revert 0123456789ABCDEF0123456789ABCDEF run"}) {
      INFO(line);
      CHECK(Gated::refused(gate.said(std::string{line} + "\nend nonce\n")));
      CHECK_FALSE(gate.is("ran"));
    }
  }
}

TEST_CASE("a host with a gate is started by that path alone, and told so when sudo refuses") {
  ports::HostAddress host;
  host.name = host.address = "db-1";
  host.become = true;
  host.gate = "/usr/local/lib/muster/gate";
  CHECK(shell::remote_command(host).value() ==
        "exec sudo -n -u root -- /usr/local/lib/muster/gate");
  CHECK(shell::local_command(host, {"sh"}, "").value() ==
        std::vector<std::string>{"sudo", "-n", "-u", "root", "--", "/usr/local/lib/muster/gate"});
  auto shell_host = host;
  shell_host.gate.clear();
  CHECK(shell::channel_key(host) != shell::channel_key(shell_host));
  CHECK(shell::why_not(host, "sudo: a password is required").find("muster sudoers DRILL") !=
        std::string::npos);
  host.gate = "/x; id";
  CHECK_FALSE(shell::remote_command(host));
}
