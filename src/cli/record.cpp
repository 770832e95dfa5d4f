#include "cli/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/text.hpp"
#include "cli/entries.hpp"
#include "cli/plan_bytes.hpp"
#include "cli/version.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/junit.hpp"

namespace muster::cli {

namespace kinds = journal::kinds;
namespace fs = std::filesystem;

namespace {

Result<std::vector<journal::Recorded>> read_all(Session& session, const ports::LogId& log) {
  std::vector<journal::Recorded> out;
  const auto size = each_entry(session, log, [&](const auto& s) { out.push_back(s); });
  if (!size) return size.error();
  return out;
}

std::string text(const Json& data, const char* key) {
  return data.is_object() && data.contains(key) && data.at(key).is_string()
             ? data.at(key).get<std::string>()
             : "";
}

/// The samples of all blobs that the run cites; a blob that is missing or damaged is an error.
Result<> load_samples(Session& session, report::Record& record) {
  for (const auto& [service, blobs] : record.state.samples) {
    if (service.find('/') != std::string::npos)
      continue;  // a read back: its counts stand in `measured`
    auto& all = record.samples[service];
    for (const auto& sealed : blobs) {
      const auto digest = digest_from_hex(sealed.blob);
      if (!digest)
        return Error{
            fmt::format("the samples of {} cite '{}', which is no blob", service, sealed.blob)};
      const auto bytes = session.wait<std::string>(
          [&](auto done) { session.store().blob(*digest, std::move(done)); });
      if (!bytes) return bytes.error();
      const auto samples = measure::decode_samples(*bytes);
      if (!samples) return samples.error();
      all.insert(all.end(), samples->begin(), samples->end());
    }
    all = measure::in_order(std::move(all));
  }
  return {};
}

void add_pruned(std::vector<RunRow>& rows, const journal::Entry& entry) {
  const auto pruned = journal::read_pruned(entry);
  for (auto& row : rows)
    if (pruned && row.run == pruned->run && !(row.pruned && row.pruned->whole))
      row.pruned = *pruned;
}

/// Whether a report may be put in a folder of this name.
bool names_a_folder(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == name.npos &&
         one_line(name) == name;
}

}  // namespace

bool is_run_id(std::string_view text) {
  constexpr std::size_t kRunIdBytesMax = 64;
  return !text.empty() && text.size() <= kRunIdBytesMax && text.front() >= '0' &&
         text.front() <= '9' && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
         });
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '\n')
      out += "\\x0a";
    else if (c == '\t')
      out += "\\x09";
    else
      out += c;
  }
  return out;
}

Result<> add_run_row(std::vector<RunRow>& rows, const journal::Entry& entry) {
  if (entry.action == kinds::kRunOpened && !is_run_id(entry.run))
    return Error{fmt::format("entry {} of the workspace's log opens a run under a name that Muster "
                             "gives to none: '{}'",
                             entry.seq, one_line(bounded(entry.run, 80))),
                 "somebody else wrote it: keep the state folder, `muster audit verify` says more"};
  if (entry.action == kinds::kRunOpened)
    rows.push_back(
        {entry.run, entry.drill, entry.ts, entry.actor.principal, false, {}, {}, {}, {}, {}});
  if (entry.action == kinds::kRecordPruned) {
    add_pruned(rows, entry);
    return {};
  }
  const auto it =
      std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.run == entry.run; });
  if (entry.action != kinds::kRunClosed || it == rows.end()) return {};
  it->closed = true;
  it->result = entry.outcome;
  it->state = text(entry.data, "state");
  if (const auto reason = text(entry.data, "reason"); !reason.empty())
    it->by_word = ClosedByWord{entry.actor.principal, reason, entry.ts};
  if (const auto root = digest_from_hex(text(entry.data, "root"));
      root && entry.data.contains("size") && entry.data.at("size").is_number_unsigned())
    it->witness = journal::Witness{entry.data.at("size").get<std::uint64_t>(), *root};
  return {};
}

Result<std::vector<RunRow>> list_runs(Session& session) {
  const auto entries = read_all(session, journal::kWorkspaceLog);
  if (!entries) return entries.error();
  std::vector<RunRow> out;
  for (const auto& recorded : *entries) {
    const auto entry = journal::read_entry(recorded);
    if (!entry) return entry.error();
    if (const auto good = add_run_row(out, *entry); !good) return good.error();
  }
  return out;
}

Result<RunRow> find_run(Session& session, const std::string& name) {
  if (session.no_record()) return *session.no_record();
  const auto rows = list_runs(session);
  if (!rows) return rows.error();
  if (rows->empty()) return Error{"no drill was run in this workspace yet", "muster run DRILL"};
  if (name.empty()) return rows->back();
  std::vector<RunRow> fits;
  for (const auto& row : *rows)
    if (row.run == name || row.run.starts_with(name)) fits.push_back(row);
  if (fits.size() == 1) return fits.front();
  if (fits.empty())
    return Error{fmt::format("there is no run '{}'", name), "`muster runs` lists them"};
  return Error{fmt::format("'{}' is the beginning of {} runs", name, fits.size()),
               "`muster runs` lists them"};
}

Result<report::Record> load_record(Session& session, const RunRow& row, Samples samples) {
  if (row.pruned && row.pruned->whole)
    return Error{
        fmt::format("the record of run {} was {}", row.run, journal::describe(*row.pruned)),
        "an export or a report that was made before has it"};
  const auto log = journal::run_log(row.run);
  const auto entries = read_all(session, log);
  if (!entries) return entries.error();
  const auto tip =
      session.wait<ports::Tip>([&](auto done) { session.store().tip(log, std::move(done)); });
  if (!tip) return tip.error();
  report::Record record;
  record.muster = kVersion;
  journal::Verifier verifier{row.run, row.witness};
  for (const auto& recorded : *entries) verifier.add(recorded.bytes);
  record.verified = verifier.finish(*tip);
  // The workspace's own log agrees or does not, but it lies in the same file: it is nobody else's
  // witness.
  record.verified.unwitnessed = record.verified.size;
  record.verified.witnessed = false;
  for (const auto& recorded : *entries) {
    auto entry = journal::read_entry(recorded);
    if (!entry) return entry.error();
    if (const auto applied = journal::apply(record.state, *entry); !applied) return applied.error();
    record.entries.push_back(std::move(*entry));
  }
  const auto digest = digest_from_hex(text(record.state.opened, "plan"));
  if (!digest)
    return Error{
        fmt::format("run {} has no plan: its process died before anything was recorded", row.run)};
  // A report is a file by these two.
  if (record.state.run != row.run || !names_a_folder(record.state.drill))
    return Error{fmt::format("the record of run {} says that it is run '{}' of '{}'", row.run,
                             one_line(record.state.run), one_line(record.state.drill)),
                 "it was changed: `muster audit verify` says where"};
  const auto bytes = plan_bytes(session, *digest);
  if (!bytes) return bytes.error();
  const auto json = parse_json(*bytes);
  if (!json) return json.error();
  auto plan = plan::plan_from_json(*json);
  if (!plan) return plan.error();
  record.plan = std::move(*plan);
  if (row.pruned)
    record.samples_removed = fmt::format(
        "on {} under the rule `{}`", format_utc(row.pruned->at).substr(0, 10), row.pruned->rule);
  else if (samples == Samples::read)
    if (const auto loaded = load_samples(session, record); !loaded) return loaded.error();
  return record;
}

std::vector<journal::EffectState> open_effects(Session& session, const RunRow& row) {
  journal::RunState state;
  bool readable = true;
  (void)each_entry(session, journal::run_log(row.run), [&](const journal::Recorded& stored) {
    if (!readable) return;
    const auto entry = journal::read_entry(stored);
    readable = entry && journal::apply(state, *entry);
  });
  std::erase_if(state.effects, [](const auto& e) {
    return journal::is_over(e.status) && e.status != journal::EffectStatus::held;
  });
  return state.effects;
}

fs::path report_folder(const fs::path& workspace, const std::string& drill,
                       const std::string& run) {
  return workspace / "reports" / drill / run;
}

Result<> write_reports_to(const report::Record& record, const fs::path& folder) {
  std::error_code ec;
  fs::create_directories(folder, ec);
  const auto write = [&](const char* name, const std::string& bytes) {
    std::ofstream file{folder / name, std::ios::binary | std::ios::trunc};
    file << bytes;
    file.close();
    return file.good();
  };
  const auto summary = report::summarise(record);
  if (ec || !write("report.html", report::html_text(summary, record)) ||
      !write("report.json", report::json_text(summary)) ||
      !write("junit.xml", report::junit_text(summary)))
    return Error{fmt::format("the report could not be written to {}", folder.string()),
                 "the record is safe; make room or permit writing, then `muster report " +
                     record.state.run + "`"};
  return {};
}

Result<fs::path> write_reports(const report::Record& record, const fs::path& workspace) {
  auto folder = report_folder(workspace, record.state.drill, record.state.run);
  if (const auto written = write_reports_to(record, folder); !written) return written.error();
  return folder;
}

}  // namespace muster::cli
