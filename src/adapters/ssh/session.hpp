// The one connection to one host for one user: ssh_config, way, login, then any number of channels;
// it ends when it breaks, or has been idle. Thread: the io_context's.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/ssh/gate.hpp"
#include "adapters/ssh/login.hpp"
#include "adapters/ssh/raw_session.hpp"
#include "adapters/ssh/settings_reader.hpp"
#include "adapters/ssh/stream.hpp"
#include "ports/clock.hpp"

namespace muster::ssh {

class Session;

struct Limits {
  Duration connect_within = std::chrono::seconds{15};  // from TCP's first packet to the login's end
  Duration silent_after = std::chrono::seconds{5};     // then it is asked whether it lives
  Duration dead_after = std::chrono::seconds{15};      // and given up after so much silence
  Duration idle = std::chrono::seconds{60};            // without a channel
  int at_once = 64;                                    // hosts that are being connected
  int jumps_max = 8;
  // Then those behind a tunnel that does not open wait for it no longer.
  Duration stuck_after = std::chrono::seconds{1};
};

/// What sessions share.
struct Shared : std::enable_shared_from_this<Shared> {
  Shared(boost::asio::io_context& i, ports::Clock& c, Limits l, std::vector<std::string> ssh)
      : io{i}, clock{c}, limits{l}, settings{i, std::move(ssh)}, gate{i, l.at_once} {}

  boost::asio::io_context& io;
  ports::Clock& clock;
  Limits limits;
  SettingsReader settings;
  Gate gate;
  boost::asio::thread_pool workers{2};                       // names, encrypted keys
  std::map<std::string, std::shared_ptr<Session>> sessions;  // by key_of
  std::vector<std::shared_ptr<Session>> retired;             // until what runs in them is over
  struct Stamped {
    std::string stamp;  // size and time of the file: a changed one is read again
    std::shared_ptr<const KnownHosts> hosts;
  };
  std::map<std::string, Stamped> known_hosts;

  std::shared_ptr<Session> session_for(const ports::HostAddress& host, int jumps);
  KnownHostsFiles known_hosts_of(const Settings& settings);
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Shared> shared, std::string key, ports::HostAddress host, int jumps);
  ~Session();
  void begin();
  /// The process lives in this session, or is told at once why not.
  std::unique_ptr<ports::RemoteProcess> start(Errand errand, ports::ProcessEvents events);
  /// Later, from the loop, goes on with what can go on.
  void wake();
  /// Ends it, politely when it can.
  void leave();
  /// The host closed it while nothing ran in it; a new one must be made.
  bool has_left() { return ready_ && streams_.empty() && raw_ && raw_->closed(); }
  /// libssh2's memory for it, in bytes.
  long memory() const { return raw_ ? raw_->memory() : 0; }

 private:
  void configured(const Result<Settings>& settings);
  void connect();
  void resolve();
  void connect_to(const std::vector<std::string>& addresses);
  void jump();
  void log_in(std::unique_ptr<Wire> wire);
  void drive();
  bool step_login();
  void step_streams();
  Stream::Turn step(Stream& stream);
  void adopt(std::shared_ptr<Stream> stream);
  void make_way();
  void end_late();
  void retire();
  void lend();
  void tick();
  void over(ports::ProcessEnd end);
  void broke();
  void limit(const std::string& what);

  const std::shared_ptr<Shared> shared_;
  const std::string key_;
  const ports::HostAddress host_;
  const int jumps_;
  Settings settings_;
  Trust trust_;
  std::shared_ptr<void> ticket_, connecting_;
  std::unique_ptr<RawSession> raw_;
  std::unique_ptr<Login> login_;
  std::vector<std::shared_ptr<Stream>> streams_;
  ports::ProcessEnd end_;
  ports::Clock::Timer timer_ = 0;
  Instant deadline_{};  // of the way and the login together
  Instant heard_{}, used_{};
  Instant opened_{};  // the last time that an opening was answered: the next in the queue may open
  bool over_ = false, ready_ = false, lent_ = false, woken_ = false;
  bool retired_ = false;  // what runs goes on in it; what is new goes to another
};

}  // namespace muster::ssh
