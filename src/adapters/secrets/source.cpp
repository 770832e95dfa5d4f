#include "adapters/secrets/source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "adapters/secrets/command.hpp"
#include "adapters/secrets/held.hpp"

namespace muster::secrets {
namespace {

Result<std::string> from_env(const std::string& name) {
  char* value = std::getenv(name.c_str());
  if (!value)
    return Error{fmt::format("the variable {} is not set", name),
                 fmt::format("set it for this command: `{}=\"$(cat FILE)\" muster …`", name)};
  std::string text{value};
  OPENSSL_cleanse(value, text.size());
  ::unsetenv(name.c_str());
  return text;
}

Result<std::string> from_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return Error{fmt::format("{} cannot be read: {}", path, std::strerror(errno)),
                 "see that it is there, and that this user may read it"};
  struct stat about {};
  std::string text;
  Error wrong;
  if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
    wrong = Error{fmt::format("{} is not a file", path)};
  } else if ((about.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    wrong = Error{fmt::format("everybody on this machine may read or change {}", path),
                  "chmod 600, and give the secret a new value: it may be known"};
  } else {
    text.resize(Limits::kBytesMax + 2);
    std::size_t size = 0;
    for (ssize_t n = 1; n > 0 && size < text.size(); size += static_cast<std::size_t>(n)) {
      n = ::read(fd, text.data() + size, text.size() - size);
      if (n < 0) {
        wrong = Error{fmt::format("{} cannot be read: {}", path, std::strerror(errno))};
        break;
      }
    }
    text.resize(size);
  }
  ::close(fd);
  if (!wrong.what.empty()) {
    forget(text);
    return wrong;
  }
  return text;
}

Result<std::string> from_credential(const std::string& name) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (!folder || folder[0] != '/')
    return Error{fmt::format("there is no credential {}: systemd gave us no "
                             "$CREDENTIALS_DIRECTORY",
                             name),
                 fmt::format("run Muster as a unit with LoadCredential={}:PATH, or by systemd-run "
                             "-p LoadCredential=…",
                             name)};
  return from_file(fmt::format("{}/{}", folder, name));
}

Result<std::string> raw(const SecretSource& source, Duration within) {
  using Kind = SecretSource::Kind;
  if (source.words.empty()) return Error{"it has no source"};
  if (source.kind == Kind::env) return from_env(source.words.front());
  if (source.kind == Kind::file) return from_file(source.words.front());
  if (source.kind == Kind::credential) return from_credential(source.words.front());
  return from_command(source.words, within);
}

Error unfit(const std::string& text) {
  if (text.size() > Limits::kBytesMax)
    return {fmt::format("it has more than {} bytes", Limits::kBytesMax)};
  if (text.empty()) return {"it is empty"};
  if (text.size() < Limits::kBytesMin)
    return {
        fmt::format("it has fewer than {} bytes: so short a text cannot be kept out of evidence",
                    Limits::kBytesMin),
        "give it a longer value"};
  for (const char c : text)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
      return {"it holds control characters", "secrets are text; encode bytes as base64"};
  return {};
}

}  // namespace

Result<std::string> read_source(const SecretSource& source, Duration within) {
  auto text = raw(source, within);
  if (!text) return text;
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  if (auto wrong = unfit(*text); !wrong.what.empty()) {
    forget(*text);
    return Error{fmt::format("{}: {}", describe(source), wrong.what), wrong.hint};
  }
  return text;
}

}  // namespace muster::secrets
