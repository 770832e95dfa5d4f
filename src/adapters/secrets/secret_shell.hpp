// A shell that fills secrets into a call just before it goes on, and takes them out of the answer.
#pragma once
#include <memory>

#include "adapters/secrets/vault.hpp"
#include "ports/clock.hpp"
#include "ports/shell.hpp"

namespace muster::secrets {

/// Filled in are the host's `become_password` and `key_passphrase`, and `standard_input`. A call
/// whose secret is not there is not sent: could_not, with the reason. Thread: the engine's.
class SecretShell final : public ports::Shell {
 public:
  /// `inner` and `clock` must outlive it.
  SecretShell(ports::Shell& inner, ports::Clock& clock) : inner_{inner}, clock_{clock} {}
  /// Before the first call.
  void use(std::shared_ptr<const Keyring> keyring) { keyring_ = std::move(keyring); }

  void call(ports::Call call, std::function<void(ports::Answer)> done) override;

 private:
  ports::Shell& inner_;
  ports::Clock& clock_;
  std::shared_ptr<const Keyring> keyring_ = std::make_shared<Keyring>();
};

}  // namespace muster::secrets
