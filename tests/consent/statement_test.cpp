// What is signed, and what the workspace's log makes of it.
#include "consent/statement.hpp"

#include "consent/approvals.hpp"
#include "journal/kinds.hpp"
#include "tests/catch.hpp"

namespace muster::consent {
namespace {

using What = Statement::What;

const std::string kNonce = "0123456789abcdef0123456789abcdef";

Statement said(What what, const std::string& person = "ana", char nonce = '0') {
  Statement s;
  s.what = what;
  s.person = person;
  s.at = parse_utc("2026-11-27T10:00:00.5Z").value();
  s.nonce = std::string(1, nonce) + kNonce.substr(1);
  s.store = "5";
  if (what == What::request) {
    s.target = "POST /v1/runs/r1/steps/go/approve";
    s.body = Json{{"reason", "ü\n"}};
    return s;
  }
  s.drill = "orders";
  s.plan = "aa";
  if (what == What::approval) {
    s.expires = s.at + std::chrono::hours{1};
    s.note = "CHG-4711";
  }
  return s;
}

TEST_CASE("a statement is read back as it was said") {
  for (const auto what : {What::approval, What::withdrawal, What::start, What::request}) {
    const auto text = text_of(said(what));
    REQUIRE(text);
    const auto again = read_statement(*text);
    REQUIRE(again);
    CHECK(again->what == what);
    CHECK(text_of(*again) == text);
  }
  CHECK(text_of(said(What::withdrawal)).value() ==
        R"({"at":"2026-11-27T10:00:00.500000Z","drill":"orders","muster":"withdrawal","nonce":")" +
            kNonce + R"(","person":"ana","plan":"aa","store":"5"})");
}

TEST_CASE("what is no statement, or spelt otherwise, is refused") {
  const auto good = text_of(said(What::withdrawal)).value();
  CHECK_FALSE(read_statement(""));
  CHECK_FALSE(read_statement("{}"));
  CHECK_FALSE(read_statement("[]"));
  CHECK_FALSE(read_statement(good + "\n"));
  CHECK_FALSE(read_statement(" " + good));
  auto j = Json::parse(good);
  const Json whole = Json::parse(good);
  for (const auto& [key, value] : whole.items()) {
    auto without = j;
    without.erase(key);
    CAPTURE(key);
    CHECK_FALSE(read_statement(canonical_json(without).value()));
  }
  j["more"] = 1;
  CHECK_FALSE(read_statement(canonical_json(j).value()));
  j.erase("more");
  for (const auto& [key, value] :
       {std::pair{"nonce", "short"}, {"at", "yesterday"}, {"muster", "order"}}) {
    auto other = j;
    other[key] = value;
    CAPTURE(key);
    CHECK_FALSE(read_statement(canonical_json(other).value()));
  }
  auto long_one = said(What::request);
  long_one.body = Json{{"reason", std::string(kStatementBytesMax, 'x')}};
  CHECK_FALSE(text_of(long_one));
}

journal::Entry entry(const Statement& statement, std::uint64_t seq,
                     std::string_view kind = journal::kinds::kApprovalGiven) {
  journal::Entry e;
  e.seq = seq;
  e.action = kind;
  e.data = Json{{"signed", text_of(statement).value()}, {"signature", "s"}};
  return e;
}

TEST_CASE("the log's approvals: given, withdrawn, given anew; copies count for nothing") {
  const auto withdrawn = journal::kinds::kApprovalWithdrawn;
  Approvals all;
  const auto first = entry(said(What::approval), 3);
  all.add(first);
  all.add(entry(said(What::approval, "bo", '1'), 4));
  REQUIRE(all.of("aa").size() == 2);
  CHECK(all.of("bb").empty());
  CHECK(all.all()[0].seq == 3);
  all.add(entry(said(What::withdrawal, "ana", '2'), 5, withdrawn));
  CHECK(all.all()[0].withdrawn);
  CHECK_FALSE(all.all()[1].withdrawn);
  all.add(first);  // the same bytes once more
  CHECK(all.all().size() == 2);
  all.add(entry(said(What::approval, "ana", '3'), 7));
  CHECK_FALSE(all.all().back().withdrawn);
  // A kind that says another thing than what was signed is neither.
  all.add(entry(said(What::withdrawal, "bo", '4'), 8));
  all.add(entry(said(What::approval, "eve", '5'), 9, withdrawn));
  CHECK(all.all().size() == 3);
  CHECK_FALSE(all.all()[1].withdrawn);
}

TEST_CASE("an approval whose person was erased approves nothing, and its nonce stays used") {
  Approvals all;
  const auto before = entry(said(What::approval), 3);
  all.add(entry(said(What::approval, "erased:1a2b3c4d"), 3));  // the same entry, as it is read now
  CHECK(all.all().front().said.person == "erased:1a2b3c4d");
  CHECK(all.has_seen(said(What::approval).nonce));
  all.add(before);
  CHECK(all.all().size() == 1);
}

TEST_CASE("the entry of an approval says who signed, and holds what was signed") {
  const auto statement = said(What::approval);
  const auto draft = draft_of(statement, {"text", "signature", "unix:root"});
  CHECK(draft.action == journal::kinds::kApprovalGiven);
  CHECK(draft.actor == journal::Actor{"person:ana", "signature", "signed-key", ""});
  CHECK(draft.drill == "orders");
  CHECK(draft.deadline == statement.expires);
  CHECK(draft.data == Json{{"plan", "aa"},
                           {"person", "ana"},
                           {"signed", "text"},
                           {"signature", "signature"},
                           {"carried_by", "unix:root"}});
}

}  // namespace
}  // namespace muster::consent
