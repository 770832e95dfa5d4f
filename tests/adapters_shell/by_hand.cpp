#include "tests/adapters_shell/by_hand.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <stdexcept>

#include "catalogue/fault.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

namespace muster::test {

const std::vector<std::vector<std::string>> kShells{{"dash"}, {"busybox", "sh"}, {"bash"}};

namespace {
std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const auto& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}
}  // namespace

void expect(const Told& told, int code, const std::string& text) {
  INFO(told.text);
  CHECK(told.code == code);
  CHECK(unless_contains(told.text, text) == "");
}

Told run_program(const std::vector<std::string>& argv,
                 const std::vector<std::string>& environment) {
  // A file, not a pipe: what a program leaves running must not be waited for.
  char name[] = "/tmp/muster-said-XXXXXX";
  const int file = ::mkostemp(name, O_CLOEXEC);
  if (file < 0) throw std::runtime_error("no file for the test");
  const auto words = pointers(argv);
  const auto variables = pointers(environment);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(::open("/dev/null", O_RDONLY), 0);
    ::dup2(file, 1);
    ::dup2(file, 2);
    // Evidence goes to 3 when it is open, as one that ctest was started with may be.
    if (file != 3) ::dup2(file, 3);
    ::execvpe(words[0], words.data(), variables.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  Told told;
  told.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  std::ifstream in{name, std::ios::binary};
  told.text.assign(std::istreambuf_iterator<char>{in}, {});
  ::close(file);
  ::unlink(name);
  return told;
}

ByHand::ByHand(const std::string& fault, std::vector<std::string> shell,
               std::vector<std::string> before)
    : ByHand{Script{catalogue::builtin_faults().at(fault).script}, std::move(shell),
             std::move(before)} {}

ByHand::ByHand(const Script& script, std::vector<std::string> shell,
               std::vector<std::string> before)
    : words_{std::move(before)} {
  char name[] = "/tmp/muster-test-XXXXXX";
  if (::mkdtemp(name) == nullptr) throw std::runtime_error("no folder for the test");
  dir_ = name;
  std::filesystem::create_directory(dir_ / "state");
  std::ofstream{dir_ / "script"} << script.text;
  words_.insert(words_.end(), shell.begin(), shell.end());
  words_.push_back(dir_ / "script");
}

ByHand::~ByHand() {
  std::error_code ignored;
  std::filesystem::remove_all(dir_, ignored);
}

void ByHand::list(const std::string& name, const std::vector<std::string>& items) {
  values[name + "_count"] = std::to_string(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) values[name + "_" + std::to_string(i)] = items[i];
}

Told ByHand::run(const std::string& function, bool again) const {
  std::vector<std::string> environment{
      "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "M_EFFECT=0123456789abcdef0123456789abcdef",
      "M_DIR=" + (dir_ / "state").string(), "M_TARGET=" + (dir_ / "target").string()};
  environment.push_back("M_BY=" + who);
  if (again) environment.emplace_back("M_AGAIN=yes");
  for (const auto& [name, value] : values) environment.push_back("P_" + name + "=" + value);
  auto argv = words_;
  argv.push_back(function);
  return run_program(argv, environment);
}

void ByHand::forget() const {
  std::filesystem::remove_all(dir_ / "state");
  std::filesystem::create_directory(dir_ / "state");
  std::ofstream{dir_ / "state/recalled"} << "";
}

}  // namespace muster::test
