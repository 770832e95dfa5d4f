// What is said, and in which form: nothing in it may become a header, a mention or a secret.
#include "notify/message.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "journal/kinds.hpp"
#include "notify/of_run.hpp"
#include "notify/of_schedule.hpp"
#include "notify/route.hpp"
#include "tests/catch.hpp"

namespace muster::notify {
namespace {

using namespace std::chrono_literals;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Notice hostile() {
  Notice n;
  n.id = "r/1";
  n.event = NoticeOf::verdict;
  n.drill = "orders";
  n.headline = "done\r\nBcc: thief@example.org\n\nA body of its own <!channel> & more";
  n.facts = {{"reasons", "line one\n.\nQUIT\x1b[31m"}};
  n.at = wall_time(1'795'382'105'000'000'000);
  return fit(std::move(n), {});
}

std::vector<std::string> headers_of(const std::string& mail) {
  return split(mail.substr(0, mail.find("\r\n\r\n")), '\n');
}

TEST_CASE("every text begins with the banner and says drill, run and who started it") {
  Notice n = hostile();
  n.run = "20261127-1";
  n.by = "unix:ana";
  const auto text = text_of(n);
  CHECK(text.starts_with(kBanner));
  for (const auto* part : {"drill: orders", "run: 20261127-1", "started by: unix:ana"})
    CHECK(contains(text, part));
  const auto json = to_json(n);
  CHECK(json.at("exercise") == true);
  CHECK(json.at("banner") == kBanner);
  const auto back = notice_from_json(json);
  REQUIRE(back);
  CHECK(to_json(*back) == json);
  CHECK(subject_of(n).starts_with("[EXERCISE] orders: "));
}

TEST_CASE("a lapse has an id of its own, and says since when and what is due") {
  Lapse lapse{"orders",
              "Orders: lose the primary",
              "dba",
              {"staging"},
              "overdue since 2027-04-08 00:00 +02:00 Europe/Berlin (quarter 2027-Q1)",
              "every quarter, grace 7d, Europe/Berlin",
              wall_time(1'807'135'200'000'000'000),
              std::nullopt,
              std::nullopt};
  const auto now = wall_time(1'807'135'300'000'000'000);
  const auto n = lapse_notice(lapse, now);
  CHECK(n.id == "orders/overdue/2027-04-07T22:00:00.000000Z");
  CHECK(n.event == NoticeOf::overdue);
  CHECK(contains(text_of(n), "last passed: never"));
  CHECK(contains(text_of(n), "next: muster run orders"));
  CHECK_FALSE(contains(text_of(n), "started by"));
  const auto back = notice_from_json(to_json(n));
  REQUIRE(back);
  CHECK(to_json(*back) == to_json(n));
  lapse.since.reset();
  CHECK(lapse_notice(lapse, now).id == "orders/overdue/never");
}

TEST_CASE("nothing in a notice can end a header of a mail, or its text") {
  Notice n = hostile();
  n.drill = "orders\r\nX-Evil: 1";
  const auto mail = mail_of("muster@example.org", {"a@example.org", "b@example.org"}, n);
  for (const auto& line : headers_of(mail)) {
    CAPTURE(line);
    CHECK_FALSE(line.starts_with("Bcc"));
    CHECK_FALSE(line.starts_with("X-Evil"));
    CHECK(line.size() < 998);
  }
  const auto body = mail.substr(mail.find("\r\n\r\n") + 4);
  for (const auto& line : split(body, '\n')) CHECK(line.size() <= 77);
  std::string encoded;
  for (const char c : body)
    if (c != '\r' && c != '\n') encoded += c;
  const auto text = from_base64(encoded);
  REQUIRE(text);
  CHECK(contains(*text, "EXERCISE"));
  CHECK_FALSE(contains(*text, "\x1b"));
  CHECK(contains(mail, "Auto-Submitted: auto-generated\r\n"));
  CHECK(contains(mail, "Date: Sun, 22 Nov 2026 21:15:05 +0000\r\n"));
}

TEST_CASE("a header that is not ASCII becomes encoded words, none of which cuts a character") {
  CHECK(header_text("plain text") == "plain text");
  std::string said;
  for (int i = 0; i < 40; ++i) said += "ü€";
  const auto header = header_text(said);
  std::string back;
  for (auto word : split(header, '\n')) {
    while (!word.empty() && (word.back() == '\r' || word.front() == ' '))
      word.back() == '\r' ? word.pop_back() : void(word.erase(0, 1));
    CHECK(word.size() <= 75);
    REQUIRE(word.starts_with("=?utf-8?B?"));
    const auto part = from_base64(word.substr(10, word.size() - 12));
    REQUIRE(part);
    CHECK(printable(*part) == *part);  // whole characters
    back += *part;
  }
  CHECK(back == said);
  CHECK_FALSE(contains(header_text("a\r\nBcc: x"), "\nBcc"));
  CHECK(contains(header_text("=?utf-8?B?YQ==?="), "=?utf-8?B?PT91"));  // not read as one of ours
}

TEST_CASE("Slack gets text in which nothing is markup, a link or a mention") {
  const auto body = Json::parse(slack_body(hostile()));
  const auto text = body.at("text").get<std::string>();
  CHECK(contains(text, "&lt;!channel&gt; &amp; more"));
  CHECK_FALSE(contains(text, "<!"));
  CHECK(body.at("mrkdwn") == false);
}

TEST_CASE("secrets are taken out before anything else, and texts are bounded") {
  Notice n = hostile();
  n.headline = "password hunter2 " + std::string(2000, 'x');
  n.facts = {{"reason", "hunter2"}};
  n = fit(std::move(n), [](std::string text) {
    for (auto at = text.find("hunter2"); at != text.npos; at = text.find("hunter2"))
      text.replace(at, 7, "[secret pw]");
    return text;
  });
  CHECK_FALSE(contains(to_json(n).dump(), "hunter2"));
  CHECK(n.headline.size() < 400);
}

TEST_CASE("a channel's secrets stay references until they are sent") {
  model::Channel channel;
  channel.kind = model::Channel::Kind::webhook;
  channel.url = "${secret.url}";
  channel.secret = "${secret.key}";
  channel.headers = {{"Authorization", "Bearer ${secret.token}"}};
  const auto message = message_of(channel, hostile());
  const auto& post = std::get<ports::HttpPost>(message.what);
  CHECK(post.url == "${secret.url}");
  CHECK(post.sign_with == "${secret.key}");
  CHECK(Json::parse(post.body).at("id") == "r/1");
  CHECK(post.headers.back().second == "Bearer ${secret.token}");
}

TEST_CASE("routes: events, drills, environments, and how long ahead") {
  model::Notifications all;
  const auto route = [&](std::vector<NoticeOf> events, std::string drills,
                         std::vector<std::string> environments, const char* to) {
    model::NoticeRoute r;
    r.events = std::move(events);
    r.drills = std::move(drills);
    r.environments = std::move(environments);
    r.to = {{to, {}}};
    r.at = {24h};
    all.routes.push_back(std::move(r));
  };
  route({NoticeOf::verdict, NoticeOf::dirty}, "*", {}, "ops");
  route({NoticeOf::verdict}, "orders-*", {}, "pager");
  route({NoticeOf::verdict}, "*", {"production"}, "board");
  route({NoticeOf::before}, "orders-loss", {"lab", "staging"}, "mail");
  struct Row {
    NoticeOf event;
    const char* drill;
    std::vector<std::string> environments, to;
  };
  for (const auto& row :
       std::vector<Row>{{NoticeOf::verdict, "orders-loss", {"lab"}, {"ops", "pager"}},
                        {NoticeOf::verdict, "orders", {"lab", "production"}, {"ops", "board"}},
                        {NoticeOf::dirty, "orders-loss", {"production"}, {"ops"}},
                        {NoticeOf::start, "orders-loss", {"production"}, {}}}) {
    Notice n;
    n.event = row.event;
    n.drill = row.drill;
    n.environments = row.environments;
    CAPTURE(row.drill, name_of(row.event));
    CHECK(channels_for(all, n) == row.to);
  }
}

TEST_CASE(
    "an attempt that failed is repeated after 2 s, then twice as long, to 15 min, for a day") {
  CHECK(wait_after(1, 0s) == Duration{2s});
  CHECK(wait_after(2, 2s) == Duration{4s});
  CHECK(wait_after(8, 5min) == Duration{256s});
  CHECK(wait_after(100, 23h) == Duration{15min});
  CHECK_FALSE(wait_after(3, 24h));
}

TEST_CASE("which entries of a run are told") {
  plan::Plan plan;
  plan.drill = "orders-loss";
  plan.slots = {{"db", {"db-1"}, {}, {}}};
  plan.hosts["db-1"].environment = "staging";
  plan.people = {{"ana", "Ana Silva", "ana", false, "", {}}};
  const RunFacts run{"R", "unix:zoe", "/w/reports/orders-loss/R/report.html"};
  journal::Draft e;
  const auto told = [&] { return notices_of(run, plan, e); };
  e.action = journal::kinds::kStepFinished;
  CHECK(told().empty());
  e.action = journal::kinds::kRunBegan;
  REQUIRE(told().size() == 1);
  CHECK(told()[0].id == "R/start");
  CHECK(told()[0].by == "unix:zoe");
  CHECK(told()[0].environments == std::vector<std::string>{"staging"});
  e.action = journal::kinds::kStepAsked;
  e.step = "decide";
  e.data = Json{{"person", "ana"}, {"role", "dba"}, {"say", "Name the point"}};
  REQUIRE(told().size() == 1);
  CHECK(told()[0].headline == "Ana Silva is needed");
  const auto first = told()[0].id;
  e.data["person"] = "bo";
  e.data["escalated_from"] = "ana";
  CHECK(told()[0].headline == "bo is needed: ana did not answer in time");
  CHECK(told()[0].id != first);
  e.action = journal::kinds::kRequest;
  e.data = Json{{"what", "ack"}};
  CHECK(told().empty());
  e.data = Json{{"what", "abort"}, {"reason", "a real incident"}};
  CHECK(told()[0].event == NoticeOf::abort);
  e.action = journal::kinds::kVerdict;
  e.outcome = "FAIL";
  e.data = Json{{"state", "dirty"},
                {"reasons", {"orders: rto: too long", "not proven undone: node.kill on db-1"}}};
  const auto both = told();
  REQUIRE(both.size() == 2);
  CHECK(both[0].headline == "FAIL, dirty");
  CHECK(contains(text_of(both[0]), "report: /w/reports/orders-loss/R/report.html"));
  CHECK_FALSE(contains(text_of(both[0]), "node.kill"));
  CHECK(both[1].event == NoticeOf::dirty);
  CHECK(contains(text_of(both[1]), "node.kill on db-1"));
}

}  // namespace
}  // namespace muster::notify
