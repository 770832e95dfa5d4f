// The channels of a file of notifications.
#include <fmt/format.h>

#include <algorithm>

#include "config/map.hpp"
#include "model/notifications.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kChannelsMax = 20;
constexpr std::size_t kHeadersMax = 20;
constexpr std::size_t kAddressesMax = 50;
constexpr std::size_t kWordsMax = 50;

bool is_secret(const std::string& text) {
  const auto names = secrets_in(text);
  return names.size() == 1 && text == secret_reference(names.front());
}

/// One line of visible ASCII: no header and no command of a protocol can be smuggled in.
bool is_plain_line(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// RFC 9110, token.
bool is_header_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), fits);
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

void check_secret(config::Map& map, std::string_view key, const std::string& text,
                  std::string_view why, Diagnostics& out) {
  if (!text.empty() && !is_secret(text))
    out.error(map.value_place(key), fmt::format("`{}` {}", key, why),
              "write \"${secret.NAME}\", and where it comes from in inventory/secrets.yaml");
}

void read_ca(config::Map& map, Channel& channel, Diagnostics& out) {
  channel.ca = map.or_default<std::string>("ca");
  if (!channel.ca.empty() && !channel.ca.starts_with('/'))
    out.error(map.value_place("ca"), fmt::format("'{}' is not an absolute path", channel.ca));
}

void read_headers(const config::Node& node, Channel& channel, Diagnostics& out) {
  if (!node.is_map())
    return out.error(node.place, "expected headers (a map), found " + config::description(node));
  for (const auto& entry : node.entries) {
    const auto name = lower(entry.key);
    if (!is_header_name(entry.key))
      out.error(entry.place, fmt::format("`{}` is no name of a header", entry.key));
    if (name == "host" || name == "content-type" || name == "content-length" ||
        name == "transfer-encoding" || name.starts_with("muster-"))
      out.error(entry.place, fmt::format("the header `{}` is Muster's own", entry.key));
    const auto value = config::read<std::string>(entry.value, out);
    if (!value) continue;
    if (value->find_first_of("\r\n") != std::string::npos || value->size() > 4096)
      out.error(entry.value.place, "a header is one line of at most 4096 bytes");
    channel.headers.emplace_back(entry.key, *value);
  }
  if (channel.headers.size() > kHeadersMax)
    out.error(node.place, fmt::format("more than {} headers", kHeadersMax));
}

void read_webhook(const config::Node& node, Channel& channel, Diagnostics& out) {
  config::Map map{node, webhook_shape(), out};
  channel.url = map.required<std::string>("url");
  const bool good = channel.url.starts_with("https://") || channel.url.starts_with("http://") ||
                    is_secret(channel.url);
  if (!channel.url.empty() && (!good || !is_plain_line(channel.url)))
    out.error(map.value_place("url"), "a URL begins with https:// or http://, and is one word");
  channel.secret = map.or_default<std::string>("secret");
  check_secret(map, "secret", channel.secret, "signs: it is a secret", out);
  if (const auto* headers = map.get("headers")) read_headers(*headers, channel, out);
  read_ca(map, channel, out);
  map.finish();
}

void read_slack(const config::Node& node, Channel& channel, Diagnostics& out) {
  config::Map map{node, slack_shape(), out};
  channel.url = map.required<std::string>("url");
  check_secret(map, "url", channel.url,
               "of Slack is a secret: who knows it can write to the channel", out);
  map.finish();
}

void check_address(const std::string& address, const Place& place, Diagnostics& out) {
  const auto at = address.find('@');
  if (at == 0 || at == std::string::npos || at + 1 == address.size() || address.size() > 254 ||
      !is_plain_line(address) || address.find_first_of("<>,;:\"()[]\\") != std::string::npos)
    out.error(place, fmt::format("'{}' is not an address", address), "write name@example.org");
}

bool is_here(std::string_view server) {
  server.remove_prefix(std::min(server.size(), server.find("://") + 3));
  const auto host = server.substr(0, server.rfind(':'));
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

void read_mail(const config::Node& node, Channel& channel, Diagnostics& out) {
  config::Map map{node, mail_shape(), out};
  channel.server = map.required<std::string>("server");
  const bool is_smtp =
      channel.server.starts_with("smtp://") || channel.server.starts_with("smtps://");
  if (!channel.server.empty() && (!is_smtp || !is_plain_line(channel.server) ||
                                  channel.server.find_first_of("@?#$") != std::string::npos ||
                                  channel.server.find('/', 8) != std::string::npos))
    out.error(map.value_place("server"), fmt::format("'{}' is no mail server", channel.server),
              "write smtp://HOST:PORT or smtps://HOST:PORT");
  channel.from = map.required<std::string>("from");
  if (!channel.from.empty()) check_address(channel.from, map.value_place("from"), out);
  channel.to = map.required<std::vector<std::string>>("to");
  for (const auto& address : channel.to) check_address(address, map.value_place("to"), out);
  if (channel.to.size() > kAddressesMax)
    out.error(map.value_place("to"), fmt::format("more than {} addresses", kAddressesMax));
  channel.user = map.or_default<std::string>("user");
  channel.password = map.or_default<std::string>("password");
  check_secret(map, "password", channel.password, "is a secret", out);
  if (channel.user.empty() != channel.password.empty())
    out.error(node.place, "`user` and `password` go together");
  channel.tls_required = map.word<bool>("tls", {{"required", true}, {"none", false}});
  if (!channel.tls_required && !channel.password.empty() && !is_here(channel.server))
    out.error(map.value_place("tls"), "a password does not travel in plain text",
              "leave `tls: none` away");
  read_ca(map, channel, out);
  map.finish();
}

void check_command(const Channel& channel, Diagnostics& out) {
  if (channel.argv.size() > kWordsMax)
    out.error(channel.place, fmt::format("more than {} words", kWordsMax));
  for (const auto& word : channel.argv)
    if (!secrets_in(word).empty())
      out.error(channel.place, "a secret in an argument: everybody on this machine could read it",
                "let the command read it from where it is kept");
}

}  // namespace

void read_channels(const config::Node& node, Notifications& into, Diagnostics& out) {
  if (!node.is_map())
    return out.error(node.place, "expected channels (a map), found " + config::description(node));
  for (const auto& entry : node.entries) {
    config::Map map{entry.value, channel_shape(), out};
    Channel channel;
    channel.name = {entry.key, entry.place};
    channel.place = entry.value.place;
    if (!config::is_name(entry.key))
      out.error(entry.place, fmt::format("`{}` is not a name", entry.key));
    using Kind = Channel::Kind;
    for (const auto kind : {Kind::webhook, Kind::slack, Kind::mail, Kind::command})
      if (name_of(kind) == map.chosen()) channel.kind = kind;
    if (const auto* webhook = map.get("webhook")) read_webhook(*webhook, channel, out);
    if (const auto* slack = map.get("slack")) read_slack(*slack, channel, out);
    if (const auto* mail = map.get("mail")) read_mail(*mail, channel, out);
    channel.argv = map.or_default<std::vector<std::string>>("command");
    check_command(channel, out);
    map.finish();
    into.channels.push_back(std::move(channel));
  }
  if (into.channels.size() > kChannelsMax)
    out.error(node.place, fmt::format("more than {} channels", kChannelsMax));
}

}  // namespace muster::model
