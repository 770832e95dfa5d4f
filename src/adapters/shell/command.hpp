// How a channel's far end is started: the argument vectors, and what a start that failed means.
// Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "adapters/shell/sudo_dialogue.hpp"
#include "base/result.hpp"
#include "ports/shell.hpp"

namespace muster::shell {

/// `env -i … sh -s` on this machine, through sudo when the host says become. `sh` may be several
/// words (busybox sh); `target_dir` is "" but in tests. With a dialogue, sudo may ask for the
/// password. A host with a gate gets that and nothing else: it takes frames of data
/// (gate_frame.hpp).
Result<std::vector<std::string>> local_command(const ports::HostAddress& host,
                                               const std::vector<std::string>& sh,
                                               const std::string& target_dir,
                                               const SudoDialogue* dialogue = nullptr);

/// The same as one line for the login shell of another host: constant but for the dialogue's words.
Result<std::string> remote_command(const ports::HostAddress& host,
                                   const SudoDialogue* dialogue = nullptr);

/// The system's ssh with the user's own configuration, never weaker than: host keys checked, no
/// prompts, no forwarding. The remote command is constant; nothing of a drill is in it.
Result<std::vector<std::string>> ssh_command(const ports::HostAddress& host,
                                             const std::vector<std::string>& ssh,
                                             const std::string& control_dir,
                                             Duration connect_within, Duration master_idle,
                                             const SudoDialogue* dialogue = nullptr);
/// Ends the master connection that ssh_command keeps.
std::vector<std::string> ssh_exit_command(const ports::HostAddress& host,
                                          const std::vector<std::string>& ssh,
                                          const std::string& control_dir);

/// Same key: same way in, same rights; such calls may share a channel. Secrets are in it as
/// digests.
std::string channel_key(const ports::HostAddress& host);

/// Same key: the same account of the same host, reached the same way; become does not matter. What
/// a master connection of the system's ssh belongs to.
std::string way_key(ports::HostAddress host);

/// Same key: the same password of the same account; as a digest.
std::string password_key(const ports::HostAddress& host);

/// For why_not(): the password was not sent, because an earlier try with it failed.
constexpr std::string_view kSentBefore = "the sudo password was sent before";

/// What the reader should do about a far end that did not come up: `said` is what it wrote to
/// stderr.
std::string why_not(const ports::HostAddress& host, std::string_view said);

}  // namespace muster::shell
