// The services whose probes the clocks read: started with the run, sealed as blobs as they come,
// asked by `wait: {service: …}`, and read back at the end. Internal to engine/.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core.hpp"
#include "measure/tracker.hpp"

namespace muster::engine {

class Services {
 public:
  explicit Services(Core& core) : core_{core} {}

  /// Binds and starts all of them; an error names what has no value.
  Result<> start_all();
  void sampled(const std::string& service, std::vector<measure::Sample> samples);
  measure::UpState state(const std::string& service) const;
  bool all_up() const;
  /// Down, or not up again after a loss: worth waiting for before the run is judged.
  bool recovering(const std::string& service) const;

  /// Calls `fn` after every batch of samples; one listener a caller, removed by its id.
  std::uint64_t listen(std::function<void()> fn);
  void unlisten(std::uint64_t id) { listeners_.erase(id); }

  void read_ledgers(Duration timeout, std::function<void()> done);
  void stop_all(std::function<void()> done);

  struct Seen {
    std::vector<measure::Sample> samples;
    std::optional<ports::ReadBack> read_back;
  };
  const std::map<std::string, Seen>& seen() const { return seen_; }

 private:
  struct Live {
    ports::ServiceProbe probe;
    measure::InOrder order;
    measure::ServiceTracker tracker;
  };
  void seal(const std::string& name, std::string bytes, std::uint64_t count);

  Core& core_;
  std::map<std::string, Live> live_;
  std::map<std::string, Seen> seen_;
  std::map<std::uint64_t, std::function<void()>> listeners_;
  std::uint64_t next_listener_ = 1;
};

measure::Probing probing_of(const plan::Service& service);

}  // namespace muster::engine
