// A whole log. Each line is an entry as a store gave it; a line `ACTION STEP EFFECT DATA` is sealed
// first, so that what is well-formed and makes no sense is folded too. A fold that refuses an entry
// has not changed, and what is exported of one is one line.
#include <algorithm>

#include "base/text.hpp"
#include "journal/checkpoint_log.hpp"
#include "journal/lines.hpp"
#include "journal/run_state.hpp"
#include "journal/verify.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/journal/records.hpp"

namespace muster::fuzz {
namespace {

std::string next_word(std::string_view& rest) {
  const auto blank = std::min(rest.find(' '), rest.size());
  std::string found{rest.substr(0, blank)};
  rest.remove_prefix(std::min(blank + 1, rest.size()));
  return found == "-" ? "" : found;
}

std::string sealed(std::string_view line, std::uint64_t seq, const Digest& prev) {
  journal::Draft draft = muster::test::a_draft(next_word(line));
  draft.step = next_word(line);
  draft.intent_ref = next_word(line);
  if (auto data = parse_json(line)) draft.data = *std::move(data);
  const auto bytes = journal::seal(draft, muster::test::a_run(), seq, prev);
  return bytes ? *bytes : std::string{line};
}

void promise_one_line(const journal::Entry& entry, std::string_view bytes) {
  const auto line = journal::syslog_line("run/1", entry, bytes, "host");
  promise(std::count(line.begin(), line.end(), '\n') == 1, "more than one line of syslog");
  journal::csv_line("run/1", entry, journal::leaf_hash(bytes));
}

}  // namespace

void record(std::string_view bytes) {
  journal::Verifier verifier{muster::test::a_run().run};
  journal::RunState state;
  journal::CheckpointLog checkpoints;
  Digest prev;
  std::uint64_t seq = 0;
  for (const auto& line : split(bytes, '\n')) {
    if (seq == 200) break;
    const auto stored = line.starts_with('{') ? line : sealed(line, seq, prev);
    prev = journal::leaf_hash(stored);
    ++seq;
    const auto entry = verifier.add(stored);
    if (!entry) continue;
    const auto size = state.size;
    const auto folded = journal::apply(state, *entry);
    promise(state.size == size + (folded ? 1 : 0), "a refused entry was counted");
    checkpoints.add(*entry);
    promise_one_line(*entry, stored);
  }
  const auto verified = verifier.finish();
  promise(verified.size == seq, "the verifier has lost an entry");
  promise(verified.intact() == verified.findings.empty(), "findings that are not told");
  for (const auto& finding : verified.findings) promise_printable(finding.text, "a finding");
}

}  // namespace muster::fuzz
