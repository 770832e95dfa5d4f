// Calls to targets. What a call means on the target is told in docs/protocol.md; the real shells
// (adapters/shell) send frames to `sh` over a kept channel, the simulated fleet (tests/sim) acts
// them out.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "catalogue/parameter.hpp"

namespace muster::ports {

/// How a host is reached. `ssh`: a client of our own; `openssh`: the system's; `local`: this
/// machine.
enum class Connection { ssh, openssh, local };
std::string_view name_of(Connection connection);
/// Nothing for a word that is none of them.
std::optional<Connection> connection_from(std::string_view word);

/// How a host is reached: what the inventory says, resolved and pinned in the plan.
struct HostAddress {
  std::string name;  // the inventory's name; unique
  Connection connection = Connection::openssh;
  std::string address;     // what ssh is given; also what `${slot.address}` says
  std::uint16_t port = 0;  // 0: ssh's own default
  std::string user;        // "": ssh's own default
  std::string key_file;
  std::vector<std::string> ssh_args;  // ansible_ssh_common_args, split
  bool become = false;                // sudo -n
  std::string become_user = "root";
  // What sudo starts there in place of a shell: the path of a gate (catalogue/gate.hpp), else "".
  std::string gate = {};
  // What sudo or a key asks for: "" or one whole `${secret.NAME}`, never the secret itself, so that
  // plans and entries may hold it. Who fills it in: whoever sends (docs/secrets.md).
  std::string become_password;
  std::string key_passphrase;
  bool operator==(const HostAddress&) const = default;
};

/// What a target is asked. Every verb is one function of catalogue/target/*.sh.
enum class Verb {
  facts,    // who and what this host is; tools, space, lock holder, markers. Changes nothing.
  lock,     // take the host for this run; exists = another run holds it (evidence: which)
  unlock,   // give it back; only this run's
  arm,      // write script and parameters, start the dead-man, read both back
  inject,   // fence, inject, verify: yes = proven in effect, no = injected but not proven
  revert,   // fence, revert, clean: yes = proven undone. Idempotent, also without inject.
  hold,     // take the dead-man off and leave the effect: only before a no-return step
  disarm,   // remove the marker and the dead-man of an effect that is over
  renew,    // extend the lease of all this run's effects on the host and verify each again
  phase,    // run one phase of an armed restore's script
  command,  // run one command (argv); yes = exit 0, no = any other status
  survey,   // what of Muster is on this host, by its markers alone. Changes nothing.
  sweep     // undo one effect without a record, or (without an effect) what is left beside effects;
            // exists = left alone, because a live run may lease it or it is held
};
std::string_view name_of(Verb verb);

struct Call {
  HostAddress host;
  Verb verb = Verb::facts;
  bool long_job = false;  // gets a channel of its own: renewals must not wait behind it
  std::string run;
  std::string effect;  // effect id; empty for verbs that have none
  catalogue::Values values;
  std::string script;             // arm: the script's text
  std::vector<std::string> argv;  // command
  // What the command reads: of command, and of inject (the fault `command`). A template of
  // base/secret.hpp until adapters/secrets has filled it in; at most 64 KiB then.
  std::string standard_input;
  Duration within{};  // after it the answer is `unknown`; above zero
};

enum class Said {
  yes,
  no,
  could_not,  // it was tried and could not be done or evaluated
  expired,    // the lease is over: the dead-man has reverted or is about to
  exists,     // already there (lock of another, effect of the same id)
  fenced,     // a newer epoch of the same run has spoken
  unknown     // no answer: it may have happened or not
};
std::string_view name_of(Said said);

struct Answer {
  Said said = Said::unknown;
  int status = -1;       // command: its exit status
  std::string evidence;  // what the script wrote to fd 3: `key=value` lines; at most 64 KiB
  std::string output;    // tail of stdout and stderr, printable, at most 16 KiB
  Instant sent{};
  Instant done{};
};

/// Used from the engine's thread; answers come on it, exactly one a call, never from within call().
class Shell {
 public:
  virtual ~Shell() = default;
  virtual void call(Call call, std::function<void(Answer)> done) = 0;
};

}  // namespace muster::ports
