// One run's record, read from the store: entries, fold, plan, samples, verification.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cli/session.hpp"
#include "journal/retention.hpp"
#include "report/record.hpp"

namespace muster::cli {

/// Who ended a run whose record could not be read (cli/recover_lost.hpp).
struct ClosedByWord {
  std::string who, reason;
  WallTime at{};
};

/// One line of the workspace log a run.
struct RunRow {
  std::string run;
  std::string drill;
  WallTime opened{};
  std::string by;
  bool closed = false;
  std::string result, state;  // once it is closed
  std::optional<journal::Witness> witness;
  std::optional<journal::Pruned> pruned;  // what of its record was removed, if anything was
  std::optional<ClosedByWord> by_word;
  /// Its process died, or it left something behind that is not proven undone.
  bool needs_recovery() const { return !closed || state == "dirty"; }
};
/// Whether Muster can have named a run so (base/id.hpp). Names of runs become those of files.
bool is_run_id(std::string_view text);
/// For one line of a terminal, whatever somebody wrote into the record: as printable(), and what
/// would begin another line or column is shown too.
std::string one_line(std::string_view text);
/// Takes in one entry of the workspace log; entries of other kinds are passed over. An error: it
/// opens a run that no Muster opened; it gets no row.
Result<> add_run_row(std::vector<RunRow>& rows, const journal::Entry& entry);
/// In the order in which they were opened. An error when one of the entries is none.
Result<std::vector<RunRow>> list_runs(Session& session);

/// The run that `name` means: an id, the beginning of one that fits only one run, or "" for the
/// newest.
Result<RunRow> find_run(Session& session, const std::string& name);

/// The samples are needed to show a run, not to bring it to its end.
enum class Samples { read, leave };
/// An error: something of it is missing or damaged.
Result<report::Record> load_record(Session& session, const RunRow& row,
                                   Samples samples = Samples::read);

/// Effects that are not over, and those that are held, by as much of the run's log as can be read.
std::vector<journal::EffectState> open_effects(Session& session, const RunRow& row);

/// reports/<drill>/<run>
std::filesystem::path report_folder(const std::filesystem::path& workspace,
                                    const std::string& drill, const std::string& run);
/// {report.html, report.json, junit.xml} in `folder`, which is made when it is not there.
Result<> write_reports_to(const report::Record& record, const std::filesystem::path& folder);
/// Both: returns the folder.
Result<std::filesystem::path> write_reports(const report::Record& record,
                                            const std::filesystem::path& workspace);

}  // namespace muster::cli
