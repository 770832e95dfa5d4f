#include "adapters/http/server.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <fstream>

#include "adapters/http/client.hpp"
#include "adapters/http/peer.hpp"
#include "tests/adapters_http/serving.hpp"
#include "tests/catch.hpp"

namespace muster::http {
namespace {

const std::string kAsk = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

/// A file as a server that was killed leaves it.
void leave_behind(const std::filesystem::path& socket) {
  REQUIRE(listen_on(socket));
}

TEST_CASE("the kernel says who asks") {
  const Folder folder;
  const Serving serving{folder.socket(), echo};
  const auto client = Client::connect(folder.socket());
  REQUIRE(client);
  const auto response = (*client)->request("POST", "/a?b=%2F", {{"c", "ü"}});
  REQUIRE(response);
  const auto answer = api::json_of(*response);
  REQUIRE(answer);
  CHECK(*answer == Json{{"method", "POST"},
                        {"target", "/a?b=%2F"},
                        {"body", {{"c", "ü"}}},
                        {"uid", geteuid()},
                        {"name", user_name(geteuid())},
                        {"pid", getpid()}});
}

TEST_CASE("a user who was not expected is named too") {
  if (geteuid() != 0) return;  // only root can be somebody else
  constexpr unsigned kNobody = 65'534;
  const Folder folder;
  const Serving serving{folder.socket(), echo};
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0711});
  std::filesystem::permissions(folder.socket(), std::filesystem::perms{0666});
  std::string heard;
  // The system call, unlike setresuid(), is for this thread alone.
  std::thread{[&] {
    if (syscall(SYS_setresuid, kNobody, kNobody, kNobody) != 0) return;
    const Raw raw{folder.socket()};
    raw.say(kAsk);
    heard = raw.hear("}\n");
  }}.join();
  CHECK(contains(heard, "\"uid\":" + std::to_string(kNobody)));
  CHECK(contains(heard, "\"name\":\"" + user_name(kNobody) + "\""));
}

TEST_CASE("what is no request is told so, and the connection ends") {
  const Folder folder;
  ServerOptions options;
  options.body_bytes_max = 1'000;
  const Serving serving{folder.socket(), echo, options};
  const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\n";
  struct Row {
    std::string said, status;
  };
  const std::vector<Row> table{
      {"\x16\x03\x01\x02\x00 what is this\r\n\r\n", "400"},
      {"GET\r\n\r\n", "400"},
      {"GET /a HTTP/9.9\r\n\r\n", "400"},
      {head + "Content-Length: x\r\n\r\n", "400"},
      {head + "X: " + std::string(20'000, 'x') + "\r\n\r\n", "431"},
      {head + "Content-Length: 1001\r\n\r\n", "413"},
      {head + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') +
           "\r\n0\r\n\r\n",
       "413"},
  };
  for (const auto& row : table) {
    INFO(row.said.substr(0, 100));
    const Raw raw{folder.socket()};
    raw.say(row.said);
    const auto heard = raw.hear();
    CHECK(heard.starts_with("HTTP/1.1 " + row.status));
    CHECK(contains(heard, "{\"error\":"));
    CHECK(heard.ends_with("(closed)"));
  }
}

TEST_CASE("a body that is no JSON is refused, and the connection goes on") {
  const Folder folder;
  const Serving serving{folder.socket(), echo};
  const Raw raw{folder.socket()};
  raw.say("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{\"a\":1,");
  CHECK(raw.hear("}\n").starts_with("HTTP/1.1 400"));
  raw.say(kAsk);
  CHECK(raw.hear("}\n").starts_with("HTTP/1.1 200"));
}

TEST_CASE("two requests at once are answered one after the other") {
  const Folder folder;
  const Serving serving{folder.socket(), echo};
  const Raw raw{folder.socket()};
  raw.say(kAsk + "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto heard = raw.hear();
  REQUIRE(heard.find("\"/b\"") != std::string::npos);
  CHECK(heard.find("\"/a\"") < heard.find("\"/b\""));
}

TEST_CASE("who says nothing, or not all of it, is not waited for") {
  const Folder folder;
  ServerOptions options;
  options.idle = options.body = std::chrono::milliseconds{20};
  const Serving serving{folder.socket(), echo, options};
  for (const std::string said :
       {"", "GET /a HT", "POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"}) {
    const Raw raw{folder.socket()};
    raw.say(said);
    CHECK(raw.hear() == "(closed)");
  }
}

TEST_CASE("more clients than there is room for wait for their turn") {
  const Folder folder;
  ServerOptions options;
  options.connections_max = 2;
  const Serving serving{folder.socket(), echo, options};
  auto first = std::make_unique<Raw>(folder.socket());
  const Raw second{folder.socket()};
  for (const Raw* raw : {static_cast<const Raw*>(first.get()), &second}) {
    raw->say(kAsk);
    CHECK(raw->hear("}\n").starts_with("HTTP/1.1 200"));
  }
  const Raw third{folder.socket()};
  third.say(kAsk);
  first.reset();
  CHECK(third.hear("}\n").starts_with("HTTP/1.1 200"));
}

TEST_CASE("an answer that comes after the server's end harms nobody") {
  const Folder folder;
  std::promise<std::function<void(api::Response)>> taken;
  auto serving = std::make_unique<Serving>(
      folder.socket(),
      [&](const api::Request&, const api::Principal&, auto done) { taken.set_value(done); });
  const Raw raw{folder.socket()};
  raw.say(kAsk);
  auto late = taken.get_future().get();
  serving.reset();
  late(api::json_response(200, "too late"));
  CHECK(raw.hear() == "(closed)");
}

TEST_CASE("the file is for its owner, and goes with the server") {
  const Folder folder;
  const auto old = umask(0);
  {
    const Serving serving{folder.socket(), echo};
    umask(old);
    struct stat there {};
    REQUIRE(lstat(folder.socket().c_str(), &there) == 0);
    CHECK(S_ISSOCK(there.st_mode));
    CHECK((there.st_mode & 0777) == 0600);
  }
  CHECK_FALSE(std::filesystem::exists(folder.socket()));
}

TEST_CASE("what is in the socket's place") {
  const Folder folder;
  boost::asio::io_context io;
  SECTION("a dead server's file is replaced") {
    leave_behind(folder.socket());
    const Serving serving{folder.socket(), echo};
    CHECK(Client::connect(folder.socket()).value() != nullptr);
  }
  SECTION("a server that lives is left alone") {
    const Serving serving{folder.socket(), echo};
    const auto second = Server::start(io, folder.socket(), echo);
    REQUIRE(second.has_error());
    CHECK(contains(second.error().what, "somebody serves"));
    CHECK(Client::connect(folder.socket()).value() != nullptr);
  }
  SECTION("a file is left alone") {
    std::ofstream{folder.socket()} << "mine";
    CHECK(contains(Server::start(io, folder.socket(), echo).error().what, "is no socket"));
    CHECK(std::filesystem::file_size(folder.socket()) == 4);
  }
  SECTION("no folder") {
    CHECK(Server::start(io, folder.path() / "none" / kSocketFile, echo).has_error());
  }
}

TEST_CASE("a path longer than a socket's address is served all the same") {
  const Folder folder;
  const auto deep = folder.path() / std::string(150, 'd');
  std::filesystem::create_directory(deep);
  const Serving serving{deep / kSocketFile, echo};
  CHECK(Client::connect(deep / kSocketFile).value() != nullptr);
}

TEST_CASE("no child process inherits a socket") {
  const Folder folder;
  const Serving serving{folder.socket(), echo};
  const auto client = Client::connect(folder.socket());
  REQUIRE((*client)->request("GET", "/a"));
  int sockets = 0;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
    const int fd = std::stoi(entry.path().filename().string());
    int domain = 0;
    socklen_t size = sizeof domain;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 || domain != AF_UNIX) continue;
    sockaddr_un name{};
    socklen_t length = sizeof name;
    getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length);
    sockaddr_un other{};
    socklen_t other_length = sizeof other;
    getpeername(fd, reinterpret_cast<sockaddr*>(&other), &other_length);
    if (name.sun_path != folder.socket().string() && other.sun_path != folder.socket().string())
      continue;
    ++sockets;
    CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
  }
  CHECK(sockets == 3);  // the listening one, and the two ends of the connection
}

}  // namespace
}  // namespace muster::http
