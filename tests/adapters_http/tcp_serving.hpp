// The API's server on loopback, with certificates made for the test, and one good token.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>
#include <mutex>

#include "adapters/http/client.hpp"
#include "adapters/http/tcp_server.hpp"
#include "tests/adapters_http/serving.hpp"
#include "tests/adapters_probes/certificates.hpp"

namespace muster::http {

inline const std::string kGood = "Bearer good";
inline const std::string kAskGood =
    "GET /a HTTP/1.1\r\nHost: x\r\nAuthorization: " + kGood + "\r\n\r\n";

/// Files of a certificate, as a server is given them.
struct Papers {
  Folder folder;
  probes::test::Authority authority;
  TlsFiles files{folder.path() / "server.crt", folder.path() / "server.key", {}};

  Papers() { give("DNS:localhost,IP:127.0.0.1"); }
  void give(const std::string& names) const {
    const auto made = authority.sign(names, -1, 30);
    put(files.certificate, made.certificate);
    put(files.key, made.key);
    chmod(files.key.c_str(), 0600);
  }
  std::filesystem::path ca() const {
    return put(folder.path() / "ca.crt", authority.certificate());
  }
  static std::filesystem::path put(const std::filesystem::path& file, const std::string& text) {
    std::ofstream{file, std::ios::trunc} << text;
    return file;
  }
};

/// What it notices, from its own thread.
struct Notices {
  std::mutex mutex;
  std::string all;
  std::function<void(const std::string&)> taker() {
    return [this](const std::string& line) {
      const std::lock_guard lock{mutex};
      all += line + "\n";
    };
  }
  std::string text() {
    const std::lock_guard lock{mutex};
    return all;
  }
};

inline House house_of(Handler handler) {
  return {[](const api::Knock& knock) {
            api::Principal who;
            who.token = "ci";
            if (knock.authorization == kGood) return api::Admitted{who, {}};
            return api::Admitted{std::nullopt, api::error_response(401, Error{"no good token"})};
          },
          std::move(handler)};
}

/// `papers` null: in clear.
struct ServingTcp : ServingOn<TcpServer> {
  explicit ServingTcp(
      const Papers* papers, Handler handler = echo, const TcpOptions& options = {},
      std::function<void(const std::string&)> notice = [](const auto&) {})
      : ServingOn{[&](boost::asio::io_context& io) -> Result<std::unique_ptr<TcpServer>> {
          std::unique_ptr<Certificates> certificates;
          if (papers) {
            auto opened = Certificates::open(papers->files, std::move(notice));
            if (!opened) return opened.error();
            certificates = std::move(*opened);
          }
          return TcpServer::start(io, {"127.0.0.1", 0}, std::move(certificates),
                                  house_of(std::move(handler)), options);
        }} {}
  std::uint16_t port() const { return server().port(); }
  RemotePlace place(const Papers& papers) const {
    return {"localhost", port(), true, "good", papers.ca()};
  }
};

/// In clear.
inline Raw raw_tcp(std::uint16_t port) {
  Fd fd{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    throw std::runtime_error{"nobody serves"};
  return Raw{std::move(fd)};
}

/// What a program says, and how it ended. For openssl and curl, with loopback alone.
inline std::string output_of(const std::string& command) {
  std::string out;
  FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return out;
  char bytes[4096];
  for (std::size_t size = 0; (size = fread(bytes, 1, sizeof bytes, pipe)) > 0;)
    out.append(bytes, size);
  return out + "\n(exit " + std::to_string(WEXITSTATUS(pclose(pipe))) + ")";
}

}  // namespace muster::http
