// The one API: every command that is not the run itself goes through handle(), in the process that
// holds the store or over its socket. docs/api.md lists what can be asked.
//
// Thread: the engine's. It judges what may be asked by whom at all (scopes); what they may do in a
// run, the run decides by who they are (engine/people.hpp). Pure: what it does, it does through the
// store and the host.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "api/host.hpp"
#include "api/message.hpp"
#include "api/principal.hpp"
#include "api/watched_store.hpp"

namespace muster::api {

struct Limits {
  static constexpr std::size_t kTargetBytesMax = 2'048;
  /// A page is made on the engine's thread: it must not hold up a drill.
  static constexpr std::size_t kPageBytesMax = 1u << 20;
  /// All texts of one request: what is recorded of it must fit one entry, escaped.
  static constexpr std::size_t kTextBytesMax = 16'000;
  static constexpr std::size_t kAnswersMax = 64;
  static constexpr std::size_t kReasonBytesMax = 2'000;
  static constexpr std::size_t kNoteBytesMax = 4'096;
  static constexpr std::size_t kNameBytesMax = 200;
};

class Api {
 public:
  using Done = std::function<void(Response)>;

  /// `store` and `host` must outlive every answer; the Api only the calls of handle().
  Api(WatchedStore& store, std::string version, Host& host);

  /// Calls `done` once: within the call (errors, and what only the live run is asked) or later,
  /// when the store has answered. Never throws.
  void handle(const Request& request, const Principal& principal, Done done) const;

 private:
  WatchedStore& store_;
  std::string version_;
  Host& host_;
};

}  // namespace muster::api
