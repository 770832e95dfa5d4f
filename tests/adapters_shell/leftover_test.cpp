// What is left beside effects: found by Muster's names alone, which anybody can write, and removed
// only where that cannot hurt anybody.
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/swept.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

std::string id_of(char digit) {
  return std::string(32, digit);
}
bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// With a process tree and a /tmp of its own: tests that run beside this one have such files and
/// processes too.
struct Apart : Swept {
  explicit Apart(const std::vector<std::string>& sh) : Swept{words(sh)} {
    if (::getuid() != 0) return;
    const auto dir = path("").string();
    const auto mounted = command({"sh", "-c",
                                  "mount --bind \"$0\" /mnt && mount -t tmpfs none /tmp && "
                                  "mkdir -p \"$0\" && mount --move /mnt \"$0\"",
                                  dir});
    is_apart_ = mounted.said == Said::yes;
  }
  bool is_apart() const {
    if (!is_apart_)
      WARN(
          "SKIPPED (1): needs root, for a process tree and mounts of its own: others' tests have "
          "such files too");
    return is_apart_;
  }
  Answer searched(Verb verb, int seconds = 2) {
    auto c = nobody(verb);
    c.values["search_s"] = std::to_string(seconds);
    c.within = 40s;
    return ask(c);
  }

 private:
  static std::vector<std::string> words(const std::vector<std::string>& sh) {
    if (::getuid() != 0) return sh;
    std::vector<std::string> all{"unshare", "-m", "-p", "-f", "--mount-proc"};
    all.insert(all.end(), sh.begin(), sh.end());
    return all;
  }
  bool is_apart_ = false;
};

/// What anybody can put on a disk: a path that reads as two lines, the second of which names a
/// link, as the search itself would not; and marks that hold no id, or are no file.
class Misleading {
 public:
  explicit Misleading(const Host& host)
      : victim_{host.path("precious/.muster-fill-" + id_of('3')).string()},
        forged_{host.path("a\n").string() + victim_} {
    fs::create_directory(host.path("precious"));
    fs::create_symlink("somewhere", victim_);
    fs::create_directories(fs::path{forged_}.parent_path());
    std::ofstream{forged_} << "";
    fs::create_directory(host.path("b"));
    std::ofstream{host.path("b/.muster-effect")} << "$(touch ran) " << std::string(100000, 'x');
    fs::create_directory(host.path("c"));
    REQUIRE(::mkfifo(host.path("c/.muster-effect").c_str(), 0600) == 0);
  }
  void check(const std::string& evidence) const {
    CHECK(contains(evidence, "=search - not made of a path with a newline below "));
    CHECK_FALSE(contains(evidence, victim_));
    CHECK_FALSE(contains(evidence, "touch ran"));
    CHECK_FALSE(contains(evidence, "/c\n"));
  }
  void check_untouched() const {
    CHECK(fs::is_symlink(victim_));
    CHECK(fs::exists(forged_));
  }

 private:
  std::string victim_, forged_;
};

}  // namespace

TEST_CASE("rules of effects that nobody knows any more are found by their names and removed") {
  if (::getuid() != 0 || std::system("command -v nft unshare >/dev/null") != 0) {
    WARN("SKIPPED (1): needs root, nft and unshare, for a network of its own");
    return;
  }
  // One channel is one network namespace: what the command makes there, survey and sweep see.
  Swept host{{"unshare", "-n", "sh"}};
  const auto others =
      host.command({"sh", "-c",
                    "nft add table inet muster_" + kLeft +
                        " && nft add table inet somebodys && "
                        "nft add table inet muster_fedcba9876543210fedcba9876543210"});
  if (others.said != Said::yes) {
    WARN("SKIPPED (1): nft does not work here: " << others.output);
    return;
  }
  // One of them belongs to an effect that is armed.
  REQUIRE(host.lock().said == Said::yes);
  REQUIRE(host.arm("fedcba9876543210fedcba9876543210", marker_fault(), {{"file", host.path("f")}})
              .said == Said::yes);
  const auto found = host.survey();
  CHECK(evidence(found, "leftover.1") == "nft " + kLeft + " inet muster_" + kLeft);
  CHECK(evidence(found, "leftover.2") == "");
  CHECK(host.sweep("").said == Said::exists);  // the lock is leased; what is beside it is removed
  CHECK(evidence(host.survey(), "leftover.1") == "");
  CHECK(host.command({"nft", "list", "tables"}).output ==
        "table inet somebodys\ntable inet muster_fedcba9876543210fedcba9876543210");
}

TEST_CASE("files that fill a disk, and restored copies, are found where no effect knows them") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Apart host{sh};
    if (!host.is_apart()) return;
    const auto fill = host.path(".muster-fill-" + kLeft).string();
    std::ofstream{fill} << "full";
    // Inject was cut short: its folder is empty yet. Another such folder holds what is not
    // Muster's.
    const auto empty = host.path(".muster-fill-" + id_of('1') + ".d").string();
    const auto somebodys = host.path(".muster-fill-" + id_of('2') + ".d").string();
    fs::create_directory(empty);
    fs::create_directory(somebodys);
    std::ofstream{somebodys + "/diary"} << "mine";
    fs::create_directory(host.path("copy"));
    std::ofstream{host.path("copy/.muster-effect")} << id_of('0') << "\n";
    const Misleading misleading{host};
    const auto found = host.searched(Verb::survey);
    INFO(found.evidence);
    CHECK(found.said == Said::yes);
    CHECK(contains(found.evidence, "=file " + kLeft + " " + fill + "\n"));
    CHECK(contains(found.evidence, "=folder " + id_of('1') + " " + empty + "\n"));
    CHECK_FALSE(contains(found.evidence, id_of('2')));
    CHECK(
        contains(found.evidence, "=copy " + id_of('0') + " " + host.path("copy").string() + "\n"));
    misleading.check(found.evidence);
    const auto swept = host.searched(Verb::sweep);
    CHECK(swept.said == Said::yes);
    CHECK(contains(swept.evidence, "removed=folder " + id_of('1')));
    CHECK_FALSE(fs::exists(fill));
    CHECK_FALSE(fs::exists(empty));
    CHECK(fs::exists(somebodys + "/diary"));
    CHECK(fs::exists(host.path("copy/.muster-effect")));  // a person decides
    misleading.check_untouched();
  }
}

TEST_CASE("who keeps a file of ours open is ended only if it is what a fault has left") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Apart host{sh};
    if (!host.is_apart()) return;
    // What a fault has left; a service that was handed such a file; and one of another user, called
    // the same.
    const auto keeper = [&](const std::string& id, const std::string& seconds,
                            const std::string& before) {
      const auto started = host.command(
          {"sh", "-c",
           "exec 9>\"$0\"; rm \"$0\"; " + before + " setsid sleep " + seconds +
               " </dev/null >/dev/null 2>&1 3>&- & p=$!; i=0; until [ \"$(tr '\\0' ' ' "
               "</proc/$p/cmdline)\" = 'sleep " +
               seconds + " ' ] || [ $i = 100 ]; do i=$((i + 1)); sleep 0.05; done; printf %s $p",
           host.path(".muster-fill-" + id).string()});
      INFO(started.output);
      REQUIRE(started.said == Said::yes);
      return started.output;
    };
    const auto left = keeper(id_of('1'), "8000000", "");
    const auto service = keeper(id_of('2'), "600", "");
    const auto other = keeper(id_of('3'), "8000000", "setpriv --reuid=61238 --clear-groups");
    const auto found = host.searched(Verb::survey, 1);
    INFO(found.evidence);
    CHECK(contains(found.evidence, "=holder " + id_of('1') + " " + left + "\n"));
    CHECK(contains(found.evidence, "=holder " + id_of('2') + " " + service + "\n"));
    CHECK(contains(found.evidence, "=holder " + id_of('3') + " " + other + "\n"));
    const auto swept = host.searched(Verb::sweep, 1);
    CHECK(contains(swept.evidence, "removed=holder " + id_of('1') + " " + left + "\n"));
    CHECK_FALSE(contains(swept.evidence, "removed=holder " + id_of('2')));
    CHECK_FALSE(contains(swept.evidence, "removed=holder " + id_of('3')));
    const auto after = host.searched(Verb::survey, 1);
    INFO(after.evidence);
    CHECK_FALSE(contains(after.evidence, "=holder " + id_of('1')));
    CHECK(contains(after.evidence, "=holder " + id_of('2') + " " + service + "\n"));
    CHECK(contains(after.evidence, "=holder " + id_of('3') + " " + other + "\n"));
  }
}

TEST_CASE("a folder among the effects whose name is none is told of, and nothing of it is run") {
  const auto ran = "muster-ran-" + random_id();
  // `/` cannot stand in a name: what would be run says it in octal.
  const auto touch = "touch $(printf '\\057tmp\\057" + ran + "')";
  const std::vector<std::string> names{"$(" + touch + ")",
                                       "`" + touch + "`",
                                       "'; " + touch + "; '",
                                       "\"; " + touch + "; \"",
                                       "x; " + touch,
                                       "x\n" + touch + "\n",
                                       "x\neffect." + kLeft + "=run-9 test.marker active",
                                       "-rf",
                                       "--help",
                                       ".hidden",
                                       "*"};
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Swept host{sh};
    host.leave();
    const auto meta = read_file(host.effect_dir(kLeft) / "meta");
    const auto script =
        catalogue::complete_script("precheck() { :; }\ninject() { :; }\nverify() { : >/tmp/" + ran +
                                   "; }\nrevert() { verify; }\nclean() { verify; }\n");
    for (const auto& name : names) {
      const auto at = host.effect_dir(name);
      fs::create_directories(at / "started");
      std::ofstream{at / "meta"} << meta;
      std::ofstream{at / "params"} << "";
      std::ofstream{at / "script"} << script;
      std::ofstream{at / "target.sh"} << read_file(host.effect_dir(kLeft) / "target.sh");
    }
    const auto facts = host.ask(host.call(Verb::facts));
    const auto renewed = host.renew(60s);
    const auto found = host.survey();
    INFO(facts.evidence << renewed.evidence << found.evidence);
    CHECK(found.said == Said::yes);
    for (const auto& name : names) {
      auto line = "=state - " + host.effect_dir(name).string();
      for (auto& c : line)
        if (c == '\n') c = ' ';
      CHECK(contains(found.evidence, line + "\n"));
      CHECK(host.sweep(name, true).said == Said::could_not);
    }
    // One is an effect, and none of the others says that it is one.
    for (const auto* answer : {&facts, &renewed, &found}) {
      CHECK(contains("\n" + answer->evidence, "\neffect." + kLeft + "="));
      for (const auto& line : split(answer->evidence, '\n'))
        CHECK((!line.starts_with("effect.") || line.starts_with("effect." + kLeft + "=")));
    }
    host.time_passes();
    CHECK(host.sweep(kLeft).said == Said::yes);
    host.sweep("");
    for (const auto& name : names) CHECK(fs::exists(host.effect_dir(name) / "script"));
    CHECK_FALSE(fs::exists("/tmp/" + ran));
    fs::remove("/tmp/" + ran);
  }
}
