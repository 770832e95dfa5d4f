#include "adapters/secrets/secret_prober.hpp"

#include <utility>

namespace muster::secrets {

std::string quoted_for(const catalogue::SecretText& field, std::string_view value) {
  const bool uri = field.text->find("://") != std::string::npos;
  if (field.secrecy == catalogue::Secrecy::whole) return std::string{value};
  if (field.secrecy == catalogue::Secrecy::url || uri) return percent_encoded(value);
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '\'' || c == ' ' || c == '\t' || c == '\n') out += '\\';
    out += c;
  }
  return out;
}

catalogue::ProbeSpec SecretProber::filled(catalogue::ProbeSpec spec) const {
  for (const auto& field : catalogue::secret_texts(spec)) {
    const auto value = [&](const std::string& name) -> Result<std::string> {
      auto found = keyring_->value(name);
      if (!found) return secret_reference(name);
      return quoted_for(field, *found);
    };
    if (auto made = fill_secrets(*field.text, value)) *field.text = std::move(*made);
  }
  return spec;
}

void SecretProber::start(ports::ServiceProbe probe,
                         std::function<void(std::vector<measure::Sample>)> sink) {
  probe.probe = filled(std::move(probe.probe));
  inner_.start(std::move(probe),
               [ring = keyring_, sink = std::move(sink)](std::vector<measure::Sample> samples) {
                 for (auto& sample : samples)
                   sample.why = ring->redactor().redacted(std::move(sample.why));
                 sink(std::move(samples));
               });
}

void SecretProber::stop(const std::string& service, std::function<void()> done) {
  inner_.stop(service, std::move(done));
}

void SecretProber::ask(const catalogue::ProbeSpec& probe, Duration timeout,
                       std::function<void(ports::ProbeAnswer)> done) {
  inner_.ask(filled(probe), timeout,
             [ring = keyring_, done = std::move(done)](ports::ProbeAnswer answer) {
               auto& why = answer.sample.why;
               why = ring->redactor().redacted(std::move(why));
               answer.evidence = ring->redactor().redacted(std::move(answer.evidence));
               done(std::move(answer));
             });
}

void SecretProber::read_back(const ports::ServiceProbe& probe, Duration timeout,
                             std::function<void(ports::ReadBack)> done) {
  auto open = probe;
  open.probe = filled(std::move(open.probe));
  inner_.read_back(open, timeout, [ring = keyring_, done = std::move(done)](ports::ReadBack read) {
    read.why = ring->redactor().redacted(std::move(read.why));
    done(std::move(read));
  });
}

}  // namespace muster::secrets
