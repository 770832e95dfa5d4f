#include "cli/live.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/read_until.hpp>
#include <istream>

#include "base/text.hpp"
#include "cli/terminal.hpp"
#include "journal/kinds.hpp"
#include "report/terminal.hpp"

namespace muster::cli {

namespace kinds = journal::kinds;

LiveView::LiveView(boost::asio::io_context& io, const plan::Plan& plan, bool json, bool ask_here)
    : plan_{plan}, json_{json} {
  // Only where somebody sits: a pipe's end would be taken for an answer.
  if (ask_here && !json && isatty(STDIN_FILENO))
    if (const int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3); fd >= 0) input_.emplace(io, fd);
}

LiveView::~LiveView() = default;

void LiveView::show(const journal::Draft& draft) {
  if (!start_) start_ = draft.at;
  if (json_) {
    Json line{{"ts", format_utc(draft.ts)}, {"action", draft.action}};
    for (const auto& [key, value] : {std::pair{"step", &draft.step},
                                     {"host", &draft.target.host},
                                     {"effect", &draft.intent_ref},
                                     {"outcome", &draft.outcome}})
      if (!value->empty()) line[key] = *value;
    if (!draft.data.is_null()) line["data"] = draft.data;
    return say(line.dump());
  }
  if (const auto line = report::progress_line(draft, *start_, plan_)) say(*line);
  if (draft.action == kinds::kStepAsked) ask(draft);
  if (question_ && draft.step == question_->step &&
      (draft.action == kinds::kStepAnswered || draft.action == kinds::kStepFinished))
    question_.reset();
}

void LiveView::ask(const journal::Draft& draft) {
  if (!input_) return;
  question_ = Question{draft.step, {}, {}};
  for (const auto& spec : draft.data.at("answers"))
    question_->names.push_back(spec.at("name").get<std::string>());
  prompt();
  read_line();
}

void LiveView::prompt() const {
  if (question_ && !question_->names.empty())
    fmt::print("        {} (Enter takes the default): ", question_->names.front());
  else
    fmt::print("        press Enter when it is done: ");
  std::fflush(stdout);
}

void LiveView::read_line() {
  if (reading_) return;
  reading_ = true;
  boost::asio::async_read_until(*input_, buffer_, '\n',
                                [this](const boost::system::error_code& ec, std::size_t) {
                                  reading_ = false;
                                  if (ec) return;
                                  std::istream in{&buffer_};
                                  std::string line;
                                  std::getline(in, line);
                                  take(line);
                                  if (question_) read_line();
                                });
}

void LiveView::take(const std::string& line) {
  if (!question_ || !answer_) return;
  auto& q = *question_;
  const std::string value{trimmed(line)};
  if (!q.names.empty()) {
    if (!value.empty()) q.answers[q.names.front()] = value;
    q.names.erase(q.names.begin());
  }
  if (!q.names.empty()) return prompt();
  const Question given = q;
  const std::string refused = answer_(given.step, given.answers);
  if (refused.empty()) return;
  say("        not taken: " + refused);
  if (!question_) return;
  question_->names.clear();
  for (const auto& [name, answer] : given.answers) question_->names.push_back(name);
  question_->answers.clear();
  prompt();
}

}  // namespace muster::cli
