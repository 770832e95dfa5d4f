#include "config/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::config {
namespace {

constexpr std::size_t kQuotedLineMax = 160;
constexpr std::size_t kListedWordsMax = 24;

/// As many blanks as the caret's column asks for; tabs stay, so that the caret stands right.
std::string indent_to(std::string_view line, std::uint32_t column) {
  std::string out;
  std::uint32_t seen = 1;
  for (const char c : line) {
    if (seen >= column) break;
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
    out += c == '\t' ? '\t' : ' ';
    ++seen;
  }
  out.append(column > seen ? column - seen : 0, ' ');
  return out;
}

/// Such a line is not quoted: what is wrong in it is seldom worth a password in a log.
bool may_hold_a_password(std::string_view line) {
  std::string lower{line};
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const auto* word : {"passw", "_pass", "passphrase"})
    if (lower.find(word) != std::string::npos) return true;
  return false;
}

void render_one(const Diagnostic& d, std::string& out) {
  out += printable(to_string(d)) + "\n";
  const auto line = d.place.source ? d.place.source->line(d.place.line) : std::string_view{};
  const auto number = fmt::format("{:5}", d.place.line);
  if (!line.empty() && !may_hold_a_password(line)) {
    out += fmt::format("{} | {}\n", number, printable(bounded(line, kQuotedLineMax)));
    if (d.place.column <= kQuotedLineMax)
      out += fmt::format("{:5} | {}^\n", "", indent_to(line, d.place.column));
  }
  if (!d.hint.empty()) out += fmt::format("      {}\n", printable(d.hint));
}

}  // namespace

void Diagnostics::error(Place place, std::string what, std::string hint) {
  for (const auto& e : errors_)
    if (e.what == what && !before(e.place, place) && !before(place, e.place)) return;
  ++count_;
  if (errors_.size() < kErrorsMax)
    errors_.push_back({std::move(place), bounded(what, 1000), bounded(hint, 1000)});
}

void Diagnostics::unknown(Place place, std::string what, std::string_view word,
                          std::span<const std::string> right) {
  std::string hint;
  if (errors_.size() >= kErrorsMax)
    return error(std::move(place), std::move(what));  // only counted
  if (const auto near = nearest(word, right); !near.empty())
    hint = fmt::format("did you mean `{}`?", near);
  else if (right.empty())
    hint = "there is none";
  else if (right.size() <= kListedWordsMax)
    hint = "there is: " + joined(right, ", ");
  error(std::move(place), std::move(what), std::move(hint));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  auto out = errors_;
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return before(a.place, b.place); });
  return out;
}

void Diagnostics::add(const Diagnostics& other) {
  for (const auto& e : other.errors_)
    if (errors_.size() < kErrorsMax) errors_.push_back(e);
  count_ += other.count_;
}

std::string to_string(const Diagnostic& diagnostic) {
  return to_string(diagnostic.place) + ": " + diagnostic.what;
}

std::string render(const Diagnostics& diagnostics) {
  std::string out;
  const auto all = diagnostics.sorted();
  for (const auto& d : all) render_one(d, out);
  if (diagnostics.count() > all.size())
    out += fmt::format("… and {} more\n", diagnostics.count() - all.size());
  return out;
}

}  // namespace muster::config
