// `abort_if`: what must not be hurt. Asked once before the first effect, and then at a rhythm of
// its own until the run is judged; when one is not told to hold for as long as it says, the drill
// is stopped. Internal to engine/.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/conditions.hpp"
#include "engine/core.hpp"

namespace muster::engine {

class Guards {
 public:
  /// `on_fired`: the drill is to be stopped.
  Guards(Core& core, Conditions& conditions, std::function<void(const std::string& why)> on_fired)
      : core_{core}, conditions_{conditions}, on_fired_{std::move(on_fired)} {}

  /// Asks all of them once. `done` gets those that do not hold; when there is none they are watched
  /// from then on.
  void begin(std::function<void(std::vector<std::string> problems)> done);
  /// Some are not told to hold, and their time is not up.
  bool failing() const;
  /// `then`: when all hold again; never when one of them stops the drill instead.
  void when_all_hold(std::function<void()> then) { all_hold_ = std::move(then); }
  /// The run is about to be judged: nothing stops it any more.
  void end() { on_ = false; }

 private:
  struct Watched {
    bool asking = false;
    bool failed = false;           // told not to hold, since `since`
    std::optional<Instant> since;  // not told to hold: when the first such question was sent
    Core::Timer fuse{};            // when `since` is set
    Told last;
    std::size_t recorded = 0;
    bool on_record = false;  // that it fails
  };
  void look(std::size_t i, Instant planned);
  void told(std::size_t i, Instant asked, const Told& told);
  void holds_again(std::size_t i);
  void fire(std::size_t i);
  void record(std::string_view kind, std::size_t i);
  void record_failing(std::size_t i);

  Core& core_;
  Conditions& conditions_;
  std::function<void(const std::string&)> on_fired_;
  std::function<void()> all_hold_;
  std::vector<Watched> watched_;
  bool on_ = false;
};

}  // namespace muster::engine
