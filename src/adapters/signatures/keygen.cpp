#include "adapters/signatures/keygen.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

#include "adapters/local/memory_file.hpp"
#include "adapters/local/spawn.hpp"
#include "base/text.hpp"

namespace muster::signatures {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kVerifyWithin{5'000};
constexpr milliseconds kSignWithin{120'000};
constexpr std::size_t kOutputBytesMax = 16'000;
constexpr std::string_view kBegins = "-----BEGIN SSH SIGNATURE-----";

struct Child : local::Program {
  milliseconds within{};
};

/// True when it ended within the time; else it is killed.
bool over(pid_t pid, milliseconds within) {
  // By its number: glibc 2.36 declares it for C alone.
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0u));
  const auto end = std::chrono::steady_clock::now() + within;
  int ready = -1;
  do {
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    pollfd ended{handle, POLLIN, 0};
    ready = ::poll(&ended, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  } while (ready < 0 && errno == EINTR);
  if (handle >= 0) ::close(handle);
  if (ready <= 0) ::kill(pid, SIGKILL);
  return ready > 0;
}

/// Its exit status; an error when it could not be run, or was not over in time.
Result<int> run(const Child& child) {
  pid_t pid = 0;
  if (const int wrong = local::spawn(child, pid); wrong != 0)
    return Error{fmt::format("ssh-keygen cannot be run: {}", std::strerror(wrong)),
                 "it is in the package openssh-client"};
  const bool in_time = over(pid, child.within);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!in_time) return Error{"ssh-keygen was not over in time"};
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

bool is_word(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

}  // namespace

Result<std::string> sign(const SigningKey& key, const std::string& name_space,
                         const std::string& text) {
  const auto* agent = std::get_if<InAgent>(&key);
  const local::MemoryFile message{text}, out, pub{agent ? agent->public_key + "\n" : ""};
  if (!message.good() || !out.good() || !pub.good()) return Error{"no memory for what is signed"};
  Child child;
  child.argv = {"ssh-keygen", "-q",
                "-Y",         "sign",
                "-n",         name_space,
                "-f",         agent ? "/dev/fd/3" : std::get<std::filesystem::path>(key).string()};
  child.files = {{message.fd(), 0}, {out.fd(), 1}};
  if (agent) child.files.push_back({pub.fd(), 3});
  child.own_group = false;  // it may ask for a passphrase there
  child.within = kSignWithin;
  const auto status = run(child);
  if (!status) return status.error();
  auto signature = out.read(kOutputBytesMax);
  if (*status != 0 || !signature.starts_with(kBegins))
    return Error{
        fmt::format("ssh-keygen signed nothing with {}",
                    agent ? "the agent's key" : std::get<std::filesystem::path>(key).string()),
        agent ? "is it in the agent? `ssh-add -l` lists what is; --key FILE names another way"
              : "try it by hand: ssh-keygen -Y sign -n test -f FILE </dev/null"};
  return signature;
}

Result<> verify(const ports::SignatureClaim& claim) {
  // Each goes into a line of its own file: a blank or a line's end in them would be another line.
  const auto words = split(claim.key, ' ');
  if (!is_word(claim.signer) || !is_word(claim.name_space) || words.size() != 2 ||
      claim.key.find('\n') != std::string::npos)
    return Error{fmt::format("{} has no key in people.yaml that could be verified", claim.signer)};
  const local::MemoryFile message{claim.text}, out;
  const local::MemoryFile allowed{
      fmt::format("{} namespaces=\"{}\" {}\n", claim.signer, claim.name_space, claim.key)};
  const local::MemoryFile signature{claim.signature};
  if (!message.good() || !out.good() || !allowed.good() || !signature.good())
    return Error{"no memory for what is verified"};
  Child child;
  child.argv = {"ssh-keygen", "-Y", "verify",     "-f", "/dev/fd/3",     "-s",
                "/dev/fd/4",  "-I", claim.signer, "-n", claim.name_space};
  child.files = {
      {message.fd(), 0}, {out.fd(), 1}, {out.fd(), 2}, {allowed.fd(), 3}, {signature.fd(), 4}};
  child.within = kVerifyWithin;
  const auto status = run(child);
  if (!status) return status.error();
  if (*status == 0) return {};
  return Error{fmt::format("the signature is not one of {}'s key over what is said ({})",
                           claim.signer, bounded(printable(trimmed(out.read(500))), 300)),
               "sign with the key that people.yaml names"};
}

}  // namespace muster::signatures
