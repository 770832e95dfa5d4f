// A restore by a gate: its phases are fixed, and what each may be asked with, under each shell.
#include "catalogue/fault.hpp"
#include "catalogue/restore.hpp"
#include "tests/adapters_shell/gated.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

/// The provider's phases and parameters; a script that writes down what it is given.
class RestoreGate : public Gated {
 public:
  explicit RestoreGate(std::vector<std::string> shell) : Gated{std::move(shell)} {
    auto plan = plan_of_a_drill();
    std::string functions = "precheck() { :; }\nverify() { :; }\nclean() { :; }\n";
    functions += "revert() { rm -f '" + path("given") + "'; }\n";
    for (const auto& phase : catalogue::restore_providers().at("pgbackrest").phases({}))
      if (phase != "precheck")
        functions += phase + "() { env | grep '^P_' | sort >'" + path("given") + "'; }\n";
    script_ = catalogue::complete_script(functions + "inject() { touch '" + path("ran") + "'; }\n");
    plan.scripts["pgbackrest"] = {
        "pgbackrest", script_, sha256(script_), catalogue::Healer::target, {}};
    plan::Step ask, copy;
    ask.action = plan::Ask{"dba", "", {{"n", "integer", {}}}, {}, ""};
    copy.action = plan::Restore{"pgbackrest",
                                "t",
                                {{"stanza", "orders"},
                                 {"validate_0", "logical"},
                                 {"validate_1", kQuery},
                                 {"validate_2", "query:select ${n} > 0"},
                                 {"validate_count", "3"}},
                                0};
    plan.steps = {ask, copy};
    install(plan);
  }

  Call arm() const {
    return Gated::arm("pgbackrest", sha256(script_),
                      {{"stanza", "orders"},
                       {"validate_0", "logical"},
                       {"validate_1", kQuery},
                       {"validate_2", "query:select 5 > 0"},
                       {"validate_count", "3"}});
  }
  static Call phase(const std::string& name, const catalogue::Values& asked = {}) {
    auto c = call(Verb::phase);
    c.effect = kEffect;
    c.values["phase"] = name;
    for (const auto& [key, value] : asked) c.values["p_" + key] = value;
    return c;
  }

  static constexpr const char* kQuery = "query:select 'it''s $(id)' is not null";

 private:
  std::string script_;
};

}  // namespace

TEST_CASE("a restore by a gate: armed, asked phase after phase, and torn down") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const RestoreGate gate{sh};
    CHECK(Gated::yes(gate.said(Gated::call(Verb::lock))));
    const auto armed = gate.said(gate.arm());
    CAPTURE(armed);
    REQUIRE(Gated::yes(armed));
    const auto said = gate.said(
        RestoreGate::phase("validate", {{"level", "query"},
                                        {"sql", std::string{RestoreGate::kQuery}.substr(6)},
                                        {"kind", "none"},
                                        {"seconds", "600"}}));
    CAPTURE(said);
    CHECK(Gated::yes(said));
    const auto given = read_file(gate.path("given"));
    CHECK(given.find("P_sql=select 'it''s $(id)' is not null\n") != std::string::npos);
    CHECK(given.find("P_stanza=orders\n") != std::string::npos);
    for (const auto& asked : std::vector<catalogue::Values>{
             {{"label", "20261123-012708F_20261123-012718I"},
              {"kind", "time"},
              {"target", "2026-11-23 01:27:08.482787+00"},
              {"last_wal", ""}},
             {{"target", "0/5000028"}, {"last_wal", "000000010000000000000009"}},
             {{"repos", "1 2"}, {"moment", "before"}},
             {{"bytes", "36498289"}, {"version", "15"}, {"expect_system", "7711172342657708209"}},
             {{"part", "0"}, {"sql", ""}},
             {{"sql", "select 77 > 0"}}}) {
      const auto answer = gate.said(RestoreGate::phase("restore", asked));
      CAPTURE(answer);
      CHECK(Gated::yes(answer));
    }
    auto revert = Gated::call(Verb::revert);
    revert.effect = kEffect;
    CHECK(Gated::yes(gate.said(revert)));
    CHECK_FALSE(gate.is("given"));
  }
}

TEST_CASE("phases and values that no restore of the drill has are refused") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const RestoreGate gate{sh};
    CHECK(Gated::yes(gate.said(Gated::call(Verb::lock))));
    REQUIRE(Gated::yes(gate.said(gate.arm())));
    const auto touch = "$(touch " + gate.path("ran") + ")";
    std::vector<Call> calls;
    for (const auto* name :
         {"inject", "revert", "clean", "list_run", "", "restore | inject", "serve", "damage"})
      calls.push_back(RestoreGate::phase(name));
    for (const auto& asked : std::vector<catalogue::Values>{{{"stanza", "other"}},
                                                            {{"directory", "/etc"}},
                                                            {{"validate_count", "0"}},
                                                            {{"part", "a[" + touch + "]"}},
                                                            {{"bytes", ""}},
                                                            {{"seconds", "1 0"}},
                                                            {{"label", "../../x"}},
                                                            {{"last_wal", "'; " + touch}},
                                                            {{"version", touch}},
                                                            {{"repos", "1;" + touch}},
                                                            {{"target", "x\ny"}},
                                                            {{"target", "'"}},
                                                            {{"sql", "select pg_sleep(1)"}},
                                                            {{"sql", "select 5 > 0; drop"}},
                                                            {{"sql", "query:select 5 > 0"}},
                                                            {{"kind", "none"}, {"query", ""}}})
      calls.push_back(RestoreGate::phase("restore", asked));
    for (const auto& c : calls) {
      const auto frame = shell::gate_frame(c, "nonce").value();
      const auto said = gate.said(frame);
      CAPTURE(frame, said);
      CHECK(Gated::refused(said));
      CHECK_FALSE(gate.is("given"));
      CHECK_FALSE(gate.is("ran"));
    }
  }
}

TEST_CASE("for an effect that is not there no verb is called, whatever the frame brings") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const RestoreGate gate{sh};
    CHECK(Gated::yes(gate.said(Gated::call(Verb::lock))));
    // Free words, as of one who waits for another gate to arm it meanwhile.
    auto phase = RestoreGate::phase("inject", {{"stanza", "other"}, {"directory", "/etc"}});
    auto inject = Gated::call(Verb::inject);
    inject.effect = kEffect;
    inject.standard_input = "anything";
    for (const auto& c : {phase, inject}) {
      const auto said = gate.said(c);
      CAPTURE(said);
      CHECK(said.find("absent=yes") != std::string::npos);
      // m_open, which every verb begins with, would have made it.
      CHECK(said.find("\nnonce 75\n") != std::string::npos);
      CHECK_FALSE(gate.is("ran"));
    }
  }
}

TEST_CASE("a phase of an effect that is not there does nothing") {
  const RestoreGate gate{{"dash"}};
  CHECK(Gated::yes(gate.said(Gated::call(Verb::lock))));
  const auto said = gate.said(RestoreGate::phase("restore"));
  CAPTURE(said);
  CHECK_FALSE(Gated::yes(said));
  CHECK(said.find("absent=yes") != std::string::npos);
  CHECK_FALSE(gate.is("given"));
}
