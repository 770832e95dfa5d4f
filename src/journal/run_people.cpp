#include "journal/run_people.hpp"

#include "journal/data.hpp"
#include "journal/kinds.hpp"
#include "journal/run_state.hpp"

namespace muster::journal {
namespace {

Doer doer_of(const Entry& e) {
  return {e.actor, text_in(e.data, "person"), text_in(e.data, "as"),
          text_in(e.data, "not_checked")};
}

std::string on_request(RunState& s, const Entry& e) {
  s.requests.push_back(e);
  const std::string what = text_in(e.data, "what");
  if (what == "abort" && !s.abort_why) s.abort_why = text_in(e.data, "reason");
  const auto it = s.steps.find(e.step);
  if (e.step.empty() || it == s.steps.end()) return {};
  StepState& step = it->second;
  step.acts.push_back({s.size, what, doer_of(e), text_in(e.data, "reason"), e.at, e.ts});
  // The defaults that stand in for what nobody answered: later steps go by them.
  if (what == "skip" && e.data.contains("answers") && e.data.at("answers").is_object())
    for (const auto& [name, value] : e.data.at("answers").items())
      if (value.is_string()) step.answers[name] = value.get<std::string>();
  return {};
}

std::string on_note(RunState& s, const Entry& e) {
  Note note{s.size, doer_of(e), text_in(e.data, "who"), text_in(e.data, "text"), e.step, {}, {},
            e.at,   e.ts};
  if (note.text.empty()) return "it says nothing";
  if (const auto happened = text_in(e.data, "happened"); !happened.empty())
    if (const auto when = parse_utc(happened)) note.happened = *when;
  if (e.data.contains("corrects") && e.data.at("corrects").is_number_unsigned())
    note.corrects = e.data.at("corrects").get<std::uint64_t>();
  if (e.action == kinds::kCorrection && (!note.corrects || *note.corrects >= s.size))
    return "it cites no earlier entry";
  s.notes.push_back(std::move(note));
  return {};
}

}  // namespace

std::vector<std::string> approvals_of(const StepState& step) {
  std::vector<std::string> out;
  for (const auto& act : step.acts)
    if (act.what == "approve") out.push_back(act.by.person);
  return out;
}

std::string fold_people(RunState& s, const Entry& e) {
  if (e.action == kinds::kRequest) return on_request(s, e);
  if (e.action == kinds::kNote || e.action == kinds::kCorrection) return on_note(s, e);
  Tenure tenure{s.size,
                text_in(e.data, "role"),
                text_in(e.data, "holder"),
                text_in(e.data, "deputy"),
                text_in(e.data, "before"),
                text_in(e.data, "how"),
                text_in(e.data, "reason"),
                doer_of(e),
                e.at,
                e.ts};
  if (tenure.role.empty() || tenure.holder.empty()) return "it lacks role or holder";
  s.tenures.push_back(std::move(tenure));
  return {};
}

}  // namespace muster::journal
