// What any user of a host can write where a fault reads or makes something, as root: names of
// files that look like lines of `ls`, and links and folders that stand where a fault makes its own.
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>

#include "base/id.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/adapters_shell/sleeper.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
namespace fs = std::filesystem;

namespace {

const std::string kName = ".muster-fill-0123456789abcdef0123456789abcdef";  // of ByHand's effect

/// A socket that listens on a port of the kernel's choice.
struct Listener {
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port = 0;
  long inode = 0;
  Listener() {
    REQUIRE(::listen(fd, 1) == 0);
    sockaddr_in at{};
    socklen_t size = sizeof at;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
    port = ntohs(at.sin_port);
    struct stat st {};
    ::fstat(fd, &st);
    inode = static_cast<long>(st.st_ino);
  }
  ~Listener() { ::close(fd); }
};

/// A process that has `fd` open, whatever it is.
class Holder {
 public:
  explicit Holder(int fd) : pid_{::fork()} {
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::fcntl(fd, F_SETFD, 0);
      ::execlp("sleep", "sleep", "600", nullptr);
      ::_exit(127);
    }
    REQUIRE(await_command(pid_, std::string{"sleep\0"
                                            "600",
                                            9}));
  }
  ~Holder() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  int pid() const { return pid_; }

 private:
  pid_t pid_;
};

/// A file in a folder whose name makes `ls -l` print a line that names the process.
fs::path forge(const fs::path& under, int victim, const std::string& file) {
  const auto folder = under / ("a\n/proc/" + std::to_string(victim) + "/fd:\nb");
  fs::create_directories(folder);
  std::ofstream{folder / file} << "";
  return folder / file;
}

/// Root's, and a tmpfs of 16 MiB is at the path; else the test is skipped.
class Disk {
 public:
  explicit Disk(fs::path at) : at_{std::move(at)} {
    fs::create_directory(at_);
    mounted_ = std::system(("mount -t tmpfs -o size=16m none " + at_.string()).c_str()) == 0;
    if (!mounted_) WARN("SKIPPED (1): disk.fill needs root, to mount a small file system");
  }
  ~Disk() {
    if (mounted_) (void)!std::system(("umount -l " + at_.string()).c_str());
  }
  explicit operator bool() const { return mounted_; }
  fs::path folder() const { return at_ / (kName + ".d"); }

 private:
  fs::path at_;
  bool mounted_;
};

}  // namespace

TEST_CASE("process.kill: a name that looks like a line of ls makes nobody the holder of a port") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    Sleeper victim{"sleeper-" + random_id()};
    ByHand fault{"process.kill", sh};
    std::unique_ptr<Holder> holder;
    const auto listener = std::make_unique<Listener>();
    const auto forged =
        forge(fault.dir(), victim.pid(), "x socket:[" + std::to_string(listener->inode) + "]");
    const int fd = ::open(forged.c_str(), O_RDONLY | O_CLOEXEC);
    const Holder decoy{fd};
    ::close(fd);
    holder = std::make_unique<Holder>(listener->fd);
    ::close(listener->fd);  // else this very test listens
    fault.values = {{"port", std::to_string(listener->port)}};
    expect(fault.run("precheck"), 0, "matches=1");
    expect(fault.run("inject"), 0, "killed=" + std::to_string(holder->pid()));
    CHECK(await([&] { return gone(holder->pid()); }));  // the kernel ends it in its own time
    CHECK_FALSE(gone(victim.pid()));
    CHECK_FALSE(gone(decoy.pid()));
  }
}

TEST_CASE("disk.fill: its undo ends what was remembered, and nobody whom a name speaks of") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    ByHand fault{"disk.fill", sh};
    const Disk disk{fault.dir() / "disk"};
    if (!disk) return;
    fault.values = {{"path", (fault.dir() / "disk").string()}, {"size", "4MiB"}};
    Sleeper victim{"sleeper-" + random_id()};
    const auto forged = forge(fault.dir(), victim.pid(), kName);
    const int fd = ::open(forged.c_str(), O_RDONLY | O_CLOEXEC);
    fs::remove(forged);
    {
      const Holder decoy{fd};
      ::close(fd);
      expect(fault.run("inject"), 0, "holder=");
      fault.run("revert");
      CHECK_FALSE(gone(victim.pid()));
      CHECK_FALSE(gone(decoy.pid()));
    }
    expect(fault.run("clean"), 0, "free_kb=16384");
    // A host that forgot it finds it by the file, and spares the others all the same.
    expect(fault.run("inject"), 0, "holder=");
    const auto plain = fault.dir() / kName;
    std::ofstream{plain} << "";
    const int again = ::open(plain.c_str(), O_RDONLY | O_CLOEXEC);
    fs::remove(plain);
    fault.forget();
    {
      const Holder decoy{again};
      ::close(again);
      fault.run("revert");
      CHECK_FALSE(gone(victim.pid()));
      CHECK_FALSE(gone(decoy.pid()));
      // Of the same user here, and it might keep the space: that is said.
      expect(fault.run("clean"), 1, "still kept, by process " + std::to_string(decoy.pid()));
    }
    expect(fault.run("clean"), 0, "free_kb=16384");
  }
}

TEST_CASE("disk.fill opens nothing that somebody has put where its file goes") {
  const auto& sh = kShells[GENERATE(0U, 1U, 2U)];
  INFO(sh[0]);
  ByHand fault{"disk.fill", sh};
  const Disk disk{fault.dir() / "disk"};
  if (!disk) return;
  const auto path = fault.dir() / "disk";
  fault.values = {{"path", path.string()}, {"size", "4MiB"}};
  const auto elsewhere = fault.dir() / "elsewhere";
  fs::create_directory(elsewhere);
  const auto device = fault.dir() / "device";  // as /dev/null, which takes all that is written
  REQUIRE(::mknod(device.c_str(), S_IFCHR | 0666, makedev(1, 3)) == 0);
  fs::create_symlink(device, path / kName);
  SECTION("a link by the file's name stays what it is") {
    expect(fault.run("inject"), 0, "holder=");
    expect(fault.run("verify"), 0, "filled_kb=4096");
  }
  SECTION("a link by the folder's name") {
    fs::create_symlink(device, elsewhere / kName);
    fs::create_directory_symlink(elsewhere, disk.folder());
    expect(fault.run("inject"), 2, "cannot be made");
  }
  SECTION("a folder that others may write in") {
    fs::create_directory(disk.folder());
    fs::permissions(disk.folder(), fs::perms::all);
    fs::create_symlink(device, disk.folder() / kName);
    expect(fault.run("inject"), 2, "cannot be made");
  }
  SECTION("a folder that was just made is taken away, and a link put there") {
    fs::create_symlink(device, elsewhere / kName);
    const auto tools = fault.dir() / "tools";
    fs::create_directory(tools);
    std::ofstream{tools / "mkdir"} << "#!/bin/sh\n/bin/mkdir \"$@\" || exit\nfor d; do :; done\n"
                                   << "/bin/mv \"$d\" \"$d.away\" && /bin/ln -s " << elsewhere
                                   << " \"$d\"\n";
    fs::permissions(tools / "mkdir", fs::perms::owner_all);
    ByHand raced{"disk.fill", sh, {"env", "PATH=" + tools.string() + ":/usr/bin:/bin"}};
    raced.values = fault.values;
    expect(raced.run("inject"), 2, "was taken away");
  }
  const bool planted = fs::exists(fs::symlink_status(disk.folder()));
  expect(fault.run("revert"), 0, "");
  expect(fault.run("clean"), 0, planted ? "not_ours=" + disk.folder().string() : "free_kb=16384");
  // What was put there is as it was.
  CHECK(fs::is_symlink(path / kName));
  CHECK(fs::is_character_file(device));
  CHECK(fs::exists(fs::symlink_status(disk.folder())) == planted);
  CHECK((!planted || fs::is_symlink(disk.folder() / kName)));
  for (const auto& entry : fs::directory_iterator{elsewhere}) CHECK(entry.is_symlink());
}

TEST_CASE("disk.fill: an inject that was cut short leaves a folder, and the undo removes it") {
  for (const auto& sh : kShells) {
    INFO(sh[0]);
    ByHand fault{"disk.fill", sh};
    fault.values = {{"path", fault.dir().string()}, {"size", "4MiB"}};
    const auto folder = fault.dir() / (kName + ".d");
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::owner_all);
    std::ofstream{folder / kName} << "";
    expect(fault.run("clean"), 1, "is still there");
    expect(fault.run("revert"), 0, "");
    expect(fault.run("clean"), 0, "free_kb=");
    CHECK_FALSE(fs::exists(folder));
  }
}
