// One conversation with MariaDB or MySQL over libmariadb's non-blocking calls: connect, one
// statement, its first row.
#pragma once
#include <mysql.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>

namespace muster::probes {

/// What is needed to connect. Names are resolved already: `host` is an address or empty. May hold a
/// password: never shown.
struct MariadbDoor {
  std::string host, socket, user, password, database, ca_file;
  unsigned port = 3306;
  bool tls = false;
  bool verify = true;
};

struct MariadbAnswer {
  std::string error;  // "" when the statement ended well
  std::string row;    // the first one, columns separated by " | "
  bool connected = false;
  bool says_no = false;  // one column, and the first row's value is 0 or null
};

/// Probe thread. Held by its own operations.
class MariadbConnection : public std::enable_shared_from_this<MariadbConnection> {
 public:
  MariadbConnection(boost::asio::io_context& io, const MariadbDoor& door)
      : door_{door}, socket_{io} {}
  ~MariadbConnection() { close(); }
  MariadbConnection(const MariadbConnection&) = delete;
  MariadbConnection& operator=(const MariadbConnection&) = delete;

  /// `done` once, maybe from within; not after close().
  void ask(const std::string& query, std::function<void(MariadbAnswer)> done);
  /// At any moment; nothing is waited for.
  void close();

 private:
  using Step = void (MariadbConnection::*)(int ready);
  void connect(int ready);
  void query(int ready);
  void fetch(int ready);
  /// Comes back to `step` when libmariadb can go on; `wanted` is its word for what it waits for.
  void wait(int wanted, Step step);
  bool options_refused();
  void take_row();
  void finish(std::string error);
  std::string last_error();

  const MariadbDoor& door_;
  MYSQL* mysql_ = nullptr;
  MYSQL_RES* result_ = nullptr;
  boost::asio::posix::stream_descriptor socket_;  // a duplicate: libmariadb closes its own
  std::string query_;
  std::function<void(MariadbAnswer)> done_;
  MariadbAnswer answer_;
  MYSQL* connected_ = nullptr;
  MYSQL_ROW row_ = nullptr;
  int query_status_ = 0;
  bool begun_ = false;  // the step's _start was called; its _cont comes next
  bool mid_call_ = false;
};

}  // namespace muster::probes
