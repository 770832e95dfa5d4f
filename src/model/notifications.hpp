// Who is told of what, and by which way: inventory/notifications.yaml (docs/notifications.md).
// Texts may hold `${secret.NAME}` where it is said so; values of secrets are in none of this.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "config/shape.hpp"
#include "model/secrets.hpp"
#include "model/text.hpp"

namespace muster::model {

/// What can be told.
enum class NoticeOf {
  before,        ///< A drill is going to run: announced by the scheduler.
  start,         ///< Preflight passed: from now on it may touch targets.
  needs_person,  ///< A step asks somebody, or, when nobody answered, the deputy.
  abort,         ///< A person or a guardrail stopped it.
  verdict,       ///< Result and state.
  dirty,         ///< Something is not proven undone.
  overdue        ///< A drill has not passed in time, and its grace is over.
};
/// "before", "needs_person", …: as in the file.
std::string_view name_of(NoticeOf event);
const std::vector<std::pair<std::string, NoticeOf>>& notice_words();

/// One way to tell people.
struct Channel {
  enum class Kind { webhook, slack, mail, command };
  Located<std::string> name;
  Kind kind = Kind::webhook;
  std::string url;     ///< Of webhook and slack; may hold secrets, that of slack is one.
  std::string secret;  ///< Of webhook: "${secret.NAME}" that signs; "": not signed.
  std::vector<std::pair<std::string, std::string>> headers;  ///< Of webhook; may hold secrets.
  std::string server;  ///< Of mail: "smtp://HOST[:PORT]" or "smtps://…".
  std::string from;
  std::vector<std::string> to;
  std::string user, password;  ///< May hold secrets; the password is one. "": no login.
  bool tls_required = true;    ///< Of mail with smtp://: STARTTLS, or nothing is sent.
  std::string ca;  ///< Of webhook and mail: a file of certificates; "": those of the system.
  std::vector<std::string> argv;  ///< Of command.
  Place place;                    ///< Of what it says.
};
std::string_view name_of(Channel::Kind kind);

/// Which events of which drills go where.
struct NoticeRoute {
  Place place;
  std::vector<NoticeOf> events;
  std::string drills = "*";               ///< A pattern, as of file names.
  std::vector<std::string> environments;  ///< Any of them; none: all.
  std::vector<Located<std::string>> to;   ///< Names of channels.
  std::vector<Duration> at;               ///< Of `before`: only so long ahead; none: whenever.
};

struct Notifications {
  std::vector<Channel> channels;
  std::vector<NoticeRoute> routes;
  const Channel* channel(std::string_view name) const;
};

/// That document: by its name, as its keys could be the groups of an inventory.
bool is_notifications_file(std::string_view name);

const config::Shape& notifications_file_shape();
const config::Shape& channel_shape();
const config::Shape& webhook_shape();
const config::Shape& slack_shape();
const config::Shape& mail_shape();
const config::Shape& notice_route_shape();

/// Adds those of one `channels:` map (channel_reader.cpp).
void read_channels(const config::Node& node, Notifications& into, Diagnostics& out);
/// Adds what one document says.
void read_notifications(const config::Node& document, Notifications& into, Diagnostics& out);
/// Channels and secrets that are named must be there.
void check_notifications(const Notifications& notifications, const Secrets& secrets,
                         Diagnostics& out);
/// Where the secrets come from that these channels need.
std::map<std::string, SecretSource> secrets_of(const Notifications& notifications,
                                               const Secrets& secrets);

}  // namespace muster::model
