// What may lie in a workspace's folders: each is refused with its name and place, in bounded time
// and memory, by the very path on which every command reads.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <functional>
#include <thread>

#include "config/yaml.hpp"
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

namespace {

namespace fs = std::filesystem;

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

std::string many_keys(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += fmt::format("k{}: 1\n", i);
  return out;
}

std::string bomb() {
  std::string out = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i)
    out += fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1}]\n", i, i - 1);
  return out;
}

/// What f gives, from a process of its own; "died" when that did not end well.
std::string in_child(const std::function<std::string()>& f) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto text = f();
    const bool whole =
        ::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::_exit(whole ? 0 : 1);
  }
  ::close(ends[1]);
  std::string out;
  char piece[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], piece, sizeof piece)) > 0;)
    out.append(piece, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? out : "died";
}

long kib_at_most() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

/// By the processor's clock: what else runs on the machine does not count.
bool quick(const std::function<void()>& f) {
  const auto start = std::clock();
  f();
  return std::clock() - start < 5 * CLOCKS_PER_SEC;
}

constexpr const char* kFiles[] = {"drills/x.yaml", "playbooks/x.yaml", "inventory/x.yaml"};

}  // namespace

TEST_CASE("hostile texts, as a drill, a playbook and an inventory") {
  struct Row {
    std::string what, text, strict, inventory;
  };
  const Row rows[] = {
      {"duplicate", "a: 1\na: 2\n", "2:1: `a` is here twice", "2:1: `a` is here twice"},
      {"anchor", "a: &x {}\n", "1:4: an anchor", ""},
      {"alias", "a: &x {}\nb: *x\n", "2:4: an alias", ""},
      {"a bomb of aliases", bomb(), "an anchor", "aliases expand to more than 100000 values"},
      {"nested 10,000 deep", repeated("[", 10'000) + repeated("]", 10'000),
       "1:33: nested deeper than 32 levels", "1:33: nested deeper than 32 levels"},
      {"nested 10,000 deep in blocks", repeated("- ", 10'000) + "x", "nested deeper than 32 levels",
       "nested deeper than 32 levels"},
      {"tab", "a:\n\tb: 1\n", "2:1: a tab in the indentation", "2:1: a tab in the indentation"},
      {"NUL", std::string("a: x\0y\n", 7), "1:5: control character \\x00",
       "1:5: control character \\x00"},
      {"not UTF-8", "a: caf\xe9\n", "1:7: byte \\xe9 is not UTF-8", "1:7: byte \\xe9 is not UTF-8"},
      {"UTF-16",
       std::string("\xff\xfe"
                   "a\0",
                   4),
       "1:1: byte \\xff is not UTF-8", "1:1: byte \\xff is not UTF-8"},
      {"100,000 keys", many_keys(90'000), "1:1: `k0` is not a key of",
       "1:5: expected a group (a map), found '1'"},
      {"one line of a megabyte", "a: " + std::string(1'000'000, 'x'), "1:1: `a` is not a key of",
       "1:4: expected a group (a map), found 'xxx"},
      {"a megabyte of brackets", std::string(1'000'000, '['), ":1:", ":1:"},
      {"a byte order mark and CRLF",
       "\xEF\xBB\xBF"
       "x: 1\r\ny: 2\r\n",
       "1:1: `x` is not a key of", "1:4: expected a group (a map), found '1'"},
      {"empty", "", "1:1: expected a", ""},
      {"a scalar", "hello", "1:1: expected a", "1:1: expected an inventory"},
  };
  for (const auto& row : rows)
    for (const std::string file : kFiles) {
      CAPTURE(row.what, file);
      TemporaryWorkspace folder;
      folder.write(file, row.text);
      std::string errors;
      CHECK(quick([&] { errors = folder.errors(); }));
      const auto& wanted = file.starts_with("inventory") ? row.inventory : row.strict;
      if (wanted.empty()) {
        CHECK(errors.empty());
      } else {
        CHECK(errors.find(file + ":") != std::string::npos);
        CHECK(errors.find(wanted) != std::string::npos);
      }
    }
}

TEST_CASE("what is no file of text is refused, and waited for by nobody") {
  struct Row {
    std::string what;
    std::function<void(const fs::path&)> make;
    std::string error;
  };
  const Row rows[] = {
      {"a pipe", [](const fs::path& p) { REQUIRE(::mkfifo(p.c_str(), 0600) == 0); },
       "is not a regular file"},
      {"a folder", [](const fs::path& p) { fs::create_directories(p); }, "is not a regular file"},
      {"a device", [](const fs::path& p) { fs::create_symlink("/dev/zero", p); },
       "is not a regular file"},
      {"a link to itself", [](const fs::path& p) { fs::create_symlink(p.filename(), p); },
       "cannot be read: Too many levels of symbolic links"},
      {"a link to nothing", [](const fs::path& p) { fs::create_symlink("gone", p); },
       "cannot be read: No such file or directory"},
  };
  for (const auto& row : rows)
    for (const std::string file : kFiles) {
      CAPTURE(row.what, file);
      TemporaryWorkspace folder;
      fs::create_directories((folder.root() / file).parent_path());
      row.make(folder.root() / file);
      std::string errors;
      CHECK(quick([&] { errors = folder.errors(); }));
      // A folder of the inventory is read as one.
      const bool fine = row.what == "a folder" && file.starts_with("inventory");
      CHECK(errors == (fine ? "" : file + ": " + row.error + "\n"));
    }
}

TEST_CASE("a file that may not be read says so") {
  TemporaryWorkspace folder;
  folder.write("drills/x.yaml", "drill: x\n");
  fs::permissions(folder.root() / "drills/x.yaml", fs::perms::none);
  CHECK(in_child([&] {
          if (::geteuid() == 0 && ::seteuid(65534) != 0) return std::string{"cannot be nobody"};
          return folder.errors();
        }) == "drills/x.yaml: cannot be read: Permission denied\n");
}

TEST_CASE("a hundred megabytes are refused before they are in memory") {
  for (const std::string file : kFiles) {
    CAPTURE(file);
    TemporaryWorkspace folder;
    folder.write(file, "x");
    fs::resize_file(folder.root() / file, 100u << 20);
    const auto said = in_child([&] {
      const auto before = kib_at_most();
      const auto errors = folder.errors();
      return errors + (kib_at_most() - before < 32 * 1024 ? "small" : "large");
    });
    const std::string most = file.starts_with("inventory") ? "16.0 MiB" : "1.0 MiB";
    CHECK(said == file + ": the file is larger than " + most + "\nsmall");
  }
}

TEST_CASE("the largest file that is allowed stays within its memory") {
  TemporaryWorkspace folder;
  folder.write("drills/x.yaml", "a: [" + repeated("x,", 180'000) + "x]");
  const auto said = in_child([&] {
    const auto before = kib_at_most();
    const auto errors = folder.errors();
    return errors + (kib_at_most() - before < 256 * 1024 ? "bounded" : "large");
  });
  CHECK(said.ends_with("bounded"));
}

TEST_CASE("a file that changes while it is read is not half believed") {
  TemporaryWorkspace folder;
  const auto path = folder.root() / "f.yaml";
  const std::string whole(900'000, '#');
  folder.write("f.yaml", whole);
  std::atomic<bool> over{false};
  std::thread writer{[&] {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    for (char c = 'a'; !over; c = c == 'z' ? 'a' : static_cast<char>(c + 1))
      if (::pwrite(fd, &c, 1, 1) != 1) break;
    ::close(fd);
  }};
  bool seen = false;
  const auto start = std::chrono::steady_clock::now();
  while (!seen && std::chrono::steady_clock::now() - start < std::chrono::seconds{60}) {
    Diagnostics out;
    const auto source = config::read_source(path, "f.yaml", config::Dialect::strict, out);
    if (source) continue;
    CHECK(TemporaryWorkspace::lines(out) == "f.yaml: changed while it was read\n");
    seen = true;
  }
  over = true;
  writer.join();
  CHECK(seen);
}

TEST_CASE("floods inside of good files are bounded") {
  std::string inputs, steps, services;
  for (int i = 0; i < 20'000; ++i) inputs += fmt::format("  i{}: {{}}\n", i);
  for (int i = 0; i < 20'000; ++i) services += fmt::format("  s{}: {{tcp: \"x:1\"}}\n", i);
  for (int i = 0; i < 499; ++i)
    steps += "  - parallel: [" + repeated("{mark: m},", 60) + "{mark: n}]\n";
  struct Row {
    std::string text, error;
  };
  const Row rows[] = {
      {"playbook: p\ninputs:\n" + inputs + "steps: [{mark: x}]\n",
       "playbooks/x.yaml:3:3: `inputs` holds more than 1000 entries"},
      {"playbook: p\nservices:\n" + services + "steps: [{mark: x}]\n",
       "playbooks/x.yaml:3:3: `services` holds more than 1000 entries"},
      {"playbook: p\nsteps:\n" + steps, "playbooks/x.yaml:2:1: more than 2000 steps in all"},
  };
  for (const auto& row : rows) {
    TemporaryWorkspace folder;
    folder.write("playbooks/x.yaml", row.text);
    std::string errors;
    CHECK(quick([&] { errors = folder.errors(); }));
    CHECK(errors.find(row.error) != std::string::npos);
  }
}
