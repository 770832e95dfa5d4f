#include "journal/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "journal/entry.hpp"
#include "journal/logs.hpp"

namespace muster::journal {
namespace {

/// The next line of `text`, taken off it; nullopt at its end.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> size_in(std::string_view line) {
  std::uint64_t size = 0;
  const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), size);
  if (problem != std::errc{} || end != line.data() + line.size() || std::to_string(size) != line ||
      size >= kIntegerEnd)
    return std::nullopt;
  return size;
}

std::optional<Digest> root_in(std::string_view line) {
  const auto bytes = from_base64(line);
  Digest root;
  if (!bytes || bytes->size() != root.bytes.size() || base64(*bytes) != line) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), root.bytes.begin());
  return root;
}

}  // namespace

std::string origin_of(std::string_view name, const ports::LogId& log) {
  return log == kWorkspaceLog ? std::string{name} : fmt::format("{}/{}", name, log);
}

std::optional<ports::LogId> log_of(std::string_view name, std::string_view origin) {
  if (origin == name) return kWorkspaceLog;
  if (!origin.starts_with(name) || !origin.substr(name.size()).starts_with("/run/"))
    return std::nullopt;
  return ports::LogId{origin.substr(name.size() + 1)};
}

std::string text_of(const Checkpoint& c) {
  return fmt::format("{}\n{}\n{}\n{}", c.origin, c.head.size, base64(view(c.head.root)),
                     c.extension);
}

Result<Checkpoint> read_checkpoint(const SignedNote& note) {
  std::string_view text = note.text;
  const auto origin = take_line(text), size = take_line(text), root = take_line(text);
  const auto number = size ? size_in(*size) : std::nullopt;
  const auto digest = root ? root_in(*root) : std::nullopt;
  if (!origin || !is_key_name(*origin) || !number || !digest)
    return Error{"it is no checkpoint: origin, size and root were expected, a line each"};
  return Checkpoint{std::string{*origin}, {*number, *digest}, std::string{text}};
}

Result<std::string> signed_checkpoint(const Checkpoint& checkpoint, const SigningKey& key) {
  return signed_note(text_of(checkpoint), checkpoint.origin, key);
}

std::string short_form(const TreeHead& head) {
  return fmt::format("{}/{}", hex(head.root).substr(0, 16), head.size);
}

}  // namespace muster::journal
