// Against a real terminal: a pseudo-terminal that this test holds.
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "adapters/terminal/keyboard.hpp"
#include "adapters/terminal/output.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace std::chrono_literals;

namespace {

struct Terminal {
  int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  int slave = -1;
  Terminal() {
    REQUIRE(::grantpt(master) == 0);
    REQUIRE(::unlockpt(master) == 0);
    slave = ::open(::ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(slave >= 0);
  }
  ~Terminal() {
    ::close(slave);
    ::close(master);
  }
  /// What is on the screen so far, as it comes.
  std::string seen(int patience_ms = 50) const {
    std::string out;
    pollfd ready{master, POLLIN, 0};
    char buffer[65536];
    while (::poll(&ready, 1, patience_ms) > 0) {
      const auto n = ::read(master, buffer, sizeof buffer);
      if (n <= 0) break;
      out.append(buffer, static_cast<std::size_t>(n));
    }
    return out;
  }
  bool echoes() const {
    termios now{};
    ::tcgetattr(slave, &now);
    return (now.c_lflag & ECHO) != 0;
  }
};

void run_until(boost::asio::io_context& io, const std::function<bool()>& done) {
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (!done() && std::chrono::steady_clock::now() < until) io.run_one_for(100ms);
  REQUIRE(done());
}

}  // namespace

TEST_CASE("a terminal that nobody reads holds up nobody, and nothing of it is lost silently") {
  boost::asio::io_context io;
  Terminal terminal;
  terminal::Output output{io, terminal.slave};
  output.write("first\n");
  CHECK(terminal.seen() == "first\r\n");
  const std::string line(999, 'x');
  for (int i = 0; i < 5000; ++i) output.write(line + "\n");  // 5 MB; none of it blocks
  CHECK_FALSE(output.idle());
  std::string all;
  run_until(io, [&] {
    all += terminal.seen(1);
    return output.idle();
  });
  all += terminal.seen();
  CHECK(all.find("lines were not shown: nobody read them in time") != std::string::npos);
  CHECK(std::count(all.begin(), all.end(), '\n') > 4000);
}

TEST_CASE("the caller's descriptor stays as it was: a shell shares it") {
  boost::asio::io_context io;
  Terminal terminal;
  terminal::Output output{io, terminal.slave};
  output.write("x");
  CHECK((::fcntl(terminal.slave, F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE("a closed pipe ends nothing") {
  boost::asio::io_context io;
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  ::signal(SIGPIPE, SIG_IGN);
  terminal::Output output{io, ends[1]};
  ::close(ends[0]);
  output.write("into the void\n");
  CHECK(output.idle());
  ::close(ends[1]);
}

TEST_CASE("draining waits, and not for ever") {
  boost::asio::io_context io;
  Terminal terminal;
  terminal::Output output{io, terminal.slave};
  for (int i = 0; i < 100; ++i) output.write(std::string(4096, 'x'));
  CHECK_FALSE(output.idle());
  output.drain(20ms);
  CHECK_FALSE(output.idle());
}

TEST_CASE("what is no terminal has no keyboard") {
  boost::asio::io_context io;
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  CHECK(terminal::Keyboard::open(
            io, null, [] {}, [](const std::string&) {}) == nullptr);
  ::close(null);
}
