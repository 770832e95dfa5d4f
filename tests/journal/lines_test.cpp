#include "journal/lines.hpp"

#include "tests/catch.hpp"
#include "tests/journal/records.hpp"

using namespace muster;
using namespace muster::journal;

namespace {

Entry with_step(const std::string& step) {
  return *read_entry(*seal(test::a_draft(kinds::kNote, step), test::a_run(), 3, Digest{}));
}

}  // namespace

TEST_CASE("no field of the table begins with a formula, and quotes are doubled") {
  struct Row {
    const char* step;
    const char* field;
  };
  for (const auto& row : {Row{"plain", "\"plain\""}, Row{"say \"hi\"", "\"say \"\"hi\"\"\""},
                          Row{"=1+1", "\"'=1+1\""}, Row{"+1", "\"'+1\""}, Row{"-1", "\"'-1\""},
                          Row{"@x", "\"'@x\""}, Row{"\t=1", "\"'\t=1\""}, Row{"a,b", "\"a,b\""}}) {
    CAPTURE(row.step);
    const auto line = csv_line("run/1", with_step(row.step), Digest{});
    CHECK(line.find(std::string{","} + row.field + ",") != std::string::npos);
    CHECK(line.starts_with("\"run/1\",3,"));
    CHECK(line.ends_with("\"\r\n"));
  }
  CHECK(csv_header().starts_with("log,seq,"));
}

TEST_CASE("a syslog line is RFC 5424, and its message is what was hashed") {
  const auto bytes = *seal(test::a_draft(kinds::kNote), test::a_run(), 3, Digest{});
  const auto entry = *read_entry(bytes);
  const auto line = syslog_line("run/\"]\\", entry, bytes, "ctrl-1");
  CHECK(line.starts_with("<109>1 " + format_utc(entry.ts) +
                         " ctrl-1 muster - note [muster@32473 "
                         "log=\"run/\\\"\\]\\\\\" seq=\"3\" leaf=\"" +
                         hex(ports::leaf_hash(bytes)) + "\"] "));
  CHECK(line.ends_with("] " + bytes + "\n"));
  CHECK(syslog_line("workspace", entry, bytes, "").find(" - muster - note ") != std::string::npos);
}

TEST_CASE("an entry of a strange kind, in a log of a strange name, is one syslog line") {
  const auto bytes = *seal(test::a_draft("a b\n<13>1 c\xc3\xa4"), test::a_run(), 3, Digest{});
  const auto line = syslog_line("run/\n<13>1 d", *read_entry(bytes), bytes, "");
  CHECK(line.find('\n') == line.size() - 1);
  CHECK(line.find(" muster - a?b?<13>1?c?? [muster@32473 log=\"run/?<13>1 d\" ") !=
        std::string::npos);
}
