#include "cli/last_signed.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "cli/key_file.hpp"
#include "cli/workspace_trail.hpp"

namespace muster::cli {

namespace fs = std::filesystem;

namespace {

bool write_durably(const fs::path& path, std::string_view bytes) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return false;
  const bool good =
      write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && fsync(fd) == 0;
  return close(fd) == 0 && good;
}

bool folder_is_durable(const fs::path& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool good = fsync(fd) == 0;
  close(fd);
  return good;
}

}  // namespace

Result<LastSigned> LastSigned::read(const fs::path& folder) {
  LastSigned out{folder / kLastSignedFile};
  std::error_code ec;
  if (!fs::exists(fs::symlink_status(out.file_, ec))) return out;
  const auto bytes = read_small_file(out.file_);
  if (!bytes) return out.refused(bytes.error().what);
  auto note = journal::read_note(*bytes);
  if (!note) return out.refused(fmt::format("{}: {}", out.file_.string(), note.error().what));
  auto checkpoint = journal::read_checkpoint(*note);
  if (!checkpoint)
    return out.refused(fmt::format("{}: {}", out.file_.string(), checkpoint.error().what));
  out.note_ = std::move(*note);
  out.checkpoint_ = std::move(*checkpoint);
  return out;
}

std::optional<std::uint64_t> LastSigned::size() const {
  return checkpoint_ ? std::optional{checkpoint_->head.size} : std::nullopt;
}

Error LastSigned::refused(std::string why) const {
  return Error{
      std::move(why),
      fmt::format("look at it before anything is signed again: `muster audit verify "
                  "--checkpoint {0}`, and with what others have kept. If this record is to "
                  "go on as it is, move {0} and {1} away and call `muster audit key new`: "
                  "it then says for ever that nobody vouches for what was before",
                  file_.string(), (file_.parent_path() / kKeyFile).string())};
}

Result<> LastSigned::judge(const journal::CheckpointLog& log,
                           const std::optional<Digest>& root) const {
  const auto& keys = log.keys();
  if (!note_) {
    if (!keys.current() || !log.is_signed_since(*keys.current())) return {};
    return refused(
        fmt::format("{}, which holds what this key signed last, is not there", file_.string()));
  }
  if (!keys.current())
    return refused(
        fmt::format("this record names no key, and {} entries of it were signed ({}): "
                    "it is another one, or it was made anew",
                    checkpoint_->head.size, file_.string()));
  // From the newest on: a key that is named twice counts by its last term.
  const auto& terms = keys.terms();
  const auto by = std::find_if(terms.rbegin(), terms.rend(), [&](const journal::KeyTerm& t) {
    return checkpoint_->origin == keys.name() && is_signed_by(*note_, {keys.name(), t.key});
  });
  if (by == terms.rend())
    return refused(
        fmt::format("what is kept in {} as signed last is of another record, or by a key "
                    "that this record does not know",
                    file_.string()));
  // A key that nobody vouches for began anew (`muster audit key new`): what was before is not on
  // it.
  if (!std::all_of(terms.rbegin(), by, [](const journal::KeyTerm& t) { return t.vouched; }))
    return {};
  if (!root)
    return refused(
        fmt::format("the record has fewer entries than the {} that its key has signed "
                    "({}): it is an older copy, or its end was cut off",
                    checkpoint_->head.size, file_.string()));
  if (*root != checkpoint_->head.root)
    return refused(
        fmt::format("the first {} entries of this record are not those that its key has "
                    "signed ({}): they were changed",
                    checkpoint_->head.size, file_.string()));
  return {};
}

Result<> LastSigned::keep(const std::string& note) const {
  const auto made = fs::path{file_.string() + ".new"};
  std::error_code ec;
  if (write_durably(made, note)) {
    fs::rename(made, file_, ec);
    if (!ec && folder_is_durable(file_.parent_path())) return {};
  }
  return Error{fmt::format("{} cannot be written: {}", file_.string(),
                           ec ? ec.message() : std::strerror(errno)),
               "nothing is signed until it can"};
}

}  // namespace muster::cli
