#include "history/exposition.hpp"

#include <fmt/format.h>

namespace muster::history {
namespace {

/// A label's value; in help texts there is nothing to escape.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

}  // namespace

void Exposition::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  head_ = fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

void Exposition::sample(const Labels& labels, std::uint64_t value) {
  line(labels, std::to_string(value));
}

void Exposition::seconds(const Labels& labels, Duration value) {
  const auto all = value.count();
  const auto magnitude =
      all < 0 ? 0 - static_cast<std::uint64_t>(all) : static_cast<std::uint64_t>(all);
  line(labels, fmt::format("{}{}.{:09}", all < 0 ? "-" : "", magnitude / 1'000'000'000,
                           magnitude % 1'000'000'000));
}

void Exposition::line(const Labels& labels, const std::string& value) {
  text_ += head_;
  head_.clear();
  text_ += name_;
  std::string inside;
  for (const auto& [name, text] : labels)
    inside += fmt::format("{}{}=\"{}\"", inside.empty() ? "" : ",", name, escaped(text));
  if (!inside.empty()) text_ += "{" + inside + "}";
  text_ += " " + value + "\n";
}

}  // namespace muster::history
