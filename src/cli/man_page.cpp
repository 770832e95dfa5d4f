// `muster man-page`: muster(1) in man(7)'s macros, from the definition of the command line. Made
// when Muster is built; see CMakeLists.txt, "install".
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/version.hpp"

namespace muster::cli {

namespace {

/// Text for roff: backslashes, hyphens that must stay hyphens, and a dot or quote at a line's
/// start.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (out.empty() || out.back() == '\n')
      if (c == '.' || c == '\'') out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

std::string synopsis(const CommandNode& node) {
  std::string out = fmt::format(".B muster {}\n", roff(joined(node.path, " ")));
  if (!node.flags.empty()) out += "[\\fIOPTION\\fR]...\n";
  for (const auto& p : node.positionals) {
    const std::string name = fmt::format("\\fI{}\\fR{}", roff(p.name), p.many ? "..." : "");
    out += p.required ? name + "\n" : "[" + name + "]\n";
  }
  if (!node.commands.empty()) out += "\\fICOMMAND\\fR\n";
  return out;
}

void describe(const CommandNode& node, std::string& out) {
  out += ".TP\n" + synopsis(node) + roff(node.help) + "\n";
  if (!node.flags.empty() || !node.positionals.empty()) {
    out += ".RS\n";
    for (const auto& p : node.positionals)
      if (!p.help.empty()) out += fmt::format(".TP\n.I {}\n{}\n", roff(p.name), roff(p.help));
    for (const auto& f : node.flags)
      out += fmt::format(".TP\n.B {}{}\n{}\n", roff(joined(f.names, ", ")),
                         f.value.empty() ? "" : " " + roff(f.value), roff(f.help));
    out += ".RE\n";
  }
  for (const auto& command : node.commands) describe(command, out);
}

constexpr std::string_view kRest = R"(.SH EXIT STATUS
Of
.BR "muster run" :
.TP
.B 0
PASS
.TP
.B 1
FAIL
.TP
.B 2
usage, or files with errors
.TP
.B 3
INCONCLUSIVE: what the objectives ask for could not be settled
.TP
.B 4
INVALID: the drill tested nothing
.TP
.B 5
NOT_RUN or ABORTED
.TP
.B 6
something is not proven undone, whatever the result
.PP
Other commands end with 0, 1 (it was tried and did not work) or 2.
.B muster recover
may end with 6, too. So may
.B muster sweep --revert
and
.B muster abort
of a run whose process died.
.B muster due \-\-run
ends as its runs do.
.B "muster audit verify \-\-witnesses"
ends with 3 when nobody else vouches for the record,
.B muster schedule overdue
with 7 when something is overdue.
.SH FILES
.TP
.I drills/, playbooks/, inventory/
what people write
.TP
.I reports/DRILL/RUN/
report.html, report.json and junit.xml of each run
.TP
.IR /var/lib/muster/ ", " $XDG_STATE_HOME/muster/ " (else " ~/.local/state/muster/ )
the record of each workspace, and the key that signs it; never inside the workspace
.SH ENVIRONMENT
.TP
.B MUSTER_STATE
the folder of the records, instead of the ones above
.TP
.B NO_COLOR
when set and not empty: no colours
.SH SAFETY
A fault is injected only when its way back is armed on the healer and was read back. A runner that dies, or loses its way to a target, is made up for by the target itself.
An unlabelled host is production, and needs
.BR \-\-allow\-production .
.SH SEE ALSO
.BR ssh (1),
.BR ssh_config (5).
The documents are in
.IR /usr/share/doc/muster/ .
)";

}  // namespace

void add_man_page(CLI::App& app, Where&, int&) {
  auto* command = app.add_subcommand("man-page", "Prints muster(1), for packagers");
  command->group("");
  command->callback([&app] {
    const auto tree = tree_of(app);
    std::string out = fmt::format(
        ".TH MUSTER 1 \"{}\" \"muster {}\" \"User Commands\"\n.SH NAME\nmuster \\- chaos and "
        "disaster "
        "recovery drill runner\n.SH SYNOPSIS\n.B muster\n[\\fIOPTION\\fR]...\n\\fICOMMAND\\fR\n.SH "
        "DESCRIPTION\n{}\n.PP\nA workspace is a folder with drills, playbooks and an inventory.\n"
        ".SH OPTIONS\n",
        kReleased, kVersion, roff(tree.help));
    for (const auto& f : tree.flags)
      out += fmt::format(".TP\n.B {}{}\n{}\n", roff(joined(f.names, ", ")),
                         f.value.empty() ? "" : " " + roff(f.value), roff(f.help));
    out += ".SH COMMANDS\n";
    for (const auto& command_node : tree.commands) describe(command_node, out);
    fmt::print("{}{}", out, kRest);
  });
}

}  // namespace muster::cli
