#include "model/witnesses.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/map.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kWitnessesMax = 20;
constexpr const char* kDefaultPath = "/var/lib/muster-witness/checkpoints";
constexpr Duration kWithinMax = std::chrono::minutes{2};

constexpr Witness::Kind kKinds[] = {Witness::Kind::git, Witness::Kind::host, Witness::Kind::syslog};

void check_path(const Located<std::string>& path, Diagnostics& out) {
  if (!path->starts_with('/'))
    out.error(path.place, fmt::format("'{}' is not an absolute path", *path));
}

/// As the schema has it: local, udp://HOST:PORT, tcp://HOST:PORT.
bool is_syslog(std::string_view where) {
  if (where == "local") return true;
  if (!where.starts_with("udp://") && !where.starts_with("tcp://")) return false;
  where.remove_prefix(6);
  const auto colon = where.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const auto host = where.substr(0, colon), port = where.substr(colon + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_plain = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return is_plain(host.front()) && !port.empty() && port.size() <= 5 &&
         std::all_of(port.begin(), port.end(), is_digit) &&
         std::all_of(host.begin(), host.end(),
                     [&](char c) { return is_plain(c) || c == '.' || c == '-'; });
}

void check_syslog(const Located<std::string>& where, Diagnostics& out) {
  if (!is_syslog(*where))
    out.error(where.place, fmt::format("'{}' is no syslog", *where),
              "write local, udp://HOST:PORT or tcp://HOST:PORT");
}

}  // namespace

const config::Shape& witnesses_file_shape() {
  using namespace config;
  static const Shape shape = [] {
    Shape one;
    one.name = "witnesses";
    one.what = "a file of witnesses";
    one.help = "Who is told the record's checkpoints at the end of each run (docs/audit.md).";
    one.keys = {{"witnesses", named(map(witness_shape)), kOptional, "by name"}};
    return one;
  }();
  return shape;
}

const config::Shape& witness_shape() {
  using namespace config;
  static const Shape shape = [] {
    Shape one;
    one.name = "witness";
    one.what = "a witness";
    one.help = "Where checkpoints are kept, and who is master there.";
    one.keys = {{"git", text("/an/absolute/path", "^/"), kOptional,
                 "a clone on this machine: committed there, and pushed when it has a remote"},
                {"host", text(), kOptional, "a host of the inventory: appended to a file there"},
                {"syslog",
                 text("local, udp://HOST:PORT or tcp://HOST:PORT",
                      "^(local|(udp|tcp)://[A-Za-z0-9][A-Za-z0-9.-]*:[0-9]{1,5})$"),
                 kOptional, "the system's log, or a collector (RFC 5424)"},
                {"path", text("/an/absolute/path", "^/"), preset(kDefaultPath),
                 "of `host`: the file, whose folder must be there"},
                {"kept_by", text(), kOptional,
                 "who is master there, when that is not who runs the drills; without it the "
                 "witness is called weak"},
                {"within", duration(), preset("20s"), "the time to tell it, or to ask it"}};
    one.one_of = {"git", "host", "syslog"};
    return one;
  }();
  return shape;
}

std::string_view name_of(Witness::Kind kind) {
  switch (kind) {
    case Witness::Kind::git:
      return "git";
    case Witness::Kind::host:
      return "host";
    case Witness::Kind::syslog:
      return "syslog";
  }
  return "?";
}

void read_witnesses(const config::Node& node, Witnesses& witnesses, Diagnostics& out) {
  if (!node.is_map())
    return out.error(node.place, "expected witnesses (a map), found " + config::description(node));
  for (const auto& entry : node.entries) {
    config::Map map{entry.value, witness_shape(), out};
    Witness witness;
    witness.name = {entry.key, entry.place};
    if (!config::is_name(entry.key))
      out.error(entry.place, fmt::format("`{}` is not a name", entry.key));
    for (const auto kind : kKinds)
      if (auto where = map.located<std::string>(name_of(kind))) {
        witness.kind = kind;
        witness.where = *where;
      }
    const auto chosen = map.chosen();  // "" after an error
    if (chosen == "git") check_path(witness.where, out);
    if (chosen == "syslog") check_syslog(witness.where, out);
    if (chosen != "host" && map.has("path"))
      out.error(map.key_place("path"), "`path` is of a witness with `host` only");
    witness.path = map.or_default<std::string>("path");
    check_path({witness.path, map.value_place("path")}, out);
    witness.kept_by = map.or_default<std::string>("kept_by");
    witness.within = map.or_default<Duration>("within");
    if (witness.within > kWithinMax)
      out.error(map.value_place("within"), "more than 2m: a witness must not hold up the end");
    map.finish();
    if (witnesses.all.size() == kWitnessesMax)
      return out.error(entry.place, fmt::format("more than {} witnesses", kWitnessesMax));
    witnesses.all.push_back(std::move(witness));
  }
}

void check_witnesses(const Witnesses& witnesses, const Inventory& inventory, Diagnostics& out) {
  for (const auto& w : witnesses.all)
    if (w.kind == Witness::Kind::host && !inventory.host(*w.where))
      out.error(w.where.place, fmt::format("there is no host `{}`", *w.where));
}

}  // namespace muster::model
