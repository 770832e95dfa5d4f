#include "adapters/shell/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::shell {
namespace {

constexpr std::string_view kPath = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

Result<std::vector<std::string>> sudo_words(const ports::HostAddress& host,
                                            const SudoDialogue* dialogue) {
  std::vector<std::string> words;
  if (!host.become) return words;
  constexpr std::string_view names =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  if (host.become_user.empty() || host.become_user.starts_with('-') ||
      host.become_user.find_first_not_of(names) != std::string::npos)
    return Error{fmt::format("{}: '{}' is not a user for sudo", host.name, host.become_user),
                 "set ansible_become_user in the inventory"};
  if (host.become_password.starts_with("${secret."))
    return Error{host.name + ": the secret of its sudo password was not filled in",
                 "this is a mistake in Muster: report it"};
  if (host.become_password.find_first_of(std::string_view{"\n\r\0", 3}) != std::string::npos)
    return Error{
        host.name + ": its sudo password has more than one line, which sudo cannot be told",
        "store the secret without the line break"};
  if (host.gate.find_first_not_of(std::string{names} + "/") != std::string::npos ||
      (!host.gate.empty() && !host.gate.starts_with('/')))
    return Error{fmt::format("{}: '{}' is not a gate's path", host.name, host.gate),
                 "set muster_gate in the inventory"};
  // -n: no password is at hand, so sudo must say at once that it needs one.
  words = dialogue ? dialogue->sudo_words(host.become_user)
                   : std::vector<std::string>{"sudo", "-n", "-u", host.become_user, "--"};
  return words;
}

void add(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::string digested(const std::string& secret) {
  return secret.empty() ? "" : hex(sha256(secret));
}

long long seconds(Duration d) {
  return std::max<long long>(1, std::chrono::ceil<std::chrono::seconds>(d).count());
}

/// The control socket of the one way in: `%C` of OpenSSH 9.2 knows neither jump host nor alias, and
/// would give two hosts of one address one master. Short: a socket's path has at most 108 bytes,
/// and ssh adds 17 of its own while it makes it.
std::string control_path(const ports::HostAddress& host, const std::string& control_dir) {
  return control_dir + "/" + hex(sha256(way_key(host))).substr(0, 32);
}

void add_address(std::vector<std::string>& argv, const ports::HostAddress& host,
                 const std::string& control_dir) {
  if (host.port != 0) add(argv, {"-p", std::to_string(host.port)});
  if (!host.user.empty()) add(argv, {"-l", host.user});
  if (!host.key_file.empty()) add(argv, {"-i", host.key_file, "-o", "IdentitiesOnly=yes"});
  add(argv, host.ssh_args);
  // Of a letter ssh takes the last one: -A, -X, -t or -S among the inventory's arguments lose.
  add(argv, {"-a", "-x", "-T", "-S", control_path(host, control_dir), "--", host.address});
}

}  // namespace

Result<std::vector<std::string>> local_command(const ports::HostAddress& host,
                                               const std::vector<std::string>& sh,
                                               const std::string& target_dir,
                                               const SudoDialogue* dialogue) {
  auto argv = sudo_words(host, dialogue);
  if (!argv) return argv;
  if (host.become && !host.gate.empty()) {
    // With no argument, or sudo would not let it start.
    argv->push_back(host.gate);
    return argv;
  }
  add(*argv, {"env", "-i", std::string{kPath}, "LC_ALL=C"});
  if (!target_dir.empty()) argv->push_back("MUSTER_TARGET_DIR=" + target_dir);
  add(*argv, sh);
  if (dialogue) {
    add(*argv, {"-c", dialogue->greeting() + "\"$@\"", "sh"});
    add(*argv, sh);
  }
  argv->push_back("-s");
  return argv;
}

Result<std::string> remote_command(const ports::HostAddress& host, const SudoDialogue* dialogue) {
  const auto words = sudo_words(host, dialogue);
  if (!words) return words.error();
  const auto become = joined(*words, " ");
  if (host.become && !host.gate.empty()) return fmt::format("exec {} {}", become, host.gate);
  return fmt::format("exec {}{}env -i {} LC_ALL=C {}", become, become.empty() ? "" : " ", kPath,
                     dialogue ? "sh -c '" + dialogue->greeting() + "sh -s'" : "sh -s");
}

Result<std::vector<std::string>> ssh_command(const ports::HostAddress& host,
                                             const std::vector<std::string>& ssh,
                                             const std::string& control_dir,
                                             Duration connect_within, Duration master_idle,
                                             const SudoDialogue* dialogue) {
  if (host.address.empty() || host.address.starts_with('-'))
    return Error{fmt::format("{}: '{}' is not an address for ssh", host.name, host.address),
                 "set ansible_host in the inventory"};
  if (!host.key_passphrase.empty())
    return Error{host.name + ": the system's ssh cannot be given a key's passphrase by Muster",
                 "add the key to your ssh-agent, or set muster_connection: ssh"};
  auto command = remote_command(host, dialogue);
  if (!command) return command.error();
  std::vector<std::string> argv = ssh;
  // ssh takes the first value that it sees of an option: what stands here cannot be weakened by the
  // user's file or by the inventory's arguments, which follow.
  add(argv, {"-e", "none"});
  for (const std::string& option :
       {std::string{"BatchMode=yes"}, std::string{"StrictHostKeyChecking=yes"},
        std::string{"ForwardAgent=no"}, std::string{"ForwardX11=no"},
        std::string{"ClearAllForwardings=yes"}, std::string{"PermitLocalCommand=no"},
        std::string{"RemoteCommand=none"}, std::string{"RequestTTY=no"},
        std::string{"ControlMaster=auto"}, fmt::format("ControlPersist={}", seconds(master_idle)),
        fmt::format("ConnectTimeout={}", seconds(connect_within)),
        std::string{"ServerAliveInterval=5"}, std::string{"ServerAliveCountMax=3"}})
    add(argv, {"-o", option});
  add_address(argv, host, control_dir);
  argv.push_back(std::move(*command));
  return argv;
}

std::vector<std::string> ssh_exit_command(const ports::HostAddress& host,
                                          const std::vector<std::string>& ssh,
                                          const std::string& control_dir) {
  std::vector<std::string> argv = ssh;
  add(argv, {"-O", "exit"});
  add_address(argv, host, control_dir);
  return argv;
}

std::string channel_key(const ports::HostAddress& host) {
  std::vector<std::string> parts{std::string{ports::name_of(host.connection)},
                                 host.address,
                                 std::to_string(host.port),
                                 host.user,
                                 host.key_file,
                                 host.become ? host.become_user + " " + host.gate : std::string{},
                                 host.become ? "become" : "",
                                 host.become ? digested(host.become_password) : std::string{},
                                 digested(host.key_passphrase)};
  add(parts, host.ssh_args);
  if (host.connection == ports::Connection::local) parts = {parts[0], parts[5], parts[6], parts[7]};
  return joined(parts, "\n");
}

std::string way_key(ports::HostAddress host) {
  host.become = false;
  // A host that fell to the system's ssh goes the same way as one that was told to.
  if (host.connection != ports::Connection::local) host.connection = ports::Connection::openssh;
  return channel_key(host);
}

std::string password_key(const ports::HostAddress& host) {
  return way_key(host) + "\n" + digested(host.become_password);
}

namespace {

/// What sudo says to a user whom no rule lets start that very file.
bool refused_gate(std::string_view said) {
  constexpr std::array<std::string_view, 6> signs{
      "a password is required", "a terminal is required", "is not in the sudoers",
      "is not allowed to",      "command not found",      "No such file"};
  return std::ranges::any_of(signs, [&](auto s) { return said.find(s) != said.npos; });
}

}  // namespace

std::string why_not(const ports::HostAddress& host, std::string_view said) {
  struct Known {
    std::string_view sign, advice;
  };
  static constexpr std::array<Known, 16> known{
      {{"REMOTE HOST IDENTIFICATION HAS CHANGED",
        "its host key is not the one in known_hosts: find out why before you replace it "
        "(ssh-keygen -R)"},
       {"Host key verification failed",
        "its host key is not known here: check it by another way, then add it to known_hosts "
        "(ssh-keyscan shows it)"},
       {"incorrect password attempt",
        "sudo refused the password: check the secret that ansible_become_password names; it was "
        "tried once and is not tried again"},
       {kSentBefore,
        "its sudo password was sent once and let nobody in; it is not sent again in this run: "
        "check the secret that ansible_become_password names, then start anew"},
       {"a password is required",
        "sudo asks for a password there: name its secret in ansible_become_password, or allow this "
        "user sudo without one (NOPASSWD)"},
       {"a terminal is required",
        "sudo asks for a password there: name its secret in ansible_become_password, or allow this "
        "user sudo without one (NOPASSWD)"},
       {"you must have a tty", "sudo has requiretty there: remove it for this user"},
       {"is not in the sudoers", "this user may not use sudo there"},
       {"sudo: not found", "sudo is not installed there; connect as root, or install it"},
       {"'sudo': No such file", "sudo is not installed there; connect as root, or install it"},
       {"UNKNOWN port 65535",
        "the way through its jump host or ProxyCommand was closed: does ssh to the jump host work "
        "by itself, is its host key known?"},
       {"Permission denied", "no key was accepted: check user, key and agent with: ssh -v"},
       {"Could not resolve hostname", "its name is not known to the resolver: set ansible_host"},
       {"Connection refused", "nothing listens there: is sshd running, is the port right?"},
       {"timed out", "no answer: is the host up, is the network's way to it open?"},
       {"No route to host", "the network has no way to it"}}};
  const auto text = std::string{trimmed(said)};
  const auto hit =
      std::ranges::find_if(known, [&](const Known& k) { return text.find(k.sign) != text.npos; });
  std::string advice{hit != known.end() ? hit->advice : "no shell of ours came up there"};
  if (!host.gate.empty() && refused_gate(text))
    advice = fmt::format(
        "sudo does not start its gate {}: is it the one whose SHA-256 stands in the sudoers rule? "
        "`muster sudoers DRILL --host {}` prints both",
        host.gate, host.name);
  return fmt::format("{}: {}{}{}", host.name, advice, text.empty() ? "" : "\n",
                     bounded(printable(text), 4096));
}

}  // namespace muster::shell
