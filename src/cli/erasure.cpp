#include "cli/erasure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "cli/desk.hpp"
#include "cli/entries.hpp"
#include "cli/person_key.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "plan/plan.hpp"
#include "plan/redaction.hpp"

namespace muster::cli {

namespace kinds = journal::kinds;

namespace {

using Persons = std::map<Digest, journal::Person>;

/// A row that stands from the declaration until nothing is left over in the file.
const std::string kUnfinished = "erasure.unfinished";

struct PlanRead {
  Digest name{};  ///< of the blob as it is now
  Json json;
};

/// All that the record holds, as far as it names people.
struct Holdings {
  Persons all;
  std::map<std::string, std::set<Digest>> by_run;        ///< who is named in a run's log
  std::map<std::string, std::optional<Digest>> plan_of;  ///< a run's plan, as it was opened
  std::map<Digest, PlanRead> plans;                      ///< by the hash of the plan as it was
  std::map<std::string, std::string> token_of;           ///< principal of a token -> of its person
};

void add_entry(Holdings& into, const journal::Recorded& recorded, const std::string& run) {
  journal::each_commitment(recorded.bytes, [&](std::size_t, const Digest& commitment) {
    const auto* found = recorded.persons ? recorded.persons->find(commitment) : nullptr;
    if (!found || found->is != journal::Persons::Is::known) return;
    into.all.emplace(commitment, found->person);
    if (!run.empty()) into.by_run[run].insert(commitment);
  });
  const auto entry = journal::read_entry(recorded);
  if (!entry) return;
  if (!entry->actor.on_behalf_of.empty())
    into.token_of.emplace(entry->actor.principal, entry->actor.on_behalf_of);
  if (run.empty() || entry->action != kinds::kRunOpened || !entry->data.contains("plan")) return;
  const auto& plan = entry->data.at("plan");
  if (plan.is_string()) into.plan_of[run] = digest_from_hex(plan.get<std::string>());
}

Result<> read_plan(Session& session, Holdings& into, const Digest& plan,
                   const journal::ErasureLog& erasures) {
  if (into.plans.contains(plan)) return {};
  const auto name = erasures.instead_of(plan);
  const auto bytes =
      session.wait<std::string>([&](auto done) { session.store().blob(name, std::move(done)); });
  if (!bytes) return {};  // a run of before, whose blob is gone: it names nobody any more
  auto json = parse_json(*bytes);
  if (!json) return json.error();
  into.plans[plan] = {name, std::move(*json)};
  return {};
}

Result<Holdings> holdings(Session& session, const WorkspaceTrail& trail) {
  Holdings out;
  const auto read = [&](const ports::LogId& log, const std::string& run) {
    return each_entry(session, log, [&](const auto& recorded) { add_entry(out, recorded, run); });
  };
  if (const auto size = read(journal::kWorkspaceLog, ""); !size) return size.error();
  for (const auto& row : trail.runs) {
    if (row.pruned && row.pruned->whole) continue;
    if (const auto size = read(journal::run_log(row.run), row.run); !size) return size.error();
  }
  for (const auto& [run, plan] : out.plan_of)
    if (plan)
      if (const auto added = read_plan(session, out, *plan, trail.erasures); !added)
        return added.error();
  return out;
}

/// The people that one plan, or people.yaml, tells of.
struct Somebody {
  std::string id, name, unix_user;
  bool operator<(const Somebody& o) const {
    return std::tie(id, name, unix_user) < std::tie(o.id, o.name, o.unix_user);
  }
  std::string principal() const { return unix_user.empty() ? "" : "unix:" + unix_user; }
  bool is_called(const std::string& called) const {
    return called == id || called == "person:" + id || called == name ||
           (!unix_user.empty() && called == principal());
  }
};

std::set<Somebody> everybody(Session& session, const Holdings& in) {
  std::set<Somebody> out;
  for (const auto& [plan, read] : in.plans)
    if (const auto p = plan::plan_from_json(read.json))
      for (const auto* list : {&p->people, &p->approvers})
        for (const auto& one : *list) out.insert({one.id, one.name, one.unix_user});
  // The files may be broken, or tell of nobody any more: the record is what counts.
  if (const auto people = people_of(session.workspace()))
    for (const auto& one : people->persons) out.insert({one.id, one.name, one.unix_user});
  return out;
}

void add_names(Called& who, const Somebody& one) {
  who.id = one.id;
  for (const auto& name : {one.id, "person:" + one.id, one.name, one.principal(), one.unix_user})
    if (!name.empty()) who.names.insert(name);
}

Result<Called> who_is(const std::string& name, const std::set<Somebody>& people,
                      const Holdings& in) {
  Called who;
  std::set<std::string> ids;
  const bool is_id =
      std::any_of(people.begin(), people.end(), [&](const auto& one) { return one.id == name; });
  for (const auto& one : people) {
    if (is_id ? one.id != name : !one.is_called(name)) continue;
    ids.insert(one.id);
    add_names(who, one);
  }
  if (ids.size() > 1)
    return Error{fmt::format("'{}' is the name of {}", name,
                             joined(std::vector<std::string>(ids.begin(), ids.end()), " and ")),
                 "give the id of one of them"};
  who.names.insert(name);
  const auto colon = name.find(':');
  if (colon != std::string::npos) who.names.insert(name.substr(colon + 1));
  // Somebody of whom only the operating system knew.
  if (ids.empty() && colon == std::string::npos) who.names.insert("unix:" + name);
  for (const auto& [token, person] : in.token_of)
    if (who.names.contains(person)) who.names.insert(token);
  who.names.erase("root");  // "unix:root" may be a person; the word is nobody's name
  return who;
}

bool names(const journal::Person& person, const Called& who) {
  if (who.names.contains(person.value)) return true;
  return person.is_text && std::any_of(who.names.begin(), who.names.end(), [&](const auto& name) {
           return has_word(person.value, name);
         });
}

/// Each name of theirs, the longest first, and what is read instead.
plan::Instead instead_of(const Called& who, const Persons& persons, const Digest& otherwise) {
  plan::Instead out;
  for (const auto& name : who.names) {
    Digest commitment = otherwise;
    for (const auto& [one, person] : persons)
      if (person.value == name) commitment = one;
    out.emplace_back(name, journal::erased(commitment));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  return out;
}

/// Of their names the one that plans use most: the id's, if there is one.
Digest otherwise(const Called& who, const Persons& persons) {
  for (const auto& [commitment, person] : persons)
    if (person.value == who.id) return commitment;
  if (!persons.empty()) return persons.begin()->first;
  return journal::commitment_of({journal::system_salts()(), who.id, false});
}

Result<> redact(PreparedErasure& erasure, const Holdings& in, std::set<Digest>& changed) {
  const auto instead =
      instead_of(erasure.who, erasure.persons, otherwise(erasure.who, erasure.persons));
  for (const auto& [plan, read] : in.plans) {
    const auto without = plan::redacted(read.json, erasure.who.id, instead);
    if (!without) return without.error();
    if (*without == read.json) continue;
    auto bytes = canonical_json(*without);
    if (!bytes) return bytes.error();
    changed.insert(plan);
    const auto known = [&](const auto& one) { return one.plan == read.name; };
    if (std::any_of(erasure.plans.begin(), erasure.plans.end(), known)) continue;
    erasure.plans.push_back({read.name, sha256(*bytes)});
    erasure.redacted.push_back(std::move(*bytes));
  }
  return {};
}

/// The runs that name them; an error when one of these must stay as it is.
Result<> check_runs(PreparedErasure& erasure, const WorkspaceTrail& trail, const Holdings& in,
                    const std::set<Digest>& changed) {
  for (const auto& row : trail.runs) {
    const auto plan = in.plan_of.find(row.run);
    bool is_named = plan != in.plan_of.end() && plan->second && changed.contains(*plan->second);
    if (const auto it = in.by_run.find(row.run); it != in.by_run.end())
      is_named = is_named || std::any_of(it->second.begin(), it->second.end(), [&](const auto& c) {
                   return erasure.persons.contains(c);
                 });
    if (!is_named) continue;
    erasure.runs.push_back(row.run);
    if (row.needs_recovery())
      return Error{fmt::format("run {} names them, and {}", row.run,
                               row.closed ? "is not proven undone" : "is not over"),
                   "`muster recover` first: who must be called stands in its record"};
    if (const auto* hold = trail.retention.hold_on(row.run))
      return Error{fmt::format("run {} names them, and is under a legal hold since {}: {}", row.run,
                               format_utc(hold->since).substr(0, 10), printable(hold->reason)),
                   "`muster audit release` ends it, by who may"};
  }
  return {};
}

Result<> add_pending(Session& session, PreparedErasure& into, const Holdings& in,
                     const journal::ErasureLog& erasures) {
  const auto rows = session.wait<std::vector<ports::Row>>(
      [&](auto done) { session.store().scan(kUnfinished, "", 1, std::move(done)); });
  if (!rows) return rows.error();
  into.unfinished = !rows->empty();
  for (const auto& [commitment, person] : in.all)
    if (erasures.of(commitment)) into.pending.emplace(commitment, person);
  for (const auto& erasure : erasures.all())
    for (const auto& one : erasure.plans) {
      const auto bytes = session.wait<std::string>(
          [&](auto done) { session.store().blob(one.plan, std::move(done)); });
      if (bytes) into.pending_plans.push_back(one.plan);
    }
  return {};
}

Result<> declare(Session& session, Desk& desk, const PreparedErasure& erasure,
                 const std::string& reason) {
  for (const auto& bytes : erasure.redacted) {
    const auto kept =
        session.wait<Digest>([&](auto done) { session.store().put_blob(bytes, std::move(done)); });
    if (!kept) return kept.error();
  }
  journal::PersonErasure declared;
  for (const auto& [commitment, person] : erasure.persons)
    declared.commitments.push_back(commitment);
  declared.plans = erasure.plans;
  declared.reason = reason;
  for (auto& data : journal::erasure_data(declared))
    if (const auto noted = desk.note(kinds::kPersonErased, std::move(data), {kUnfinished, "1"});
        !noted)
      return noted;
  return {};
}

/// Nothing is removed before its declaration is signed, whoever wrote it and when: an unsigned one
/// is one that anybody could have written.
Result<> declare_and_sign(Session& session, const PreparedErasure& erasure,
                          const std::string& reason) {
  const auto desk = Desk::open(session);
  if (!desk) return desk.error();
  // First, so that a record that cannot be signed declares nothing either.
  if (const auto can = (*desk)->sign(); !can) return can;
  if (erasure.is_news())
    if (const auto declared = declare(session, **desk, erasure, reason); !declared) return declared;
  return (*desk)->sign_and_tell();
}

}  // namespace

Result<PreparedErasure> prepare_erasure(Session& session, const WorkspaceTrail& trail,
                                        const std::string& name) {
  const auto in = holdings(session, trail);
  if (!in) return in.error();
  auto who = who_is(name, everybody(session, *in), *in);
  if (!who) return who.error();
  PreparedErasure out;
  out.who = std::move(*who);
  if (const auto added = add_pending(session, out, *in, trail.erasures); !added)
    return added.error();
  for (const auto& [commitment, person] : in->all)
    if (!trail.erasures.of(commitment) && names(person, out.who))
      out.persons.emplace(commitment, person);
  std::set<Digest> changed;
  if (const auto done = redact(out, *in, changed); !done) return done.error();
  if (const auto may = check_runs(out, trail, *in, changed); !may) return may.error();
  return out;
}

Result<> erase_person(Session& session, const PreparedErasure& erasure, const std::string& reason) {
  // Else all rows are gone already, and the file alone is written anew.
  if (erasure.is_news() || !erasure.pending.empty() || !erasure.pending_plans.empty())
    if (const auto may = declare_and_sign(session, erasure, reason); !may) return may;
  ports::Erasure what;
  for (const auto* persons : {&erasure.persons, &erasure.pending})
    for (const auto& [commitment, person] : *persons)
      for (auto& row : journal::rows_of(person)) what.rows.push_back(std::move(row));
  for (const auto& one : erasure.plans) what.blobs.push_back(one.plan);
  what.blobs.insert(what.blobs.end(), erasure.pending_plans.begin(), erasure.pending_plans.end());
  what.thorough = true;
  const auto erase = [&](const ports::Erasure& these) {
    return session.wait<void>([&](auto done) { session.store().erase(these, std::move(done)); });
  };
  if (const auto erased = erase(what); !erased) return erased;
  ports::Erasure finished;
  finished.rows = {kUnfinished};
  return erase(finished);
}

}  // namespace muster::cli
