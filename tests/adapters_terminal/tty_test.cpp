// Against a real terminal: a pseudo-terminal that this test holds.
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <thread>
#include <vector>

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

TEST_CASE("a socket that nobody reads holds up nobody, and stays blocking for who shares it") {
  boost::asio::io_context io;
  int ends[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  terminal::Output output{io, ends[1]};
  const std::string line(999, 'x');
  for (int i = 0; i < 2000; ++i) output.write(line + "\n");  // 2 MB; none of it blocks
  CHECK_FALSE(output.idle());
  CHECK((::fcntl(ends[1], F_GETFL) & O_NONBLOCK) == 0);
  std::size_t read = 0;
  std::vector<char> buffer(1 << 20);
  run_until(io, [&] {
    const auto n = ::recv(ends[0], buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (n > 0) read += static_cast<std::size_t>(n);
    return output.idle() && read == 2'000'000;
  });
  ::close(ends[0]);
  output.write("nobody is there any more\n");  // no signal, and no end of the run
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

namespace {

/// Reads lines as `muster run` does, in a session of its own on this terminal; ends with the line
/// "end". Each line is written to `out`.
[[noreturn]] void type_at(const Terminal& terminal, int out) {
  ::setsid();
  const int tty = ::open(::ptsname(terminal.master), O_RDWR | O_CLOEXEC);  // becomes its terminal
  boost::asio::io_context io;
  bool end = false;
  const auto keyboard = terminal::Keyboard::open(
      io, tty, [] {},
      [&](const std::string& line) {
        end = line == "end";
        [[maybe_unused]] const auto n = ::write(out, (line + "\n").data(), line.size() + 1);
      });
  while (keyboard && !end) io.run_one();
  ::_exit(keyboard ? 0 : 1);
}

bool within_10s(const std::function<bool()>& holds) {
  for (int i = 0; i < 500 && !holds(); ++i) std::this_thread::sleep_for(20ms);
  return holds();
}

}  // namespace

TEST_CASE("Ctrl-Z gives the terminal back, and lines are read again afterwards") {
  Terminal terminal;
  int lines[2];
  REQUIRE(::pipe2(lines, O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  if (child == 0) type_at(terminal, lines[1]);
  const auto type = [&](const std::string& keys) {
    CHECK(::write(terminal.master, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
  };
  const auto reads = [&](const std::string& line) {
    pollfd ready{lines[0], POLLIN, 0};
    char buffer[64];
    if (::poll(&ready, 1, 10'000) != 1) return false;
    return std::string(buffer, static_cast<std::size_t>(::read(lines[0], buffer, sizeof buffer))) ==
           line + "\n";
  };
  REQUIRE(within_10s([&] { return !terminal.echoes(); }));
  type("one\r");
  CHECK(reads("one"));
  for (int turn = 0; turn < 2; ++turn) {
    type("\x1a");
    int status = 0;
    REQUIRE(::waitpid(child, &status, WUNTRACED) == child);
    REQUIRE(WIFSTOPPED(status));
    CHECK(terminal.echoes());
    ::kill(child, SIGCONT);
    CHECK(within_10s([&] { return !terminal.echoes(); }));
    type("again\r");
    CHECK(reads("again"));
  }
  type("end\r");
  CHECK(reads("end"));
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  ::close(lines[0]);
  ::close(lines[1]);
}

TEST_CASE("what is no terminal has no keyboard") {
  boost::asio::io_context io;
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  CHECK(terminal::Keyboard::open(
            io, null, [] {}, [](const std::string&) {}) == nullptr);
  ::close(null);
}
