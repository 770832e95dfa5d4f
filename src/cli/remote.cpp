#include "cli/remote.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "adapters/http/server.hpp"
#include "adapters/http/socket_file.hpp"
#include "adapters/sqlite/state_folder.hpp"
#include "api/token.hpp"
#include "base/text.hpp"

namespace muster::cli {
namespace {

/// The first line of the file. Nothing of it is ever in a message.
Result<std::string> read_token(const std::string& path) {
  if (path.empty())
    return Error{"a token is needed with --server",
                 "--token-file FILE, or MUSTER_TOKEN_FILE; `muster token new` makes one on the "
                 "machine of the server"};
  const http::Fd file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat there {};
  if (!file.good() || fstat(file.get(), &there) != 0)
    return Error{fmt::format("the token of {} cannot be read: {}", path, std::strerror(errno))};
  if (S_ISREG(there.st_mode) && (there.st_mode & 077) != 0)
    return Error{fmt::format("{} can be read by others (mode {:04o})", path, there.st_mode & 07777),
                 "chmod 0600 it; when others may have read it, revoke the token"};
  char bytes[256];
  const auto size = read(file.get(), bytes, sizeof bytes);
  const std::string_view text{bytes, size > 0 ? static_cast<std::size_t>(size) : 0};
  std::string token{trimmed(text.substr(0, text.find('\n')))};
  if (!api::looks_like_token(token))
    return Error{fmt::format("{} holds no token", path),
                 "its first line must be what `muster token new` gave: mst_ and 64 hex digits"};
  return token;
}

}  // namespace

Result<std::shared_ptr<http::Client>> connect_remote(const Where& where,
                                                     const http::ClientOptions& options) {
  auto place = http::parse_remote_place(where.server);
  if (!place) return place.error();
  auto token = read_token(where.token_file);
  if (!token) return token.error();
  place->token = std::move(*token);
  place->ca_file = where.ca_file;
  return http::Client::connect(*place, options);
}

Result<std::shared_ptr<http::Client>> connect_holder(const Where& where,
                                                     const http::ClientOptions& options) {
  if (!where.server.empty()) return connect_remote(where, options);
  const auto workspace = find_workspace(where);
  if (!workspace) return workspace.error();
  const auto folder = sqlite::state_folder(*workspace, sqlite::surroundings());
  if (!folder) return folder.error();
  return http::Client::connect(*folder / http::kSocketFile, options);
}

}  // namespace muster::cli
