#include "adapters/shell/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace muster::shell {
namespace {

constexpr std::string_view kPath = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

std::vector<std::string> sudo_words(const ports::HostAddress& host) {
  if (!host.become) return {};
  // -n: a password cannot be asked for here, so sudo must say at once that it needs one.
  return {"sudo", "-n", "-u", host.become_user, "--"};
}

void add(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

long long seconds(Duration d) {
  return std::max<long long>(1, std::chrono::ceil<std::chrono::seconds>(d).count());
}

void add_address(std::vector<std::string>& argv, const ports::HostAddress& host) {
  if (host.port != 0) add(argv, {"-p", std::to_string(host.port)});
  if (!host.user.empty()) add(argv, {"-l", host.user});
  if (!host.key_file.empty()) add(argv, {"-i", host.key_file, "-o", "IdentitiesOnly=yes"});
  add(argv, host.ssh_args);
  add(argv, {"--", host.address});
}

}  // namespace

std::vector<std::string> local_command(const ports::HostAddress& host,
                                       const std::vector<std::string>& sh,
                                       const std::string& target_dir) {
  std::vector<std::string> argv = sudo_words(host);
  add(argv, {"env", "-i", std::string{kPath}, "LC_ALL=C"});
  if (!target_dir.empty()) argv.push_back("MUSTER_TARGET_DIR=" + target_dir);
  add(argv, sh);
  argv.push_back("-s");
  return argv;
}

Result<std::vector<std::string>> ssh_command(const ports::HostAddress& host,
                                             const std::vector<std::string>& ssh,
                                             const std::string& control_dir,
                                             Duration connect_within, Duration master_idle) {
  if (host.address.empty() || host.address.starts_with('-'))
    return Error{fmt::format("{}: '{}' is not an address for ssh", host.name, host.address),
                 "set ansible_host in the inventory"};
  constexpr std::string_view names =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  if (host.become && (host.become_user.empty() || host.become_user.starts_with('-') ||
                      host.become_user.find_first_not_of(names) != std::string::npos))
    return Error{fmt::format("{}: '{}' is not a user for sudo", host.name, host.become_user),
                 "set ansible_become_user in the inventory"};
  std::vector<std::string> argv = ssh;
  // ssh takes the first value that it sees of an option: what stands here cannot be weakened by the
  // user's file or by the inventory's arguments, which follow.
  add(argv, {"-T", "-e", "none"});
  for (const std::string& option :
       {std::string{"BatchMode=yes"}, std::string{"StrictHostKeyChecking=yes"},
        std::string{"ForwardAgent=no"}, std::string{"ForwardX11=no"},
        std::string{"ClearAllForwardings=yes"}, std::string{"PermitLocalCommand=no"},
        std::string{"RemoteCommand=none"}, std::string{"RequestTTY=no"},
        std::string{"ControlMaster=auto"}, "ControlPath=" + control_dir + "/%C",
        fmt::format("ControlPersist={}", seconds(master_idle)),
        fmt::format("ConnectTimeout={}", seconds(connect_within)),
        std::string{"ServerAliveInterval=5"}, std::string{"ServerAliveCountMax=3"}})
    add(argv, {"-o", option});
  add_address(argv, host);
  const auto become = joined(sudo_words(host), " ");
  argv.push_back(
      fmt::format("exec {}{}env -i {} LC_ALL=C sh -s", become, become.empty() ? "" : " ", kPath));
  return argv;
}

std::vector<std::string> ssh_exit_command(const ports::HostAddress& host,
                                          const std::vector<std::string>& ssh,
                                          const std::string& control_dir) {
  std::vector<std::string> argv = ssh;
  add(argv, {"-O", "exit", "-o", "ControlPath=" + control_dir + "/%C"});
  add_address(argv, host);
  return argv;
}

std::string channel_key(const ports::HostAddress& host) {
  std::vector<std::string> parts{host.connection == ports::Connection::local ? "local" : "ssh",
                                 host.address,
                                 std::to_string(host.port),
                                 host.user,
                                 host.key_file,
                                 host.become ? host.become_user : std::string{},
                                 host.become ? "become" : ""};
  add(parts, host.ssh_args);
  if (host.connection == ports::Connection::local) parts = {parts[0], parts[5], parts[6]};
  return joined(parts, "\n");
}

std::string why_not(const ports::HostAddress& host, std::string_view said) {
  struct Known {
    std::string_view sign, advice;
  };
  static constexpr std::array<Known, 13> known{
      {{"REMOTE HOST IDENTIFICATION HAS CHANGED",
        "its host key is not the one in known_hosts: find out why before you replace it "
        "(ssh-keygen -R)"},
       {"Host key verification failed",
        "its host key is not known here: check it by another way, then add it to known_hosts "
        "(ssh-keyscan shows it)"},
       {"a password is required",
        "sudo asks for a password there: allow this user sudo without one (NOPASSWD)"},
       {"a terminal is required",
        "sudo asks for a password there: allow this user sudo without one (NOPASSWD)"},
       {"you must have a tty", "sudo has requiretty there: remove it for this user"},
       {"is not in the sudoers", "this user may not use sudo there"},
       {"sudo: not found", "sudo is not installed there; connect as root, or install it"},
       {"'sudo': No such file", "sudo is not installed there; connect as root, or install it"},
       {"Permission denied", "no key was accepted: check user, key and agent with: ssh -v"},
       {"Could not resolve hostname", "its name is not known to the resolver: set ansible_host"},
       {"Connection refused", "nothing listens there: is sshd running, is the port right?"},
       {"timed out", "no answer: is the host up, is the network's way to it open?"},
       {"No route to host", "the network has no way to it"}}};
  const auto text = std::string{trimmed(said)};
  const auto hit =
      std::ranges::find_if(known, [&](const Known& k) { return text.find(k.sign) != text.npos; });
  const std::string_view advice =
      hit != known.end() ? hit->advice : "no shell of ours came up there";
  return fmt::format("{}: {}{}{}", host.name, advice, text.empty() ? "" : "\n",
                     bounded(printable(text), 4096));
}

}  // namespace muster::shell
