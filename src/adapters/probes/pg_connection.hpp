// One connection to PostgreSQL, asynchronous: libpq's own state machine, turned by an io_context.
#pragma once
#include <libpq-fe.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/probes/pg_options.hpp"

namespace muster::probes {

struct Statement {
  std::string sql;
  std::vector<std::string> parameters;  // $1, $2, … as text; none: sql may be several statements
};

/// How a statement ended, with the connection idle again unless it is `lost`.
struct StatementEnd {
  enum class Is {
    done,     // acknowledged whole: a write is committed
    refused,  // the server said no, and went on: a write is certainly not there
    lost      // the connection, or certainty: a write may be there or not
  } is = Is::lost;
  std::string sqlstate;
  std::string why;
};

/// Probe thread only. Callbacks never come from within connect() or run(); after close() or the
/// destructor they do not come at all.
class PgConnection : public std::enable_shared_from_this<PgConnection> {
 public:
  PgConnection(boost::asio::io_context& io, PgOptions options)
      : io_{io}, options_{std::move(options)}, socket_{io} {}
  ~PgConnection() { close(); }
  PgConnection(const PgConnection&) = delete;
  PgConnection& operator=(const PgConnection&) = delete;

  /// Once. `done` gets "" or why there is no connection.
  void connect(std::function<void(std::string)> done);
  /// Connected, idle, and the server has said nothing meanwhile: what it says unasked is mostly
  /// good-bye, and what was not sent to a dead server needs no riddle about its fate.
  bool usable() const;
  /// One at a time. Rows come one by one through `each` (PGRES_SINGLE_TUPLE), so that memory stays
  /// bounded; `each` must not close the connection, `done` may.
  void run(const Statement& statement, std::function<void(const PGresult&)> each,
           std::function<void(StatementEnd)> done);
  void close();

 private:
  using Wait = boost::asio::posix::stream_descriptor::wait_type;
  void connecting(PostgresPollingStatusType next);
  void connected(std::string error);
  void wait(Wait what, void (PgConnection::*then)());
  void poll();
  void flush();
  void receive();
  /// False when nothing more will come.
  bool take(PGresult* raw);
  void note(const PGresult& result);
  void ended();
  void close_socket();

  boost::asio::io_context& io_;
  const PgOptions options_;
  PGconn* connection_ = nullptr;
  // A duplicate: libpq may close its own at any moment, and the reactor must not be left with a
  // number that belongs to something else by then.
  boost::asio::posix::stream_descriptor socket_;
  std::uint64_t generation_ = 0;  // handlers of an older one are void
  std::function<void(std::string)> on_connected_;
  std::function<void(const PGresult&)> each_;
  std::function<void(StatementEnd)> on_end_;
  StatementEnd end_;
  bool ended_badly_ = false;
};

/// First line of what libpq or the server said, without its preamble.
std::string short_reason(const char* message);

}  // namespace muster::probes
