#include "adapters/secrets/secret_shell.hpp"

#include <fmt/format.h>

namespace muster::secrets {
namespace {

/// sudo and ssh-add read one line.
Result<std::string> one_line(Result<std::string> value, const std::string& name) {
  if (value && value->find('\n') != std::string::npos)
    return Error{fmt::format("the secret `{}` has several lines, a password has one", name)};
  return value;
}

}  // namespace

void SecretShell::call(ports::Call call, std::function<void(ports::Answer)> done) {
  const auto& ring = *keyring_;
  const auto line = [&](const std::string& name) { return one_line(ring.value(name), name); };
  const auto text = [&](const std::string& name) { return ring.value(name); };
  Error wrong;
  const auto fill = [&](std::string& field, const SecretValue& value) {
    if (field.empty()) return;
    auto filled = fill_secrets(field, value);
    if (filled)
      field = std::move(*filled);
    else
      wrong = filled.error();
  };
  fill(call.host.become_password, line);
  fill(call.host.key_passphrase, line);
  fill(call.standard_input, text);
  if (!wrong.what.empty()) {
    ports::Answer answer;
    answer.said = ports::Said::could_not;
    answer.output = fmt::format("{}: not sent: {}", call.host.name, to_string(wrong));
    answer.sent = answer.done = clock_.now();
    clock_.at(clock_.now(), [done = std::move(done), answer] { done(answer); });
    return;
  }
  inner_.call(std::move(call), [ring = keyring_, done = std::move(done)](ports::Answer answer) {
    answer.evidence = ring->redactor().redacted(std::move(answer.evidence));
    answer.output = ring->redactor().redacted(std::move(answer.output));
    done(std::move(answer));
  });
}

}  // namespace muster::secrets
