// One kept `sh -s` at a host, and the calls that wait for it: one frame at a time, in order.
// When an answer does not come in time its process is dropped, and the next call starts a new one.
// Thread: the io_context's. Answers are posted, never given from within a member function.
#pragma once
#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/shell/frame.hpp"
#include "adapters/shell/password_tries.hpp"
#include "adapters/shell/sudo_dialogue.hpp"
#include "ports/clock.hpp"
#include "ports/transport.hpp"

namespace muster::shell {

class Channel {
 public:
  /// Starts `sh -s` at the host; with a dialogue, behind a sudo that may ask (command.hpp).
  using Start = std::function<Result<std::unique_ptr<ports::RemoteProcess>>(const SudoDialogue*,
                                                                            ports::ProcessEvents)>;
  /// `tries` is shared by all channels of a shell, and outlives them.
  Channel(boost::asio::io_context& io, ports::Clock& clock, ports::HostAddress host, Start start,
          Duration connect_within, PasswordTries& tries);
  /// Answers what waits, and ends the process.
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  void call(ports::Call call, std::function<void(ports::Answer)> done);
  bool idle() const { return queue_.empty(); }

 private:
  struct Waiting {
    std::uint64_t number = 0;
    ports::Verb verb{};
    std::string frame;
    std::string nonce;
    std::function<void(ports::Answer)> done;
    ports::Clock::Timer timer = 0;
    Instant asked{};
  };
  enum class State { closed, opening, ready };

  void pump();
  void open();
  void greet();
  void ask_sudo(std::string_view bytes);
  void not_opened(const std::string& why);
  void take(std::string_view bytes, bool from_out);
  void ended(const ports::ProcessEnd& end);
  void expire(std::uint64_t number);
  /// Takes the front of the queue and answers it.
  void finish_front(ports::Answer answer);
  void refuse_all(const std::string& why);
  void answer(Waiting& waiting, ports::Answer answer);
  void drop();

  boost::asio::io_context& io_;
  ports::Clock& clock_;
  ports::HostAddress host_;
  Start start_;
  Duration connect_within_;
  PasswordTries& tries_;
  State state_ = State::closed;
  std::unique_ptr<ports::RemoteProcess> process_;
  std::optional<SudoDialogue> sudo_;  // as long as sudo has not let us in
  std::optional<AnswerReader>
      reader_;         // of the opening, or of the front of the queue once it was sent
  bool sent_ = false;  // the front of the queue is at the other end
  Instant sent_at_{};
  std::deque<Waiting> queue_;
  std::uint64_t next_number_ = 1;
  ports::Clock::Timer opening_timer_ = 0;
};

}  // namespace muster::shell
