#include "cli/questions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "journal/kinds.hpp"

namespace muster::cli {

namespace kinds = journal::kinds;

void Questions::seen(const journal::Draft& draft) {
  const auto at = std::ranges::find(waiting_, draft.step, &Question::step);
  if (draft.action == kinds::kStepAnswered || draft.action == kinds::kStepFinished) {
    if (at != waiting_.end()) waiting_.erase(at);
  } else if (draft.action == kinds::kStepAsked && at == waiting_.end() &&
             !draft.data.contains("approve")) {  // signatures are not typed
    Question question{draft.step, {}, 0, {}};
    for (const auto& spec : draft.data.at("answers"))
      question.names.push_back(spec.at("name").get<std::string>());
    waiting_.push_back(std::move(question));
  }
}

std::string Questions::prompt() const {
  if (waiting_.empty()) return {};
  const auto& q = waiting_.front();
  if (q.next < q.names.size())
    return fmt::format("{}: {} (Enter takes the default): ", q.step, q.names[q.next]);
  return fmt::format("{}: press Enter when it is done: ", q.step);
}

std::string Questions::take(const std::string& line) {
  if (waiting_.empty() || !answer_) return {};
  auto& q = waiting_.front();
  const std::string value{trimmed(line)};
  if (q.next < q.names.size()) {
    if (!value.empty()) q.answers[q.names[q.next]] = value;
    ++q.next;
  }
  if (q.next < q.names.size()) return {};
  const Question given = q;  // an answer that is taken ends the question on the spot
  const std::string refused = answer_(given.step, given.answers);
  if (refused.empty()) return {};
  if (const auto at = std::ranges::find(waiting_, given.step, &Question::step);
      at != waiting_.end()) {
    at->next = 0;
    at->answers.clear();
  }
  return "not taken: " + refused;
}

}  // namespace muster::cli
