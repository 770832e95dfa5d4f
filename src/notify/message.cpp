#include "notify/message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::notify {
namespace {

constexpr std::size_t kSlackBytesMax = 3'000;
constexpr std::size_t kWordBytesMax = 42;     // 56 of base64; 75 are the most of an encoded word
constexpr std::size_t kLineMax = 76;          // RFC 2045
constexpr std::size_t kPlainHeaderMax = 200;  // well below the 998 of RFC 5322

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// "Fri, 27 Nov 2026 18:19:26 +0000": names of days and months are English there, whatever the
/// locale.
std::string mail_date(WallTime at) {
  constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                     days[std::chrono::weekday{day}.c_encoding()], unsigned{date.day()},
                     months[unsigned{date.month()} - 1], int{date.year()}, time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string base64_lines(std::string_view bytes) {
  const std::string all = base64(bytes);
  std::string out;
  for (std::size_t at = 0; at < all.size(); at += kLineMax)
    out += all.substr(at, kLineMax) + "\r\n";
  return out;
}

std::string with_line_ends(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

ports::HttpPost post_of(const model::Channel& channel, const Notice& notice) {
  ports::HttpPost post;
  post.url = channel.url;
  post.ca = channel.ca;
  post.headers = {{"Content-Type", "application/json"}};
  if (channel.kind == model::Channel::Kind::slack) {
    post.body = slack_body(notice);
    return post;
  }
  post.headers.emplace_back("Muster-Event", name_of(notice.event));
  post.headers.insert(post.headers.end(), channel.headers.begin(), channel.headers.end());
  post.sign_with = channel.secret;
  post.body = dumped(to_json(notice));
  return post;
}

}  // namespace

std::string slack_body(const Notice& notice) {
  std::string text;
  for (const char c : bounded(text_of(notice), kSlackBytesMax)) {
    if (c == '&')
      text += "&amp;";
    else if (c == '<')
      text += "&lt;";
    else if (c == '>')
      text += "&gt;";
    else
      text += c;
  }
  // mrkdwn: stars and underscores of a host's name are no markup.
  return dumped({{"text", text}, {"mrkdwn", false}, {"link_names", 0}});
}

std::string header_text(std::string_view text) {
  const bool plain =
      text.size() <= kPlainHeaderMax &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; }) &&
      text.find("=?") == std::string_view::npos;
  if (plain) return std::string{text};
  std::string whole = printable(text);
  for (char& c : whole)
    if (c == '\n' || c == '\t') c = ' ';
  std::string out;
  for (std::size_t at = 0; at < whole.size();) {
    std::size_t end = std::min(whole.size(), at + kWordBytesMax);
    // A character is never divided between two words.
    while (end < whole.size() && (static_cast<unsigned char>(whole[end]) & 0xc0) == 0x80) --end;
    out += fmt::format("{}=?utf-8?B?{}?=", out.empty() ? "" : "\r\n ",
                       base64(std::string_view{whole}.substr(at, end - at)));
    at = end;
  }
  return out;
}

std::string mail_of(const std::string& from, const std::vector<std::string>& to,
                    const Notice& notice) {
  // The same notice has the same name, so that a mail that comes twice can be told.
  const std::string name = hex(sha256(notice.id)).substr(0, 32);
  std::string out;
  const auto header = [&](std::string_view key, std::string_view value) {
    out += fmt::format("{}: {}\r\n", key, header_text(value));
  };
  header("From", from);
  out += "To: ";
  for (std::size_t i = 0; i < to.size(); ++i) out += (i ? ",\r\n " : "") + header_text(to[i]);
  out += "\r\n";
  header("Subject", subject_of(notice));
  header("Date", mail_date(notice.at));
  header("Message-ID", "<" + name + "@muster>");
  header("Auto-Submitted", "auto-generated");
  header("Muster-Id", notice.id);
  header("Muster-Event", name_of(notice.event));
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=utf-8");
  header("Content-Transfer-Encoding", "base64");
  return out + "\r\n" + base64_lines(with_line_ends(text_of(notice)));
}

ports::Message message_of(const model::Channel& channel, const Notice& notice) {
  using Kind = model::Channel::Kind;
  ports::Message message;
  switch (channel.kind) {
    case Kind::webhook:
    case Kind::slack:
      message.what = post_of(channel, notice);
      break;
    case Kind::mail:
      message.what = ports::Mail{channel.server,   channel.tls_required,
                                 channel.ca,       channel.user,
                                 channel.password, channel.from,
                                 channel.to,       mail_of(channel.from, channel.to, notice)};
      break;
    case Kind::command:
      message.what = ports::LocalCommand{channel.argv, dumped(to_json(notice)) + "\n"};
      break;
  }
  return message;
}

}  // namespace muster::notify
