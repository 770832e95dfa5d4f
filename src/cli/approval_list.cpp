#include "cli/approval_list.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <limits>

#include "base/text.hpp"
#include "cli/exit.hpp"
#include "cli/start_consent.hpp"
#include "cli/terminal.hpp"
#include "cli/who.hpp"
#include "model/workspace.hpp"
#include "plan/compile.hpp"

namespace muster::cli {

namespace {

/// Good approvals count one a person, and those beyond the ones that are needed are listed too.
constexpr unsigned kAll = std::numeric_limits<unsigned>::max();

/// What is asked of a policy here: its approvals alone.
struct Asked {
  plan::Plan plan;
  consent::Question question;

  Asked(const plan::Plan& whole, std::vector<plan::Demand> demands, const consent::Question& like)
      : plan{whole}, question{plan,         like.hash, like.store, like.approvals,
                              like.starter, {},        like.now,   true} {
    plan.policy = std::move(demands);
    // A witness and a signature are not this list's business.
    for (auto& demand : plan.policy) demand.witness = demand.signed_key = false;
  }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;
  consent::Consent answer() const { return consent::consent(question); }
};

Json texts_of(const std::vector<Error>& errors) {
  Json out = Json::array();
  for (const auto& error : errors) out.push_back(to_string(error));
  return out;
}

Json json_of(const consent::Question& question, plan::Demand demand) {
  Json out{{"environment", demand.environment},
           {"need", demand.need},
           {"from", demand.from},
           {"approved", Json::array()}};
  demand.need = kAll;
  const Asked all{question.plan, {demand}, question};
  for (const auto& approval : all.answer().stands_on)
    out["approved"].push_back({{"person", approval.said.person},
                               {"at", format_utc(approval.said.at)},
                               {"until", format_utc(consent::good_until(approval, demand))},
                               {"note", approval.said.note}});
  return out;
}

/// One drill as JSON: {drill, plan, demands: [{environment, need, from, approved: [{person, at,
/// until, note}]}], missing: […], you, missing_for_you: […]}. Nobody starts it yet, so nobody's own
/// approval is left out, but in what would be missing if `you` did ("": nobody of people.yaml).
Json status_of(const plan::Plan& plan, const consent::Approvals& approvals,
               const std::string& store, const std::string& you) {
  const auto hash = hex(plan::content_hash(plan));
  consent::Question question{plan, hash, store, verified(approvals, plan, hash), {}, {}, {}, true};
  question.now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  question.starter.is_person = false;
  Json out{{"drill", plan.drill}, {"plan", hash}, {"demands", Json::array()}};
  for (const auto& demand : plan.policy)
    if (demand.need > 0) out["demands"].push_back(json_of(question, demand));
  out["missing"] = texts_of(Asked{plan, plan.policy, question}.answer().missing);
  if (you.empty()) return out;
  question.starter.person = you;
  out["you"] = you;
  out["missing_for_you"] = texts_of(Asked{plan, plan.policy, question}.answer().missing);
  return out;
}

/// "approved" is what the caller could start now.
std::string standing_of(const Json& status) {
  if (!status.at("missing").empty()) return "WAITS";
  if (status.value("missing_for_you", Json::array()).empty()) return "approved";
  return fmt::format("approved, but not for {} to start", status.at("you").get<std::string>());
}

void say_status(const Json& status) {
  say(fmt::format("{}  plan {}: {}", status.at("drill").get<std::string>(),
                  status.at("plan").get<std::string>().substr(0, 16), standing_of(status)));
  for (const auto& demand : status.at("demands")) {
    say(fmt::format("  {}: {} of {}", demand.at("environment").get<std::string>(),
                    demand.at("need").get<unsigned>(),
                    joined(demand.at("from").get<std::vector<std::string>>(), ", ")));
    for (const auto& approval : demand.at("approved"))
      say(fmt::format("    {} approved, good until {}{}", approval.at("person").get<std::string>(),
                      approval.at("until").get<std::string>().substr(0, 16) + "Z",
                      approval.at("note").get<std::string>().empty()
                          ? ""
                          : ": " + printable(approval.at("note").get<std::string>())));
  }
  // Whoever waits is told once what for.
  const char* const key = status.at("missing").empty() ? "missing_for_you" : "missing";
  for (const auto& missing : status.value(key, Json::array()))
    say("  " + missing.get<std::string>());
}

/// The plans that are meant; what is wrong with the files is printed, and `good` is false then.
std::vector<plan::Plan> plans_of(const std::filesystem::path& workspace, const std::string& drill,
                                 bool& good) {
  std::vector<plan::Plan> plans;
  if (!drill.empty()) {
    auto plan = load_plan(workspace, drill);
    good = plan.has_value();
    if (plan) plans.push_back(std::move(*plan));
    return plans;
  }
  config::Diagnostics diagnostics;
  const auto loaded = model::load_workspace(workspace, diagnostics);
  for (const auto& one : loaded.drills)
    if (auto plan = plan::compile(model::loaded_drill(loaded, one), {own_path(), geteuid() == 0},
                                  diagnostics))
      plans.push_back(std::move(*plan));
  good = diagnostics.empty();
  if (!good) fmt::print(stderr, "{}", config::render(diagnostics));
  return plans;
}

/// The person who asks, by their login; "": nobody of people.yaml.
std::string person_here(const std::filesystem::path& workspace) {
  const auto people = people_of(workspace);
  if (!people) return {};
  const std::string principal = who_am_i().principal;
  const auto* person =
      people->with_unix_user(std::string_view{principal}.substr(std::string_view{"unix:"}.size()));
  return person ? person->id : std::string{};
}

}  // namespace

int list_approvals(const std::filesystem::path& workspace, const std::string& drill, bool json) {
  bool good = true;
  const auto plans = plans_of(workspace, drill, good);
  if (!good && !drill.empty()) return kUsage;
  auto session = Session::open_to_read(workspace);
  if (!session) return complain(session.error(), kFail);
  const auto approvals = read_approvals(**session);
  if (!approvals) return complain(approvals.error(), kFail);
  const auto you = person_here(workspace);
  Json all = Json::array();
  for (const auto& plan : plans) {
    auto status = status_of(plan, *approvals, (*session)->store_id(), you);
    if (!status.at("demands").empty()) all.push_back(std::move(status));
  }
  if (json) {
    say(all.dump());
  } else {
    for (const auto& status : all) say_status(status);
    if (all.empty() && good)
      say(drill.empty() ? "No policy wants an approval here."
                        : fmt::format("No policy wants an approval of '{}'.", plans.front().drill));
  }
  return good ? kOk : kUsage;
}

}  // namespace muster::cli
