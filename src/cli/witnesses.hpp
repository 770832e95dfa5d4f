// Tells witnesses of a checkpoint, and asks them what they were told (inventory/witnesses.yaml).
// All at once, each bounded by its own `within`; both wait on the session's loop. For the end of a
// run and for `audit verify`: never while something could still be broken.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "cli/signer.hpp"
#include "model/workspace.hpp"

namespace muster::cli {

/// What inventory/ says, or its first error.
Result<model::LoadedWitnesses> witnesses_of(const std::filesystem::path& workspace);

/// Whoever is master there is named, and is not the one who runs the drills. Nobody can check that:
/// it is what the file says.
bool is_weak(const model::Witness& witness);
/// "git /srv/ledger, kept by the auditors"
std::string describe(const model::Witness& witness);

/// `SIZE ORIGIN BASE64 OF THE NOTE`: how a checkpoint is kept in one line.
std::string checkpoint_line(const SignedLog& log);

struct WitnessAnswer {
  const model::Witness* witness = nullptr;  ///< of the LoadedWitnesses that were given
  bool good = false;
  std::string why;                 ///< when it is not
  std::vector<std::string> notes;  ///< of ask: the checkpoints that it was told, the oldest first
};

/// `good`: it has it, as far as it can be known (of syslog over UDP: it was sent).
std::vector<WitnessAnswer> tell(Session& session, const model::LoadedWitnesses& all,
                                const SignedLog& newest);
/// At the end of a run: tells all witnesses of the workspace of its log's newest checkpoint, and
/// writes down who has it (entries `witness.told`). What goes wrong is said and written, and no
/// reason to fail.
void tell_witnesses(Session& session, WorkspaceLog& log, const Signer& signer,
                    const std::function<void(const std::string&)>& notice);

/// `origin`: of the log. Witnesses that cannot be read back (syslog) say so in `why`.
std::vector<WitnessAnswer> ask(Session& session, const model::LoadedWitnesses& all,
                               const std::string& origin);

}  // namespace muster::cli
