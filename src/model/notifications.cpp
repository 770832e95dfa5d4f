#include "model/notifications.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/map.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kRoutesMax = 100;
constexpr std::size_t kAheadMax = 10;
constexpr Duration kLongestAhead = std::chrono::hours{24 * 90};

using Texts = std::vector<std::string>;

Texts texts_of(const Channel& c) {
  Texts all{c.url, c.secret, c.user, c.password};
  for (const auto& [name, value] : c.headers) all.push_back(value);
  return all;
}

std::vector<NoticeOf> read_events(const config::Node* node, Diagnostics& out) {
  std::vector<NoticeOf> events;
  if (!node) return events;
  if (!node->is_sequence()) {
    out.error(node->place, "expected a list of events, found " + config::description(*node));
    return events;
  }
  for (const auto& item : node->items) {
    const auto word = config::read<std::string>(item, out);
    if (!word) continue;
    const auto& all = notice_words();
    const auto it =
        std::find_if(all.begin(), all.end(), [&](const auto& w) { return w.first == *word; });
    if (it != all.end()) {
      events.push_back(it->second);
      continue;
    }
    Texts right;
    for (const auto& [text, event] : all) right.push_back(text);
    out.unknown(item.place, fmt::format("`{}` is no event", *word), *word, right);
  }
  if (node->items.empty()) out.error(node->place, "a route without an event tells nothing");
  return events;
}

std::vector<Duration> read_ahead(config::Map& map, const NoticeRoute& route, Diagnostics& out) {
  const bool announces =
      std::find(route.events.begin(), route.events.end(), NoticeOf::before) != route.events.end();
  const auto* node = map.get("at");
  if (!node) return {};
  if (!announces) out.error(map.key_place("at"), "`at` is of a route with `before` only");
  std::vector<Duration> ahead;
  if (!node->is_sequence()) {
    out.error(node->place, "expected a list of durations, found " + config::description(*node));
    return ahead;
  }
  for (const auto& item : node->items) {
    const auto one = config::read<Duration>(item, out);
    if (!one) continue;
    if (*one <= Duration::zero() || *one > kLongestAhead)
      out.error(item.place, "an announcement is more than 0s and at most 90d ahead");
    ahead.push_back(*one);
  }
  if (ahead.size() > kAheadMax) out.error(node->place, fmt::format("more than {}", kAheadMax));
  std::sort(ahead.rbegin(), ahead.rend());
  ahead.erase(std::unique(ahead.begin(), ahead.end()), ahead.end());
  return ahead;
}

NoticeRoute read_route(const config::Node& node, Diagnostics& out) {
  config::Map map{node, notice_route_shape(), out};
  NoticeRoute route;
  route.place = node.place;
  route.events = read_events(map.need("events"), out);
  route.drills = map.or_default<std::string>("drills");
  route.environments = map.or_default<Texts>("environments");
  for (const auto& one : route.environments)
    if (one != "production" && one != "staging" && one != "lab")
      out.unknown(map.value_place("environments"), fmt::format("`{}` is no environment", one), one,
                  Texts{"production", "staging", "lab"});
  const auto to = map.required_located<Texts>("to");
  for (const auto& name : *to) route.to.push_back({name, to.place});
  if (to->empty() && map.has("to")) out.error(to.place, "a route to no channel tells nobody");
  route.at = read_ahead(map, route, out);
  map.finish();
  return route;
}

}  // namespace

const std::vector<std::pair<std::string, NoticeOf>>& notice_words() {
  static const std::vector<std::pair<std::string, NoticeOf>> words{
      {"before", NoticeOf::before},
      {"start", NoticeOf::start},
      {"needs_person", NoticeOf::needs_person},
      {"abort", NoticeOf::abort},
      {"verdict", NoticeOf::verdict},
      {"dirty", NoticeOf::dirty},
      {"overdue", NoticeOf::overdue}};
  return words;
}

std::string_view name_of(NoticeOf event) {
  return notice_words()[static_cast<std::size_t>(event)].first;
}

std::string_view name_of(Channel::Kind kind) {
  constexpr std::string_view names[] = {"webhook", "slack", "mail", "command"};
  return names[static_cast<std::size_t>(kind)];
}

const Channel* Notifications::channel(std::string_view name) const {
  for (const auto& one : channels)
    if (*one.name == name) return &one;
  return nullptr;
}

bool is_notifications_file(std::string_view name) {
  const auto slash = name.rfind('/');
  const auto file = slash == std::string_view::npos ? name : name.substr(slash + 1);
  return file == "notifications.yaml" || file == "notifications.yml";
}

void read_notifications(const config::Node& document, Notifications& into, Diagnostics& out) {
  config::Map map{document, notifications_file_shape(), out};
  if (const auto* channels = map.get("channels")) read_channels(*channels, into, out);
  if (const auto* routes = map.get("routes")) {
    if (!routes->is_sequence())
      out.error(routes->place, "expected a list of routes, found " + config::description(*routes));
    if (routes->items.size() > kRoutesMax)
      out.error(routes->place, fmt::format("more than {} routes", kRoutesMax));
    for (const auto& node : routes->items) into.routes.push_back(read_route(node, out));
  }
  map.finish();
}

void check_notifications(const Notifications& all, const Secrets& secrets, Diagnostics& out) {
  Texts names;
  for (const auto& channel : all.channels) names.push_back(*channel.name);
  for (const auto& route : all.routes)
    for (const auto& to : route.to)
      if (!all.channel(*to))
        out.unknown(to.place, fmt::format("there is no channel `{}`", *to), *to, names);
  for (const auto& channel : all.channels)
    for (const auto& text : texts_of(channel))
      for (const auto& name : secrets_in(text))
        if (!secrets.find(name))
          out.unknown(channel.place, fmt::format("there is no secret `{}`", name), name,
                      secrets.names());
}

std::map<std::string, SecretSource> secrets_of(const Notifications& all, const Secrets& secrets) {
  std::map<std::string, SecretSource> sources;
  for (const auto& channel : all.channels)
    for (const auto& text : texts_of(channel))
      for (const auto& name : secrets_in(text))
        if (const auto* secret = secrets.find(name)) sources.emplace(name, secret->source);
  return sources;
}

}  // namespace muster::model
