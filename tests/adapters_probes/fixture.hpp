// An engine's thread (the test's own), a prober, and services that the test plays on loopback.
#pragma once
#include <boost/asio.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/probes/real_prober.hpp"

namespace muster::probes::test {

using namespace std::chrono_literals;

inline std::unique_ptr<ports::Clock> make_clock(boost::asio::io_context& io) {
  return std::make_unique<clock::AsioClock>(io);
}

using catalogue::ProbeSpec;

inline ProbeSpec postgres_probe(std::string conninfo, std::string query = "select 1") {
  return {"postgres", {{"conninfo", std::move(conninfo)}, {"query", std::move(query)}}};
}
inline ProbeSpec tcp_probe(const std::string& host, std::uint16_t port) {
  return {"tcp", {{"address", host + ":" + std::to_string(port)}}};
}
inline ProbeSpec http_probe(std::string url, int status = 0, const std::string& contains = "") {
  ProbeSpec probe{"http", {{"url", std::move(url)}}};
  if (status != 0) probe.values["status"] = std::to_string(status);
  if (!contains.empty()) probe.values["contains"] = contains;
  return probe;
}
inline ProbeSpec command_probe(const std::vector<std::string>& argv) {
  ProbeSpec probe{"command", {{"argv_count", std::to_string(argv.size())}}};
  for (std::size_t i = 0; i < argv.size(); ++i) probe.values["argv_" + std::to_string(i)] = argv[i];
  return probe;
}

struct Engine {
  boost::asio::io_context io{1};
  clock::AsioClock clock{io};
  std::optional<RealProber> prober{std::in_place, io, make_clock};

  /// Turns the engine until `done`; false when that does not come within `limit`.
  bool until(const std::function<bool()>& done, Duration limit = 20s) {
    const Instant end = clock.now() + limit;
    while (!done()) {
      if (clock.now() > end) return false;
      io.restart();
      io.run_one_for(5ms);
    }
    return true;
  }
  void pass(Duration time) {
    const Instant end = clock.now() + time;
    until([&] { return clock.now() >= end; });
  }

  ports::ProbeAnswer ask(const catalogue::ProbeSpec& probe, Duration timeout = 2s) {
    std::optional<ports::ProbeAnswer> answer;
    prober->ask(probe, timeout, [&](ports::ProbeAnswer a) { answer = std::move(a); });
    if (!until([&] { return answer.has_value(); })) throw std::runtime_error{"no answer at all"};
    return *answer;
  }
  ports::ReadBack read_back(const ports::ServiceProbe& probe, Duration timeout = 10s) {
    std::optional<ports::ReadBack> back;
    prober->read_back(probe, timeout, [&](ports::ReadBack b) { back = std::move(b); });
    if (!until([&] { return back.has_value(); })) throw std::runtime_error{"no read-back at all"};
    return *back;
  }
  void start(const ports::ServiceProbe& probe, std::vector<measure::Sample>& into) {
    prober->start(probe, [&into](std::vector<measure::Sample> batch) {
      into.insert(into.end(), batch.begin(), batch.end());
    });
  }
  bool stop(const std::string& service) {
    bool stopped = false;
    prober->stop(service, [&] { stopped = true; });
    return until([&] { return stopped; });
  }
};

/// Listens on loopback and plays one part for each connection, on a thread of its own.
class Server {
 public:
  using tcp = boost::asio::ip::tcp;
  using Part = std::function<void(tcp::socket&)>;
  explicit Server(Part part) : part_{std::move(part)}, thread_{[this] { serve(); }} {}
  ~Server() {
    stopping_ = true;
    boost::asio::io_context io;
    tcp::socket knock{io};
    boost::system::error_code ignored;
    knock.connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port()) + path;
  }

 private:
  void serve() {
    while (true) {
      boost::system::error_code ec;
      auto socket = acceptor_.accept(ec);
      if (stopping_) return;
      if (ec) continue;
      part_(socket);
      // What was not answered stays open until the end, as a hung service's connections do.
      open_.push_back(std::move(socket));
    }
  }
  boost::asio::io_context io_;
  tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::vector<tcp::socket> open_;
  std::atomic<bool> stopping_ = false;
  Part part_;
  std::thread thread_;
};

/// Reads a request's head, then says `text` and closes.
inline Server::Part says(std::string text) {
  return [text = std::move(text)](Server::tcp::socket& socket) {
    boost::system::error_code ec;
    std::string head;
    boost::asio::read_until(socket, boost::asio::dynamic_buffer(head), "\r\n\r\n", ec);
    boost::asio::write(socket, boost::asio::buffer(text), ec);
    socket.close(ec);
  };
}

/// A port of loopback that refuses connections.
inline std::uint16_t closed_port() {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor a{io, {boost::asio::ip::address_v4::loopback(), 0}};
  return a.local_endpoint().port();
}

/// Descriptors that this process has open.
inline std::size_t open_descriptors() {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    ++n;
  return n;
}

}  // namespace muster::probes::test
