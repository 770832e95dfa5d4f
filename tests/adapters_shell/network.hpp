// Two network namespaces of the test's own, joined by one wire: "here" (10.9.0.1, fd09::1), where a
// fault works, and "there" (10.9.0.2, fd09::2), which echoes TCP and UDP at port 5000 and answers
// to ICMP. Here something that is called sshd echoes at port 2222.
#pragma once
#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace muster::test {

class Network {
 public:
  Network();
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  /// "" when it is there, else why not (no root, no iproute2 …).
  const std::string& why_not() const { return why_not_; }
  /// Words to put before a command that shall run here.
  std::vector<std::string> words() const;

  /// Whether a question from here comes back, each with a socket of its own.
  bool tcp(const std::string& address, int port = 5000) const;
  bool udp(const std::string& address) const;
  bool icmp(const std::string& address) const;
  /// Whether there can connect to port 6000 here, where nobody listens, and is refused: the way
  /// from there.
  bool refused_from_there() const;

  /// A connection that stays open; `echoes` asks over it. From here to there it is held by
  /// something called sshd, as one that forwards ports; else it goes from there to what is called
  /// sshd here.
  class Connection {
   public:
    explicit Connection(const Network& network, bool to_there = true);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();
    bool echoes() const;

   private:
    int questions_ = -1, answers_ = -1;
    pid_t pid_ = 0;
  };

 private:
  bool in(pid_t place, const std::function<bool()>& ask) const;
  pid_t serve_in(pid_t place, int port, const char* name);
  std::string why_not_;
  pid_t here_ = 0, there_ = 0, server_ = 0, sshd_ = 0;
};

}  // namespace muster::test
