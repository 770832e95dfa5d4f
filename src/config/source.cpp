// From bytes to text that is fit to be parsed.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/quantity.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "config/yaml.hpp"

namespace muster::config {
namespace {

std::size_t bytes_max(Dialect dialect) {
  return dialect == Dialect::strict ? kFileBytesMax : kInventoryBytesMax;
}

std::string with_plain_line_ends(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] != '\r' || i + 1 == bytes.size() || bytes[i + 1] != '\n') out += bytes[i];
  return out;
}

Place place_of_byte(const std::shared_ptr<const Source>& source, std::size_t at) {
  const std::string_view text = source->text();
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const auto newline = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  const auto column = 1 + std::count_if(text.begin() + static_cast<std::ptrdiff_t>(start),
                                        text.begin() + static_cast<std::ptrdiff_t>(at), [](char c) {
                                          return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                                        });
  return {source, static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column)};
}

/// What no text file holds: control characters, and bytes that are no UTF-8.
bool is_text(const std::shared_ptr<const Source>& source, Diagnostics& out) {
  const auto& text = source->text();
  const std::string shown = printable(text);
  const auto at = static_cast<std::size_t>(
      std::mismatch(text.begin(), text.end(), shown.begin(), shown.end()).first - text.begin());
  if (at == text.size()) return true;
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80)
    out.error(place_of_byte(source, at), fmt::format("control character \\x{:02x}", byte),
              "files are text; write \"\\x..\" in a quoted string if it is meant");
  else
    out.error(place_of_byte(source, at), fmt::format("byte \\x{:02x} is not UTF-8", byte),
              "save the file as UTF-8");
  return false;
}

/// YAML forbids them, and parsers read them in different ways.
bool is_indented_by_blanks(const std::shared_ptr<const Source>& source, Diagnostics& out) {
  const auto& text = source->text();
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t first = std::min(text.find_first_not_of(" \t", at), text.size());
    const std::size_t tab = text.find('\t', at);
    if (tab < first && first < text.size() && text[first] != '\n') {
      out.error(place_of_byte(source, tab), "a tab in the indentation",
                "YAML is indented by blanks");
      return false;
    }
    const std::size_t end = text.find('\n', first);
    if (end == std::string::npos) break;
    at = end + 1;
  }
  return true;
}

Error too_large(std::size_t bytes) {
  return {fmt::format("the file is larger than {}", human_size(bytes)),
          "what people write is smaller; is it the right file?"};
}

/// What fstat says of an open file, to see whether somebody wrote while it was read.
struct Stamp {
  off_t size = 0;
  timespec changed{};
  bool operator==(const Stamp& o) const {
    return size == o.size && changed.tv_sec == o.changed.tv_sec &&
           changed.tv_nsec == o.changed.tv_nsec;
  }
};

Result<Stamp> stamp_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0)
    return Error{fmt::format("cannot be read: {}", std::strerror(errno)), ""};
  if (!S_ISREG(status.st_mode))
    return Error{"is not a regular file", "only files are read, no pipes, devices or folders"};
  return Stamp{status.st_size, status.st_mtim};
}

Result<std::string> read_all(int fd, std::size_t most) {
  const auto before = stamp_of(fd);
  if (!before) return before.error();
  // Refused before a byte of it is in memory.
  if (static_cast<std::uintmax_t>(before->size) > most) return too_large(most);
  std::string bytes;
  std::array<char, 64u << 10> piece;
  while (true) {
    const auto got = ::read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{fmt::format("cannot be read: {}", std::strerror(errno)), ""};
    if (got == 0) break;
    bytes.append(piece.data(), static_cast<std::size_t>(got));
    if (bytes.size() > most) return too_large(most);
  }
  const auto after = stamp_of(fd);
  if (!after) return after.error();
  if (!(*before == *after)) return Error{"changed while it was read", "try again"};
  return bytes;
}

/// Opened first and judged then: what a path means can change in between. Not blocking: nobody may
/// ever write to a pipe.
Result<std::string> bytes_of(const std::filesystem::path& file, std::size_t most) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0 && errno == ENXIO) return Error{"is not a regular file", "a socket or a device"};
  if (fd < 0) return Error{fmt::format("cannot be read: {}", std::strerror(errno)), ""};
  auto bytes = read_all(fd, most);
  ::close(fd);
  return bytes;
}

}  // namespace

std::shared_ptr<const Source> make_source(std::string name, std::string bytes, Dialect dialect,
                                          Diagnostics& out) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string_view text = bytes;
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark)
    text.remove_prefix(kByteOrderMark.size());
  if (bytes.size() > bytes_max(dialect)) {
    const auto error = too_large(bytes_max(dialect));
    out.error(whole(name), error.what, error.hint);
    return nullptr;
  }
  auto source = std::make_shared<const Source>(std::move(name), with_plain_line_ends(text));
  if (!is_text(source, out)) return nullptr;
  if (dialect != Dialect::ini && !is_indented_by_blanks(source, out)) return nullptr;
  return source;
}

std::shared_ptr<const Source> read_source(const std::filesystem::path& file, std::string name,
                                          Dialect dialect, Diagnostics& out) {
  auto bytes = bytes_of(file, bytes_max(dialect));
  if (bytes) return make_source(std::move(name), *std::move(bytes), dialect, out);
  out.error(whole(name), bytes.error().what, bytes.error().hint);
  return nullptr;
}

}  // namespace muster::config
