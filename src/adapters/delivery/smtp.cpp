#include <fmt/format.h>

#include "adapters/delivery/curl.hpp"
#include "base/text.hpp"

namespace muster::delivery {
namespace {

constexpr std::string_view kPlain = "smtp://";

/// libcurl takes 25 for smtp://, where a mail server takes no mail from its users.
std::string with_port(std::string server) {
  if (!server.starts_with(kPlain)) return server;
  const auto host = server.substr(kPlain.size());
  const auto end = host.find(']');  // of an IPv6 address
  if (host.find(':', end == std::string::npos ? 0 : end) == std::string::npos) server += ":587";
  return server;
}

}  // namespace

ports::Told mail(const ports::Mail& mail, const Secrets& secrets, const Bounds& bounds) {
  Transfer transfer{bounds};
  transfer.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  const auto server = with_port(mail.server);
  transfer.set(CURLOPT_URL, server.c_str());
  transfer.set(CURLOPT_USE_SSL,
               static_cast<long>(mail.tls_required ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  if (!mail.user.empty()) {
    const auto user = filled_line(mail.user, secrets);
    if (!user) return {false, "the user: " + to_string(user.error())};
    const auto password = fill_secrets(mail.password, secrets.value);
    if (!password) return {false, "the password: " + to_string(password.error())};
    transfer.set(CURLOPT_USERNAME, user->c_str());
    transfer.set(CURLOPT_PASSWORD, password->c_str());
  }
  const auto from = fmt::format("<{}>", mail.from);
  transfer.set(CURLOPT_MAIL_FROM, from.c_str());
  std::vector<std::string> to;
  for (const auto& address : mail.to) to.push_back(fmt::format("<{}>", address));
  transfer.set_list(CURLOPT_MAIL_RCPT, to);
  transfer.upload(mail.message);
  transfer.trust(mail.ca);
  const auto code = transfer.perform();
  if (code != CURLE_OK) return {false, transfer.why(code)};
  return {true, fmt::format("SMTP {}: taken for {}", transfer.status(), joined(mail.to, ", "))};
}

}  // namespace muster::delivery
