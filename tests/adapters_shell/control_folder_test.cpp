// Folders of control sockets that a killed Muster left.
#include "adapters/shell/control_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
namespace fs = std::filesystem;

TEST_CASE("folders whose owner was killed go at the next start; all others stay") {
  Host host;
  const auto& within = host.path("");
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    const auto made = shell::make_control_folder(within);
    const auto name = made ? *made : std::string{"none"};
    [[maybe_unused]] const auto written = ::write(ends[1], name.data(), name.size());
    ::pause();
    ::_exit(0);
  }
  char name[256] = {};
  REQUIRE(::read(ends[0], name, sizeof name - 1) > 0);
  ::close(ends[0]);
  ::close(ends[1]);
  const fs::path theirs{name};
  const auto own = shell::make_control_folder(within);
  REQUIRE(own);
  std::ofstream{theirs / "a-socket"} << "";
  // Without an owner, with something that is none, with another's number that is another process
  // now.
  fs::create_directory(within / "muster-ssh-nobody");
  fs::create_directory(within / "muster-ssh-odd");
  std::ofstream{within / "muster-ssh-odd/owner"} << "../../etc 1 boot\n";
  fs::create_directory(within / "muster-ssh-reused");
  std::ofstream{within / "muster-ssh-reused/owner"} << ::getpid() << " 1 another-boot\n";
  fs::create_directory_symlink(within / "muster-ssh-nobody", within / "muster-ssh-link");

  shell::remove_dead_control_folders(within);
  CHECK(fs::exists(theirs));
  CHECK_FALSE(fs::exists(within / "muster-ssh-reused"));
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  shell::remove_dead_control_folders(within);
  CHECK_FALSE(fs::exists(theirs));
  CHECK(fs::exists(*own));
  CHECK(fs::exists(within / "muster-ssh-nobody"));
  CHECK(fs::exists(within / "muster-ssh-odd"));
  CHECK(fs::is_symlink(within / "muster-ssh-link"));
}
