#include "adapters/shell/channel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "adapters/shell/command.hpp"
#include "adapters/shell/gate_frame.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "catalogue/fault.hpp"
#include "catalogue/gate.hpp"

namespace muster::shell {
namespace {

ports::Answer not_sent(std::string why) {
  ports::Answer answer;
  answer.said = ports::Said::could_not;
  answer.output = std::move(why);
  return answer;
}

void add_line(std::string& to, const std::string& line) {
  if (!to.empty() && !to.ends_with('\n')) to += '\n';
  to += line;
}

}  // namespace

Channel::Channel(boost::asio::io_context& io, ports::Clock& clock, ports::HostAddress host,
                 Start start, Duration connect_within, PasswordTries& tries)
    : io_{io},
      clock_{clock},
      host_{std::move(host)},
      start_{std::move(start)},
      connect_within_{connect_within},
      tries_{tries} {}

Channel::~Channel() {
  if (sent_) finish_front(reader_->answer(queue_.front().verb));
  refuse_all(host_.name + ": not sent: Muster closes its connections");
  drop();
}

void Channel::call(ports::Call call, std::function<void(ports::Answer)> done) {
  Waiting waiting;
  waiting.number = next_number_++;
  waiting.verb = call.verb;
  waiting.nonce = random_id();
  waiting.done = std::move(done);
  waiting.asked = clock_.now();
  auto text = host_.gate.empty() ? frame(call, waiting.nonce) : gate_frame(call, waiting.nonce);
  if (!text)
    return answer(waiting, not_sent(host_.name + ": not sent: " + to_string(text.error())));
  waiting.frame = std::move(*text);
  waiting.timer =
      clock_.at(waiting.asked + call.within, [this, number = waiting.number] { expire(number); });
  queue_.push_back(std::move(waiting));
  pump();
}

void Channel::pump() {
  if (queue_.empty() || sent_ || state_ == State::opening) return;
  if (state_ == State::closed) return open();
  sent_ = true;
  sent_at_ = clock_.now();
  reader_.emplace(queue_.front().nonce);
  process_->send(std::move(queue_.front().frame));
}

void Channel::open() {
  const bool asks = host_.become && !host_.become_password.empty();
  if (asks && tries_.spent(password_key(host_))) return refuse_all(why_not(host_, kSentBefore));
  state_ = State::opening;
  if (asks) sudo_.emplace(host_.gate.empty() ? "" : std::string{catalogue::kGateGreeting});
  ports::ProcessEvents events;
  events.ready = [this] {
    // ssh has a time-out of its own for the connection; this one also covers a login that hangs.
    opening_timer_ = clock_.at(clock_.now() + connect_within_ + std::chrono::seconds{2}, [this] {
      opening_timer_ = 0;
      not_opened("\ntimed out: no shell answered");
    });
    if (!sudo_) greet();
  };
  events.out = [this](std::string_view bytes) { take(bytes, true); };
  events.err = [this](std::string_view bytes) { take(bytes, false); };
  events.ended = [this](const ports::ProcessEnd& end) { ended(end); };
  auto started = start_(sudo_ ? &*sudo_ : nullptr, std::move(events));
  if (!started) {
    drop();
    return refuse_all(host_.name + ": not sent: " + to_string(started.error()));
  }
  process_ = std::move(*started);
}

void Channel::greet() {
  const auto nonce = random_id();
  reader_.emplace(nonce);
  process_->send(host_.gate.empty() ? opening_frame(catalogue::target_script(), nonce)
                                    : gate_opening(nonce));
}

void Channel::ask_sudo(std::string_view bytes) {
  switch (sudo_->heard(bytes)) {
    case SudoDialogue::Next::wait:
      return;
    case SudoDialogue::Next::password:
      // Another channel may have learned since we began that it is wrong.
      if (tries_.spent(password_key(host_))) return not_opened("\n" + std::string{kSentBefore});
      return process_->send(host_.become_password + "\n");
    case SudoDialogue::Next::refused:
      tries_.refused(password_key(host_));
      return not_opened("\nsudo: incorrect password attempt");
    case SudoDialogue::Next::shell:
      if (sudo_->asked()) tries_.let_in(password_key(host_));
      sudo_.reset();
      return greet();
  }
}

void Channel::not_opened(const std::string& why) {
  const auto heard = sudo_     ? std::string{trimmed(sudo_->said())}
                     : reader_ ? reader_->said()
                               : std::string{};
  drop();
  refuse_all(why_not(host_, heard + why));
}

void Channel::take(std::string_view bytes, bool from_out) {
  if (sudo_) {
    if (!from_out) ask_sudo(bytes);
    return;
  }
  if (!reader_) return;  // between two frames: something that a script left behind still talks
  from_out ? reader_->out(bytes) : reader_->err(bytes);
  if (!reader_->complete()) return;
  if (state_ == State::ready) {
    finish_front(reader_->answer(queue_.front().verb));
    return pump();
  }
  const auto opened = reader_->answer(ports::Verb::facts);
  clock_.cancel(opening_timer_);
  opening_timer_ = 0;
  reader_.reset();
  if (opened.said == ports::Said::yes) {
    state_ = State::ready;
    return pump();
  }
  drop();
  refuse_all(why_not(host_, opened.output));
}

void Channel::ended(const ports::ProcessEnd& end) {
  if (state_ == State::opening) {
    if (end.why.empty()) return not_opened("");
    drop();
    return refuse_all(host_.name + ": " + end.why);
  }
  const auto heard = reader_ ? reader_->answer(ports::Verb::facts) : ports::Answer{};
  const bool was_sent = sent_;
  drop();
  if (was_sent) {
    ports::Answer lost = heard;
    lost.said = ports::Said::unknown;
    add_line(lost.output,
             fmt::format("{}: the connection ended ({}) before the answer came", host_.name,
                         end.why.empty() ? fmt::format("status {}", end.status) : end.why));
    finish_front(std::move(lost));
  }
  pump();
}

void Channel::expire(std::uint64_t number) {
  const auto at = std::ranges::find(queue_, number, &Waiting::number);
  if (at == queue_.end()) return;
  at->timer = 0;
  if (at != queue_.begin() || !sent_) {
    Waiting waiting = std::move(*at);
    queue_.erase(at);
    return answer(waiting, not_sent(fmt::format("{}: not sent in time: {}", host_.name,
                                                state_ == State::opening
                                                    ? "still connecting"
                                                    : "earlier calls had no answer yet")));
  }
  auto late = reader_->answer(at->verb);
  late.said = ports::Said::unknown;
  add_line(late.output, host_.name + ": no answer in time; it may have happened or not");
  drop();
  finish_front(std::move(late));
  pump();
}

void Channel::finish_front(ports::Answer result) {
  Waiting waiting = std::move(queue_.front());
  queue_.pop_front();
  reader_.reset();
  sent_ = false;
  result.sent = sent_at_;
  answer(waiting, std::move(result));
}

void Channel::refuse_all(const std::string& why) {
  while (!queue_.empty()) {
    Waiting waiting = std::move(queue_.front());
    queue_.pop_front();
    answer(waiting, not_sent(why));
  }
}

void Channel::answer(Waiting& waiting, ports::Answer result) {
  clock_.cancel(waiting.timer);
  result.done = clock_.now();
  if (result.sent == Instant{}) result.sent = waiting.asked;
  boost::asio::post(io_,
                    [done = std::move(waiting.done), result = std::move(result)] { done(result); });
}

void Channel::drop() {
  clock_.cancel(opening_timer_);
  opening_timer_ = 0;
  // Sudo did not let us in, whatever ended it.
  if (sudo_ && sudo_->asked()) tries_.let_nobody_in(password_key(host_));
  process_.reset();
  reader_.reset();
  sudo_.reset();
  state_ = State::closed;
}

}  // namespace muster::shell
