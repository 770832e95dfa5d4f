#include "journal/retention.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "journal/data.hpp"
#include "journal/kinds.hpp"

namespace muster::journal {
namespace {

std::optional<TreeHead> head_in(const Json& data) {
  const auto root = digest_from_hex(text_in(data, "root"));
  if (!root || !data.contains("size") || !data.at("size").is_number_unsigned()) return std::nullopt;
  return TreeHead{data.at("size").get<std::uint64_t>(), *root};
}

}  // namespace

std::string describe(const Pruned& p) {
  return fmt::format("removed on {} under the rule `{}` by {}; it had {} entries, root {}",
                     format_utc(p.at).substr(0, 10), printable(p.rule), printable(p.by),
                     p.head.size, hex(p.head.root));
}

std::optional<Pruned> read_pruned(const Entry& entry) {
  const auto head = head_in(entry.data);
  const auto what = text_in(entry.data, "what");
  const auto run = text_in(entry.data, "run");
  if (!head || run.empty() || (what != "run" && what != "samples")) return std::nullopt;
  return Pruned{
      entry.seq, run, what == "run", text_in(entry.data, "rule"), *head, entry.actor.principal,
      entry.ts};
}

Json pruned_data(const Pruned& p, std::size_t blobs) {
  return Json{{"what", p.whole ? "run" : "samples"},
              {"run", p.run},
              {"rule", p.rule},
              {"size", p.head.size},
              {"root", hex(p.head.root)},
              {"blobs", blobs}};
}

Json legal_hold_data(const std::string& run, const std::string& drill, const std::string& reason) {
  Json data{{"reason", reason}};
  if (!run.empty()) data["run"] = run;
  if (!drill.empty()) data["drill"] = drill;
  return data;
}

void RetentionLog::add(const Entry& entry) {
  if (entry.action == kinds::kRunOpened) runs_[entry.run].drill = entry.drill;
  if (entry.action == kinds::kRunClosed) close(entry);
  if (entry.action == kinds::kLegalHoldPlaced)
    holds_.push_back({entry.seq, text_in(entry.data, "run"), text_in(entry.data, "drill"),
                      text_in(entry.data, "reason"), entry.actor.principal, entry.ts});
  if (entry.action == kinds::kLegalHoldReleased) release(entry);
  if (entry.action == kinds::kRecordPruned) prune(entry);
}

void RetentionLog::close(const Entry& entry) {
  auto& run = runs_[entry.run];
  run.closed = true;
  run.closed_at = entry.ts;
  run.result = entry.outcome;
  run.state = text_in(entry.data, "state");
  run.head = head_in(entry.data);
}

void RetentionLog::release(const Entry& entry) {
  const auto run = text_in(entry.data, "run"), drill = text_in(entry.data, "drill");
  std::erase_if(holds_, [&](const auto& h) { return h.run == run && h.drill == drill; });
}

void RetentionLog::prune(const Entry& entry) {
  const auto pruned = read_pruned(entry);
  if (!pruned) return problems_.push_back({entry.seq, {}, "a removal that cannot be read"});
  const auto wrong = [&](const std::string& why) {
    problems_.push_back({entry.seq, pruned->run,
                         fmt::format("the {} of run {} went by workspace entry {}, {}",
                                     pruned->whole ? "record" : "samples", printable(pruned->run),
                                     entry.seq, why)});
  };
  const auto run = runs_.find(pruned->run);
  if (run == runs_.end()) return wrong("and no such run was ever opened");
  if (const auto* hold = hold_on(pruned->run))
    wrong(fmt::format("though a legal hold kept it (entry {}: {})", hold->seq,
                      printable(hold->reason)));
  if (!run->second.closed || run->second.state == "dirty")
    wrong("while it was open, or not proven undone");
  if (run->second.head && *run->second.head != pruned->head)
    wrong("which says another size or root than run.closed did");
  auto& known = pruned_[pruned->run];
  if (!known.whole) known = *pruned;
}

const LegalHold* RetentionLog::hold_on(const std::string& run) const {
  const auto known = runs_.find(run);
  const auto it = std::find_if(holds_.begin(), holds_.end(), [&](const auto& h) {
    return h.run == run ||
           (known != runs_.end() && h.run.empty() && h.drill == known->second.drill);
  });
  return it == holds_.end() ? nullptr : &*it;
}

const LegalHold* RetentionLog::placed(const std::string& run, const std::string& drill) const {
  const auto it = std::find_if(holds_.begin(), holds_.end(),
                               [&](const auto& h) { return h.run == run && h.drill == drill; });
  return it == holds_.end() ? nullptr : &*it;
}

const Pruned* RetentionLog::pruned(const std::string& run) const {
  const auto it = pruned_.find(run);
  return it == pruned_.end() ? nullptr : &it->second;
}

}  // namespace muster::journal
