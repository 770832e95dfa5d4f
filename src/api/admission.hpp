// Who may ask at all, and how often: decided from a request's header, before its body is read.
// Whether they may ask this very thing is the route's (api.hpp).
//
// Thread: the engine's. Who comes over a Unix socket is who the kernel says; who comes over the
// network shows a token, in the header `Authorization: Bearer` and nowhere else: a URL is kept by
// proxies and histories.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "api/buckets.hpp"
#include "api/message.hpp"
#include "api/principal.hpp"
#include "api/token.hpp"
#include "journal/entry.hpp"
#include "ports/clock.hpp"

namespace muster::api {

/// How a connection came, as far as its transport says.
struct Caller {
  std::optional<Principal> peer;  ///< a Unix socket's other end
  std::string address;            ///< else the IP address that it comes from
};

/// A request's header, as far as it is looked at here. It holds a secret: not to be shown.
struct Knock {
  const Caller& caller;
  std::string target;
  std::string authorization;  ///< "" when there is none
  bool is_several = false;    ///< more than one such header
};

struct Admitted {
  std::optional<Principal> who;  ///< else:
  Response refusal;
};

struct AdmissionRules {
  unsigned requests_per_second = 20;  ///< of one token; twice as many at once
};

class Admission {
 public:
  /// `tokens` and `clock` must outlive it. `note` is given what belongs into the workspace's log:
  /// who was not let in, seldom enough to fill nothing.
  Admission(const Tokens& tokens, ports::Clock& clock, const AdmissionRules& rules,
            std::function<void(journal::Draft)> note);

  Admitted admit(const Knock& knock);

 private:
  Admitted refuse(const Knock& knock, const char* why);
  void note_refusal(const std::string& address, const char* why);

  struct Refused {
    std::uint64_t count = 0;  ///< since the last entry
    Instant told{};
  };

  const Tokens& tokens_;
  ports::Clock& clock_;
  const std::function<void(journal::Draft)> note_;
  Buckets requests_;
  Buckets failures_;  ///< by address
  Buckets notes_;     ///< all together
  std::map<std::string, Refused> refused_;
};

}  // namespace muster::api
