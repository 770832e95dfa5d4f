// One host to try the protocol on: a real sh over the local channel, with a state folder of its
// own, and words for what a runner asks of it.
#pragma once
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/shell/real_shell.hpp"
#include "base/id.hpp"
#include "catalogue/fault.hpp"

namespace muster::test {

using ports::Answer;
using ports::Call;
using ports::Said;
using ports::Verb;

/// What the id of an effect looks like.
inline const std::string kEffect = "0123456789abcdef0123456789abcdef";

/// Of a fault of the catalogue.
inline const std::string& script_of(const std::string& fault) {
  return catalogue::builtin_faults().at(fault).script;
}

/// A fault of the tests: inject makes P_file, revert removes it; both leave a line in P_file.log.
std::string marker_fault();

class Host {
 public:
  explicit Host(std::vector<std::string> sh = {"sh"});
  ~Host();

  /// Runs the engine's loop until the answer is there.
  Answer ask(Call call);
  /// The loop runs until then; for what the dead-man does by itself.
  void pass(Duration time);
  template <class Condition>
  bool until(Condition condition, Duration within = std::chrono::seconds{5}) {
    for (Duration waited{}; !condition(); waited += std::chrono::milliseconds{20}) {
      if (waited > within) return false;
      pass(std::chrono::milliseconds{20});
    }
    return true;
  }

  Call call(Verb verb, std::string effect = {}) const;
  long long uptime_cs();
  Answer lock();
  /// Arms `script` with parameters, leased for that long.
  Answer arm(const std::string& effect, const std::string& script, catalogue::Values parameters,
             Duration lease = std::chrono::seconds{60});
  Answer renew(Duration lease);
  Answer command(std::vector<std::string> argv);
  /// The lease of the run is over now, however long it was.
  void expire_lease();

  std::filesystem::path path(const std::string& name) const { return dir_ / name; }
  std::filesystem::path effect_dir(const std::string& effect) const {
    return dir_ / "state/effect" / effect;
  }
  int deadman(const std::string& effect) const;

  std::string run = "20261122-211505-3f9a0c";
  std::string store = "store-a";
  long long epoch = 1;
  boost::asio::io_context io{1};
  clock::AsioClock clock{io};

 private:
  std::filesystem::path dir_;
  shell::RealShell shell_;
};

/// The value of `key=` in evidence, "" when it is not there.
std::string evidence(const Answer& answer, const std::string& key);
/// "" when `text` contains `part`, else the text: what a failing test should show.
inline std::string unless_contains(const std::string& text, const std::string& part) {
  return text.find(part) == std::string::npos ? "no '" + part + "' in: " + text : "";
}
std::string read_file(const std::filesystem::path& path);
/// State letter of a process, 0 when it is gone.
char process_state(int pid);
/// Not there, or a corpse that nobody has reaped yet.
inline bool gone(int pid) {
  const char state = process_state(pid);
  return state == '\0' || state == 'Z';
}

}  // namespace muster::test
