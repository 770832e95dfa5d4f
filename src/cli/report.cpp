// `muster report [RUN]`: the three files of a run's report again from its record, for whom they
// are.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/record.hpp"
#include "cli/terminal.hpp"
#include "report/edition.hpp"

namespace muster::cli {

namespace {

struct ReportWords {
  std::string run;
  std::string edition = "full";
  std::string folder;
  bool redact = false;
};

int write(const Where& where, const ReportWords& words) {
  const auto edition = report::edition_from(words.redact ? "redacted" : words.edition);
  if (!edition)
    return complain(Error{fmt::format("there is no edition '{}'", words.edition),
                          "it is full, participant or redacted"},
                    kUsage);
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open_to_read(*workspace);
  if (!session) return complain(session.error(), kFail);
  const auto row = find_run(**session, words.run);
  if (!row) return complain(row.error(), kUsage);
  const auto record = load_record(**session, *row);
  if (!record) return complain(record.error(), kFail);
  const auto shown = report::for_edition(*record, *edition);
  if (!shown) return complain(shown.error(), kFail);
  auto folder = report_folder(*workspace, record->state.drill, record->state.run);
  if (*edition != report::Edition::full) folder /= report::name_of(*edition);
  if (!words.folder.empty()) folder = words.folder;
  const auto written = write_reports_to(*shown, folder);
  if (!written) return complain(written.error(), kFail);
  say(fmt::format("Run {}, {} edition, from a record of {} entries with the root {}", row->run,
                  report::name_of(*edition), record->verified.size, hex(record->verified.root)));
  for (const auto* name : {"report.html", "report.json", "junit.xml"})
    say((folder / name).string());
  return kOk;
}

}  // namespace

void add_report(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "report",
      "Writes a run's report again from its record; of the newest run when none is named");
  auto words = std::make_shared<ReportWords>();
  command->add_option("RUN", words->run, "Its id, or the beginning of it");
  auto* edition = command->add_option("--edition", words->edition,
                                      "For whom: full, participant (no addresses, commands, "
                                      "outputs), redacted (no names either)");
  command->add_flag("--redact", words->redact, "The same as --edition redacted")->excludes(edition);
  command
      ->add_option("-o,--output", words->folder,
                   "The folder (default: reports/DRILL/RUN, and a folder of the edition in it)")
      ->type_name("DIR");
  command->callback([&where, &code, words] { code = write(where, *words); });
}

}  // namespace muster::cli
