// `muster audit export DIR`: the record as files: for strangers with a verifier of their own
// (C2SP tlog-tiles), and for tables and log collectors.
#include <fmt/format.h>

#include <set>

#include "cli/audit.hpp"
#include "cli/entries.hpp"
#include "cli/exit.hpp"
#include "cli/export_folder.hpp"
#include "cli/terminal.hpp"
#include "cli/workspace_trail.hpp"
#include "journal/lines.hpp"
#include "journal/logs.hpp"
#include "journal/proof.hpp"
#include "journal/tiles.hpp"

namespace muster::cli {

namespace {

using Keep = ExportFolder::Keep;

/// Whom the exported entries name.
class PersonsFile {
 public:
  void add(const journal::Recorded& recorded) {
    journal::each_commitment(recorded.bytes, [&](std::size_t, const Digest& commitment) {
      const auto* found = recorded.persons ? recorded.persons->find(commitment) : nullptr;
      if (!found || found->is != journal::Persons::Is::known)
        gone_.insert(hex(commitment));
      else
        persons_[hex(commitment)] = {{"salt", hex(found->person.salt)},
                                     {"value", found->person.value}};
    });
  }
  std::string text() const {
    return Json{{"persons", persons_}, {"not_there", gone_}}.dump(1) + "\n";
  }

 private:
  Json persons_ = Json::object();
  std::set<std::string> gone_;  ///< erased, or lost: `person.erased` tells which
};

struct ExportWords {
  std::string folder;
  std::string run;
  std::string format = "tiles";
  bool without_persons = false;
};

/// The earlier export's checkpoint must sign a beginning of what is exported now.
Result<> check_earlier(const std::string& bytes, const ports::LogId& log,
                       const std::vector<Digest>& leaves) {
  if (bytes.empty()) return {};
  const auto note = journal::read_note(bytes);
  const auto earlier =
      note ? journal::read_checkpoint(*note) : Result<journal::Checkpoint>{note.error()};
  if (!earlier)
    return Error{"the checkpoint of the earlier export cannot be read: " + earlier.error().what};
  const auto size = earlier->head.size;
  if (size <= leaves.size() &&
      journal::root_of(std::span{leaves}.first(size)) == earlier->head.root)
    return {};
  return Error{fmt::format("{} does not begin with the {} entries that were exported earlier: it "
                           "was changed or cut off since",
                           log, size),
               "keep that export, it is the proof; export into another folder"};
}

/// Up to the newest checkpoint: what comes after it nobody has signed.
Result<std::string> export_tiles(Session& session, const WorkspaceTrail& trail,
                                 const ports::LogId& log, ExportFolder& folder,
                                 PersonsFile& persons) {
  const auto* newest = trail.checkpoints.newest(log);
  if (!newest && !folder.earlier(log + "/checkpoint").empty())
    return Error{fmt::format("{} was signed when it was exported earlier, and is not any more: its "
                             "checkpoints were removed since",
                             log),
                 "keep that export, it is the proof; `muster audit verify --checkpoint` with the "
                 "checkpoint in it"};
  if (!newest)
    return fmt::format("{}: not signed, left out (`muster audit key new` signs it)", log);
  const auto& head = newest->checkpoint.head;
  Result<> written;
  journal::Tiles tiles{[&](const std::string& path, const std::string& bytes) {
    const auto keep = path.find(".p/") == std::string::npos ? Keep::same : Keep::any;
    if (written) written = folder.write(log + "/" + path, bytes, keep);
  }};
  std::vector<Digest> leaves;
  const auto size = each_entry(session, log, [&](const journal::Recorded& stored) {
    if (leaves.size() == head.size) return;
    persons.add(stored);
    leaves.push_back(journal::leaf_hash(stored.bytes));
    tiles.add(stored.bytes);
  });
  if (!size) return size.error();
  tiles.finish();
  if (journal::TreeHead{leaves.size(), journal::root_of(leaves)} != head)
    return Error{fmt::format("the log {} is not what was signed", log),
                 "`muster audit verify` says where"};
  const auto earlier = check_earlier(folder.earlier(log + "/checkpoint"), log, leaves);
  if (!earlier) return earlier.error();
  if (written) written = folder.write(log + "/checkpoint", newest->note, Keep::any);
  if (!written) return written.error();
  return fmt::format("{}: {} entries, root {}", log, head.size, hex(head.root));
}

Result<std::string> export_lines(Session& session, const ports::LogId& log,
                                 const ExportWords& words, const std::string& host,
                                 ExportFolder& folder, PersonsFile& persons) {
  const auto& format = words.format;
  std::string bytes = format == "csv" ? journal::csv_header() : "";
  Result<> good;
  const auto size = each_entry(session, log, [&](const journal::Recorded& stored) {
    persons.add(stored);
    if (format == "jsonl") return void(bytes += stored.bytes + "\n");
    const auto entry = words.without_persons ? journal::read_entry(std::string_view{stored.bytes})
                                             : journal::read_entry(stored);
    if (!entry && good)
      good = Error{fmt::format("{}, entry {}: {}", log, stored.seq, entry.error().what),
                   "`--format jsonl` takes what is there as it is"};
    if (!entry) return;
    bytes += format == "csv" ? journal::csv_line(log, *entry, journal::leaf_hash(stored.bytes))
                             : journal::syslog_line(log, *entry, stored.bytes, host);
  });
  if (!size) return size.error();
  if (!good) return good.error();
  const auto written = folder.write(fmt::format("{}.{}", log, format == "syslog" ? "log" : format),
                                    bytes, Keep::grows);
  if (!written) return written.error();
  return fmt::format("{}: {} entries", log, *size);
}

std::string keys_file(const journal::KeyHistory& keys) {
  std::string out;
  for (const auto& term : keys.terms())
    out += journal::to_string(journal::VerifierKey{keys.name(), term.key}) + "\n";
  return out;
}

Result<std::vector<std::string>> export_all(Session& session, const ExportWords& words) {
  const auto trail = read_trail(session);
  if (!trail) return trail.error();
  // What its log holds, and under which name of a file, is not for the record to say.
  if (!trail->problems.empty())
    return Error{trail->problems.front().text,
                 "nothing is exported: keep a copy of the state folder; `muster audit verify` says "
                 "more"};
  if (trail->verifier.leaves().empty()) return session.nothing_recorded();
  const auto& keys = trail->checkpoints.keys();
  std::vector<ports::LogId> logs{journal::kWorkspaceLog};
  std::vector<std::string> said;
  for (const auto& row : trail->runs) {
    if (!words.run.empty() && row.run != words.run) continue;
    // What an earlier export has of it stays there: it is a copy, and not ours to remove.
    if (row.pruned && row.pruned->whole)
      said.push_back(
          fmt::format("{}: {}", journal::run_log(row.run), journal::describe(*row.pruned)));
    else
      logs.push_back(journal::run_log(row.run));
  }
  const auto made_of = fmt::format("{} of {}{}{}", words.format,
                                   keys.name().empty() ? "an unsigned record" : keys.name(),
                                   words.run.empty() ? "" : ", run ", words.run);
  auto folder = ExportFolder::begin(words.folder, made_of);
  if (!folder) return folder.error();
  for (const auto& row : trail->runs)
    if (row.pruned && row.pruned->whole && (words.run.empty() || row.run == words.run))
      if (const auto kept = folder->take_over(row.run); !kept) return kept.error();
  PersonsFile persons;
  const std::string host = keys.name().substr(0, keys.name().find('/'));
  for (const auto& log : logs) {
    auto line = words.format == "tiles" ? export_tiles(session, *trail, log, *folder, persons)
                                        : export_lines(session, log, words, host, *folder, persons);
    if (!line) return line.error();
    said.push_back(std::move(*line));
  }
  // Another one each time: who was erased since goes from the copy too.
  if (!words.without_persons)
    if (const auto written = folder->write("persons.json", persons.text(), Keep::any); !written)
      return written.error();
  if (!keys.name().empty())
    if (const auto written = folder->write("keys", keys_file(keys), Keep::grows); !written)
      return written.error();
  if (const auto done = folder->commit(); !done) return done.error();
  return said;
}

int run_export(const Where& where, ExportWords words) {
  const auto workspace = find_record(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace, where);
  if (!session) return complain(session.error(), kFail);
  if (!words.run.empty()) {
    const auto row = find_run(**session, words.run);
    if (!row) return complain(row.error(), kUsage);
    words.run = row->run;
  }
  const auto said = export_all(**session, words);
  if (!said) return complain(said.error(), kFail);
  for (const auto& line : *said) say(one_line(line));
  return kOk;
}

}  // namespace

void add_audit_export(CLI::App& audit, Where& where, int& code) {
  auto words = std::make_shared<ExportWords>();
  auto* command = audit.add_subcommand(
      "export", "The record as files, for other verifiers, tables and log collectors");
  command->add_option("DIR", words->folder, "A folder that is not there yet, or an earlier export")
      ->required();
  command->add_option("--run", words->run, "Only this run, beside the workspace's log")
      ->type_name("RUN");
  command->add_option("--format", words->format, "tiles (C2SP tlog-tiles), jsonl, csv or syslog")
      ->check(CLI::IsMember({"tiles", "jsonl", "csv", "syslog"}))
      ->type_name("FORMAT");
  command->add_flag("--without-persons", words->without_persons,
                    "Leaves out who the commitments in the entries stand for (persons.json)");
  command->callback([&where, &code, words] { code = run_export(where, *words); });
}

}  // namespace muster::cli
