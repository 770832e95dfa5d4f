#include "model/blast_radius.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/quantity.hpp"
#include "base/text.hpp"
#include "config/map.hpp"

namespace muster::model {
namespace {

using namespace config;

constexpr int kCountMax = 10'000;
const char* const kForms = "write `1`, `25%`, `1 per zone` or `1 per group`";

Type amount_type() {
  return either(
      {integer(1, kCountMax), text("25% per zone", "^ *[0-9.]+%?( +per +(zone|group))? *$")});
}

const Shape& at_most_of_shape() {
  static const Shape shape{
      .name = "at_most.of",
      .what = "an `at_most` by name",
      .help = "The most of one set of hosts.",
      .keys = {{"of", text(), kOptional, "a host, a group or a pattern; else what the key names"},
               {"most", amount_type(), kRequired, "how many at once"}},
      .one_of = {},
      .refused = {},
      .others = {},
      .cases = {}};
  return shape;
}

const Shape& at_most_shape() {
  static const Shape shape{
      .name = "at_most",
      .what = "`at_most`",
      .help = "The most of some sets of hosts, each by its own name: a group, or a name with `of`.",
      .keys = {},
      .one_of = {},
      .refused = {},
      .others = either({amount_type(), map(at_most_of_shape)}),
      .cases = {}};
  return shape;
}

/// `25% per zone`
bool read_value(const Node& node, AtMost& into, Diagnostics& out) {
  into.place = node.place;
  std::string_view written = node.text;
  const auto refuse = [&](const std::string& what) {
    out.error(node.place, what, kForms);
    return false;
  };
  if (!node.is_scalar()) return refuse("expected a number of hosts, found " + description(node));
  if (const auto per = written.find(" per "); per != std::string_view::npos) {
    const auto word = trimmed(written.substr(per + 5));
    if (word != "zone" && word != "group")
      return refuse(fmt::format("`per {}`: hosts are counted per zone or per group", word));
    into.per = word == "zone" ? AtMost::Per::zone : AtMost::Per::group;
    written = written.substr(0, per);
  }
  const auto amount = parse_amount(trimmed(written));
  if (!amount) return refuse(amount.error().what);
  into.amount = *amount;
  return true;
}

}  // namespace

std::string to_string(const Amount& amount) {
  if (amount.count > 0) return std::to_string(amount.count);
  return fmt::format("{:.6g}%", amount.share * 100);
}

std::string to_string(const AtMost& at_most) {
  constexpr std::string_view kPer[] = {"", " per zone", " per group"};
  return to_string(at_most.amount) + std::string{kPer[static_cast<std::size_t>(at_most.per)]};
}

Result<Amount> parse_amount(std::string_view text) {
  if (text.ends_with('%')) {
    const auto share = parse_percent(text);
    if (!share) return share.error();
    if (*share <= 0) return Error{"expected a number of hosts above zero, found '0%'"};
    return Amount{0, *share};
  }
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count < 1 || count > kCountMax)
    return Error{
        fmt::format("expected a number of hosts above zero, or a share of them, found '{}'",
                    bounded(text, 80))};
  return Amount{count, 0};
}

Type at_most_type() {
  auto type = amount_type();
  type.of.push_back(map(at_most_shape));
  return type;
}

Located<std::string> named_hosts(const Entry& entry, Diagnostics& out) {
  if (!is_name(entry.key))
    out.error(entry.place, fmt::format("`{}` is not a name", entry.key),
              fmt::format("give it a name, and the pattern as `of`: NAME: {{of: \"{}\", …}}",
                          bounded(entry.key, 80)));
  return {entry.key, entry.place};
}

std::vector<AtMost> read_at_most(const Node& node, Diagnostics& out) {
  std::vector<AtMost> all;
  AtMost one;
  if (!node.is_map()) {
    if (read_value(node, one, out)) all.push_back(std::move(one));
    return all;
  }
  Map by_name{node, at_most_shape(), out};
  for (const auto& entry : node.entries) {
    AtMost named;
    named.name = entry.key;
    named.of = named_hosts(entry, out);
    bool fine = true;
    if (entry.value.is_map()) {
      Map map{entry.value, at_most_of_shape(), out};
      if (auto of = map.located<std::string>("of")) named.of = std::move(of);
      const auto* most = map.need("most");
      fine = most && read_value(*most, named, out);
      map.finish();
    } else {
      fine = read_value(entry.value, named, out);
    }
    if (fine) all.push_back(std::move(named));
  }
  by_name.finish();
  return all;
}

}  // namespace muster::model
