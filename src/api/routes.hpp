// The table of everything that can be asked.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.hpp"
#include "journal/signed_text.hpp"

namespace muster::api {

/// One request at its endpoint.
struct Call {
  ports::Store& store;
  const std::string& version;
  Host& host;
  const Request& request;
  const Principal& principal;
  const journal::SignedText& proof;  ///< empty when the request was not signed
  std::vector<std::string> names;    ///< for the pattern's {names}, in order
  std::map<std::string, std::string> query;
  Api::Done done;
};

struct Route {
  std::string_view method;
  std::string_view pattern;
  bool changes;  ///< has a body, and acts on a live run or the server; the others only read
  void (*answer)(Call call);
};

std::span<const Route> routes();

// Of the record (reads.cpp).
void status(Call call);
void tip(Call call);
void entries(Call call);
void blob(Call call);
// Of the server (drills.cpp).
void schedules(Call call);
void start_drill(Call call);
void hold_drill(Call call);
void resume_drill(Call call);
// Of a live run (requests.cpp).
void abort_run(Call call);
void host_gone(Call call);
void answer_step(Call call);
void acknowledge_step(Call call);
void done_step(Call call);
void skip_step(Call call);
void fail_step(Call call);
void approve_step(Call call);
// Of the workspace (approvals.cpp).
void record_approval(Call call);
// Of its people (people.cpp).
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
