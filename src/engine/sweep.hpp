// Undoes what Muster left on hosts, from the hosts' own markers: for when the record is lost. What
// a live run may still lease, and what is held on purpose, is left alone unless it is forced; what
// is left alone, the host itself decides at that moment.
//
// Thread: the engine's. `shell` must outlive it. Idempotent: done twice, the second finds less.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/survey.hpp"
#include "ports/shell.hpp"

namespace muster::engine {

/// What became of one thing that was found.
struct Swept {
  enum class Is { healed, kept, failed } is = Is::failed;
  std::string what;  // "disk.fill (effect 0123…)", "lock of run …", "nft inet muster_…"
  std::string effect;
  std::string why;  // kept, failed
};

struct SweptHost {
  std::string host;
  Survey before;
  Survey after;  // only after heal()
  std::vector<Swept> done;
  /// It was found, and is not proven to be gone, nor was left alone on purpose.
  bool dirty() const;
};

struct SweepSummary {
  std::size_t found = 0, healed = 0, kept = 0, failed = 0, unreachable = 0;
};

class Sweep {
 public:
  Sweep(ports::Shell& shell, std::vector<ports::HostAddress> hosts);

  /// Asks all hosts at once.
  void look(std::function<void()> done);
  /// After look(): undoes what is there, proves it, and looks again. `force`: also what is leased
  /// or held.
  void heal(bool force, std::function<void()> done);

  const std::vector<SweptHost>& hosts() const { return *found_; }
  SweepSummary summary() const;

 private:
  void survey(std::size_t i, bool after, std::function<void()> done);
  void next(std::size_t i, std::size_t effect, bool force, std::function<void()> done);
  void rest(std::size_t i, bool force, std::function<void()> done);
  void settle(std::size_t i);
  ports::Call call(std::size_t i, ports::Verb verb) const;

  ports::Shell& shell_;
  std::vector<ports::HostAddress> addresses_;
  std::shared_ptr<std::vector<SweptHost>> found_ = std::make_shared<std::vector<SweptHost>>();
};

}  // namespace muster::engine
