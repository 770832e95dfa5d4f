#include "model/notifications.hpp"

#include "model/workspace.hpp"
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;
using namespace std::chrono_literals;

namespace {

constexpr const char* kSecrets =
    "secrets:\n"
    "  hook_key: {env: HOOK_KEY}\n"
    "  slack: {file: /etc/muster/slack}\n"
    "  smtp: {env: SMTP}\n";

std::string notification_errors(const std::string& text) {
  TemporaryWorkspace folder;
  return folder.write("inventory/secrets.yaml", kSecrets)
      .write("inventory/notifications.yaml", text)
      .errors();
}

}  // namespace

TEST_CASE("channels and routes are read, with what counts when nothing is said") {
  TemporaryWorkspace folder;
  folder.write("inventory/secrets.yaml", kSecrets)
      .write(
          "inventory/notifications.yaml",
          "channels:\n"
          "  pager:\n"
          "    webhook:\n"
          "      url: https://pager.example/v2\n"
          "      secret: \"${secret.hook_key}\"\n"
          "      headers: {Authorization: \"Bearer ${secret.hook_key}\"}\n"
          "  ops: {slack: {url: \"${secret.slack}\"}}\n"
          "  mail:\n"
          "    mail: {server: \"smtp://mx.example\", from: muster@example.org,\n"
          "      to: [ops@example.org], user: muster, password: \"${secret.smtp}\"}\n"
          "  hook: {command: [/usr/local/bin/tell, --now]}\n"
          "routes:\n"
          "  - {events: [before, verdict], drills: \"orders-*\", to: [pager, ops]}\n"
          "  - {events: [before], environments: [production], to: [mail], at: [15m, 2d, 15m]}\n");
  config::Diagnostics out;
  const auto loaded = load_notifications(folder.root(), out);
  CHECK(config::render(out) == "");
  const auto& all = loaded.notifications;
  REQUIRE(all.channels.size() == 4);
  CHECK(all.channels[0].kind == Channel::Kind::webhook);
  CHECK(all.channels[0].headers[0].second == "Bearer ${secret.hook_key}");
  CHECK(all.channels[1].kind == Channel::Kind::slack);
  CHECK(all.channels[2].kind == Channel::Kind::mail);
  CHECK(all.channels[2].tls_required);
  CHECK(all.channels[3].argv == std::vector<std::string>{"/usr/local/bin/tell", "--now"});
  REQUIRE(all.routes.size() == 2);
  CHECK(all.routes[0].drills == "orders-*");
  CHECK(all.routes[0].at.empty());
  CHECK(all.routes[1].drills == "*");
  CHECK(all.routes[1].at == std::vector<Duration>{48h, 15min});
  const auto sources = secrets_of(all, loaded.secrets);
  CHECK(sources.size() == 3);
  CHECK(sources.at("slack").words == std::vector<std::string>{"/etc/muster/slack"});
}

TEST_CASE("a file of notifications is read strictly, and says what is wrong") {
  struct Row {
    const char *text, *error;
  };
  for (
      const auto& [text, error] : std::vector<Row>{
          {"channels: {a: {webhok: {url: x}}}\n", "`webhok` is not a key of a channel"},
          {"channels: {a: {webhook: {url: \"ftp://x\"}}}\n", "begins with https:// or http://"},
          {"channels: {a: {webhook: {url: \"https://x\", secret: hunter2}}}\n", "it is a secret"},
          {"channels: {a: {webhook: {url: \"https://x\", secret: \"${secret.nope}\"}}}\n",
           "there is no secret `nope`"},
          {"channels: {a: {webhook: {url: \"https://x\", headers: {\"X y\": z}}}}\n",
           "no name of a header"},
          {"channels: {a: {webhook: {url: \"https://x\", headers: {X: \"a\\r\\nHost: b\"}}}}\n",
           "a header is one line"},
          {"channels: {a: {webhook: {url: \"https://x\", headers: {Muster-Signature: b}}}}\n",
           "is Muster's own"},
          {"channels: {a: {slack: {url: \"https://hooks.slack.com/services/T/B/X\"}}}\n",
           "who knows it can write to the channel"},
          {"channels: {a: {mail: {server: mx, from: a@b, to: [c@d]}}}\n", "'mx' is no mail server"},
          {"channels: {a: {mail: {server: \"smtp://mx\", from: \"a@b\\nBcc: x@y\", to: [c@d]}}}\n",
           "is not an address"},
          {"channels: {a: {mail: {server: \"smtp://mx\", from: a@b, to: [\"c@d>,<e@f\"]}}}\n",
           "is not an address"},
          {"channels: {a: {mail: {server: \"smtp://mx\", from: a@b, to: [c@d], user: u}}}\n",
           "`user` and `password` go together"},
          {"channels: {a: {mail: {server: \"smtp://mx\", from: a@b, to: [c@d], user: u, tls: none, "
           "password: \"${secret.smtp}\"}}}\n",
           "a password does not travel in plain text"},
          {"channels: {a: {command: [tell, \"${secret.smtp}\"]}}\n", "a secret in an argument"},
          {"channels: {a b: {command: [x]}}\n", "`a b` is not a name"},
          {"routes: [{events: [verdict], to: [nobody]}]\n", "there is no channel `nobody`"},
          {"routes: [{events: [verdikt], to: []}]\n", "`verdikt` is no event"},
          {"routes: [{events: [], to: []}]\n", "a route without an event"},
          {"routes: [{events: [verdict], to: []}]\n", "tells nobody"},
          {"routes: [{events: [verdict], to: [], at: [1d]}]\n", "of a route with `before` only"},
          {"routes: [{events: [before], to: [], at: [400d]}]\n", "at most 90d ahead"},
          {"routes: [{events: [verdict], environments: [prod], to: []}]\n",
           "`prod` is no environment"}}) {
    CAPTURE(text);
    const auto said = notification_errors(text);
    CAPTURE(said);
    CHECK(said.find(error) != std::string::npos);
    CHECK(said.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("only a file of that name is one: groups of an inventory may be called so") {
  TemporaryWorkspace folder;
  folder.write("inventory/hosts.yaml", "channels: {hosts: {tv-1: }}\nroutes: {hosts: {r-1: }}\n");
  config::Diagnostics out;
  const auto loaded = load_workspace(folder.root(), out);
  CHECK(config::render(out) == "");
  CHECK(loaded.inventory.hosts.size() == 2);
  CHECK(loaded.notifications.channels.empty());
}
