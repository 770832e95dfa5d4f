// What a person sees while a run goes on, and the questions that can be answered right here. On a
// terminal: finished things scroll away above a block that tells where the run is
// (report/live.hpp). Elsewhere, or on a screen that is too small: plain lines, so that a pipe and a
// log read well. With --json: one line of JSON an entry.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/terminal/keyboard.hpp"
#include "adapters/terminal/output.hpp"
#include "adapters/terminal/picture.hpp"
#include "cli/questions.hpp"
#include "journal/entry.hpp"
#include "plan/plan.hpp"
#include "ports/clock.hpp"
#include "report/live.hpp"

namespace muster::cli {

class LiveView {
 public:
  struct Options {
    bool json = false;
    bool ask_here = true;
    /// Lines go here and nowhere else: where there is no terminal of the run's own.
    std::function<void(const std::string&)> line_to = {};
    /// Its id, for the lines of JSON: one process may recover several.
    std::string run = {};
  };
  /// All must outlive it.
  LiveView(boost::asio::io_context& io, ports::Clock& clock, const plan::Plan& plan,
           Options options);
  /// Takes the block away and writes out what is still waiting.
  ~LiveView();

  void show(const journal::Draft& draft);
  void sampled(const std::string& service, const std::vector<measure::Sample>& samples);
  /// A line of Muster's own.
  void note(const std::string& line);

  void on_answer(Questions::Answer answer) { questions_.on_answer(std::move(answer)); }

 private:
  void line(std::string text);
  void json_line(const journal::Draft& draft);
  void measure_screen();
  bool has_block() const { return picture_.has_value(); }
  void paint();
  void beat();
  void watch_size();

  ports::Clock& clock_;
  const plan::Plan& plan_;
  Options options_;
  std::optional<Instant> start_;
  report::Live live_;
  report::Screen screen_;
  terminal::Output output_;
  Questions questions_;
  std::optional<terminal::Picture> picture_;
  std::vector<std::string> above_;  // finished lines that were not painted yet
  std::unique_ptr<terminal::Keyboard> keyboard_;
  // A timer that ran out just before this was destroyed still calls back, without an error.
  std::shared_ptr<bool> here_ = std::make_shared<bool>(true);
  boost::asio::steady_timer timer_;
  boost::asio::signal_set resized_;
};

}  // namespace muster::cli
