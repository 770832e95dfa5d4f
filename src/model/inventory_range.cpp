#include "model/inventory_range.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace muster::model {
namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kWrittenMax = 1024;

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos;
}

/// The number behind the one colon outside of brackets, or behind `[…]:`.
HostNames without_port(std::string_view& written) {
  HostNames out;
  const auto colon = written.rfind(':');
  if (colon == std::string_view::npos || !all_digits(written.substr(colon + 1))) return out;
  const auto head = written.substr(0, colon);
  std::size_t depth = 0;
  std::size_t colons = 0;
  for (const char c : head) {
    if (c == '[') ++depth;
    if (c == ']' && depth > 0) --depth;
    if (c == ':' && depth == 0) ++colons;
  }
  if (depth != 0 || colons != 0) return out;  // inside of a range, or an IPv6 address
  out.port = std::string{written.substr(colon + 1)};
  written = head;
  // `[2001:db8::1]:22` and `[web1]:22`: the brackets only keep the port apart.
  const bool whole = head.size() > 2 && head.front() == '[' && head.find(']') == head.size() - 1;
  const auto inner = whole ? head.substr(1, head.size() - 2) : std::string_view{};
  if (whole && (inner.find(':') == std::string_view::npos || inner.find("::") != inner.npos ||
                std::count(inner.begin(), inner.end(), ':') == 7))
    written = inner;
  return out;
}

Result<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || at != text.data() + text.size() || value > 1'000'000'000'000)
    return Error{fmt::format("'{}' is no begin or end of a range", bounded(text, 40)),
                 "ranges are [1:20], [01:20], [a:f], [1:20:2]"};
  return value;
}

struct Range {
  std::size_t from = 0, to = 0, step = 1;
  std::size_t width = 0;  ///< Filled up with zeros to it.
  bool letters = false;

  std::size_t count() const { return (to - from) / step + 1; }
  std::string at(std::size_t i) const {
    const auto value = from + i * step;
    return letters ? std::string(1, kLetters[value]) : fmt::format("{:0{}}", value, width);
  }
};

Result<Range> parse_range(std::string_view text) {
  const auto bounds = split(text, ':');
  if (bounds.size() != 2 && bounds.size() != 3)
    return Error{fmt::format("'[{}]' is no range", bounded(text, 40)),
                 "ranges are [1:20], [01:20], [a:f], [1:20:2]"};
  const std::string begin = bounds[0].empty() ? "0" : bounds[0];
  const auto& end = bounds[1];
  Range range;
  if (begin.front() == '0' && begin.size() > 1) {
    range.width = begin.size();
    if (end.size() != begin.size())
      return Error{fmt::format("the range [{}] begins and ends with different widths", text),
                   "write both with as many digits: [01:10]"};
  }
  const auto letter = [](const std::string& one) {
    return one.size() == 1 ? kLetters.find(one.front()) : std::string_view::npos;
  };
  range.letters = letter(begin) != std::string_view::npos && letter(end) != std::string_view::npos;
  const auto from = range.letters ? Result<std::size_t>{letter(begin)} : number(begin);
  const auto to = range.letters ? Result<std::size_t>{letter(end)} : number(end);
  const auto step = bounds.size() == 3 ? number(bounds[2]) : Result<std::size_t>{1};
  for (const auto* value : {&from, &to, &step})
    if (!*value) return value->error();
  range.from = *from;
  range.to = *to;
  range.step = *step;
  if (range.step == 0 || range.from > range.to)
    return Error{fmt::format("the range [{}] is empty", bounded(text, 40)),
                 "it goes from the smaller to the larger, with a step of 1 or more"};
  return range;
}

}  // namespace

Result<HostNames> expand_hosts(std::string_view written) {
  if (written.size() > kWrittenMax)
    return Error{fmt::format("a host's name of {} bytes", written.size())};
  const auto whole = written;
  HostNames out = without_port(written);
  out.names.emplace_back(written);
  while (out.names.front().find('[') != std::string::npos) {
    const auto& first = out.names.front();
    // All names have the same rest behind their first open bracket.
    const auto rest = first.substr(first.find('['));
    const auto close = rest.find(']');
    if (close == std::string::npos)
      return Error{fmt::format("the range in '{}' is not closed", bounded(whole, 80))};
    const auto range = parse_range(std::string_view{rest}.substr(1, close - 1));
    if (!range) return range.error();
    if (range->count() > kHostsMax / out.names.size())
      return Error{fmt::format("'{}' is more than {} hosts", bounded(whole, 80), kHostsMax)};
    std::vector<std::string> names;
    names.reserve(out.names.size() * range->count());
    for (const auto& name : out.names) {
      const auto head = name.substr(0, name.find('['));
      for (std::size_t i = 0; i < range->count(); ++i)
        names.push_back(head + range->at(i) + rest.substr(close + 1));
    }
    out.names = std::move(names);
  }
  return out;
}

}  // namespace muster::model
