#include "measure/up_rule.hpp"

#include <fmt/format.h>

#include "base/quantity.hpp"
#include "base/text.hpp"

namespace muster::measure {

Result<UpRule> parse_up_rule(std::string_view text) {
  const Error bad{fmt::format("'{}' does not say when a service is up", bounded(text, 60)),
                  "write a share above 0% and a window of 1ms to 1h: 99% over 10s"};
  constexpr std::string_view word = " over ";
  const auto at = text.find(word);
  if (at == std::string_view::npos) return bad;
  const auto share = parse_percent(trimmed(text.substr(0, at)));
  const auto window = parse_duration(trimmed(text.substr(at + word.size())));
  if (!share || !window || *share <= 0) return bad;
  if (*window < std::chrono::milliseconds{1} || *window > std::chrono::hours{1}) return bad;
  return UpRule{*share, *window};
}

std::string format_up_rule(const UpRule& rule) {
  return fmt::format("{:.10g}% over {}", rule.share * 100, format_duration(rule.window));
}

}  // namespace muster::measure
