// A host with a gate, as somebody with the drill's SSH key would talk to it: under one of the
// shells that a host may have, in a folder of its own.
#pragma once
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/shell/gate_frame.hpp"
#include "plan/compile.hpp"
#include "plan/gate.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"

namespace muster::test {

class Gated {
 public:
  explicit Gated(std::vector<std::string> shell) : shell_{std::move(shell)} {
    char name[] = "/tmp/muster-test-XXXXXX";
    if (::mkdtemp(name) == nullptr) throw std::runtime_error("no folder for the test");
    dir_ = name;
  }
  Gated(const Gated&) = delete;
  Gated& operator=(const Gated&) = delete;
  ~Gated() {
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
  }

  /// A drill `d` without steps, of a host `h` in the slot `t`.
  static plan::Plan plan_of_a_drill() {
    plan::Plan plan;
    plan.drill = "d";
    plan.guardian = plan::kController;
    plan.max_duration = std::chrono::minutes{10};
    plan.hosts["h"] = {};
    plan.slots = {{"t", {"h"}, {}, {}}};
    return plan;
  }
  void install(const plan::Plan& plan) const {
    std::ofstream{dir_ / "gate"} << plan::make_gate({plan}, "h").value().text;
  }

  std::string path(const std::string& name) const { return (dir_ / name).string(); }
  bool is(const std::string& name) const { return std::filesystem::exists(dir_ / name); }

  /// Everything that it says to these bytes; then its end.
  std::string said(const std::string& bytes) const {
    std::ofstream{dir_ / "in", std::ios::binary} << bytes;
    std::vector<std::string> words{"sh", "-c", "exec \"$@\" <" + path("in"), "sh"};
    words.insert(words.end(), shell_.begin(), shell_.end());
    words.push_back(path("gate"));
    words.emplace_back("muster-gate");
    return run_program(words, {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C",
                               "MUSTER_TARGET_DIR=" + path("state")})
        .text;
  }
  std::string said(const Call& call) const {
    return said(shell::gate_frame(call, "nonce").value());
  }
  /// "nonce 0" when it said yes.
  static bool yes(const std::string& text) { return text.find("\nnonce 0\n") != text.npos; }
  static bool refused(const std::string& text) {
    return text.find("the gate refuses this") != text.npos && text.find("\nnonce 2\n") != text.npos;
  }

  static Call call(Verb verb) {
    Call c;
    c.verb = verb;
    c.run = "run-1";
    c.values = {{"store", "store-a"}, {"epoch", "1"}};
    return c;
  }
  static Call arm(const std::string& fault, const Digest& sha256,
                  const catalogue::Values& parameters) {
    auto c = call(Verb::arm);
    c.effect = kEffect;
    c.script = "never sent";
    c.values["fault"] = fault;
    c.values["sha256"] = hex(sha256);
    c.values["cap_s"] = "600";
    c.values["lease_until_cs"] = std::to_string(uptime_cs() + 3000);
    for (const auto& [name, value] : parameters) c.values["p_" + name] = value;
    return c;
  }
  static long long uptime_cs() {
    double up = 0;
    std::ifstream{"/proc/uptime"} >> up;
    return static_cast<long long>(up * 100);
  }

 private:
  std::vector<std::string> shell_;
  std::filesystem::path dir_;
};

}  // namespace muster::test
