// Where the value of a secret comes from, and `${secret.NAME}` in texts. Never a value: those are
// held by adapters/secrets alone, and go in there just before a text is sent (docs/secrets.md).
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster {

struct SecretSource {
  enum class Kind {
    env,        ///< A variable of Muster's own environment.
    file,       ///< An absolute path on the controller.
    command,    ///< What a command on the controller prints.
    credential  ///< A file of systemd's $CREDENTIALS_DIRECTORY.
  };
  Kind kind = Kind::env;
  std::vector<std::string> words;  ///< The command's; of the other kinds one: variable, path, name.
  bool operator==(const SecretSource&) const = default;
};

/// "env", "file", "command", "credential": also the keys in secrets.yaml.
std::string_view name_of(SecretSource::Kind kind);
/// For people: "the variable PGPASSWORD", "the file /etc/…".
std::string describe(const SecretSource& source);

/// "${secret.NAME}"
std::string secret_reference(std::string_view name);
/// The names in a text, in its order; `$${secret.x}` is none.
std::vector<std::string> secrets_in(std::string_view text);

using SecretValue = std::function<Result<std::string>(const std::string& name)>;
/// Puts values in the place of `${secret.NAME}`; `$${` becomes `${`. Any other `${` stays as it is,
/// and what was put in is not looked at again.
Result<std::string> fill_secrets(std::string_view text, const SecretValue& value);

}  // namespace muster
