// Programs that tests start, and what they write.
#pragma once
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace muster::test {

/// A child of this process in a process group of its own, which dies with it by `dies_by`; its
/// output goes to `log`, its stdin is empty. `as`: whom root starts it as.
inline pid_t spawn(const std::vector<std::string>& argv, const std::filesystem::path& log,
                   int dies_by, const passwd* as = nullptr) {
  std::vector<char*> raw;
  for (const auto& a : argv) raw.push_back(const_cast<char*>(a.c_str()));
  raw.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int out = ::open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY, 0666);
  ::dup2(::open("/dev/null", O_RDONLY), 0);
  ::dup2(out, 1);
  ::dup2(out, 2);
  ::setpgid(0, 0);
  if (as && ::getuid() == 0 &&
      (::initgroups(as->pw_name, as->pw_gid) != 0 || ::setgid(as->pw_gid) != 0 ||
       ::setuid(as->pw_uid) != 0))
    ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, dies_by);
  ::execvp(raw[0], raw.data());
  ::_exit(127);
}

/// "" when it cannot be read.
inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace muster::test
