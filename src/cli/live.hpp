// What a person sees while a run goes on, and the questions that can be answered right here. Plain
// lines: a pipe, a log and a terminal read the same.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/streambuf.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "journal/entry.hpp"
#include "plan/plan.hpp"

namespace muster::cli {

class LiveView {
 public:
  LiveView(boost::asio::io_context& io, const plan::Plan& plan, bool json, bool ask_here);
  ~LiveView();

  void show(const journal::Draft& draft);

  /// Gives an answer to the run; "" when it was taken, else why not.
  using Answer = std::function<std::string(const std::string& step,
                                           const std::map<std::string, std::string>& answers)>;
  void on_answer(Answer answer) { answer_ = std::move(answer); }

 private:
  void ask(const journal::Draft& draft);
  void read_line();
  void take(const std::string& line);

  const plan::Plan& plan_;
  bool json_;
  std::optional<Instant> start_;
  Answer answer_;
  std::optional<boost::asio::posix::stream_descriptor> input_;
  boost::asio::streambuf buffer_;
  bool reading_ = false;
  struct Question {
    std::string step;
    std::vector<std::string> names;  // still to be answered, in order
    std::map<std::string, std::string> answers;
  };
  std::optional<Question> question_;
  void prompt() const;
};

}  // namespace muster::cli
