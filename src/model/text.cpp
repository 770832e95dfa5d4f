#include "model/text.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/scalar.hpp"

namespace muster::model {
namespace {

constexpr std::size_t kTextBytesMax = 64u << 10;
constexpr std::uint32_t kLinesSearchedMax = 200;
constexpr std::uint32_t kColumnMax =
    10'000;  // beyond it lines are no prose, and many texts share one

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// Where `raw` stands in the file at or after `from`; `from` when it cannot be found as written (a
/// quoted string may hold it escaped).
Place find_from(const Place& from, std::string_view raw) {
  if (!from.source || from.column > kColumnMax) return from;
  for (std::uint32_t n = from.line; n < from.line + kLinesSearchedMax; ++n) {
    const auto line = from.source->line(n);
    std::size_t start = 0;
    for (std::uint32_t c = 1; n == from.line && c < from.column && start < line.size(); ++c)
      for (++start; start < line.size() && is_continuation(line[start]);) ++start;
    const auto at = line.find(raw, start);
    if (at == std::string_view::npos) continue;
    std::uint32_t column = 1;
    for (std::size_t i = 0; i < at; ++i) column += is_continuation(line[i]) ? 0 : 1;
    return {from.source, n, column};
  }
  return from;
}

class TextParser {
 public:
  TextParser(const config::Node& node, Diagnostics& out, SecretsHere secrets)
      : node_(node), out_(out), secrets_(secrets), at_(node.place) {}

  Text parse() {
    text_.place = node_.place;
    text_.plain = node_.plain;
    std::string_view rest = node_.text;
    while (!rest.empty()) {
      if (rest.starts_with("$${")) {
        literal_ += "${";
        rest.remove_prefix(3);
      } else if (rest.starts_with("${")) {
        const auto end = rest.find('}');
        if (end == std::string_view::npos) {
          out_.error(find_from(at_, "${"), "`${` is not closed", "write `$${` for the characters");
          return std::move(text_);
        }
        reference(rest.substr(0, end + 1));
        rest.remove_prefix(end + 1);
      } else {
        literal_ += rest.front();
        rest.remove_prefix(1);
      }
    }
    flush();
    return std::move(text_);
  }

 private:
  void flush() {
    if (!literal_.empty()) text_.parts.emplace_back(std::move(literal_));
    literal_.clear();
  }

  void reference(std::string_view raw) {
    flush();
    Reference ref;
    ref.place = find_from(at_, raw);
    at_ = ref.place;
    if (at_.source) ++at_.column;
    ref.path = split(raw.substr(2, raw.size() - 3), '.');
    for (const auto& word : ref.path)
      if (!config::is_name(word)) {
        out_.error(ref.place, fmt::format("`{}` is not a reference", bounded(raw, 80)),
                   "write ${input} or ${target.address}; `$${` stands for the characters");
        return;
      }
    if (ref.root() == "secret" && !is_fine_secret(ref)) return;
    text_.parts.emplace_back(std::move(ref));
  }

  bool is_fine_secret(const Reference& ref) {
    if (secrets_ == SecretsHere::refused)
      out_.error(ref.place,
                 fmt::format("`{}` cannot stand here: it would be shown, recorded, or passed as an "
                             "argument",
                             to_string(ref)),
                 "a secret may stand in `stdin:` of a run step, in the conninfo or URL of a probe, "
                 "and in the inventory's passwords");
    else if (ref.path.size() != 2)
      out_.error(ref.place, fmt::format("`{}` names no secret", to_string(ref)),
                 "write ${secret.NAME}");
    return secrets_ == SecretsHere::allowed && ref.path.size() == 2;
  }

  const config::Node& node_;
  Diagnostics& out_;
  SecretsHere secrets_;
  Place at_;
  Text text_;
  std::string literal_;
};

}  // namespace

std::string to_string(const Reference& reference) {
  return "${" + joined(reference.path, ".") + "}";
}

Text::Text(std::string literal, Place at) : place(std::move(at)) {
  if (!literal.empty()) parts.emplace_back(std::move(literal));
}

bool Text::is_literal() const {
  return parts.empty() || (parts.size() == 1 && std::holds_alternative<std::string>(parts[0]));
}

std::string Text::written() const {
  std::string out;
  for (const auto& part : parts)
    if (const auto* literal = std::get_if<std::string>(&part))
      out += *literal;
    else
      out += to_string(std::get<Reference>(part));
  return out;
}

const Reference* Text::whole() const {
  return parts.size() == 1 ? std::get_if<Reference>(&parts[0]) : nullptr;
}

std::vector<const Reference*> Text::references() const {
  std::vector<const Reference*> out;
  for (const auto& part : parts)
    if (const auto* reference = std::get_if<Reference>(&part)) out.push_back(reference);
  return out;
}

Text parse_text(const config::Node& scalar, Diagnostics& out, SecretsHere secrets) {
  if (!scalar.is_scalar()) {
    out.error(scalar.place, "expected text, found " + config::description(scalar));
    return Text{"", scalar.place};
  }
  if (scalar.text.size() > kTextBytesMax) {
    out.error(scalar.place, "expected text of at most 64 KiB");
    return Text{"", scalar.place};
  }
  return TextParser{scalar, out, secrets}.parse();
}

}  // namespace muster::model
