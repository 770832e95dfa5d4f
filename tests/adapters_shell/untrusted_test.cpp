// What others on a host can write must not lead root: names of their folders, links in them, and
// process groups that a command makes for itself.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "catalogue/fault.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// A script that has lib.sh, and `then` as its function `inject`.
Script with_lib(const std::string& then) {
  return {catalogue::complete_script("inject() {\n" + then + "\n}\nprecheck() { :; }\n")};
}

}  // namespace

TEST_CASE("an undo ends what a job started in a group of its own, too") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Host host{sh};
    const auto file = host.path("f");
    REQUIRE(host.lock().said == Said::yes);
    const auto script = catalogue::complete_script(R"(
precheck() { :; }
inject() { timeout 60 sh -c 'echo $$ >"$P_file.pid"; sleep 3; : >"$P_file"; sleep 30'; }
verify() { :; }
revert() { rm -f "$P_file"; }
clean() { [ ! -e "$P_file" ] || no "still there"; }
)");
    REQUIRE(host.arm(kEffect, script, {{"file", file}}).said == Said::yes);
    auto inject = host.call(Verb::inject, kEffect);
    inject.within = 300ms;
    inject.long_job = true;
    CHECK(host.ask(inject).said == Said::unknown);
    REQUIRE(host.until([&] { return !read_file(file.string() + ".pid").empty(); }));
    const int pid = std::stoi(read_file(file.string() + ".pid"));
    CHECK(host.ask(host.call(Verb::revert, kEffect)).said == Said::yes);
    CHECK(host.until([&] { return process_state(pid) == '\0' || process_state(pid) == 'Z'; }));
    CHECK_FALSE(fs::exists(file));
  }
}

TEST_CASE("a folder's name that reads like a line of ls makes nobody a holder") {
  for (const auto& sh : kShells) {
    INFO(sh.front());
    ByHand fault{with_lib(R"sh(
  dir=$P_dir/$(printf 'a\n/proc/1/fd:\nb')
  mkdir -p "$dir"
  exec 8>"$dir/.muster-fill-x"
  rm "$dir/.muster-fill-x"
  m_holds $$ end "/.muster-fill-x (deleted)" && no "the name of a folder is believed"
  m_holds 1 end "/.muster-fill-x (deleted)" && no "process 1 is taken for a holder"
  exec 7>"$P_dir/.muster-fill-x"
  rm "$P_dir/.muster-fill-x"
  m_holds $$ end "/.muster-fill-x (deleted)" || no "its own file is not seen"
  ! m_holds -1 end "/" || no "that is no process"
)sh"),
                 sh};
    fault.values["dir"] = fault.dir().string();
    const auto told = fault.run("inject");
    INFO(told.text);
    CHECK(told.code == 0);
  }
}

TEST_CASE("disk.fill: what stands where its file would be is left alone, a link above all") {
  if (::geteuid() != 0) {
    WARN("SKIPPED (1): disk.fill needs root here, for a device that a link leads to");
    return;
  }
  for (const auto& sh : kShells) {
    INFO(sh.front());
    ByHand fault{"disk.fill", sh};
    const auto folder = fault.dir() / "somebody's";
    fs::create_directories(folder);
    // Both names that its file could have; a device that takes all that is written.
    fs::create_symlink("/dev/full", folder / (".muster-fill-" + kEffect));
    fs::create_symlink("/dev", folder / (".muster-fill-" + kEffect + ".d"));
    fault.values["path"] = folder.string();
    fault.values["size"] = "64KiB";
    const auto told = fault.run("inject");
    INFO(told.text);
    CHECK(told.code == 2);
    CHECK(fs::is_symlink(folder / (".muster-fill-" + kEffect + ".d")));
    CHECK_FALSE(fs::exists("/dev/.muster-fill-" + kEffect));
  }
}

TEST_CASE(
    "a script that is tried by hand keeps nothing in a folder that others could have put there") {
  if (::geteuid() != 0) {
    WARN("SKIPPED (1): needs root, to become somebody whose folder nobody has");
    return;
  }
  const uid_t user = 61239;
  const fs::path at = "/tmp/muster-byhand-" + std::to_string(user);
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const ByHand fault{with_lib("  : >\"$M_DIR/mark\""), sh};
    fs::permissions(fault.dir(), fs::perms{0755});
    const auto own = fault.dir() / "own";
    const auto folder = [&](const fs::path& path, uid_t uid, unsigned mode) {
      fs::create_directory(path);
      REQUIRE(::chown(path.c_str(), uid, uid) == 0);
      fs::permissions(path, fs::perms{mode});
    };
    folder(own, user, 0700);
    const auto run = [&] {
      std::vector<std::string> words{"setpriv", "--reuid=" + std::to_string(user),
                                     "--clear-groups"};
      words.insert(words.end(), sh.begin(), sh.end());
      words.insert(words.end(), {(fault.dir() / "script").string(), "inject"});
      const auto told = run_program(words, {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"});
      const bool kept = fs::exists(at / "mark") || fs::exists(own / "mark");
      fs::remove_all(at);
      INFO(told.text);
      CHECK(kept == (told.code == 0));
      CHECK((told.code == 0 ||
             unless_contains(told.text, " is not a folder of uid 61239 with mode 0700") == ""));
      return told.code;
    };
    fs::remove_all(at);
    CHECK(run() == 0);  // it makes one
    folder(at, user, 0700);
    CHECK(run() == 0);
    fs::create_directory_symlink(own, at);  // his own, but who knows which of them
    CHECK(run() == 2);
    folder(at, user, 0777);
    CHECK(run() == 2);
    folder(at, 61240, 0700);
    CHECK(run() == 2);
  }
}
