#include "report/edition.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "journal/kinds.hpp"
#include "report/edition_plan.hpp"

namespace muster::report {
namespace {

namespace kinds = journal::kinds;

constexpr std::array<std::string_view, 3> kWords{"full", "participant", "redacted"};

/// Texts in the data of entries that Muster itself wrote, in words of its own: figures, words of
/// fixed lists, digests, ids, points of backups.
constexpr std::array kOwn{"plan",
                          "muster",
                          "blob",
                          "sha256",
                          "script",
                          "service",
                          "step",
                          "kind",
                          "case",
                          "objective",
                          "met",
                          "state",
                          "word",
                          "what",
                          "as",
                          "how",
                          "role",
                          "mark",
                          "phase",
                          "healed_by",
                          "label",
                          "asked_for",
                          "lsn",
                          "control",
                          "level",
                          "is",
                          "taken_at",
                          "point",
                          "cutoff",
                          "lo",
                          "hi",
                          "p50",
                          "p95",
                          "p99",
                          "max",
                          "sent",
                          "done",
                          "limit",
                          "offset_lo",
                          "offset_hi",
                          "settling_every",
                          "started_ns",
                          "tool_exited_ns",
                          "accepts_ns",
                          "target_reached_ns",
                          "validated_ns",
                          "given",
                          "until",
                          "happened",
                          "happened_ns",
                          "max_duration",
                          "title",
                          "name",
                          "since",
                          "of",
                          "wanted",
                          "type",
                          "alert",
                          "source",
                          "started",
                          "noticed",
                          "detected",
                          "by"};
/// What people wrote.
constexpr std::array kPeoples{"reason", "text", "say", "not_checked"};
/// Left out whole: what a host told about itself, and how it was asked.
constexpr std::array kMachines{"facts", "values", "commands", "labels"};

template <class List>
bool in(const List& list, std::string_view key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

/// How reasons of a verdict begin whose first part is the name of what they are about.
constexpr std::array<std::string_view, 11> kReasons{"held: ",
                                                    "did not hold: ",
                                                    "not evaluated: ",
                                                    "step failed: ",
                                                    "unknown: ",
                                                    "fault not proven: ",
                                                    "expected outage not seen: ",
                                                    "negative control passed: ",
                                                    "undeclared outage: ",
                                                    "not proven undone: ",
                                                    "differs from before: "};
/// Reasons that are Muster's own words from begin to end.
constexpr std::array<std::string_view, 2> kSentences{"nothing was judged: the drill has",
                                                     "a service was not up at the end of its"};
/// What a person said, or a guardrail.
constexpr std::string_view kStopped = "stopped: ";
constexpr std::array<std::string_view, 7> kFigures{
    "rto: ", "rpo: ", "lost_writes: ", "restore: ", "data_age: ", "mtpd: ", "detect: "};

template <class List>
const std::string_view* begins_with(const List& list, std::string_view said) {
  for (const auto& prefix : list)
    if (said.starts_with(prefix)) return &prefix;
  return nullptr;
}

struct Editor {
  const Names& names;
  const plan::Plan& plan;
  bool words;  // people's own words stay

  /// Of an objective: a figure against a limit, all of it Muster's own words.
  bool is_figure(std::string_view reason) const {
    const auto is_of = [&](const std::string& name) {
      const bool fits = !name.empty() && reason.starts_with(name + ": ");
      if (fits) reason.remove_prefix(name.size() + 2);
      return fits;
    };
    if (std::none_of(plan.services.begin(), plan.services.end(),
                     [&](const auto& service) { return is_of(service.name); }))
      (void)std::any_of(plan.detections.begin(), plan.detections.end(),
                        [&](const auto& detection) { return is_of(detection.alert); });
    return begins_with(kFigures, reason) != nullptr;
  }

  /// The name of what it is about stays; the why behind it may be a machine's or a person's words.
  std::string reason(const std::string& said) const {
    if (const auto* prefix = begins_with(kReasons, said)) {
      const std::string rest = said.substr(prefix->size());
      const auto end = std::min(rest.find(" ("), rest.find(": "));
      const std::string kept = std::string{*prefix} + names.text(rest.substr(0, end));
      return end == rest.npos ? kept : kept + " " + std::string{kLeftOut};
    }
    if (said.starts_with(kStopped))
      return std::string{kStopped} +
             (words ? names.text(said.substr(kStopped.size())) : std::string{kLeftOut});
    if (is_figure(said) || begins_with(kSentences, said)) return names.text(said);
    return std::string{kLeftOut};
  }

  Json text(const std::string& key, const std::string& said, std::string_view action) const {
    if (key == "at" || names.is_host(said)) return names.host(said);
    if (key == "reasons") return reason(said);
    // What was measured against a limit is told in Muster's own words.
    if (action == kinds::kMeasured && (key == "reason" || key == "estimate" || key == "text"))
      return names.text(said);
    if (in(kPersonKeys, key)) return names.person(said);
    if (in(kOwn, key)) return names.text(said);
    if (words && (in(kPeoples, key) || key == "answers")) return names.text(said);
    return kLeftOut;
  }

  Json data(const std::string& key, const Json& j, std::string_view action) const {
    if (j.is_string()) return text(key, j.get_ref<const std::string&>(), action);
    if (j.is_array()) {
      Json out = Json::array();
      for (const auto& one : j) out.push_back(data(key, one, action));
      return out;
    }
    if (!j.is_object()) return j;
    Json out = Json::object();
    for (const auto& [inner, value] : j.items()) {
      if (in(kMachines, inner)) {
        out[inner] = value.is_array() ? Json::array() : Json::object();
        continue;
      }
      // The values under `answers` are people's, whatever their names are.
      const bool answer =
          key == "answers" && value.is_string() && inner != "name" && inner != "type";
      // Other keys are the program's own, or slots': they are no names, even where they read so.
      out[key == "answers" ? names.text(inner) : inner] = data(answer ? key : inner, value, action);
    }
    return out;
  }

  journal::Entry entry(const journal::Entry& e) const {
    journal::Entry out = e;
    out.actor.principal = names.person(e.actor.principal);
    out.actor.on_behalf_of = names.person(e.actor.on_behalf_of);
    out.drill = names.text(e.drill);
    out.step = names.text(e.step);
    out.target = {names.host(e.target.host), ""};
    out.boot_id.clear();
    out.revert.clear();
    out.data = data("", e.data, e.action);
    if (e.action == kinds::kRunOpened && out.data.is_object())
      for (const auto* key : {"why", "change", "store", "workspace"}) out.data.erase(key);
    return out;
  }
};

}  // namespace

std::string_view name_of(Edition edition) {
  return kWords[static_cast<std::size_t>(edition)];
}

std::optional<Edition> edition_from(std::string_view word) {
  const auto at = std::find(kWords.begin(), kWords.end(), word);
  if (at == kWords.end()) return std::nullopt;
  return static_cast<Edition>(at - kWords.begin());
}

std::string_view left_out_of(Edition edition) {
  if (edition == Edition::participant)
    return "Addresses, commands, outputs, evidence and what hosts told about themselves are left "
           "out.";
  if (edition == Edition::redacted)
    return "Names of people and hosts are replaced; addresses, commands, outputs, evidence and "
           "people's own words are left out. Verdict, times, objectives and counts are those of "
           "the record.";
  return {};
}

Result<Record> for_edition(const Record& record, Edition edition) {
  if (edition == Edition::full) return record;
  const bool outside = edition == Edition::redacted;
  const Names names{record, outside};
  const Editor editor{names, record.plan, !outside};
  Record out;
  out.edition = edition;
  out.muster = record.muster;
  out.plan = plan_for(record.plan, names, !outside);
  for (const auto& e : record.entries) {
    out.entries.push_back(editor.entry(e));
    if (auto applied = journal::apply(out.state, out.entries.back()); !applied)
      return applied.error();
  }
  for (const auto& [service, samples] : record.samples) {
    auto& all = out.samples[service] = samples;
    for (auto& s : all) s.why.clear();
  }
  out.verified = record.verified;
  for (auto& f : out.verified.findings) f.text = names.text(f.text);
  return out;
}

}  // namespace muster::report
