#include <fmt/format.h>

#include "adapters/delivery/curl.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::delivery {
namespace {

ports::Told failed(std::string why) {
  return {false, std::move(why)};
}

std::string answer_of(Transfer& transfer) {
  const auto said = std::string{trimmed(transfer.said())};
  return fmt::format("HTTP {}{}{}", transfer.status(), said.empty() ? "" : ": ", said);
}

}  // namespace

std::string signature(std::string_view key, std::int64_t seconds, std::string_view body) {
  const auto signed_text = fmt::format("{}.{}", seconds, body);
  return fmt::format("t={},v1={}", seconds, hex(hmac_sha256(key, signed_text)));
}

ports::Told post(const ports::HttpPost& post, const Secrets& secrets, const Bounds& bounds) {
  const auto url = filled_line(post.url, secrets);
  if (!url) return failed("the URL: " + to_string(url.error()));
  std::vector<std::string> headers{"User-Agent: muster", "Expect:"};
  for (const auto& [name, value] : post.headers) {
    const auto filled = filled_line(value, secrets);
    if (!filled) return failed(fmt::format("the header {}: {}", name, to_string(filled.error())));
    headers.push_back(fmt::format("{}: {}", name, *filled));
  }
  if (!post.sign_with.empty()) {
    const auto key = fill_secrets(post.sign_with, secrets.value);
    if (!key) return failed("the signing key: " + to_string(key.error()));
    // Of the moment of sending: a receiver may refuse what is old.
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    headers.push_back("Muster-Signature: " +
                      signature(*key, now.time_since_epoch().count(), post.body));
  }
  Transfer transfer{bounds};
  transfer.set(CURLOPT_PROTOCOLS_STR, "http,https");
  transfer.set(CURLOPT_URL, url->c_str());
  transfer.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(post.body.size()));
  transfer.set(CURLOPT_POSTFIELDS, post.body.c_str());
  transfer.set_list(CURLOPT_HTTPHEADER, headers);
  transfer.trust(post.ca);
  if (const auto code = transfer.perform(); code != CURLE_OK) return failed(transfer.why(code));
  const long status = transfer.status();
  if (status >= 300 && status < 400)
    return failed(answer_of(transfer) +
                  " (a redirect is not followed: give the URL that it names)");
  return {status >= 200 && status < 300, answer_of(transfer)};
}

}  // namespace muster::delivery
