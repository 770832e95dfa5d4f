#include "notify/notice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::notify {
namespace {

std::string one_line(std::string_view text, std::size_t bytes_max) {
  std::string out = printable(text);
  for (char& c : out)
    if (c == '\n' || c == '\t') c = ' ';
  return bounded(out, bytes_max);
}

/// "needs_person" -> "needs person"
std::string spaced(std::string_view word) {
  std::string out{word};
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

}  // namespace

Notice fit(Notice n, const std::function<std::string(std::string)>& redacted) {
  using L = NoticeLimits;
  const auto clean = [&](std::string text) {
    return redacted ? redacted(std::move(text)) : std::move(text);
  };
  n.headline = one_line(clean(std::move(n.headline)), L::kHeadlineBytesMax);
  n.title = one_line(clean(std::move(n.title)), L::kHeadlineBytesMax);
  n.by = one_line(clean(std::move(n.by)), L::kHeadlineBytesMax);
  n.drill = one_line(n.drill, L::kHeadlineBytesMax);
  n.id = one_line(n.id, L::kIdBytesMax);
  if (n.facts.size() > L::kFactsMax) n.facts.resize(L::kFactsMax);
  for (auto& [name, value] : n.facts)
    value = bounded(printable(clean(std::move(value))), L::kFactBytesMax);
  return n;
}

Json to_json(const Notice& n) {
  Json facts = Json::object();
  for (const auto& [name, value] : n.facts) facts[name] = value;
  return {{"muster", "notice/1"},
          {"id", n.id},
          {"exercise", true},
          {"banner", kBanner},
          {"event", name_of(n.event)},
          {"drill", n.drill},
          {"title", n.title},
          {"run", n.run},
          {"by", n.by},
          {"environments", n.environments},
          {"headline", n.headline},
          {"facts", std::move(facts)},
          {"at", format_utc(n.at)}};
}

Result<Notice> notice_from_json(const Json& j) {
  try {
    Notice n;
    for (auto [key, field] : {std::pair{"id", &n.id},
                              {"drill", &n.drill},
                              {"title", &n.title},
                              {"run", &n.run},
                              {"by", &n.by},
                              {"headline", &n.headline}})
      *field = j.at(key).get<std::string>();
    n.environments = j.at("environments").get<std::vector<std::string>>();
    for (const auto& [name, value] : j.at("facts").items())
      n.facts.emplace_back(name, value.get<std::string>());
    const auto at = parse_utc(j.at("at").get<std::string>());
    if (!at) return at.error();
    n.at = *at;
    const auto word = j.at("event").get<std::string>();
    for (const auto& [text, event] : model::notice_words())
      if (text == word) {
        n.event = event;
        return n;
      }
    return Error{fmt::format("'{}' is no event that this muster knows", word)};
  } catch (const Json::exception& e) {
    return Error{fmt::format("this is no notice: {}", e.what())};
  }
}

std::string subject_of(const Notice& n) {
  return fmt::format("[EXERCISE] {}: {}", n.drill.empty() ? "muster" : n.drill, n.headline);
}

std::string text_of(const Notice& n) {
  std::string out = fmt::format("{}\n\n{}\n\n", kBanner, n.headline);
  const auto line = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) out += fmt::format("{}: {}\n", name, value);
  };
  line("drill", n.title.empty() ? n.drill : fmt::format("{} ({})", n.drill, n.title));
  line("run", n.run);
  line("started by", n.by);
  line("environments", joined(n.environments, ", "));
  line("at", format_utc(n.at));
  for (const auto& [name, value] : n.facts) line(spaced(name), value);
  out += fmt::format("\nThis is a drill that Muster runs. {}\n", kBanner);
  return out;
}

}  // namespace muster::notify
