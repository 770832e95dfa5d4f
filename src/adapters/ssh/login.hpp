// From a connected wire to a session that may open channels: key exchange, the host's key, the
// user's keys. A state machine that is stepped whenever something may have changed; it waits for
// nothing. Thread: the io_context's, but for work().
#pragma once
#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/ssh/agent.hpp"
#include "adapters/ssh/key_file.hpp"
#include "adapters/ssh/known_hosts.hpp"
#include "adapters/ssh/raw_session.hpp"
#include "adapters/ssh/settings.hpp"
#include "ports/transport.hpp"

namespace muster::ssh {

/// What known_hosts has of the host, before anything is connected. An `end.why`: it is refused, or
/// must go to the system's ssh.
struct Trust {
  std::vector<KnownKey> keys;
  std::string methods;  // of the host key, that we accept: of keys that are known
  ports::ProcessEnd end;
};
using KnownHostsFiles = std::vector<std::shared_ptr<const KnownHosts>>;
Trust trust_in(const Settings& settings, const KnownHostsFiles& files);

class Login {
 public:
  /// `session` and `settings` must outlive it. `wake` is called when step() may go on without new
  /// bytes.
  Login(boost::asio::io_context& io, const RawSession& session, const Settings& settings,
        Trust trust, std::string passphrase, std::function<void()> wake);
  ~Login();

  /// wait: for bytes, or for `wake`. worker: call work() on another thread, then step() again, and
  /// leave the session alone meanwhile.
  enum class Step { wait, worker, done, failed };
  Step step();
  /// Decrypts a key, which takes a tenth of a second on purpose.
  void work();
  /// Bytes change nothing: the agent has the word.
  bool asks_agent() const { return answer_ == Answer::asked; }
  const ports::ProcessEnd& end() const { return end_; }

 private:
  using Move = Step (Login::*)();
  enum class Answer { none, asked, here };  // of the agent

  Step handshake();
  Step check_host_key();
  Step list_agent();
  Step next_key();
  Step agent_key();
  Step file_key();
  Step ask_methods();
  Step fail(std::string why, bool needs_openssh = false);
  Step go(Move next);
  Step judge(int rc);
  void order_keys();
  bool usable(const std::string& type, const std::string& name, bool certificate_beside);
  void ask(std::string request);
  int sign(unsigned char** sig, std::size_t* size, std::string_view data);
  std::string last_error() const;
  Step failed_auth(const std::string& methods);

  boost::asio::io_context& io_;
  const RawSession& session_;
  LIBSSH2_SESSION* const raw_;
  const Settings& settings_;
  Trust trust_;
  std::string passphrase_;
  std::shared_ptr<std::function<void()>> wake_;
  Move move_ = &Login::handshake;
  ports::ProcessEnd end_;

  struct Candidate {
    AgentKey agent;  // when its blob is not empty
    KeyFile file;
    std::string name;
  };
  std::vector<AgentKey> agent_keys_;
  std::deque<Candidate> keys_;
  Candidate now_;
  Answer answer_ = Answer::none;
  Result<std::string> reply_ = std::string{};
  int worked_ = 0;
  bool has_worked_ = false;
  std::vector<std::string> tried_;  // "KEY: what became of it"
  std::string beyond_us_;           // "" or a key that only the system's ssh can use
};

}  // namespace muster::ssh
