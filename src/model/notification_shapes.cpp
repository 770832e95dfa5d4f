// Notifications, as data.
#include "model/notifications.hpp"

namespace muster::model {

using namespace config;

namespace {

constexpr const char* kSecretPattern = "^\\$\\{secret\\.[A-Za-z0-9][A-Za-z0-9_-]*\\}$";

Type secret() {
  return text("${secret.NAME}", kSecretPattern);
}

std::vector<std::string> words() {
  std::vector<std::string> out;
  for (const auto& [text, event] : notice_words()) out.push_back(text);
  return out;
}

}  // namespace

const Shape& notifications_file_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "notifications";
    one.what = "a file of notifications";
    one.help = "Who is told of what, and by which way (docs/notifications.md).";
    one.keys = {{"channels", named(map(channel_shape)), kOptional, "ways to tell people, by name"},
                {"routes", list(map(notice_route_shape)), kOptional,
                 "which events of which drills go to which channels"}};
    return one;
  }();
  return shape;
}

const Shape& channel_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "channel";
    one.what = "a channel";
    one.help = "One way to tell people.";
    one.keys = {{"webhook", map(webhook_shape), kOptional, "a signed JSON document, by HTTP POST"},
                {"slack", map(slack_shape), kOptional,
                 "an incoming webhook of Slack or of what reads its form"},
                {"mail", map(mail_shape), kOptional, "a mail, by SMTP"},
                {"command", texts(), kOptional,
                 "`[program, argument, …]` on this machine; the document is its standard input"}};
    one.one_of = {"webhook", "slack", "mail", "command"};
    return one;
  }();
  return shape;
}

const Shape& webhook_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "webhook";
    one.what = "a webhook";
    one.help = "Where the document goes, and how it is signed.";
    one.keys = {{"url", text("https://…, or ${secret.NAME}", "^(https?://|\\$\\{secret\\.)"),
                 kRequired, "may hold `${secret.NAME}`"},
                {"secret", secret(), kOptional, "the key of the header Muster-Signature"},
                {"headers", named(text()), kOptional, "more headers; may hold `${secret.NAME}`"},
                {"ca", text("/an/absolute/path", "^/"), kOptional,
                 "a file of certificates to trust, instead of the system's"}};
    return one;
  }();
  return shape;
}

const Shape& slack_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "slack";
    one.what = "a Slack webhook";
    one.help = "Who knows its URL can write to the channel: it is a secret.";
    one.keys = {{"url", secret(), kRequired, "the URL of the incoming webhook"}};
    return one;
  }();
  return shape;
}

const Shape& mail_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "mail";
    one.what = "a mail";
    one.help = "Which server takes the mail, and whom it goes to.";
    one.keys = {{"server", text("smtp://HOST:PORT or smtps://HOST:PORT", "^smtps?://"), kRequired,
                 "587 and 465 unless a port is given"},
                {"from", text(), kRequired, "the address that it comes from"},
                {"to", texts(), kRequired, "addresses"},
                {"user", text(), kOptional, "of the login; may hold `${secret.NAME}`"},
                {"password", secret(), kOptional, "of the login"},
                {"tls", word({"required", "none"}), preset("required"),
                 "`none`: plain text; a password goes so to this machine only"},
                {"ca", text("/an/absolute/path", "^/"), kOptional,
                 "a file of certificates to trust, instead of the system's"}};
    return one;
  }();
  return shape;
}

const Shape& notice_route_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "route";
    one.what = "a route";
    one.help = "Which events of which drills go where. Every route that fits counts.";
    one.keys = {{"events", list(word(words()), 1), kRequired, "what is told"},
                {"drills", text(), preset("*"), "a drill's name, or a pattern: `orders-*`"},
                {"environments", texts(), kOptional,
                 "only drills with a target in one of them: production, staging, lab"},
                {"to", texts(), kRequired, "names of channels"},
                {"at", list(duration(), 1), kOptional,
                 "of `before`: only these announcements of a schedule; all of them without it"}};
    return one;
  }();
  return shape;
}

}  // namespace muster::model
