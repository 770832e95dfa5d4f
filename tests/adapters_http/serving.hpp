// A server on a real socket in a folder of its own, its loop on a thread of its own, as a run's is.
#pragma once
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "adapters/http/server.hpp"
#include "adapters/http/socket_file.hpp"

namespace muster::http {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "muster-http-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error{"no temporary folder"};
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path socket() const { return path_ / kSocketFile; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A server of either kind (Server, TcpServer), made by `start(io)`.
template <class Kind>
class ServingOn {
 public:
  template <class Start>
  explicit ServingOn(Start start) {
    auto server = start(io_);
    if (!server) throw std::runtime_error{to_string(server.error())};
    server_ = std::move(*server);
    thread_ = std::thread{[this] { io_.run(); }};
  }
  ~ServingOn() {
    on_loop([this] { server_.reset(); });
    guard_.reset();
    thread_.join();
  }
  boost::asio::io_context& io() { return io_; }
  const Kind& server() const { return *server_; }
  /// Runs it on the server's thread, and waits for it.
  void on_loop(std::function<void()> fn) {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      fn();
      done.set_value();
    });
    done.get_future().wait();
  }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
      io_.get_executor()};
  std::unique_ptr<Kind> server_;
  std::thread thread_;
};

struct Serving : ServingOn<Server> {
  Serving(const std::filesystem::path& socket, Handler handler, const ServerOptions& options = {})
      : ServingOn{[&](boost::asio::io_context& io) {
          return Server::start(io, socket, std::move(handler), options);
        }} {}
};

/// A client that says anything: bytes out, bytes in.
class Raw {
 public:
  explicit Raw(const std::filesystem::path& socket) {
    auto fd = connect_to(socket);
    if (!fd || !*fd) throw std::runtime_error{"nobody serves"};
    fd_ = std::move(**fd);
  }
  explicit Raw(Fd fd) : fd_{std::move(fd)} {}
  void say(const std::string& bytes) const {
    send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  /// As a client that closes its side.
  void say_no_more() const { shutdown(fd_.get(), SHUT_WR); }
  /// Whether the other side goes within this time; what it says meanwhile is dropped.
  bool is_over(std::chrono::milliseconds within) const {
    pollfd ready{fd_.get(), POLLIN, 0};
    char bytes[4096];
    return poll(&ready, 1, static_cast<int>(within.count())) == 1 &&
           recv(fd_.get(), bytes, sizeof bytes, 0) <= 0;
  }
  /// Until it contains `end`, or the other side has gone; fails after 30 s.
  std::string hear(const std::string& end = "") const {
    std::string heard;
    while (end.empty() || heard.find(end) == std::string::npos) {
      pollfd ready{fd_.get(), POLLIN, 0};
      if (poll(&ready, 1, 30'000) != 1) throw std::runtime_error{"nothing came: " + heard};
      char bytes[4096];
      const auto size = recv(fd_.get(), bytes, sizeof bytes, 0);
      if (size <= 0) return heard + "(closed)";
      heard.append(bytes, static_cast<std::size_t>(size));
    }
    return heard;
  }

 private:
  Fd fd_;
};

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Answers at once with what it was asked and by whom.
inline void echo(const api::Request& request, const api::Principal& who,
                 const std::function<void(api::Response)>& done) {
  done(api::json_response(200, {{"method", request.method},
                                {"target", request.target},
                                {"body", request.body},
                                {"uid", who.uid},
                                {"name", who.name},
                                {"pid", who.pid}}));
}

}  // namespace muster::http
