#include "adapters/probes/pg_connection.hpp"

#include <fcntl.h>
#include <poll.h>

#include <boost/asio/post.hpp>
#include <utility>

#include "base/text.hpp"

namespace muster::probes {
namespace {

using boost::asio::posix::stream_descriptor;

/// Whether the server's error leaves no doubt that the statement had no effect. Poolers and servers
/// that go down use classes 08 and 57P for the end of a connection, whatever they were doing
/// (40003: "unknown").
bool certain(std::string_view severity, std::string_view sqlstate) {
  return severity == "ERROR" && !sqlstate.starts_with("08") && !sqlstate.starts_with("57P") &&
         sqlstate != "40003";
}

std::string field(const PGresult& result, int code) {
  const char* text = ::PQresultErrorField(&result, code);
  return text != nullptr ? text : "";
}

}  // namespace

std::string short_reason(const char* message) {
  std::string_view text = trimmed(message != nullptr ? message : "");
  text = text.substr(0, text.find('\n'));
  // "connection to server at "10.0.0.1", port 5432 failed: Connection refused"
  if (const auto at = text.find(" failed: "); at != std::string_view::npos)
    text.remove_prefix(at + 9);
  return text.empty() ? "the connection was lost" : bounded(printable(text), 100);
}

void PgConnection::connect(std::function<void(std::string)> done) {
  on_connected_ = std::move(done);
  std::vector<const char*> keywords, values;
  for (const auto& [keyword, value] : options_) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  connection_ = ::PQconnectStartParams(keywords.data(), values.data(), 0);
  if (connection_ != nullptr)
    ::PQsetNoticeProcessor(
        connection_, [](void*, const char*) {}, nullptr);
  if (connection_ == nullptr || ::PQstatus(connection_) == CONNECTION_BAD) {
    // Not from within connect().
    boost::asio::post(io_, [weak = weak_from_this(), generation = generation_] {
      const auto self = weak.lock();
      if (self && self->generation_ == generation)
        self->connected(short_reason(::PQerrorMessage(self->connection_)));
    });
    return;
  }
  connecting(PGRES_POLLING_WRITING);
}

void PgConnection::connecting(PostgresPollingStatusType next) {
  if (next == PGRES_POLLING_READING) return wait(Wait::wait_read, &PgConnection::poll);
  if (next == PGRES_POLLING_WRITING) return wait(Wait::wait_write, &PgConnection::poll);
  connected(next == PGRES_POLLING_OK ? "" : short_reason(::PQerrorMessage(connection_)));
}

void PgConnection::poll() {
  close_socket();  // the next step may be on another one
  connecting(::PQconnectPoll(connection_));
}

void PgConnection::connected(std::string error) {
  if (error.empty() && ::PQsetnonblocking(connection_, 1) != 0)
    error = "no non-blocking connection";
  const auto done = std::exchange(on_connected_, nullptr);
  done(std::move(error));
}

void PgConnection::wait(Wait what, void (PgConnection::*then)()) {
  boost::system::error_code ec;
  if (!socket_.is_open()) socket_.assign(::fcntl(::PQsocket(connection_), F_DUPFD_CLOEXEC, 3), ec);
  // An error shows again, as libpq's own, when `then` touches the connection.
  socket_.async_wait(what, [weak = weak_from_this(), generation = generation_,
                            then](const boost::system::error_code&) {
    const auto self = weak.lock();
    if (self && self->generation_ == generation) (self.get()->*then)();
  });
}

bool PgConnection::usable() const {
  if (connection_ == nullptr || on_connected_ || on_end_) return false;
  if (::PQstatus(connection_) != CONNECTION_OK) return false;
  if (::PQtransactionStatus(connection_) != PQTRANS_IDLE) return false;
  pollfd idle{::PQsocket(connection_), POLLIN, 0};
  return ::poll(&idle, 1, 0) == 0;
}

void PgConnection::run(const Statement& statement, std::function<void(const PGresult&)> each,
                       std::function<void(StatementEnd)> done) {
  each_ = std::move(each);
  on_end_ = std::move(done);
  end_ = {StatementEnd::Is::done, "", ""};
  ended_badly_ = false;
  std::vector<const char*> values;
  for (const auto& p : statement.parameters) values.push_back(p.c_str());
  const int sent = values.empty() ? ::PQsendQuery(connection_, statement.sql.c_str())
                                  : ::PQsendQueryParams(connection_, statement.sql.c_str(),
                                                        static_cast<int>(values.size()), nullptr,
                                                        values.data(), nullptr, nullptr, 0);
  if (sent == 0) {  // some of it may have left all the same
    end_ = {StatementEnd::Is::lost, "", short_reason(::PQerrorMessage(connection_))};
    ended_badly_ = true;
  }
  ::PQsetSingleRowMode(connection_);
  wait(Wait::wait_write, &PgConnection::flush);
}

void PgConnection::flush() {
  if (::PQflush(connection_) == 1) return wait(Wait::wait_write, &PgConnection::flush);
  receive();
}

/// The answer is whole only with ReadyForQuery (PQgetResult gives nothing more): a statement with
/// parameters is committed after its CommandComplete was sent.
void PgConnection::receive() {
  ::PQconsumeInput(connection_);  // a failure becomes a result, or a bad status
  while (::PQisBusy(connection_) == 0) {
    if (!take(::PQgetResult(connection_))) return ended();
  }
  wait(Wait::wait_read, &PgConnection::receive);
}

bool PgConnection::take(PGresult* raw) {
  if (raw == nullptr) return false;
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result{raw, ::PQclear};
  switch (::PQresultStatus(raw)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
    case PGRES_EMPTY_QUERY:
      if (each_) each_(*raw);
      return true;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
      // libpq would give the same result for ever.
      if (!std::exchange(ended_badly_, true))
        end_ = {StatementEnd::Is::lost, "", "the statement is a COPY"};
      return false;
    default:
      note(*raw);
      return true;
  }
}

/// Of several errors the first says what became of the statement.
void PgConnection::note(const PGresult& result) {
  if (std::exchange(ended_badly_, true)) return;
  // In English whatever the server's language is.
  const auto severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  const auto sqlstate = field(result, PG_DIAG_SQLSTATE);
  const auto primary = field(result, PG_DIAG_MESSAGE_PRIMARY);
  const auto message =
      short_reason(primary.empty() ? ::PQresultErrorMessage(&result) : primary.c_str());
  end_.is = certain(severity, sqlstate) ? StatementEnd::Is::refused : StatementEnd::Is::lost;
  end_.sqlstate = sqlstate;
  end_.why = sqlstate.empty() ? message : sqlstate + " " + message;
}

void PgConnection::ended() {
  const bool alive = ::PQstatus(connection_) == CONNECTION_OK &&
                     ::PQtransactionStatus(connection_) == PQTRANS_IDLE;
  if (!alive && !std::exchange(ended_badly_, true))
    end_ = {StatementEnd::Is::lost, "", short_reason(::PQerrorMessage(connection_))};
  each_ = nullptr;
  const auto done = std::exchange(on_end_, nullptr);
  done(end_);
}

void PgConnection::close_socket() {
  boost::system::error_code ignored;
  if (socket_.is_open()) socket_.close(ignored);
}

void PgConnection::close() {
  ++generation_;
  on_connected_ = nullptr;
  each_ = nullptr;
  on_end_ = nullptr;
  close_socket();
  if (connection_ != nullptr) ::PQfinish(std::exchange(connection_, nullptr));
}

}  // namespace muster::probes
