#include "adapters/sqlite/state_folder.hpp"

#include <sys/stat.h>

#include "tests/adapters_sqlite/worlds.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::sqlite;
namespace fs = std::filesystem;

TEST_CASE("the state folder is where the user's system keeps state") {
  const test::ScratchFolder scratch;
  const fs::path workspace = fs::canonical(scratch.path()) / "orders drills";
  fs::create_directory(workspace);
  const std::string key = "orders-drills-" + hex(sha256(workspace.string())).substr(0, 12);
  struct Row {
    Surroundings in;
    std::string is;  // "" = an error
  };
  for (const auto& row :
       {Row{{true, "", "/x", "/root"}, "/var/lib/muster/" + key},
        Row{{true, "/s", "/x", "/root"}, "/s/" + key},
        Row{{false, "", "/x", "/home/ana"}, "/x/muster/" + key},
        Row{{false, "", "", "/home/ana"}, "/home/ana/.local/state/muster/" + key},
        Row{{false, "", "relative", "/home/ana"}, "/home/ana/.local/state/muster/" + key},
        Row{{false, "relative", "", "/home/ana"}, ""}, Row{{false, "", "", ""}, ""}}) {
    CAPTURE(row.is);
    const auto folder = state_folder(workspace, row.in);
    CHECK(folder.has_value() == !row.is.empty());
    if (folder) CHECK(folder->string() == row.is);
  }
  CHECK_FALSE(state_folder(workspace / "gone", {true, "", "", ""}));
}

TEST_CASE("a workspace is the same by whatever path it is reached") {
  const test::ScratchFolder scratch;
  fs::create_directory(scratch.path() / "ws");
  fs::create_directory_symlink(scratch.path() / "ws", scratch.path() / "link");
  const Surroundings s{true, "", "", ""};
  CHECK(*state_folder(scratch.path() / "ws", s) ==
        *state_folder(scratch.path() / "link/../ws/.", s));
  CHECK(*state_folder(scratch.path() / "ws", s) == *state_folder(scratch.path() / "link", s));
}

TEST_CASE("the state folder is its owner's alone") {
  const test::ScratchFolder scratch;
  const auto mode = [](const fs::path& p) {
    struct stat is {};
    stat(p.c_str(), &is);
    return is.st_mode & 0777;
  };
  REQUIRE(make_private_folder(scratch.path() / "a/b"));
  CHECK(mode(scratch.path() / "a") == 0700);
  CHECK(mode(scratch.path() / "a/b") == 0700);
  chmod((scratch.path() / "a/b").c_str(), 0777);
  REQUIRE(make_private_folder(scratch.path() / "a/b"));
  CHECK(mode(scratch.path() / "a/b") == 0700);
}
