#include "adapters/ssh/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "base/text.hpp"

namespace muster::ssh {
namespace asio = boost::asio;

Session::Session(std::shared_ptr<Shared> shared, std::string key, ports::HostAddress host,
                 int jumps)
    : shared_{std::move(shared)}, key_{std::move(key)}, host_{std::move(host)}, jumps_{jumps} {}

Session::~Session() {
  // Zero once it is over: what a worker posted may hold a session for longer than the clock lives.
  if (timer_ != 0) shared_->clock.cancel(timer_);
  login_.reset();
}

std::unique_ptr<ports::RemoteProcess> Session::start(Errand errand, ports::ProcessEvents events) {
  auto stream = std::make_shared<Stream>(std::move(errand), std::move(events));
  auto process = std::make_unique<Process>(stream);
  adopt(std::move(stream));
  return process;
}

void Session::adopt(std::shared_ptr<Stream> stream) {
  if (over_)
    return asio::post(shared_->io, [stream = std::move(stream), end = end_] { stream->end(end); });
  stream->since = used_ = shared_->clock.now();
  stream->wake = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->wake();
  };
  streams_.push_back(std::move(stream));
  if (!ready_) return;
  raw_->look_again();
  wake();
}

void Session::wake() {
  if (woken_ || over_) return;
  woken_ = true;
  asio::post(shared_->io, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      self->woken_ = false;
      self->drive();
    }
  });
}

void Session::limit(const std::string& what) {
  shared_->clock.cancel(timer_);
  timer_ = shared_->clock.at(deadline_, [weak = weak_from_this(), what] {
    const auto self = weak.lock();
    if (!self) return;
    self->timer_ = 0;
    self->over({-1, what, false});
  });
}

void Session::log_in(std::unique_ptr<Wire> wire) {
  raw_ = std::make_unique<RawSession>(std::move(wire));
  login_ = std::make_unique<Login>(shared_->io, *raw_, settings_, std::move(trust_),
                                   host_.key_passphrase, [this] { wake(); });
  limit(fmt::format(
      "timed out: something listens at {} port {} but no login came about within {} "
      "s: is it sshd, is the host overloaded?",
      settings_.host, settings_.port,
      std::chrono::duration_cast<std::chrono::seconds>(shared_->limits.connect_within).count()));
  drive();
}

void Session::drive() {
  if (lent_ || over_ || !raw_) return;
  const auto self = shared_from_this();  // a callback may let go of everything
  if (raw_->was_heard()) heard_ = shared_->clock.now();
  if (ready_ || step_login()) step_streams();
  if (over_ || lent_) return;
  raw_->flush();
  if (!raw_->broken().empty()) return broke();
  // Nobody reads: the next stream, the agent's answer or the tick goes on.
  if (ready_ ? streams_.empty() && raw_->unsent() == 0 : login_->asks_agent())
    return raw_->watch(nullptr);
  raw_->watch([weak = weak_from_this()] {
    const auto session = weak.lock();
    if (!session || session->over_ || session->lent_) return;
    session->raw_->look_again();
    session->drive();
  });
}

bool Session::step_login() {
  switch (login_->step()) {
    case Login::Step::wait:
      return false;
    case Login::Step::worker:
      lend();
      return false;
    case Login::Step::failed:
      // A host that turned us away says why when it leaves.
      over(raw_->goodbye().empty() || login_->end().needs_openssh
               ? login_->end()
               : ports::ProcessEnd{-1, login_->end().why + "\nit said: " + raw_->goodbye(), false});
      return false;
    case Login::Step::done:
      break;
  }
  login_.reset();
  shared_->clock.cancel(timer_);
  ready_ = true;
  ticket_.reset();
  heard_ = used_ = opened_ = shared_->clock.now();
  ::libssh2_keepalive_config(raw_->get(), 1, 1);
  tick();
  return true;
}

void Session::lend() {
  lent_ = true;
  asio::post(shared_->workers, [weak = weak_from_this()] {
    auto self = weak.lock();
    if (!self) return;
    self->login_->work();
    auto& io = self->shared_->io;
    // Moved: the last one to let go of a session must be the loop.
    asio::post(io, [self = std::move(self)] {
      self->lent_ = false;
      if (self->over_) return self->over(self->end_);
      self->drive();
    });
  });
}

void Session::step_streams() {
  const auto now = shared_->clock.now();
  for (std::size_t i = 0; i < streams_.size() && !over_;) {
    const auto stream = streams_[i];
    switch (step(*stream)) {
      case Stream::Turn::more:
        wake();
        [[fallthrough]];
      case Stream::Turn::waits:
        ++i;
        break;
      case Stream::Turn::over:
        used_ = now;
        std::erase(streams_, stream);
        // Whoever waited to open may do so now.
        wake();
    }
  }
  if (over_ || !retired_ || !std::ranges::all_of(streams_, &Stream::detached)) return;
  raw_->be_polite();
  over({-1, "nobody needs it any more", false});
}

Stream::Turn Session::step(Stream& stream) {
  const auto now = shared_->clock.now();
  // A session can open one channel at a time, or their answers get mixed up.
  const bool other_opens = std::ranges::any_of(
      streams_, [&](const auto& other) { return other.get() != &stream && other->opening(); });
  const bool was_queued = stream.queued(), was_opening = stream.opening();
  const auto turn = stream.turn(*raw_, !other_opens);
  if (was_queued && !stream.queued()) stream.since = now;
  if (was_queued && stream.opening() && stream.is_tunnel())
    shared_->clock.at(now + shared_->limits.stuck_after, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->make_way();
    });
  if ((was_queued || was_opening) && !stream.queued() && !stream.opening())
    opened_ = stream.since = now;
  return turn;
}

/// A tunnel to a dead host opens when the jump host's TCP gives up, after minutes: the others must
/// not wait for it.
void Session::make_way() {
  const auto now = shared_->clock.now();
  const auto stuck = [&](const auto& stream) {
    return stream->opening() && stream->is_tunnel() &&
           now - stream->since >= shared_->limits.stuck_after;
  };
  if (!over_ && std::ranges::any_of(streams_, stuck)) retire();
}

/// Ends what did not begin in time, and nothing else.
void Session::end_late() {
  const auto now = shared_->clock.now();
  auto late = streams_;
  std::erase_if(late, [&](const auto& stream) {
    const auto from = stream->queued() ? std::max(stream->since, opened_) : stream->since;
    return stream->begun() || stream->detached() || now - from <= shared_->limits.connect_within;
  });
  if (late.empty()) return;
  for (const auto& stream : late) stream->end({-1, stream->why_late(), false});
  retire();
  wake();
}

/// Nothing new comes here; what waits for its turn goes to a new session.
void Session::retire() {
  if (retired_ || over_) return;
  retired_ = true;
  const auto self = shared_from_this();
  shared_->retired.push_back(self);
  const auto at = shared_->sessions.find(key_);
  if (at != shared_->sessions.end() && at->second == self) shared_->sessions.erase(at);
  auto waiting = streams_;
  std::erase_if(waiting, [](const auto& s) { return !s->queued() || s->detached(); });
  std::erase_if(streams_, [](const auto& s) { return s->queued(); });
  for (auto& stream : waiting) shared_->session_for(host_, jumps_)->adopt(std::move(stream));
}

void Session::tick() {
  const auto now = shared_->clock.now();
  if (raw_->was_heard()) heard_ = now;
  if (streams_.empty()) heard_ = now;  // nobody listens
  if (has_left()) return over({-1, "it closed the connection", false});
  const auto& limits = shared_->limits;
  if (now - heard_ >= limits.dead_after)
    return over(
        {-1,
         fmt::format("no sign of life for {} s: the host, its sshd, or the network's way to "
                     "it is gone",
                     std::chrono::duration_cast<std::chrono::seconds>(now - heard_).count()),
         false});
  if (streams_.empty() && now - used_ >= limits.idle) {
    raw_->be_polite();
    return over({-1, "closed after it was idle", false});
  }
  end_late();
  if (over_) return;
  if (now - heard_ >= limits.silent_after) {
    // libssh2 keeps each answer to its own keepalive for ever: 112 bytes. A stream's is consumed.
    int seconds = 0;
    if (std::ranges::none_of(streams_, [](const auto& s) { return s->ask_for_life(); }))
      ::libssh2_keepalive_send(raw_->get(), &seconds);
    wake();
  }
  timer_ = shared_->clock.at(now + limits.silent_after / 2, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self && !self->over_) self->tick();
  });
}

void Session::broke() {
  const auto what =
      ready_ ? "the connection broke" : "the connection broke in the middle of the login";
  over({-1,
        fmt::format("{}: {}{}", what, raw_->broken(),
                    raw_->goodbye().empty() ? "" : "; it said: " + raw_->goodbye()),
        false});
}

void Session::leave() {
  if (raw_ && ready_) raw_->be_polite();
  over({-1, "Muster closes its connections", false});
}

void Session::over(ports::ProcessEnd end) {
  const auto self = shared_from_this();
  over_ = true;
  end_ = std::move(end);
  if (timer_ != 0) shared_->clock.cancel(timer_);
  timer_ = 0;
  ticket_.reset();
  connecting_.reset();
  // What only the system's ssh can do stays so; everything else may be better next time.
  const auto at = shared_->sessions.find(key_);
  if (!end_.needs_openssh && at != shared_->sessions.end() && at->second == self)
    shared_->sessions.erase(at);
  std::erase(shared_->retired, self);
  for (const auto& stream : std::exchange(streams_, {})) stream->end(end_);
  if (lent_) return;  // the worker gives it back first
  login_.reset();
  raw_.reset();
}

}  // namespace muster::ssh
