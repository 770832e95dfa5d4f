#include "adapters/probes/mariadb_connection.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/probes/slot.hpp"
#include "base/text.hpp"

namespace muster::probes {
namespace {

/// A server that is not the right one may ask for the password in clear text, or for a file of this
/// machine: neither is given.
constexpr const char* kPlugins = "mysql_native_password,client_ed25519,caching_sha2_password";

const char* or_null(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

}  // namespace

void MariadbConnection::ask(const std::string& query, std::function<void(MariadbAnswer)> done) {
  query_ = query;
  done_ = std::move(done);
  mysql_ = ::mysql_init(nullptr);
  if (mysql_ == nullptr || options_refused()) return finish("libmariadb refuses an option");
  connect(0);
}

bool MariadbConnection::options_refused() {
  unsigned off = 0;
  my_bool enforce = door_.tls ? 1 : 0;
  my_bool verify = door_.tls && door_.verify ? 1 : 0;
  bool refused = ::mysql_options(mysql_, MYSQL_OPT_NONBLOCK, nullptr) != 0 ||
                 ::mysql_options(mysql_, MYSQL_OPT_LOCAL_INFILE, &off) != 0 ||
                 ::mysql_options(mysql_, MARIADB_OPT_RESTRICTED_AUTH, kPlugins) != 0 ||
                 ::mysql_options(mysql_, MYSQL_OPT_SSL_ENFORCE, &enforce) != 0 ||
                 ::mysql_options(mysql_, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify) != 0;
  // Whom to trust is told only when that counts: libmariadb takes it as a wish to verify.
  if (verify == 0) return refused;
  if (door_.ca_file.empty())
    refused = refused || ::mysql_options(mysql_, MYSQL_OPT_SSL_CAPATH, "/etc/ssl/certs") != 0;
  else
    refused = refused || ::mysql_options(mysql_, MYSQL_OPT_SSL_CA, door_.ca_file.c_str()) != 0;
  return refused;
}

void MariadbConnection::connect(int ready) {
  mid_call_ = true;
  const int wanted = begun_ ? ::mysql_real_connect_cont(&connected_, mysql_, ready)
                            : ::mysql_real_connect_start(&connected_, mysql_, or_null(door_.host),
                                                         door_.user.c_str(), door_.password.c_str(),
                                                         or_null(door_.database), door_.port,
                                                         or_null(door_.socket), 0);
  begun_ = true;
  if (wanted != 0) return wait(wanted, &MariadbConnection::connect);
  mid_call_ = begun_ = false;
  if (connected_ == nullptr) return finish("connect: " + last_error());
  answer_.connected = true;
  query(0);
}

void MariadbConnection::query(int ready) {
  mid_call_ = true;
  const int wanted =
      begun_ ? ::mysql_real_query_cont(&query_status_, mysql_, ready)
             : ::mysql_real_query_start(&query_status_, mysql_, query_.data(), query_.size());
  begun_ = true;
  if (wanted != 0) return wait(wanted, &MariadbConnection::query);
  mid_call_ = begun_ = false;
  if (query_status_ != 0) return finish(last_error());
  // Rows are read one by one, and only the first: the rest goes with the connection.
  result_ = ::mysql_use_result(mysql_);
  if (result_ == nullptr) return finish(::mysql_errno(mysql_) == 0 ? "" : last_error());
  fetch(0);
}

void MariadbConnection::fetch(int ready) {
  mid_call_ = true;
  const int wanted = begun_ ? ::mysql_fetch_row_cont(&row_, result_, ready)
                            : ::mysql_fetch_row_start(&row_, result_);
  begun_ = true;
  if (wanted != 0) return wait(wanted, &MariadbConnection::fetch);
  mid_call_ = begun_ = false;
  if (row_ == nullptr) return finish(::mysql_errno(mysql_) == 0 ? "" : last_error());
  take_row();
  finish("");
}

void MariadbConnection::take_row() {
  const unsigned columns = ::mysql_num_fields(result_);
  const unsigned long* sizes = ::mysql_fetch_lengths(result_);
  for (unsigned c = 0; c < columns && answer_.row.size() < kEvidenceBytesMax; ++c) {
    if (c > 0) answer_.row += " | ";
    answer_.row +=
        row_[c] == nullptr
            ? "null"
            : std::string{row_[c], std::min<std::size_t>(sizes[c], kEvidenceBytesMax + 4)};
  }
  answer_.says_no = columns == 1 && (row_[0] == nullptr || answer_.row == "0");
  answer_.row = bounded(printable(answer_.row), kEvidenceBytesMax);
}

void MariadbConnection::wait(int wanted, Step step) {
  const int now = static_cast<int>(::mysql_get_socket(mysql_));
  if (!socket_.is_open()) {
    const int copy = ::fcntl(now, F_DUPFD_CLOEXEC, 0);
    boost::system::error_code ec;
    if (copy >= 0) socket_.assign(copy, ec);
    if (copy < 0 || ec) return finish("no descriptor is left");
  }
  // libmariadb sets no time limit of its own here: who asks gives up.
  const bool write = (wanted & MYSQL_WAIT_WRITE) != 0 && (wanted & MYSQL_WAIT_READ) == 0;
  const auto what = write ? boost::asio::posix::stream_descriptor::wait_write
                          : boost::asio::posix::stream_descriptor::wait_read;
  socket_.async_wait(
      what, [self = shared_from_this(), step, wanted](const boost::system::error_code& ec) {
        if (ec || self->mysql_ == nullptr) return;
        (self.get()->*step)(wanted & ~MYSQL_WAIT_TIMEOUT);
      });
}

std::string MariadbConnection::last_error() {
  return fmt::format("{} {}", ::mysql_errno(mysql_), printable(::mysql_error(mysql_)));
}

void MariadbConnection::finish(std::string error) {
  answer_.error = std::move(error);
  const auto done = std::exchange(done_, nullptr);
  const auto self = shared_from_this();
  close();
  if (done) done(answer_);
}

void MariadbConnection::close() {
  done_ = nullptr;
  boost::system::error_code ignored;
  if (mysql_ != nullptr) {
    // A farewell would be waited for, or the rest of the rows: with the line cut, neither is.
    const auto socket = ::mysql_get_socket(mysql_);
    if (mid_call_ || result_ != nullptr) ::shutdown(static_cast<int>(socket), SHUT_RDWR);
    if (result_ != nullptr) {
      result_->handle = nullptr;  // or the rest would be read first
      ::mysql_free_result(result_);
    }
    ::mysql_close(mysql_);
  }
  mysql_ = nullptr;
  result_ = nullptr;
  socket_.close(ignored);
}

}  // namespace muster::probes
