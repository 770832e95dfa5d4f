// What was changed on targets and what was brought back, with the proofs.
#include <fmt/format.h>

#include "base/quantity.hpp"
#include "base/text.hpp"
#include "report/html_parts.hpp"
#include "report/words.hpp"

namespace muster::report::html {
namespace {

using catalogue::RestoredBackup;

Markup when(const Page& page, const std::optional<Instant>& t) {
  Markup m;
  if (t)
    m << clock_text(page.s.axis.since(*t), 3);
  else
    m << "not recorded";
  return m;
}

Markup undone(const Page& page, const Effect& e) {
  using journal::EffectStatus;
  if (e.state.reverted_at) return when(page, e.state.reverted_at);
  if (e.state.status == EffectStatus::held) return plain("left on purpose");
  if (e.state.status == EffectStatus::moot)
    return plain(e.state.mended ? "by hand, not proven" : "nothing to undo it on");
  return plain(e.state.status == EffectStatus::intent ? "nothing was sent" : "not proven");
}

void details_of(const Page& page, const Effect& e, Markup& m) {
  Markup line, body;
  line << "Proofs: " << text(page, e.state.script) << " on " << text(page, e.state.host)
       << " <small>effect " << e.state.id << "</small>";
  body << "<dl>";
  const auto item = [&](std::string_view term, const Markup& what) {
    if (!what.empty()) body << "<dt>" << term << "</dt><dd>" << what << "</dd>\n";
  };
  std::string values;
  for (const auto& [key, value] : e.state.values)
    values += fmt::format("{}{}={}", values.empty() ? "" : " ", key, shell_quoted(value));
  item("Parameters", code(page, values));
  item("Script", code(page, e.state.sha256));
  Markup healer;
  healer << e.healer << ", armed at " << e.state.at
         << (e.state.at == e.state.host ? std::string_view{" itself"} : std::string_view{});
  item("Healer", healer);
  item("Proof that the undo was armed", evidence(page, e.armed_evidence));
  item("Proof that it took effect", evidence(page, e.state.evidence));
  item("Proof that it is undone", evidence(page, e.state.clean_evidence));
  item("Why", text(page, e.state.why));
  body << "</dl>\n";
  m << folded(line, body);
}

Markup validations(const Page& page, const RestoredBackup& b) {
  using Is = RestoredBackup::Validation::Is;
  Markup m;
  for (const auto& v : b.validations) {
    const Sign sign = v.is == Is::passed   ? Sign::good
                      : v.is == Is::failed ? Sign::bad
                                           : Sign::unsure;
    m << "<div>" << badge(sign, bounded(v.level, 100)) << "</div>";
  }
  if (m.empty()) m << "none was asked for";
  const auto control = [&](Sign sign, std::string_view what) {
    m << "<div>" << badge(sign, what) << "</div>";
  };
  if (b.control == RestoredBackup::Control::refused_the_damaged)
    control(Sign::good, "a damaged copy was refused");
  if (b.control == RestoredBackup::Control::passed_the_damaged)
    control(Sign::bad, "A DAMAGED COPY WAS ACCEPTED");
  if (b.control == RestoredBackup::Control::could_not)
    control(Sign::unsure, "a damaged copy could not be tried");
  (void)page;
  return m;
}

/// How old the data was that came back: against the cut-off, or against nothing.
std::string age_of(const RestoredBackup& b) {
  if (!b.point || !b.cutoff) return "not measured";
  return human_duration(std::max(*b.cutoff - *b.point, Duration::zero()));
}

void phases_of(const Page& page, const Restore& r, Markup& m) {
  Table table{"What was asked of the recovery host, and its answers",
              {"Phase", "About", "Sent", "Took", "Answer"}};
  m << folded(plain("Every phase of the restore, as it was asked and answered"),
              table_of(page, std::move(table), r.phases, [&](Table& t, const RestorePhase& p) {
                const Sign sign = p.outcome == "yes"  ? Sign::good
                                  : p.outcome == "no" ? Sign::bad
                                                      : Sign::unsure;
                t.row({text(page, p.phase), text(page, p.detail), when(page, p.at),
                       plain(p.took ? human_duration(*p.took) : "not recorded"),
                       badge(sign, bounded(p.outcome, 50))});
              }));
}

void backups(const Page& page, const Restore& r, Markup& m) {
  Table proofs{fmt::format("Backups brought back to {}", r.host),
               {"Backup", "Asked for", "Taken", "Newest data in it", "Its age", "Size",
                "Restore time S to V", "Checks"},
               Table::Narrow::stack};
  m << table_of(
      page, std::move(proofs), r.outcome->backups, [&](Table& t, const RestoredBackup& b) {
        const std::string point =
            b.point ? utc_text(*b.point) + (b.lsn.empty() ? "" : ", LSN " + b.lsn) : "not known";
        const std::string time = b.started && b.validated
                                     ? human_duration(*b.validated - *b.started)
                                     : "did not get there";
        t.row({text(page, b.label), text(page, b.asked_for),
               plain(b.taken_at ? utc_text(*b.taken_at) : "not known"), text(page, point),
               plain(age_of(b)), plain(b.bytes ? human_size(b.bytes) : "not told"), plain(time),
               validations(page, b)});
      });
  Table ways{"When each of them got how far",
             {"Backup", "S started", "Rf tool exited", "U accepts connections", "T target reached",
              "V validated"}};
  m << table_of(page, std::move(ways), r.outcome->backups, [&](Table& t, const RestoredBackup& b) {
    t.row({text(page, b.label), when(page, b.started), when(page, b.tool_exited),
           when(page, b.accepts), when(page, b.target_reached), when(page, b.validated)});
  });
}

}  // namespace

Markup effects(const Page& page) {
  Table table{"Faults, commands and restores, each with its healer",
              {"Effect", "Step", "Put in", "Proven after", "Undone", "Healed by", "State"},
              Table::Narrow::stack};
  Markup body = table_of(page, std::move(table), page.s.effects, [&](Table& t, const Effect& e) {
    Markup name, latency, state;
    name << text(page, e.state.script) << " on " << text(page, e.state.host);
    latency << (e.latency && e.latency->hi ? "at most " + human_duration(*e.latency->hi)
                                           : std::string{"not proven"});
    state << badge(sign_of(e.state.status), name_of(e.state.status));
    t.row({name, text(page, e.state.step), when(page, e.state.inject_sent), latency,
           undone(page, e), plain(e.state.healed_by.empty() ? "–" : e.state.healed_by), state});
  });
  for (std::size_t i = 0; i < page.s.effects.size() && i < page.limits.rows; ++i)
    details_of(page, page.s.effects[i], body);
  return section("effects", "What was changed on hosts, and what undid it", body);
}

Markup restores(const Page& page) {
  Markup body;
  for (const auto& r : page.s.restores) {
    body << "<h3>" << text(page, r.name) << " <small>" << text(page, r.provider) << " to "
         << text(page, r.host) << "</small></h3>\n";
    if (!r.outcome) {
      body << "<p>" << badge(Sign::none, "No outcome is recorded") << "</p>\n";
      phases_of(page, r, body);
      continue;
    }
    backups(page, r, body);
    body << "<p>"
         << (r.outcome->source_unchanged
                 ? badge(Sign::good, "Repository and source are as they were before")
                 : badge(Sign::bad, "The repository or its source changed during the restore"))
         << "</p>\n";
    for (const auto& b : r.outcome->backups)
      for (const auto& v : b.validations)
        if (!v.evidence.empty())
          body << "<h4>Check: " << text(page, v.level) << " of " << text(page, b.label) << "</h4>"
               << evidence(page, v.evidence, "What the check said");
    phases_of(page, r, body);
    Table facts{"What the restore said about itself", {"Fact", "Value"}};
    body << folded(plain("What the restore said about itself"),
                   table_of(page, std::move(facts), r.facts, [&](Table& t, const auto& fact) {
                     t.row({code(page, fact.first), text(page, fact.second)});
                   }));
  }
  return section("restores", "What was restored", body);
}

}  // namespace muster::report::html
