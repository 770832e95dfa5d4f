// The questions of a run that may be answered at its own terminal: one after the other, one answer
// a line. Knows nothing of how lines are read or shown.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "journal/entry.hpp"

namespace muster::cli {

class Questions {
 public:
  /// Gives an answer to the run; "" when it was taken, else why not.
  using Answer = std::function<std::string(const std::string& step,
                                           const std::map<std::string, std::string>& answers)>;
  void on_answer(Answer answer) { answer_ = std::move(answer); }

  /// A question comes, is asked anew of the deputy, or is over because somebody answered elsewhere.
  void seen(const journal::Draft& draft);

  /// What to type now; "" when nothing is asked.
  std::string prompt() const;
  /// Takes a line. Returns what to say about it, or "".
  std::string take(const std::string& line);

 private:
  struct Question {
    std::string step;
    std::vector<std::string> names;
    std::size_t next = 0;  // of names
    std::map<std::string, std::string> answers;
  };
  Answer answer_;
  std::deque<Question> waiting_;
};

}  // namespace muster::cli
