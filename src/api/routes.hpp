// The table of everything that can be asked: how it is addressed, what it takes, who may, and what
// is answered. The document of the API (openapi.hpp) is made from it.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.hpp"
#include "api/field.hpp"
#include "api/fields.hpp"
#include "journal/signed_text.hpp"

namespace muster::api {

/// One request at its endpoint.
struct Call {
  WatchedStore& store;
  const std::string& version;
  Host& host;
  const Request& request;
  const Principal& principal;
  const journal::SignedText& proof;  ///< empty when the request was not signed
  std::vector<std::string> names;    ///< for the pattern's {names}, in order
  std::map<std::string, std::string> query;
  FieldList takes;
  Api::Done done;

  /// Of the body, or of the query of what only reads.
  Fields fields() const;
  /// False, and answered, when something is asked that nobody knows.
  bool asks_nothing_else() const;
};

struct Route {
  std::string_view method;  ///< GET reads, POST changes
  std::string_view pattern;
  Scope scope;
  std::string_view what;  ///< one line, for people
  FieldList takes;
  std::string_view answer;  ///< one of answers.hpp
  void (*handle)(Call call);
  /// Of a body that is another program's, or signed: its form (JSON Schema), beside the reader that
  /// judges it. Null: the fields of `takes` are the body.
  Json (*body)() = nullptr;

  bool foreign() const { return body != nullptr; }
  bool changes() const { return method == "POST"; }
};

std::span<const Route> routes();

// Of the record (reads.cpp, events.cpp).
void status(Call call);
void tip(Call call);
void entries(Call call);
void blob(Call call);
void person(Call call);
void events(Call call);
void openapi(Call call);
// Of the server (health.cpp, drills.cpp).
void metrics(Call call);
void healthz(Call call);
void readyz(Call call);
void schedules(Call call);
void drills(Call call);
void drill_times(Call call);
void start_drill(Call call);
void hold_drill(Call call);
void resume_drill(Call call);
// Of who may ask over the network (tokens.cpp).
void list_tokens(Call call);
void make_token(Call call);
void revoke_token(Call call);
// Of a live run (requests.cpp).
void abort_run(Call call);
void host_gone(Call call);
void answer_step(Call call);
void acknowledge_step(Call call);
void done_step(Call call);
void skip_step(Call call);
void fail_step(Call call);
// Of the fault of live runs (alerts.cpp).
void alertmanager(Call call);
void pagerduty(Call call);
void detected(Call call);
void approve_step(Call call);
// Of the workspace (approvals.cpp).
void record_approval(Call call);
/// The form of its body.
Json approval_schema();
// Of its people (people.cpp).
/// Field `at`: "-3m", or a moment in UTC.
void read_when(Fields& fields, engine::Request& request);
void people(Call call);
void note(Call call);
void take_role(Call call);
void hand_role(Call call);
/// Gives the live run of the call's first name a request whose fields were read; `problem`: what
/// was wrong with them, or "".
void hand_over(const Call& call, engine::Request request, const std::string& problem);
/// The live run of the call's first name; nothing, and answered, when it does not go on here.
std::optional<LiveRun> live_run(const Call& call);

}  // namespace muster::api
