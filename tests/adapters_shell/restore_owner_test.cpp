// What the restored server's user, or who shaped the backup, puts into the copy leads root nowhere.
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "tests/adapters_shell/hostile_values.hpp"
#include "tests/adapters_shell/restore_place.hpp"

using namespace muster;
using namespace muster::test;
namespace fs = std::filesystem;

namespace {

/// A process of root's, ended with the test.
class Child {
 public:
  Child(const std::string& program, const fs::path& where, bool marked = false) : where_{where} {
    pid_ = ::fork();
    if (pid_ != 0) return;
    if (::chdir(where.c_str()) != 0) ::_exit(1);
    if (marked) ::setenv("MUSTER_EFFECT", kEffect.c_str(), 1);
    ::execl(program.c_str(), program.c_str(), "60", nullptr);
    ::_exit(127);
  }
  ~Child() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  int pid() const { return pid_; }
  bool lives() const {
    const char state = process_state(pid_);
    return state != '\0' && state != 'Z';
  }
  /// Once it is the program, and where it should be.
  bool is_there() const {
    const auto self = "/proc/" + std::to_string(pid_);
    for (int i = 0; i < 200; ++i, ::usleep(10'000)) {
      std::error_code none;
      if (fs::read_symlink(self + "/cwd", none) == where_ &&
          fs::read_symlink(self + "/exe", none) != fs::read_symlink("/proc/self/exe"))
        return true;
    }
    return false;
  }

 private:
  fs::path where_;
  pid_t pid_ = -1;
};

}  // namespace

TEST_CASE("restore: root runs no program and follows no link that the owner put there") {
  if (!may_become_others()) return;
  const Trap trap;
  for (const auto& sh : kShells) {
    INFO(sh.front());
    Place place{sh};
    place.restored();
    const auto secret = place.dir() / "secret";
    const std::string kSecret = "15 FATAL: of-root-alone\n";
    write(secret, kSecret);
    ::chmod(secret.c_str(), 0600);
    const auto linked = [&](const fs::path& name) {
      fs::remove(name);
      fs::create_symlink(secret, name);
      give_away(name);
    };
    const auto says_nothing = [&](const std::string& phase) {
      const auto told = place.run(phase);
      INFO(phase << ": " << told.text);
      CHECK(told.code != 0);
      CHECK(told.text.find("of-root-alone") == std::string::npos);
      CHECK(read_file(secret) == kSecret);
      CHECK_FALSE(place.root_ran_a_program());
    };
    // A version that leads to a program of theirs.
    place.values.erase("bin");
    fs::create_directories(place.open("evil/bin"));
    fs::copy_file(trap.program(), place.open("evil/bin/pg_ctl"));
    write(place.data() / "PG_VERSION", "../../../.." + place.open("evil").string());
    says_nothing("start");
    CHECK_FALSE(trap.sprung());
    place.values["bin"] = place.bin();
    linked(place.data() / "PG_VERSION");
    says_nothing("start");
    fs::remove(place.data() / "PG_VERSION");
    write(place.data() / "PG_VERSION", "15\n");
    // What the server is told is written by the owner.
    linked(place.data() / "postgresql.auto.conf");
    says_nothing("start");
    fs::remove(place.data() / "postgresql.auto.conf");
    // Its log is read by the owner, and so are the other files that it and its helpers write.
    place.tool("pg_ctl",
               "case \" $* \" in *version*) echo 'pg_ctl (PostgreSQL) 15.4' ;;\n"
               "*) for name in postgresql.log fetch-errors; do ln -sf '" +
                   secret.string() + "' '" + place.d() + "/log/'$name; done\n  exit 1 ;;\nesac");
    says_nothing("start");
    CHECK(fs::is_symlink(place.d() + "/log/postgresql.log"));
    linked(place.data() / "postmaster.pid");
    linked(place.d() + "/log/last-wal");
    says_nothing("promote");
    says_nothing("point");
  }
}

TEST_CASE("restore: damage is done as the owner, and to files of tables alone") {
  if (!may_become_others()) return;
  for (const auto& sh : kShells) {
    INFO(sh.front());
    Place place{sh};
    place.restored();
    const auto file = place.data() / "base/5/16384";
    const auto damage = [&](const std::string& name) {
      write(place.open("tables"), name + "\n");
      return place.run("damage");
    };
    const auto told = damage("base/5/16384");
    INFO(told.text);
    CHECK(told.code == 0);
    CHECK(told.text.find("tables=1") != std::string::npos);
    CHECK(read_file(file).substr(8, 512) == std::string(512, '\xff'));
    CHECK(fs::file_size(file) == 8192);
    const auto roots = place.dir() / "roots";
    write(roots, std::string(1024, 'x'));
    fs::create_symlink(roots, place.data() / "base/5/1");
    for (const std::string& name :
         {std::string{"base/../../../roots"}, std::string{"../../roots"}, roots.string(),
          std::string{"base/5/1"}, std::string{"PG_VERSION"}, std::string{"base/5/16384 x"},
          std::string{}}) {
      INFO(name);
      CHECK(damage(name).code == 2);
      CHECK(read_file(roots) == std::string(1024, 'x'));
      CHECK(read_file(place.data() / "PG_VERSION") == "15\n");
    }
    CHECK_FALSE(place.root_ran_a_program());
  }
}

TEST_CASE("restore: a database's name is never the address of another server") {
  if (!may_become_others()) return;
  for (const auto& sh : kShells) {
    INFO(sh.front());
    Place place{sh};
    place.restored();
    place.values["level"] = "query";
    place.values["sql"] = "select true";
    place.values["database"] = R"(host=/else dbname='a\b')";
    CHECK(place.run("validate").text.find("did not return true") != std::string::npos);
    CHECK(unless_contains(read_file(place.open("psql")),
                          "\ndbname='host=/else dbname=\\'a\\\\b\\''\n") == "");
    // Nor is whichever server answers here asked where there is no copy.
    place.run("stop");
    fs::remove(place.open("psql"));
    CHECK(place.run("promote").code == 2);
    CHECK_FALSE(fs::exists(place.open("psql")));
  }
}

TEST_CASE("restore: the teardown ends what is its own, whatever the owner's files say") {
  if (!may_become_others()) return;
  for (const auto& sh : kShells) {
    INFO(sh.front());
    Place place{sh};
    place.restored();
    const auto program = place.open("postgres").string();
    fs::copy_file("/bin/sleep", program);
    // An administrator who looks around in there.
    const Child visitor{"/bin/sleep", place.data()};
    const Child server{program, place.data()};
    const Child marked{"/bin/sleep", "/", true};
    // One that bears a server's name, and lines in that of its folder.
    const auto folder = place.open("x\n" + std::to_string(marked.pid()) + " y");
    fs::create_directory(folder);
    const Child liar{program, folder};
    const Child disguised{program, "/", true};
    for (const auto* child : {&visitor, &server, &marked, &liar, &disguised})
      REQUIRE(child->is_there());
    write(place.data() / "postmaster.pid", std::to_string(visitor.pid()) + "\n");
    const auto told = place.run("revert");
    INFO(told.text);
    CHECK(told.code == 0);
    CHECK(visitor.lives());
    CHECK(liar.lives());
    CHECK_FALSE(server.lives());
    CHECK_FALSE(marked.lives());
    CHECK_FALSE(disguised.lives());
    CHECK(place.run("clean").code == 0);
    CHECK_FALSE(fs::exists(place.d()));
  }
}
