#include "config/ini.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "config/words.hpp"

namespace muster::config {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Nothing but blanks or a comment: what Python skips behind a literal.
bool is_end(std::string_view rest) {
  rest = trimmed(rest);
  return rest.empty() || rest.front() == '#';
}

/// The number at the beginning, as Python writes decimal ones; "" when there is none.
std::string_view number(std::string_view text) {
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const auto digits = [&] {
    const auto from = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - from;
  };
  const bool zero = at < text.size() && text[at] == '0';
  const auto whole = digits();
  if (whole == 0) return {};
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return {};
  } else if (zero && whole > 1) {
    return {};  // 010 is no number in Python
  }
  return text.substr(0, at);
}

/// '…' or "…" at the beginning, without escapes but those of quotes and backslashes. Nothing when
/// there is none.
std::optional<std::string> quoted(std::string_view text, std::size_t& end) {
  if (text.empty() || (text[0] != '\'' && text[0] != '"')) return std::nullopt;
  std::string out;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == text[0]) return end = at + 1, out;
    if (text[at] == '\\') {
      if (at + 1 == text.size() ||
          std::string_view{"\\'\""}.find(text[at + 1]) == std::string::npos)
        return std::nullopt;
      ++at;
    }
    out += text[at];
  }
  return std::nullopt;
}

Node value_node(std::string_view raw, Place place) {
  Node node{Node::Kind::scalar, std::move(place), std::string{raw}, false, {}, {}};
  const auto text = trimmed(raw);
  for (const std::string_view word : {"True", "False", "None"})
    if (text.starts_with(word) && is_end(text.substr(word.size()))) {
      node.plain = true;
      node.text = word;
      if (word == "None") node.kind = Node::Kind::null, node.text.clear();
      return node;
    }
  if (const auto digits = number(text); !digits.empty() && is_end(text.substr(digits.size()))) {
    node.plain = true;
    node.text = digits.front() == '+' ? digits.substr(1) : digits;
    return node;
  }
  std::size_t end = 0;
  if (auto inner = quoted(text, end); inner && is_end(text.substr(end)))
    node.text = *std::move(inner);
  return node;
}

class IniReader {
 public:
  IniReader(const std::shared_ptr<const Source>& source, Diagnostics& out)
      : source_(source), out_(out) {
    sections_.push_back({"ungrouped", IniSection::Kind::hosts, {source_, 1, 1}, {}});
  }

  std::vector<IniSection> read() {
    const std::string_view text = source_->text();
    for (std::size_t from = 0; from < text.size();) {
      const auto to = std::min(text.find('\n', from), text.size());
      ++number_;
      counted_ = 0;
      column_ = 1;
      line_ = text.substr(from, to - from);
      read_line();
      from = to + 1;
    }
    return std::move(sections_);
  }

 private:
  /// Bytes must not go down within a line: a file of one long line would else take its square.
  Place place(std::size_t byte) {
    for (; counted_ < byte && counted_ < line_.size(); ++counted_)
      if ((static_cast<unsigned char>(line_[counted_]) & 0xC0) != 0x80) ++column_;
    return {source_, number_, column_};
  }

  void read_line() {
    const auto first = line_.find_first_not_of(" \t");
    if (first == std::string_view::npos || line_[first] == '#' || line_[first] == ';') return;
    const auto text = trimmed(line_);
    if (read_section(text, first)) return;
    if (skipping_) return;
    if (sections_.back().kind == IniSection::Kind::hosts)
      read_host(first);
    else if (sections_.back().kind == IniSection::Kind::children)
      read_child(text, first);
    else
      read_variable(text, first);
  }

  /// `[group]`, `[group:vars]`, `[group:children]`, and a comment. False: it is a line of hosts,
  /// which may begin with a bracket too (`[1:3].example`, `[::1]:22`).
  bool read_section(std::string_view text, std::size_t first) {
    if (text.front() != '[') return false;
    const auto close = text.find(']');
    const auto inner = text.substr(1, close == std::string_view::npos ? close : close - 1);
    const auto colon = inner.find(':');
    const auto group = inner.substr(0, colon);
    const auto kind = colon == std::string_view::npos ? "hosts" : inner.substr(colon + 1);
    const bool fits = close != std::string_view::npos && !group.empty() && !kind.empty() &&
                      inner.find_first_of(" \t") == std::string_view::npos &&
                      kind.find(':') == std::string_view::npos && is_end(text.substr(close + 1));
    if (!fits && text.back() != ']') return false;
    IniSection section{std::string{group}, IniSection::Kind::hosts, place(first), {}};
    if (kind == "children")
      section.kind = IniSection::Kind::children;
    else if (kind == "vars")
      section.kind = IniSection::Kind::variables;
    skipping_ = !fits || (kind != "hosts" && section.kind == IniSection::Kind::hosts);
    if (!skipping_)
      sections_.push_back(std::move(section));
    else
      out_.error(section.place, fmt::format("'{}' is no section", bounded(text, 80)),
                 "there is: [group], [group:children], [group:vars], without blanks");
    return true;
  }

  void read_host(std::size_t first) {
    const auto words = split_words(line_, Comments::hash);
    if (!words) return out_.error(place(first), words.error().what);
    if (words->empty()) return;
    IniLine line{place(words->front().at), words->front().text, {}};
    for (std::size_t i = 1; i < words->size(); ++i) {
      const auto& [text, at] = (*words)[i];
      const auto equals = text.find('=');
      if (equals == std::string::npos || equals == 0) {
        // What stands there may be the rest of a password: it is not repeated.
        out_.error(place(at), "expected `key=value` behind a host",
                   "a value with blanks is quoted: key='a b'; a comment begins with #");
        return;
      }
      auto key_place = place(at);
      auto node = value_node(std::string_view{text}.substr(equals + 1), place(at + equals + 1));
      line.variables.push_back({text.substr(0, equals), std::move(key_place), std::move(node)});
    }
    sections_.back().lines.push_back(std::move(line));
  }

  void read_child(std::string_view text, std::size_t first) {
    const auto end = text.find_first_of(" \t]:");
    if (end != std::string_view::npos && !is_end(text.substr(end)))
      return out_.error(place(first),
                        fmt::format("expected a group, found '{}'", bounded(text, 80)));
    sections_.back().lines.push_back({place(first), std::string{text.substr(0, end)}, {}});
  }

  void read_variable(std::string_view text, std::size_t first) {
    const auto equals = text.find('=');
    const auto key = trimmed(text.substr(0, equals));
    if (equals == std::string_view::npos || key.empty())
      return out_.error(place(first), "expected `key=value`");
    IniLine line{place(first), "", {}};
    auto node = value_node(trimmed(text.substr(equals + 1)), place(first + equals + 1));
    line.variables.push_back({std::string{key}, line.place, std::move(node)});
    sections_.back().lines.push_back(std::move(line));
  }

  std::shared_ptr<const Source> source_;
  Diagnostics& out_;
  std::vector<IniSection> sections_;
  std::string_view line_;
  std::uint32_t number_ = 0;
  std::uint32_t column_ = 1;
  std::size_t counted_ = 0;
  bool skipping_ = false;  ///< The lines of a section that is none.
};

}  // namespace

std::vector<IniSection> parse_ini(const std::shared_ptr<const Source>& source, Diagnostics& out) {
  return IniReader{source, out}.read();
}

}  // namespace muster::config
