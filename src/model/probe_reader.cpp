#include "model/probe_reader.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace muster::model {
namespace {

PostgresProbe postgres(config::Map& map, const config::Node& node, Diagnostics& out) {
  PostgresProbe probe;
  probe.conninfo = parse_text(node, out);
  if (probe.conninfo.written().find("password=") != std::string::npos)
    out.error(node.place, "a password in a file",
              "keep it in ~/.pgpass or a service file; both need no word here");
  if (const auto* query = map.get("query")) probe.query = parse_text(*query, out);
  return probe;
}

TcpProbe tcp(const config::Node& node, Diagnostics& out) {
  TcpProbe probe{parse_text(node, out)};
  const auto text = probe.address.written();
  const auto colon = text.rfind(':');
  int port = 0;
  const auto digits = colon == std::string::npos ? std::string{} : text.substr(colon + 1);
  const auto end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, port);
  const bool number = error == std::errc{} && at == end && port >= 1 && port <= 65535;
  const bool left_open = digits.find("${") != std::string::npos;
  if (colon == 0 || !(number || left_open) || (left_open && colon == std::string::npos))
    out.error(node.place, fmt::format("expected host:port, found '{}'", text));
  return probe;
}

HttpProbe http(const config::Node& node, Diagnostics& out) {
  HttpProbe probe;
  const auto read_url = [&](const config::Node& url) {
    probe.url = parse_text(url, out);
    const auto text = probe.url.written();
    if (text.starts_with("https://"))
      out.error(url.place, "`https://` is not in this version", "use http://, tcp or command");
    else if (!text.starts_with("http://"))
      out.error(url.place, fmt::format("expected http://…, found '{}'", text));
  };
  if (node.is_scalar()) {
    read_url(node);
    return probe;
  }
  config::Map map{node, "an http probe", out};
  if (const auto* url = map.need("url")) read_url(*url);
  if (const auto status = map.located<std::int64_t>("status")) {
    probe.status = static_cast<int>(**status);
    if (**status < 100 || **status > 599)
      out.error(status->place, fmt::format("{} is not an HTTP status", **status));
  }
  probe.contains = map.optional_or<std::string>("contains", "");
  map.finish();
  return probe;
}

CommandProbe command(config::Map& map, const config::Node& node, Diagnostics& out) {
  CommandProbe probe{parse_command(node, out), std::nullopt};
  if (const auto host = map.located<config::Name>("on_host"))
    probe.on_host = Located<std::string>{host->value.text, host->place};
  return probe;
}

}  // namespace

std::string_view kind(const Probe& probe) {
  return probe_kinds()[probe.index()];
}

const std::vector<std::string>& probe_kinds() {
  static const std::vector<std::string> kinds{"postgres", "tcp", "http", "command"};
  return kinds;
}

Probe read_probe(config::Map& map, const std::string& kind, Diagnostics& out) {
  const auto* node = map.need(kind);
  if (!node) return TcpProbe{};
  if (kind == "postgres") return postgres(map, *node, out);
  if (kind == "tcp") return tcp(*node, out);
  if (kind == "http") return http(*node, out);
  return command(map, *node, out);
}

Condition read_condition(const config::Node& node, Diagnostics& out) {
  config::Map map{node, "a condition", out};
  std::vector<std::string> kinds{"service"};
  kinds.insert(kinds.end(), probe_kinds().begin(), probe_kinds().end());
  const auto which = map.one_of(kinds);
  if (which.empty()) return ServiceIs{};
  const auto up = [&] { return map.word<bool>("is", {{"up", true}, {"down", false}}, true); };
  Condition condition;
  if (which == "service") {
    const auto name = map.required_located<config::Name>("service");
    const bool is = up();
    condition = ServiceIs{{name.value.text, name.place}, is};
  } else {
    auto probe = read_probe(map, which, out);
    // A command holds or does not: write the command that says what must hold.
    const bool is = which == "command" || up();
    condition = ProbeIs{std::move(probe), is};
  }
  map.finish();
  return condition;
}

}  // namespace muster::model
