// A host that a runner has left behind, and what finds and undoes it from the host's markers alone.
#pragma once
#include <csignal>
#include <fstream>
#include <string>

#include "base/text.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

namespace muster::test {

inline const std::string kLeft = "0123456789abcdef0123456789abcdef";

struct Swept : Host {
  using Host::Host;

  /// Armed and injected; its dead-man is killed, so that nobody mends it meanwhile.
  void leave(catalogue::Values more = {}) {
    more["file"] = path("f");
    REQUIRE(lock().said == Said::yes);
    const auto armed = arm(kLeft, marker_fault(), more);
    INFO(armed.output);
    REQUIRE(armed.said == Said::yes);
    REQUIRE(ask(call(Verb::inject, kLeft)).said == Said::yes);
    const int pid = deadman(kLeft);
    ::kill(pid, SIGKILL);
    CHECK(until([&] { return gone(pid); }));
  }
  /// The lock's time and the lease are over: the runner is gone for long.
  void time_passes() {
    expire_lease();
    const auto file = path("state/lock");
    std::string text;
    for (const auto& line : split(read_file(file), '\n'))
      if (!line.empty()) text += (line.starts_with("until_cs=") ? "until_cs=1" : line) + "\n";
    std::ofstream{file} << text;
  }
  Answer survey() {
    auto c = nobody(Verb::survey);
    c.values["search_s"] = "0";
    return ask(c);
  }
  Answer sweep(const std::string& effect, bool force = false) {
    auto c = nobody(Verb::sweep);
    c.effect = effect;
    c.values["search_s"] = "0";
    if (force) c.values["force"] = "yes";
    return ask(c);
  }
  /// Without run, store or epoch of anybody.
  Call nobody(Verb verb) const {
    auto c = call(verb);
    c.run = "sweep";
    c.values.clear();
    return c;
  }
};

}  // namespace muster::test
