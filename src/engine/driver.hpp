// Carries out what the machine says, in the one order that is safe: what was decided is durable
// before it is done; what could not be made durable is not done, unless it heals. Between machine
// and ports, and the only place that knows both.
//
// Thread: the engine's. Lifetime: keep machine, ports and driver until on_over was called and no
// callback can come any more (the shell, prober and clock are destroyed before the driver).
#pragma once
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "engine/machine.hpp"
#include "journal/writer.hpp"
#include "ports/clock.hpp"
#include "ports/prober.hpp"
#include "ports/shell.hpp"

namespace muster::engine {

struct Ports {
  ports::Clock& clock;
  ports::Shell& shell;
  ports::Prober& prober;
  journal::Writer& writer;  // opened
};

class Driver {
 public:
  /// `seen` gets each entry once it is durable, in order: progress lines, live views. `on_over` is
  /// called once, when the run is closed (or, without a record, when everything was tried).
  Driver(Machine& machine, Ports ports, std::function<void(const journal::Draft&)> seen,
         std::function<void()> on_over);

  void begin();
  /// Goes on from Machine::recover's first output.
  void go_on(Output first);
  /// "" when it was taken, else why not.
  std::string request(Request request);

  /// Why the record was lost, if it was.
  const std::optional<std::string>& record_lost() const { return record_lost_; }

 private:
  struct Batch {
    std::vector<journal::Draft> drafts;
    std::vector<Action> actions;
    bool durable = false;
    bool over = false;
  };
  void feed(decltype(Input::what) what);
  void perform(Output output);
  void drain();
  void lose_record(const std::string& why);
  void start(const Action& action);
  void drop(const Action& action);
  void set_wake(const std::optional<Instant>& wake);

  Machine& machine_;
  Ports ports_;
  std::function<void(const journal::Draft&)> seen_;
  std::function<void()> on_over_;
  std::deque<Batch> batches_;
  std::optional<ports::Clock::Timer> wake_;
  std::optional<std::string> record_lost_;
  bool over_ = false;
};

}  // namespace muster::engine
