#include "cli/who.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <fstream>
#include <vector>

namespace muster::cli {

namespace {

std::string name_of(uid_t uid) {
  std::vector<char> buffer(16 << 10);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found)
    return found->pw_name;
  return std::to_string(uid);
}

}  // namespace

journal::Actor who_am_i() {
  // 4294967295 says that nobody logged in (a daemon, a container).
  std::uint32_t login = ~0u;
  if (std::ifstream file{"/proc/self/loginuid"}) file >> login;
  journal::Actor actor;
  actor.assurance = "os-user";
  actor.method = login == ~0u ? "uid" : "loginuid";
  actor.principal = "unix:" + name_of(login == ~0u ? getuid() : login);
  return actor;
}

std::string own_user_name() {
  return name_of(geteuid());
}

std::string boot_id() {
  std::string id;
  std::ifstream file{"/proc/sys/kernel/random/boot_id"};
  std::getline(file, id);
  return id;
}

}  // namespace muster::cli
