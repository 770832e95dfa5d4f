// One place for one question under way, and what a client would keep between two questions (a
// connection).
#pragma once
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "measure/sample.hpp"

namespace muster::probes {

struct Answer {
  measure::Outcome outcome = measure::Outcome::failed;
  std::string why;       // a few words when it is not ok
  std::string evidence;  // first row, status line, output: printable, bounded
  bool asked = true;     // false: it failed here, before anything went out
};

inline constexpr std::size_t kEvidenceBytesMax = 1024;

/// Everything happens on the probe thread. A slot has no clock: who asks also gives up.
class Slot {
 public:
  using Done = std::function<void(Answer)>;
  virtual ~Slot() = default;  ///< Closes everything; `done` is not called any more.
  /// Asks one question; the one before it is over. `done` comes once, maybe from within ask(), and
  /// must not destroy the slot. `n` is the number of the sample, which a ledger writes.
  virtual void ask(std::uint64_t n, Done done) = 0;
  /// No more waiting: closes what was opened, says what is known; `done` is not called. Can be
  /// asked again.
  virtual Answer give_up() = 0;
};

/// Makes slots for one question whose names are resolved and whose text is checked.
using MakeSlot = std::function<std::unique_ptr<Slot>(boost::asio::io_context&)>;

}  // namespace muster::probes
