// What monitoring and people say about the fault of the runs that go on here.
#include <memory>

#include "api/alert_payload.hpp"
#include "api/fields.hpp"
#include "api/routes.hpp"

namespace muster::api {
namespace {

using What = engine::Request::What;

/// The answers of all runs, until the last one has come.
struct Round {
  Api::Done done;
  std::size_t left = 0;
  Json taken = Json::array();
  Json refused = Json::object();

  void end() { done(json_response(202, {{"taken", taken}, {"refused", refused}})); }
};

/// To every run: each knows by itself which alerts are its own. That no run goes on is no error:
/// monitoring sends at any time.
void to_all(Call call, Result<std::vector<engine::Alert>> alerts) {
  if (!alerts) return call.done(error_response(400, alerts.error()));
  auto round = std::make_shared<Round>();
  round->done = std::move(call.done);
  const auto live = call.host.live();
  round->left = live.size();
  if (live.empty()) return round->end();
  engine::Request request;
  request.what = What::alerts;
  request.actor = actor_of(call.principal);
  request.alerts = std::move(*alerts);
  for (const auto& run : live)
    run.request(request, [round, id = run.run](const std::string& refused) {
      if (refused.empty())
        round->taken.push_back(id);
      else
        round->refused[id] = refused;
      if (--round->left == 0) round->end();
    });
}

}  // namespace

void alertmanager(Call call) {
  auto alerts = alerts_of_alertmanager(call.request.body);
  to_all(std::move(call), std::move(alerts));
}

void pagerduty(Call call) {
  auto alerts = alerts_of_pagerduty(call.request.body);
  to_all(std::move(call), std::move(alerts));
}

void detected(Call call) {
  Fields fields = call.fields();
  engine::Request request;
  request.what = What::detected;
  request.text = fields.text("text");
  if (auto alert = fields.text("alert"); !alert.empty()) {
    request.alerts.emplace_back();
    request.alerts.back().name = std::move(alert);
  }
  read_when(fields, request);
  hand_over(call, std::move(request), fields.problem());
}

}  // namespace muster::api
