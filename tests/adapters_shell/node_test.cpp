// node.kill where power commands end before their work is done, as those of most controllers do.
#include <fstream>
#include <thread>

#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// A node whose power is a file, cut by `down`.
struct Node : ByHand {
  Node(const std::vector<std::string>& sh, const std::string& down) : ByHand{"node.kill", sh} {
    std::ofstream{power()} << "";
    values = {{"node", "db-1"}, {"wait", "2s"}};
    const auto command = [&](const std::string& line) {
      return std::vector<std::string>{"/bin/sh", "-c", line, "sh", power()};
    };
    list("down", command(down));
    list("up", command(": >\"$1\"; echo up >>\"$1.log\""));
    list("status", command("if [ -e \"$1\" ]; then echo on; else echo off; fi"));
  }
  std::string power() const { return dir() / "power"; }
  bool on() const { return fs::exists(power()); }
  std::string ups() const { return read_file(power() + ".log"); }
};

/// `down` that is done that many seconds after its command.
std::string later(const std::string& seconds) {
  return "(sleep " + seconds + "; rm -f \"$1\") >/dev/null 2>&1 &";
}

}  // namespace

TEST_CASE("node.kill: an undo that overtakes the cut waits for it, and gives the power back") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    const Node node{sh, later("1")};
    expect(node.run("inject"), 0, "");
    expect(node.run("clean"), 2, "it may still fall");
    expect(node.run("revert"), 0, "power=off");
    expect(node.run("clean"), 0, "power=on");
    std::this_thread::sleep_for(1200ms);
    CHECK(node.on());
    expect(node.run("revert"), 0, "");  // it was seen off, and is on: nobody gives it twice
    CHECK(node.ups() == "up\n");
  }
}

TEST_CASE("node.kill: power that falls later than it may is given back all the same") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    const Node node{sh, later("3")};
    expect(node.run("inject"), 0, "");
    expect(node.run("revert"), 0, "power=off");
    expect(node.run("clean"), 0, "power=on");
    CHECK(node.on());
    CHECK(node.ups() == "up\nup\n");
  }
}

TEST_CASE("node.kill: power that never falls is undone when it stays after it was given") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Node node{sh, ":"};
    expect(node.run("inject"), 0, "");
    expect(node.run("verify"), 1, "power=on");
    expect(node.run("clean"), 2, "it may still fall");
    const auto up = node.values.at("up_2");
    node.values["up_2"] = "echo it is on already; exit 1";
    expect(node.run("revert"), 2, "gives the power back failed");
    expect(node.run("clean"), 2, "it may still fall");
    node.values["up_2"] = up;
    for (int again = 0; again < 2; ++again) {
      expect(node.run("revert"), 0, "");
      expect(node.run("clean"), 0, "power=on");
    }
    CHECK(node.ups() == "up\n");
  }
}

TEST_CASE("node.kill: what was never cut is not given") {
  for (const auto& sh : kShells) {
    const Node node{sh, ":"};
    expect(node.run("revert"), 0, "");
    expect(node.run("clean"), 0, "power=on");
    CHECK(node.ups().empty());
  }
}
