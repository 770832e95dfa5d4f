#include "measure/sample.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.hpp"

namespace muster::measure {
namespace {

constexpr std::string_view kHeader =
    "# muster samples 1: n due_ns sent_ns completed_ns outcome why\n";
constexpr std::array<std::string_view, 3> kOutcomes{"ok", "failed", "unknown"};

/// One line without blanks at its ends, at most kWhyBytesMax bytes; doing it twice changes nothing.
std::string one_line(std::string_view why) {
  std::string text = printable(why);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  std::size_t cut = std::min(text.size(), kWhyBytesMax);
  while (cut < text.size() && cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
    --cut;
  return std::string{trimmed(std::string_view{text}.substr(0, cut))};
}

void append_line(std::string& out, const Sample& s) {
  fmt::format_to(std::back_inserter(out), "{} {} {} {} {}", s.n, ns(s.due), ns(s.sent),
                 ns(s.completed), name(s.outcome));
  if (const auto why = one_line(s.why); !why.empty()) out += " " + why;
  out += '\n';
}

/// The word before the next blank; `rest` is what follows the blank.
std::string_view word(std::string_view& rest) {
  const auto at = rest.find(' ');
  const auto taken = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return taken;
}

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Sample> parse_line(std::string_view line) {
  const auto n = number<std::uint64_t>(word(line));
  const auto due = number<std::int64_t>(word(line));
  const auto sent = number<std::int64_t>(word(line));
  const auto completed = number<std::int64_t>(word(line));
  const auto outcome = std::find(kOutcomes.begin(), kOutcomes.end(), word(line));
  if (!n || *n == 0 || !due || !sent || !completed || outcome == kOutcomes.end())
    return std::nullopt;
  if (*due < 0 || *sent < 0 || *completed < *sent) return std::nullopt;
  return Sample{*n,
                instant(*due),
                instant(*sent),
                instant(*completed),
                static_cast<Outcome>(outcome - kOutcomes.begin()),
                std::string{line}};
}

}  // namespace

std::string_view name(Outcome o) {
  return kOutcomes[static_cast<std::size_t>(o)];
}

std::vector<Sample> in_order(std::vector<Sample> samples) {
  std::stable_sort(samples.begin(), samples.end(),
                   [](const Sample& a, const Sample& b) { return a.n < b.n; });
  const auto same = [](const Sample& a, const Sample& b) { return a.n == b.n; };
  samples.erase(std::unique(samples.begin(), samples.end(), same), samples.end());
  return samples;
}

std::string encode_samples(std::vector<Sample> samples) {
  std::string out{kHeader};
  for (const auto& s : in_order(std::move(samples))) append_line(out, s);
  return out;
}

Result<std::vector<Sample>> decode_samples(std::string_view bytes) {
  if (bytes.size() > kEncodedBytesMax)
    return Error{fmt::format("samples of {} bytes, more than the {} that are read at once",
                             bytes.size(), kEncodedBytesMax)};
  if (!bytes.starts_with(kHeader))
    return Error{"not samples of version 1: the first line is another one",
                 "expected '" + std::string{trimmed(kHeader)} + "'"};
  std::vector<Sample> samples;
  bytes.remove_prefix(kHeader.size());
  for (std::size_t line_no = 2; !bytes.empty(); ++line_no) {
    const auto end = bytes.find('\n');
    const auto line = bytes.substr(0, end);
    auto sample = parse_line(line);
    // Written again it must give the same bytes: so there is one way to write a sample, and a
    // stranger who hashes what he reads gets the sealed hash.
    std::string again;
    if (sample) append_line(again, *sample);
    const bool ascending = sample && (samples.empty() || samples.back().n < sample->n);
    if (end == std::string_view::npos || !ascending || again != bytes.substr(0, end + 1))
      return Error{fmt::format("line {} of the samples is damaged: '{}'", line_no,
                               bounded(printable(line), 120)),
                   "expected 'n due_ns sent_ns completed_ns ok|failed|unknown [why]', n ascending"};
    samples.push_back(std::move(*sample));
    bytes.remove_prefix(end + 1);
  }
  return samples;
}

}  // namespace muster::measure
