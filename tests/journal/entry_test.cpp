#include "journal/entry.hpp"

#include "journal/kinds.hpp"
#include "tests/catch.hpp"
#include "tests/journal/by_document.hpp"
#include "tests/journal/records.hpp"

using namespace muster;
using namespace muster::journal;
using test::a_draft;
using test::a_run;

namespace {

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("an entry is one canonical line, without what is empty") {
  auto draft = a_draft(kinds::kEffectIntent, "loss");
  draft.target.host = "db-1";
  draft.intent_ref = "00112233445566778899aabbccddeeff";
  draft.data["fault"] = "node.kill";
  const auto bytes = seal(draft, a_run(), 7, sha256("x"));
  REQUIRE(bytes);
  CHECK(
      *bytes ==
      R"({"action":"effect.intent","actor":{"assurance":"os","method":"uid","principal":"unix:ana"},)"
      R"("boot_id":"b0071d","data":{"fault":"node.kill"},"drill":"orders-primary-loss","epoch":1,)"
      R"("intent_ref":"00112233445566778899aabbccddeeff","mono_ns":"9100000000000000",)"
      R"("prev":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",)"
      R"("run":"20261122-211505-3f9a0c","seq":7,"step":"loss","target":{"host":"db-1"},)"
      R"("ts":"2026-11-22T21:15:05.482787Z","v":1})");
}

TEST_CASE("what was sealed is read back") {
  auto draft = a_draft(kinds::kStepAsked, "ask");
  draft.actor = {"unix:bo", "peer", "os", "unix:ana"};
  draft.target = {"db-1", "SHA256:abc"};
  draft.revert = "guardian";
  draft.deadline = draft.ts + std::chrono::minutes{5};
  draft.outcome = "ok";
  draft.data["say"] = "Löschen?\n";
  const auto bytes = seal(draft, a_run(), 3, sha256("x"));
  REQUIRE(bytes);
  const auto entry = read_entry(*bytes);
  REQUIRE(entry);
  CHECK(entry->seq == 3);
  CHECK(entry->ts == draft.ts);
  CHECK(entry->at == draft.at);
  CHECK(entry->epoch == 1);
  CHECK(entry->actor == draft.actor);
  CHECK(entry->action == kinds::kStepAsked);
  CHECK(entry->step == "ask");
  CHECK(entry->target == draft.target);
  CHECK(entry->revert == "guardian");
  CHECK(entry->deadline == draft.deadline);
  CHECK(entry->outcome == "ok");
  CHECK(entry->data == draft.data);
  CHECK(entry->prev == sha256("x"));
  CHECK(entry->run == a_run().run);
  CHECK(entry->boot_id == "b0071d");
}

TEST_CASE("a draft that is no whole entry is refused") {
  const auto context = a_run();
  auto no_actor = context;
  no_actor.actor = {};
  auto no_boot = context;
  no_boot.boot_id.clear();
  auto text_data = a_draft(kinds::kRequest);
  text_data.data = "text";
  auto fraction = a_draft(kinds::kMeasured);
  fraction.data["rta"] = 1.5;
  auto long_one = a_draft(kinds::kMeasured);
  long_one.data["evidence"] = std::string(65'000, 'x');
  CHECK(seal(long_one, context, 0, {}));
  long_one.data["evidence"] = std::string(65'536, 'x');
  CHECK_FALSE(seal(a_draft(kinds::kRequest), no_actor, 0, {}));
  CHECK_FALSE(seal(a_draft(kinds::kRequest), no_boot, 0, {}));
  CHECK_FALSE(seal(a_draft(""), context, 0, {}));
  CHECK_FALSE(seal(text_data, context, 0, {}));
  CHECK_FALSE(seal(fraction, context, 0, {}));
  CHECK_FALSE(seal(a_draft(kinds::kRequest), context, kIntegerEnd, {}));
  REQUIRE_FALSE(seal(long_one, context, 0, {}));
  CHECK(seal(long_one, context, 0, {}).error().hint ==
        "put the evidence in a blob and cite its digest");
}

TEST_CASE("an entry has one spelling; everything else is refused") {
  const std::string good = *seal(a_draft(kinds::kRequest), a_run(), 0, {});
  REQUIRE(read_entry(good));
  struct Row {
    const char* name;
    std::string bytes;
  };
  for (const auto& row :
       {Row{"a blank", " " + good}, Row{"a trailing newline", good + "\n"},
        Row{"an unknown field", replaced(good, "\"v\":1", "\"v\":1,\"w\":1")},
        Row{"an unknown field of the actor", replaced(good, "\"method\"", "\"metho\"")},
        Row{"another version", replaced(good, "\"v\":1", "\"v\":2")},
        Row{"no version", replaced(good, ",\"v\":1", "")},
        Row{"no prev", replaced(good, ",\"prev\":\"" + std::string(64, '0') + "\"", "")},
        Row{"an empty field", replaced(good, "\"seq\":0", "\"seq\":0,\"step\":\"\"")},
        Row{"a null", replaced(good, "\"seq\":0", "\"seq\":0,\"step\":null")},
        Row{"a number as text", replaced(good, "\"seq\":0", "\"seq\":\"0\"")},
        Row{"a negative number", replaced(good, "\"seq\":0", "\"seq\":-1")},
        Row{"a fraction", replaced(good, "\"seq\":0", "\"seq\":0.0")},
        Row{"a time with an offset", replaced(good, "482787Z", "482787+00:00")},
        Row{"a leading zero", replaced(good, "\"mono_ns\":\"9", "\"mono_ns\":\"09")},
        Row{"a field twice", replaced(good, "\"seq\":0", "\"seq\":0,\"seq\":0")},
        Row{"an actor that is text",
            replaced(good, "{\"assurance\":\"os\",\"method\":\"uid\",\"principal\":\"unix:ana\"}",
                     "\"ana\"")},
        Row{"a list", "[]"}, Row{"nothing", ""}}) {
    CAPTURE(row.name);
    CHECK_FALSE(read_entry(row.bytes));
  }
}

TEST_CASE("the reader in one pass and the one by a whole document have one opinion") {
  auto draft = a_draft(kinds::kStepAsked, "ask");
  draft.actor = {"unix:bo", "peer", "os", "unix:ana"};
  draft.target = {"db-1", "SHA256:abc"};
  draft.deadline = draft.ts + std::chrono::minutes{5};
  draft.data = {{"say", "Löschen?\n"}, {"list", {1, -2, nullptr, true, Json::object()}}};
  const std::string whole = *seal(draft, a_run(), 3, sha256("x"));
  const std::string small = *seal(a_draft(kinds::kRequest), a_run(), 0, {});
  std::size_t taken = 0, refused = 0;
  const auto compare = [&](const std::string& bytes) {
    const auto read = read_entry(bytes);
    CAPTURE(bytes);
    REQUIRE(read.has_value() == test::read_by_document(bytes).has_value());
    if (read) REQUIRE(test::sealed_again(*read) == bytes);
    ++(read ? taken : refused);
  };
  for (const auto& good : {whole, small})
    for (std::size_t i = 0; i < good.size(); ++i) {
      compare(std::string{good}.erase(i, 1));
      compare(good.substr(0, i));
      for (const char c : std::string_view{"0 a\"\\{}[],:-\xc3"}) {
        compare(std::string{good}.insert(i, 1, c));
        auto other = good;
        other[i] = c;
        compare(other);
      }
    }
  CHECK(taken > 100);  // letters of texts are changed too
  CHECK(refused > 10'000);
}

TEST_CASE("a kind that is not known is an entry all the same") {
  CHECK(read_entry(*seal(a_draft("effect.frobnicated"), a_run(), 0, {})));
  CHECK_FALSE(kinds::known("effect.frobnicated"));
  for (const auto& kind : kinds::kAll) CHECK(kinds::known(kind.name));
}
