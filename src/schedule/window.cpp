#include "schedule/window.hpp"

#include <algorithm>

namespace muster::schedule {

using std::chrono::floor;
using std::chrono::seconds;

namespace {

seconds length_of(const Interval& interval) {
  return floor<seconds>(interval.to - interval.from);
}

}  // namespace

std::vector<Interval> merged(std::vector<Interval> intervals) {
  std::erase_if(intervals, [](const auto& one) { return one.from >= one.to; });
  std::sort(intervals.begin(), intervals.end(),
            [](const auto& a, const auto& b) { return a.from < b.from; });
  std::vector<Interval> out;
  for (const auto& one : intervals)
    if (!out.empty() && one.from <= out.back().to)
      out.back().to = std::max(out.back().to, one.to);
    else
      out.push_back(one);
  return out;
}

std::vector<Interval> without(const Interval& whole, std::span<const Interval> taken) {
  std::vector<Interval> left;
  WallTime from = whole.from;
  for (const auto& one : taken) {
    if (one.to <= from || one.from >= whole.to) continue;
    if (one.from > from) left.push_back({from, one.from});
    from = one.to;
  }
  if (from < whole.to) left.push_back({from, whole.to});
  return left;
}

Digest surprise_key(std::string_view seed, std::string_view drill, LocalTime nominal) {
  return hmac_sha256(
      seed, "muster surprise 1\n" + std::string{drill} + "\n" + format_local(nominal) + "\n");
}

Digest surprise_commitment(const Digest& key) {
  return sha256(view(key));
}

std::optional<WallTime> surprise_time(const Digest& key, std::span<const Interval> permitted) {
  std::uint64_t number = 0, total = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | key.bytes[i];
  for (const auto& one : permitted) total += static_cast<std::uint64_t>(length_of(one).count());
  if (total == 0) return std::nullopt;
  auto offset = seconds{static_cast<std::int64_t>(number % total)};
  for (const auto& one : permitted) {
    if (offset < length_of(one)) return one.from + offset;
    offset -= length_of(one);
  }
  return std::nullopt;
}

Result<> check_surprise(const Surprise& surprise) {
  if (surprise_commitment(surprise.key) != surprise.commitment)
    return Error{"the revealed key is not the one that was committed to"};
  if (surprise_time(surprise.key, surprise.permitted) != surprise.planned)
    return Error{"the time does not follow from the key and what was permitted"};
  return {};
}

}  // namespace muster::schedule
