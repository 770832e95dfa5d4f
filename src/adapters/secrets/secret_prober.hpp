// A prober that fills secrets into a question just before it goes on, and takes them out of the
// answers.
#pragma once
#include <memory>

#include "adapters/secrets/vault.hpp"
#include "ports/prober.hpp"

namespace muster::secrets {

/// Filled in are catalogue::secret_texts, in each field's own quoting: a value can never become
/// another option of a conninfo or another part of a URL. A secret that is not there stays a
/// reference: the service then refuses it. (No run begins without its secrets; a recovery reads no
/// service.) Thread: the engine's.
class SecretProber final : public ports::Prober {
 public:
  /// `inner` must outlive it.
  explicit SecretProber(ports::Prober& inner) : inner_{inner} {}
  /// Before the first question.
  void use(std::shared_ptr<const Keyring> keyring) { keyring_ = std::move(keyring); }

  void start(ports::ServiceProbe probe,
             std::function<void(std::vector<measure::Sample>)> sink) override;
  void stop(const std::string& service, std::function<void()> done) override;
  void ask(const catalogue::ProbeSpec& probe, Duration timeout,
           std::function<void(ports::ProbeAnswer)> done) override;
  void read_back(const ports::ServiceProbe& probe, Duration timeout,
                 std::function<void(ports::ReadBack)> done) override;

 private:
  catalogue::ProbeSpec filled(catalogue::ProbeSpec spec) const;

  ports::Prober& inner_;
  std::shared_ptr<const Keyring> keyring_ = std::make_shared<Keyring>();
};

/// A value inside of a conninfo: libpq reads a backslash before any character as that character,
/// quoted or not. Inside of a URI: percent-encoded. A text that is a secret whole: as it is.
std::string quoted_for(const catalogue::SecretText& field, std::string_view value);

}  // namespace muster::secrets
