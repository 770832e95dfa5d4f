// The single words and texts of users' files: what is read is written again as something that reads
// as the same.
#include "adapters/probes/http_url.hpp"
#include "base/quantity.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "catalogue/parameter.hpp"
#include "measure/up_rule.hpp"
#include "tests/fuzz/target.hpp"

namespace muster::fuzz {

void word(std::string_view bytes) {
  if (bytes.size() > 4096) return;
  if (const auto d = parse_duration(bytes)) {
    const auto again = parse_duration(format_duration(*d));
    promise(again && *again == *d, "a duration reads back otherwise");
    human_duration(*d);
  }
  if (const auto t = parse_utc(bytes)) {
    const auto again = parse_utc(format_utc(*t));
    promise(again && format_utc(*again) == format_utc(*t), "a time reads back otherwise");
  }
  if (const auto size = parse_size(bytes)) human_size(*size);
  if (const auto rate = parse_rate(bytes)) promise(*rate > 0, "a rate of nothing");
  if (const auto percent = parse_percent(bytes))
    promise(*percent >= 0 && *percent <= 1, "a share outside of all");
  if (const auto url = probes::parse_http_url(bytes))
    promise_printable(url->authority + url->target, "a URL");
  if (const auto at = catalogue::parse_host_port(bytes)) promise(!at->host.empty(), "no host");
  measure::parse_up_rule(bytes);
  promise_printable(printable(bytes), "what is made printable");
  promise(printable(printable(bytes)) == printable(bytes), "printable has no rest");
  promise(bounded(printable(bytes), 20).size() <= 20 + 40, "bounded has no bound");
}

}  // namespace muster::fuzz
