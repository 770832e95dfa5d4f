// The secrets of runs: read once, before anything is touched, and held until Muster ends.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/secrets/held.hpp"
#include "adapters/secrets/redactor.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace muster::secrets {

/// The secrets of one run. Immutable once it is made, so any thread may read it.
class Keyring {
 public:
  /// The value, or why it is not there.
  Result<std::string> value(const std::string& name) const;
  const Redactor& redactor() const { return redactor_; }
  /// Secrets that could not be read; a run must not begin with one.
  const std::vector<Error>& problems() const { return problems_; }

 private:
  friend class Vault;
  std::map<std::string, std::shared_ptr<const Held>> held_;
  std::map<std::string, Error> missing_;
  std::vector<Error> problems_;
  Redactor redactor_;
};

/// One a process: a source is read once, for whatever runs of this process need it (a variable is
/// gone after that, source.hpp). With the first one the process's memory is kept private
/// (held.hpp). Blocking. Not thread-safe.
class Vault {
 public:
  using Sources = std::map<std::string, SecretSource>;
  std::shared_ptr<const Keyring> open(const Sources& sources);

 private:
  void add(Keyring& ring, const std::string& name, const SecretSource& source);

  std::vector<std::pair<SecretSource, std::shared_ptr<const Held>>> held_;
};

}  // namespace muster::secrets
