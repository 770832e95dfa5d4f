#include "api/routes.hpp"

#include <array>

#include "api/alert_payload.hpp"

namespace muster::api {
namespace {

using Is = Field::Is;
using L = Limits;

constexpr Field kReason{"reason", Is::text, "why, for the record", false, L::kReasonBytesMax};
constexpr Field kOwedReason{"reason", Is::text, "why, for the record", true, L::kReasonBytesMax};
constexpr Field kStandIn{"as_stand_in", Is::flag,
                         "who asks steps in for whoever is asked, and owes a reason"};

constexpr std::array kWhy{kReason};
constexpr std::array kOwedWhy{kOwedReason};
constexpr std::array kOfStep{kReason, kStandIn};
constexpr std::array kOwedOfStep{kOwedReason, kStandIn};
constexpr std::array kStepAnswers{
    Field{"answers", Is::texts,
          "what the step asks for, by name; what has a default may be left out"},
    kReason, kStandIn};
constexpr std::array kGone{kReason,
                           Field{"wiped", Is::flag, "what was restored to its disk is destroyed"}};
constexpr std::array kHand{
    Field{"to", Is::text, "the id of a person of this drill", true, L::kNameBytesMax}, kReason};
constexpr std::array kNote{
    Field{"text", Is::text, "the note", false, L::kNoteBytesMax},
    Field{"step", Is::text, "the step that it is about", false, L::kNameBytesMax},
    Field{"who", Is::text, "who did it, if not who asks", false, L::kNameBytesMax},
    Field{"at", Is::text, "so long ago (`-3m`), or a time (RFC 3339)", false, L::kNameBytesMax},
    Field{"corrects", Is::number, "the number of an entry that it sets right"}};
constexpr std::array kPage{
    Field{"from", Is::number, "the number of the first entry; 0 when it is left out"},
    Field{"bytes", Is::number, "at most so many, but at least one entry; 1 MiB is the most"}};
constexpr std::array kEvents{
    Field{"run", Is::text, "of this run's log; of the workspace's when it is left out"},
    Field{"from", Is::number,
          "the number of the first entry; what comes from now on when it is left out"}};
constexpr std::array kStart{
    Field{"plan", Is::text, "digits that the plan's hash must begin with", false, L::kNameBytesMax},
    kReason, Field{"allow_production", Is::flag, "hosts of production may be touched"},
    Field{"allow_dirty", Is::flag, "an earlier run is not proven undone, and it starts despite"}};
constexpr Field kAsIf{"at", Is::text, "as if it were then (RFC 3339)", false, L::kNameBytesMax};
constexpr std::array kDrills{kAsIf};
constexpr std::array kTimes{kAsIf, Field{"count", Is::number, "so many next times; 1,000 at most"}};
constexpr std::array kDetected{
    Field{"text", Is::text, "how it was noticed", false, L::kNoteBytesMax},
    Field{"alert", Is::text, "the alert that told of it", false, L::kNameBytesMax},
    Field{"at", Is::text, "so long ago (`-3m`), or a time (RFC 3339)", false, L::kNameBytesMax}};
constexpr std::array kToken{
    Field{"name", Is::text, "what the record calls it: letters, digits, `-`, `_`, `.`", true, 64},
    Field{"sha256", Is::text,
          "SHA-256 of the token's text, in hex: the token itself stays with who made it", true, 64,
          "^[0-9a-f]{64}$"},
    Field{"scopes", Is::words, "read, run, approve, admin", true},
    Field{"person", Is::text, "the id of a person of people.yaml; a service's when left out", false,
          L::kNameBytesMax},
    Field{"expires", Is::text, "a time (RFC 3339); never when it is left out", false,
          L::kNameBytesMax}};

constexpr std::array kRoutes{
    Route{"GET",
          "/v1/status",
          Scope::read,
          "the version, the runs that are under way, and of a server the newest that ended and are "
          "not closed in the record (`lost`): why, and whether they were begun",
          {},
          "status",
          status},
    Route{"GET",
          "/metrics",
          Scope::read,
          "of a server: its figures, as Prometheus reads them",
          {},
          "metrics",
          metrics},
    Route{"GET", "/healthz", Scope::read, "whether somebody answers", {}, "health", healthz},
    Route{"GET",
          "/readyz",
          Scope::read,
          "of a server: 503 while what was left is recovered, and when it is being ended",
          {},
          "health",
          readyz},
    Route{"GET", "/v1/openapi.json", Scope::read, "this document", {}, "document", openapi},
    Route{"GET", "/v1/events", Scope::read,
          "entries of a log as they become durable, as server-sent events", kEvents, "events",
          events},
    Route{"GET", "/v1/logs/{log}/tip", Scope::read, "how long a log is", {}, "tip", tip},
    Route{"GET", "/v1/logs/{log}/entries", Scope::read, "a page of a log's entries", kPage,
          "entries", entries},
    Route{"GET", "/v1/blobs/{sha256}", Scope::read, "the blob's bytes", {}, "bytes", blob},
    Route{"GET",
          "/v1/persons/{commitment}",
          Scope::read,
          "whom `person:COMMITMENT` in an entry stands for; 404 when they were erased",
          {},
          "person",
          person},
    Route{"GET",
          "/v1/schedules",
          Scope::read,
          "of a server: what is scheduled",
          {},
          "schedules",
          schedules},
    Route{"GET", "/v1/drills", Scope::read,
          "of a server: every drill, its next time, what is held, and what is due", kDrills,
          "drills", drills},
    Route{"GET", "/v1/drills/{drill}/times", Scope::read,
          "of a server: all that counts for one drill's times, and its next ones", kTimes,
          "drill_times", drill_times},
    Route{"POST", "/v1/drills/{drill}/start", Scope::run, "of a server: starts it now", kStart,
          "started", start_drill},
    Route{"POST", "/v1/drills/{drill}/hold", Scope::run,
          "of a server: its schedule starts nothing until it is resumed", kOwedWhy, "told",
          hold_drill},
    Route{"POST", "/v1/drills/{drill}/resume", Scope::run, "of a server: its schedule counts again",
          kWhy, "told", resume_drill},
    Route{"POST",
          "/v1/alerts/alertmanager",
          Scope::run,
          "Alertmanager's webhook: what monitoring saw of the fault of the runs that go on",
          {},
          "alerts",
          alertmanager,
          alertmanager_schema},
    Route{"POST",
          "/v1/alerts/pagerduty",
          Scope::run,
          "the same, PagerDuty's webhook (v3)",
          {},
          "alerts",
          pagerduty,
          pagerduty_schema},
    Route{"POST",
          "/v1/approvals",
          Scope::approve,
          "`{approval: {signed, signature}}`: a person's signed approval of a plan, or its end",
          {},
          "recorded",
          record_approval,
          approval_schema},
    Route{"POST", "/v1/runs/{run}/detected", Scope::approve, "a person noticed the fault",
          kDetected, "taken", detected},
    Route{"POST", "/v1/runs/{run}/abort", Scope::run,
          "stop and revert (after a no-return step: hold)", kWhy, "taken", abort_run},
    Route{"POST", "/v1/runs/{run}/hosts/{host}/gone", Scope::approve,
          "the host will never come back, nothing is to be undone on it; the reason is owed", kGone,
          "taken", host_gone},
    Route{"GET",
          "/v1/runs/{run}/people",
          Scope::read,
          "what waits for whom, and who holds which role",
          {},
          "people",
          people},
    Route{"POST", "/v1/runs/{run}/notes", Scope::run, "writes down what happens", kNote, "taken",
          note},
    Route{"POST", "/v1/runs/{run}/roles/{role}/take", Scope::approve,
          "who asks holds the role from now on; the reason is owed by who is not its deputy", kWhy,
          "taken", take_role},
    Route{"POST", "/v1/runs/{run}/roles/{role}/hand", Scope::approve,
          "that person holds the role from now on; the reason is owed by who is neither holder nor "
          "deputy",
          kHand, "taken", hand_role},
    Route{"POST", "/v1/runs/{run}/steps/{step}/ack", Scope::approve,
          "seen, working on it; the clock goes on", kOfStep, "taken", acknowledge_step},
    Route{"POST", "/v1/runs/{run}/steps/{step}/answer", Scope::approve,
          "answers what the step asks for", kStepAnswers, "taken", answer_step},
    Route{"POST", "/v1/runs/{run}/steps/{step}/done", Scope::approve,
          "what was asked is done; for a step that asks for no answers", kOfStep, "taken",
          done_step},
    Route{"POST", "/v1/runs/{run}/steps/{step}/skip", Scope::approve,
          "it is not done, and the drill goes on", kOwedOfStep, "taken", skip_step},
    Route{"POST", "/v1/runs/{run}/steps/{step}/fail", Scope::approve, "it cannot be done",
          kOwedOfStep, "taken", fail_step},
    Route{"POST", "/v1/runs/{run}/steps/{step}/approve", Scope::approve,
          "approves what the step is about to do", kWhy, "taken", approve_step},
    Route{
        "GET", "/v1/tokens", Scope::admin, "the tokens that were made", {}, "tokens", list_tokens},
    Route{"POST", "/v1/tokens", Scope::admin, "makes one; from this machine (its Unix socket) only",
          kToken, "token_made", make_token},
    Route{"POST", "/v1/tokens/{token}/revoke", Scope::admin, "it counts no more", kWhy, "token",
          revoke_token},
};

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

Fields Call::fields() const {
  return request.method == "GET" ? Fields::of_query(query, takes) : Fields{request.body, takes};
}

bool Call::asks_nothing_else() const {
  const auto problem = fields().problem();
  if (!problem.empty()) done(error_response(400, Error{problem}));
  return problem.empty();
}

}  // namespace muster::api
