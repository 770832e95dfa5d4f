#include "report/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "journal/person.hpp"
#include "report/columns.hpp"
#include "report/events.hpp"
#include "report/signs.hpp"
#include "report/words.hpp"

namespace muster::report {
namespace {

constexpr std::size_t kLineBytesMax = 1000;  // of one line of progress
constexpr std::size_t kStepsMax = 12;
constexpr std::size_t kListMax = 6;

class Text {
 public:
  explicit Text(bool colour) : colour_{colour} {}

  void line(std::string_view text) { out_ += one_line(text) + "\n"; }
  void heading(std::string_view text) { out_ += "\n" + one_line(text) + "\n"; }
  /// The sign in its colour: blue is good, orange is not.
  void signed_line(Sign sign, std::string_view text) {
    out_ += fmt::format("  {} {}\n", painted(sign, glyph(sign)), one_line(text));
  }
  std::string painted(Sign sign, std::string_view text) const {
    if (!colour_ || sign == Sign::none) return std::string{text};
    return fmt::format("\x1b[{}m{}\x1b[0m", sign == Sign::good ? "34" : "33", text);
  }
  void raw(std::string_view text) { out_ += text; }
  std::string take() { return std::move(out_); }

 private:
  bool colour_;
  std::string out_;
};

void list(Text& t, std::string_view heading, Sign sign, const std::vector<std::string>& all) {
  if (all.empty()) return;
  t.heading(heading);
  for (std::size_t i = 0; i < all.size() && i < kListMax; ++i)
    t.signed_line(sign, bounded(all[i], 300));
  if (all.size() > kListMax)
    t.line(fmt::format("    and {} more, see the report", all.size() - kListMax));
}

void objectives(Text& t, const Summary& s) {
  if (s.objectives.empty()) return;
  int label = 0, actual = 0;
  for (const auto& j : s.objectives) {
    label = std::max(label, columns_of(label_of(j)));
    actual = std::max(actual, columns_of(actual_of(j)));
  }
  t.heading("Objectives");
  for (const auto& j : s.objectives)
    t.signed_line(sign_of(j.met),
                  fmt::format("{}  {}  of {}  {}", padded(label_of(j), label),
                              padded(actual_of(j), actual), limit_of(j), word_of(j.met)));
  if (!s.estimate.empty()) t.line("    " + s.estimate);
}

void detections(Text& t, const Summary& s) {
  if (s.detections.empty()) return;
  t.heading("Was it noticed?");
  for (const auto& d : s.detections)
    t.signed_line(d.ttd ? Sign::good : Sign::unsure,
                  one_line(fmt::format("{}: {}", label_of(d), d.text)));
}

void writes(Text& t, const Summary& s) {
  for (const auto& service : s.services)
    if (service.ledger) {
      const auto& l = *service.ledger;
      t.heading(fmt::format("Writes of {}", service.name));
      t.line(fmt::format(
          "    {} acknowledged, {} lost, {} recovered, {} unexpected, {} duplicated, {} corrupt",
          grouped(l.acknowledged), grouped(l.lost.count), grouped(l.recovered.count),
          grouped(l.unexpected.count), grouped(l.duplicated.count), grouped(l.corrupt.count)));
    }
}

std::string shown_name(const Step& step) {
  return cut_to(one_line(step.name), 60);
}

void steps(Text& t, const Summary& s) {
  if (s.steps.empty()) return;
  t.heading("Steps");
  int width = 0;
  for (std::size_t i = 0; i < s.steps.size() && i < kStepsMax; ++i)
    width = std::max(width, columns_of(shown_name(s.steps[i])));
  for (std::size_t i = 0; i < s.steps.size() && i < kStepsMax; ++i) {
    const auto& step = s.steps[i];
    const std::string took =
        step.took ? fmt::format("{} of {}", human_duration(*step.took), limit_text(step.within))
                  : "";
    const bool good = step.state.status == journal::StepStatus::passed;
    t.signed_line(
        sign_of(step.state.status),
        fmt::format("{}  {}  {}{}", padded(shown_name(step), width),
                    padded(name_of(step.state.status), 7), took,
                    good || step.state.why.empty() ? "" : "  " + bounded(step.state.why, 120)));
  }
  if (s.steps.size() > kStepsMax)
    t.line(fmt::format("    and {} more, see the report", s.steps.size() - kStepsMax));
}

}  // namespace

std::string terminal_text(const Summary& s, bool colour) {
  Text t{colour};
  const Sign sign = sign_of(s.verdict);
  t.raw(t.painted(sign, glyph(sign)) + " " + one_line(s.verdict.sentence) + "\n");
  t.line(fmt::format("  {} ({}), run {}{}", s.title.empty() ? s.drill : s.title, s.drill, s.run,
                     s.opened ? ", " + utc_text(*s.opened) : ""));
  if (const auto by = approved_by(s); !by.empty()) t.line("  Approved by " + by);
  list(t, "To do before anything else", Sign::bad, s.verdict.dirty);
  if (s.verdict.result != measure::DrillResult::pass)
    list(t, "Why", s.verdict.result == measure::DrillResult::fail ? Sign::bad : Sign::unsure,
         s.verdict.reasons);
  objectives(t, s);
  detections(t, s);
  writes(t, s);
  steps(t, s);
  list(t, "Differs from before", Sign::none, s.verdict.changed);
  t.heading(fmt::format("Record: {} entries, root {}, {}", s.verified.size,
                        hex(s.verified.root).substr(0, 16), standing(s.verified)));
  return journal::for_people(t.take());
}

std::optional<std::string> progress_line(const journal::Draft& draft, Instant start,
                                         const plan::Plan& plan) {
  const auto said = event_text(journal::entry_of(draft, {}), plan);
  if (!said) return std::nullopt;
  return fmt::format("{:>7}  {}", clock_text(draft.at - start),
                     bounded(one_line(*said), kLineBytesMax));
}

}  // namespace muster::report
