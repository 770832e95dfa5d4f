// The restores' script by itself, under each shell: it refuses what would stand in its words, works
// only where root alone can write, and its phases come to their end on a real server.
#include <algorithm>

#include "tests/adapters_shell/hostile_values.hpp"
#include "tests/adapters_shell/restore_place.hpp"

using namespace muster;
using namespace muster::test;
namespace fs = std::filesystem;

TEST_CASE("restore: what would stand in words of the script is refused before any phase begins") {
  const Trap trap;
  const auto touch = "$(touch " + trap.file() + ")";
  std::vector<std::pair<std::string, std::string>> bad{
      {"user", "root"},         {"user", "0"},         {"user", "-x"},  {"moment", "../x"},
      {"preload_count", "51"},  {"allow_count", "51"}, {"port", "010"}, {"bytes", "-1"},
      {"directory", "/srv/.."}, {"config", "x"},       {"bin", "x"},    {"bin", "/a/../b"},
      {"service_config", "x"},  {"repos", "1 *"}};
  for (const auto* name :
       {"stanza",    "directory",     "config",     "bin",           "service_config", "user",
        "superuser", "listen",        "version",    "expect_system", "port",           "repo",
        "processes", "seconds",       "part",       "bytes",         "moment",         "repos",
        "label",     "kind",          "target",     "last_wal",      "level",          "preload_0",
        "allow_0",   "preload_count", "allow_count"})
    for (const auto& value :
         {"a[" + touch + "]", "x'; touch " + trap.file() + " '", "1\ntouch " + trap.file()})
      bad.emplace_back(name, value);
  const std::vector<std::string> phases{"precheck", "restore", "start", "ready",
                                        "promote",  "serve",   "revert"};
  for (const auto& sh : kShells) {
    std::size_t turn = 0;
    for (const auto& [name, value] : bad) {
      ByHand hand{the_script(), sh};
      hand.values = {{"stanza", "orders"}, {"directory", (hand.dir() / "place").string()}};
      hand.values["preload_count"] = hand.values["allow_count"] = "1";
      hand.values[name] = value;
      const auto& phase = phases[turn++ % phases.size()];
      const auto told = hand.run(phase);
      INFO(sh.front() << " " << phase << " " << name << " = " << value << ": " << told.text);
      CHECK(told.code == 2);
      CHECK(told.text.find("why=" + name.substr(0, name.find("_count"))) != std::string::npos);
      CHECK_FALSE(trap.sprung());
      CHECK_FALSE(fs::exists(hand.dir() / "place"));
    }
  }
}

TEST_CASE("restore: what a drill may say, and what its flow asks with, is taken") {
  for (const auto& sh : kShells) {
    ByHand hand{the_script(), sh};
    hand.values = {{"stanza", "orders-2.a_b"},
                   {"directory", (hand.dir() / "place").string()},
                   {"config", "/etc/pg-back.rest_1"},
                   {"bin", "/usr/lib/postgresql/15/bin"},
                   {"service_config", "/etc/postgresql/15/main/postgresql.conf"},
                   {"user", "nobody"},
                   {"superuser", "admin_1"},
                   {"listen", "10.0.0.1,::1,*"},
                   {"port", "5432"},
                   {"repo", "2"},
                   {"processes", "4"},
                   {"seconds", "600"},
                   {"part", "0"},
                   {"bytes", "36498289"},
                   {"version", "9.6"},
                   {"expect_system", "7711172342657708209"},
                   {"moment", "after"},
                   {"repos", "1 2"},
                   {"label", "20261123-012708F_20261123-012718I"},
                   {"kind", "time"},
                   {"target", "2026-11-23 01:27:08.482787+00"},
                   {"last_wal", "000000010000000000000009"},
                   {"level", "query"},
                   {"sql", "select 'it''s' || $$;$$ = ''"},
                   {"database", "Bestellungen 'neu'"}};
    hand.list("preload", {"pg_stat_statements", "pg-x"});
    hand.list("allow", {"orders,all app 10.0.0.0/8 scram-sha-256", "all all ::1/128 md5"});
    const auto told = hand.run("verify");
    INFO(sh.front() << ": " << told.text);
    CHECK(told.code == 1);  // nothing is there, which only verify itself says
    CHECK(told.text.find("is not ours any more") != std::string::npos);
    hand.values["target"] = "0/5000028";
    hand.list("preload", {});
    hand.values["last_wal"] = hand.values["level"] = "";
    CHECK(hand.run("verify").code == 1);
  }
}

TEST_CASE("restore: root takes no directory that others can write into, or lead elsewhere") {
  if (!may_become_others()) return;
  for (const auto& sh : kShells) {
    INFO(sh.front());
    Place place{sh};
    const auto refused = [&](const fs::path& directory) {
      place.values["directory"] = directory.string();
      const auto told = place.run("inject");
      INFO(directory << ": " << told.text);
      CHECK(told.code == 1);
      CHECK(told.text.find("others than root can write into") != std::string::npos);
      place.run("revert");
      fs::remove(place.dir() / "state/torn");
    };
    const auto theirs = place.dir() / "theirs";
    fs::create_directory(theirs);
    give_away(theirs);
    refused(theirs);
    refused(theirs / "absent");
    CHECK(place.run("clean").code == 0);
    CHECK_FALSE(fs::exists(theirs / "absent"));
    fs::create_directory(theirs / "roots");
    refused(theirs / "roots");
    CHECK_FALSE(fs::exists(theirs / "roots/.muster-effect"));
    // With a marker of their own making nothing becomes ours, and root removes nothing of it.
    write(theirs / ".muster-effect", kEffect + "\n");
    write(theirs / "precious", "x");
    refused(theirs);
    CHECK(fs::exists(theirs / "precious"));
    CHECK(place.run("clean").code == 1);
    const auto open = place.dir() / "public";
    fs::create_directory(open);
    ::chmod(open.c_str(), 0777);
    refused(open);
    refused(open / "absent");
    ::chmod(open.c_str(), 01777);
    refused(open);
    fs::create_directory_symlink(theirs / "roots", place.dir() / "link");
    refused(place.dir() / "link");
  }
}

TEST_CASE("restore: an absent directory, and an empty one of root's, are taken and given back") {
  if (!may_become_others()) return;
  for (const auto& sh : kShells) {
    INFO(sh.front());
    Place place{sh};
    const auto was_there = place.dir() / "was/there";
    fs::create_directories(was_there);
    fs::create_directory_symlink(was_there, place.dir() / "link");
    for (const auto& directory : {place.dir() / "a/b/absent", place.open("in-a-sticky-one"),
                                  was_there, place.dir() / "link"}) {
      place.values["directory"] = directory.string();
      const bool there = fs::exists(directory);
      const auto told = place.run("inject");
      INFO(directory << ": " << told.text);
      REQUIRE(told.code == 0);
      CHECK(place.run("verify").code == 0);
      write(directory / "more", "x");
      CHECK(place.run("clean").code == 1);
      const auto undone = place.run("revert");
      INFO(undone.text);
      CHECK(undone.code == 0);
      CHECK(place.run("clean").code == 0);
      CHECK(fs::exists(directory) == there);
      CHECK((!there || fs::is_empty(directory)));
      fs::remove(place.dir() / "state/torn");
    }
    // Through root's link, too: not over something.
    write(was_there / "precious", "x");
    CHECK(place.run("inject").text.find("is not empty") != std::string::npos);
    place.run("revert");
    CHECK(fs::exists(was_there / "precious"));
  }
}

TEST_CASE("restore: under systemd a server has one scope, which the teardown empties") {
  if (!may_become_others()) return;
  // A /run of its own, that looks as systemd's.
  const std::vector<std::string> systemd{
      "unshare",
      "-m",
      "sh",
      "-c",
      "mount -t tmpfs none /run && mkdir -p /run/systemd/system && exec \"$@\"",
      "sh"};
  auto tried = systemd;
  tried.emplace_back("true");
  if (const auto told = run_program(tried, {"PATH=/usr/sbin:/usr/bin:/sbin:/bin"});
      told.code != 0) {
    WARN("SKIPPED (1): mounting is not allowed here: " << told.text);
    return;
  }
  for (const auto& sh : kShells) {
    INFO(sh.front());
    const ByHand tools{the_script(), sh};
    const auto log = (tools.dir() / "calls").string();
    const auto calls = "echo \"${0##*/} $*\" >>'" + log + "'\n";
    write_program(tools.dir() / "systemd-run",
                  calls + "while [ \"$1\" != -- ]; do shift; done\nshift\nexec \"$@\"\n");
    write_program(tools.dir() / "systemctl", calls);
    auto before = systemd;
    before.insert(before.end(),
                  {"env", "PATH=" + tools.dir().string() + ":/usr/sbin:/usr/bin:/sbin:/bin"});
    Place place{sh, before};
    place.restored();
    const auto told = place.run("start");
    INFO(told.text);
    CHECK(told.code == 0);
    const auto started = read_file(log);
    INFO(started);
    CHECK(started.find("--unit=muster-restore-" + kEffect + "-") != std::string::npos);
    CHECK(std::count(started.begin(), started.end(), '\n') == 1);
    CHECK(place.run("revert").code == 0);
    CHECK(unless_contains(read_file(log), "systemctl kill --signal=KILL muster-restore-" + kEffect +
                                              "-*.scope") == "");
  }
}

TEST_CASE("restore: the phases on a real server, from a copy of its files") {
  std::string bin;
  if (fs::exists("/usr/lib/postgresql"))
    for (const auto& one : fs::directory_iterator{"/usr/lib/postgresql"})
      if (fs::exists(one.path() / "bin/initdb")) bin = (one.path() / "bin").string();
  const std::string kPath = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  if (::geteuid() != 0 || bin.empty() || run_program({"id", "postgres"}, {kPath}).code != 0) {
    WARN("SKIPPED (1): needs root and PostgreSQL");
    return;
  }
  const ByHand room{the_script(), {"sh"}};
  ::chmod(room.dir().c_str(), 01777);
  const auto source = (room.dir() / "source").string();
  const auto made =
      run_program({"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups",
                   bin + "/initdb", "-D", source, "-k", "-N", "-A", "trust", "--locale=C"},
                  {kPath, "LC_ALL=C"});
  INFO(made.text);
  REQUIRE(made.code == 0);
  write_program(room.dir() / "pgbackrest",
                "for word in \"$@\"; do case $word in --pg1-path=*) to=${word#*=} ;; esac; done\n"
                "cp -R '" +
                    source + "/.' \"$to\"\n");
  for (const auto& sh : kShells) {
    INFO(sh.front());
    ByHand hand{the_script(), sh, {"env", kPath + ":" + room.dir().string()}};
    ::chmod(hand.dir().c_str(), 0755);
    hand.values = {{"stanza", "orders"},
                   {"directory", hand.dir() / "place"},
                   {"bin", bin},
                   {"kind", "latest"},
                   {"label", "20261123-012708F"},
                   {"seconds", "60"},
                   {"age", "select now()"},
                   {"port", "54399"},
                   {"sql", "create table if not exists t as select 1 n; select true"}};
    const auto yes = [&](const std::string& phase) {
      const auto told = hand.run(phase);
      INFO(phase << ": " << told.text);
      CHECK(told.code == 0);
      return told.text;
    };
    yes("restore");
    yes("start");
    CHECK(yes("ready").find("state=open") != std::string::npos);
    CHECK(yes("point").find("data_checksums=1") != std::string::npos);
    yes("promote");
    for (const auto* level : {"query", "logical", "structure", "checksum"}) {
      hand.values["level"] = level;
      yes("validate");
    }
    hand.values["kind"] = "none";
    yes("damage");
    yes("start");
    yes("ready");
    hand.values["level"] = "logical";
    CHECK(hand.run("validate").code == 1);
    yes("leave");
    yes("stop");
    yes("remove");
    hand.values["kind"] = "latest";
    hand.list("allow", {"orders app 10.0.0.0/8 scram-sha-256"});
    yes("restore");
    yes("serve");
    yes("verify");
    yes("revert");
    yes("clean");
    CHECK_FALSE(fs::exists(hand.dir() / "place"));
  }
}
