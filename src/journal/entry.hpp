// One entry of the record: who did what, to what, when, and what follows it up. A value.
//
// Its bytes are canonical JSON (base/json.hpp). They are hashed as stored and never written anew to
// verify. A field that is empty ("" or null or an object without fields) is left out; v, seq, ts,
// mono_ns, boot_id, epoch, actor.principal, action and prev are always there. Never hand over a
// secret: what was declared secret is replaced before a Draft is made.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace muster::journal {

inline constexpr int kEntryVersion = 1;
inline constexpr std::size_t kEntryBytesMax = 65'535;
/// Above every seq and epoch that can be written (integers stay below 2^53).
inline constexpr std::uint64_t kIntegerEnd = 1ull << 53;

/// From the kernel (uid, login uid, peer credentials) or a signature, never from $USER or a flag.
struct Actor {
  std::string principal;     ///< "unix:ana", "muster"
  std::string method;        ///< how it was established: "uid", "loginuid", "peer", "signature"
  std::string assurance;     ///< how much that is worth: "os", "signed-key"
  std::string on_behalf_of;  ///< the principal who had asked for it
  bool operator==(const Actor&) const = default;
};

struct Target {
  std::string host;
  std::string hostkey_fp;
  bool operator==(const Target&) const = default;
};

/// What the engine hands over. `ts` and `at` are those of the turn that decided it, not of the
/// write.
struct Draft {
  WallTime ts{};
  Instant at{};
  std::string action;  ///< journal/kinds.hpp
  Actor actor;         ///< without a principal: the Context's
  std::string step;
  Target target;
  std::string intent_ref;  ///< id of the effect that this is about, as its effect.intent gave it
  std::string revert;      ///< how it is undone: the healer and the script's blob
  std::optional<WallTime> deadline;
  std::string outcome;  ///< one word: ok, failed, expired, refused, ...
  Json data;            ///< an object, or null
  /// Of the workspace's log, which several runs share: whom it is about. "": the Context's.
  std::string drill, run;
};

/// What is the same for all entries that one writer writes.
struct Context {
  std::string drill;
  std::string run;
  std::string boot_id;  ///< of the controller: Instants compare only under the same one
  std::uint64_t epoch = 0;
  Actor actor;
};

struct Entry {
  std::uint64_t seq = 0;
  WallTime ts{};  ///< UTC, to the microsecond
  Instant at{};   ///< mono_ns: the controller's CLOCK_BOOTTIME
  std::string boot_id;
  std::uint64_t epoch = 0;
  Actor actor;
  std::string action;
  std::string drill;
  std::string run;
  std::string step;
  Target target;
  std::string intent_ref;
  std::string revert;
  std::optional<WallTime> deadline;
  std::string outcome;
  Json data;
  Digest prev{};  ///< leaf hash of seq - 1; all zero for the first one
};

/// The canonical bytes, at most kEntryBytesMax; an error when an always-there field is missing, the
/// data has no canonical form, or it is too large (then: put the evidence in a blob and cite its
/// digest).
Result<std::string> seal(const Draft& draft, const Context& context, std::uint64_t seq,
                         const Digest& prev);

/// What its writer had in hand, but for what the Context said.
Draft draft_of(const Entry& entry);

/// Strict: an unknown field, a missing one, a wrong type or another spelling than seal()'s is an
/// error. Whether seq and prev continue the log is journal/verify.hpp's question, and a kind is not
/// judged here.
Result<Entry> read_entry(std::string_view bytes);

/// Nanoseconds inside JSON: decimal text, since 2^53 ns are 104 days and a controller can be up for
/// longer. Use them for every instant or duration in `data`.
Json json_ns(std::int64_t nanoseconds);
Result<std::int64_t> ns_from_json(const Json& value);

}  // namespace muster::journal
