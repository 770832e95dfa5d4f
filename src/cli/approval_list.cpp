#include "cli/approval_list.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "base/text.hpp"
#include "cli/exit.hpp"
#include "cli/start_consent.hpp"
#include "cli/terminal.hpp"
#include "model/workspace.hpp"
#include "plan/compile.hpp"

namespace muster::cli {

namespace {

/// One drill as JSON: {drill, plan, demands: [{environment, need, from, approved: [{person, at,
/// until, note}]}], missing: […]}. Nobody starts it yet, so nobody's own approval is left out.
Json status_of(const plan::Plan& plan, const consent::Approvals& approvals,
               const std::string& store) {
  const auto hash = hex(plan::content_hash(plan));
  consent::Question question{plan, hash, store, verified(approvals, plan, hash), {}, {}, {}, true};
  question.now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  question.starter.is_person = false;
  Json out{{"drill", plan.drill},
           {"plan", hash},
           {"demands", Json::array()},
           {"missing", Json::array()}};
  plan::Plan only_approvals = plan;  // a witness and a signature are not this list's business
  for (auto& demand : only_approvals.policy) demand.witness = demand.signed_key = false;
  for (const auto& demand : only_approvals.policy) {
    if (demand.need == 0) continue;
    Json j{{"environment", demand.environment},
           {"need", demand.need},
           {"from", demand.from},
           {"approved", Json::array()}};
    plan::Plan one = only_approvals;
    one.policy = {demand};
    const consent::Question of_one{one, hash,         store, question.approvals, question.starter,
                                   {},  question.now, true};
    const auto found = consent::consent(of_one);
    for (const auto& approval : found.stands_on)
      j["approved"].push_back({{"person", approval.said.person},
                               {"at", format_utc(approval.said.at)},
                               {"until", format_utc(consent::good_until(approval, demand))},
                               {"note", approval.said.note}});
    for (const auto& error : found.missing) out["missing"].push_back(to_string(error));
    out["demands"].push_back(std::move(j));
  }
  return out;
}

void say_status(const Json& status) {
  say(fmt::format("{}  plan {}: {}", status.at("drill").get<std::string>(),
                  status.at("plan").get<std::string>().substr(0, 16),
                  status.at("missing").empty() ? "approved" : "WAITS"));
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
  for (const auto& missing : status.at("missing")) say("  " + missing.get<std::string>());
}

}  // namespace

int list_approvals(const std::filesystem::path& workspace, const std::string& drill, bool json) {
  config::Diagnostics diagnostics;
  const auto loaded = model::load_workspace(workspace, diagnostics);
  auto session = Session::open_to_read(workspace);
  if (!session) return complain(session.error(), kFail);
  const auto approvals = read_approvals(**session);
  if (!approvals) return complain(approvals.error(), kFail);
  Json all = Json::array();
  for (const auto& one : loaded.drills) {
    if (!drill.empty() && *one.name != drill) continue;
    const auto plan =
        plan::compile(model::loaded_drill(loaded, one), {own_path(), geteuid() == 0}, diagnostics);
    if (!plan) continue;
    auto status = status_of(*plan, *approvals, (*session)->store_id());
    if (!status.at("demands").empty()) all.push_back(std::move(status));
  }
  if (json) {
    say(all.dump());
  } else {
    if (all.empty()) say("No policy wants an approval here.");
    for (const auto& status : all) say_status(status);
  }
  if (diagnostics.empty()) return kOk;
  fmt::print(stderr, "{}", config::render(diagnostics));
  return kUsage;
}

}  // namespace muster::cli
