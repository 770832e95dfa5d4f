#include "adapters/ssh/agent.hpp"

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <memory>

#include "adapters/ssh/wire_format.hpp"

namespace muster::ssh {
namespace {
namespace asio = boost::asio;
using boost::system::error_code;

constexpr char kRequestIdentities = 11, kIdentitiesAnswer = 12, kSignRequest = 13,
               kSignResponse = 14;
constexpr std::size_t kKeysMax = 64;

struct Question : std::enable_shared_from_this<Question> {
  Question(asio::io_context& io, std::string s, std::function<void(Result<std::string>)> d)
      : name{std::move(s)}, socket{io}, limit{io}, done{std::move(d)} {}

  void start(std::string request) {
    bytes = string_bytes(request);
    limit.expires_after(std::chrono::seconds{10});
    limit.async_wait([self = shared_from_this()](error_code ec) {
      if (!ec)
        self->end(Error{"the ssh-agent at " + self->name + " did not answer within 10 s",
                        "is it locked, or does it wait for a confirmation?"});
    });
    if (name.size() >= 108) return fail(asio::error::make_error_code(asio::error::name_too_long));
    socket.async_connect({name}, [self = shared_from_this()](error_code ec) {
      if (ec) return self->fail(ec);
      asio::async_write(self->socket, asio::buffer(self->bytes),
                        [self](error_code e, std::size_t) { e ? self->fail(e) : self->head(); });
    });
  }

  void head() {
    asio::async_read(
        socket, asio::buffer(size), [self = shared_from_this()](error_code ec, std::size_t) {
          if (ec) return self->fail(ec);
          const auto n = *Reader{std::string_view{self->size.data(), 4}}.number();
          if (n == 0 || n > kAgentBytesMax)
            return self->end(Error{"the ssh-agent at " + self->name + " answered nonsense"});
          self->bytes.resize(n);
          asio::async_read(self->socket, asio::buffer(self->bytes),
                           [self](error_code e, std::size_t) {
                             e ? self->fail(e) : self->end(std::move(self->bytes));
                           });
        });
  }

  void fail(error_code ec) {
    end(Error{"the ssh-agent at " + name + " is not there: " + ec.message(),
              "start it, or correct SSH_AUTH_SOCK"});
  }

  void end(Result<std::string> result) {
    if (!done) return;
    limit.cancel();
    error_code ignored;
    socket.close(ignored);
    const auto tell = std::move(done);
    done = nullptr;
    asio::post(socket.get_executor(), [tell, result = std::move(result)] { tell(result); });
  }

  std::string name, bytes;
  std::array<char, 4> size{};
  asio::local::stream_protocol::socket socket;
  asio::steady_timer limit;
  std::function<void(Result<std::string>)> done;
};

/// RSA keys sign with SHA-2 when the algorithm says so; it stands in what is signed (RFC 4252,
/// section 7).
std::uint32_t flags_for(std::string_view data) {
  Reader reader{data};
  if (!reader.string() || !reader.byte() || !reader.string() || !reader.string() ||
      !reader.string() || !reader.byte())
    return 0;
  const auto algorithm = reader.string().value_or("");
  return algorithm == "rsa-sha2-256" ? 2 : algorithm == "rsa-sha2-512" ? 4 : 0;
}

}  // namespace

std::string identities_request() {
  return std::string(1, kRequestIdentities);
}

std::string sign_request(std::string_view key_blob, std::string_view data) {
  return std::string(1, kSignRequest) + string_bytes(key_blob) + string_bytes(data) +
         number_bytes(flags_for(data));
}

Result<std::vector<AgentKey>> identities_of(std::string_view reply) {
  Reader reader{reply};
  const auto kind = reader.byte();
  const auto count = reader.number();
  if (kind != kIdentitiesAnswer || !count) return Error{"the ssh-agent does not list its keys"};
  std::vector<AgentKey> keys;
  for (std::size_t i = 0; i < *count && i < kKeysMax; ++i) {
    const auto blob = reader.string();
    const auto comment = reader.string();
    if (!blob || !comment) return Error{"the ssh-agent's list of keys is cut short"};
    keys.push_back({std::string{*blob}, std::string{*comment}});
  }
  return keys;
}

Result<std::string> signature_of(std::string_view reply) {
  Reader reader{reply};
  if (reader.byte() != kSignResponse) return Error{"the ssh-agent refused to sign with this key"};
  Reader signature{reader.string().value_or("")};
  const auto algorithm = signature.string();
  const auto bytes = signature.string();
  if (!algorithm || !bytes) return Error{"the ssh-agent's signature is cut short"};
  return std::string{*bytes};
}

void ask_agent(asio::io_context& io, const std::string& socket, std::string request,
               std::function<void(Result<std::string>)> done) {
  std::make_shared<Question>(io, socket, std::move(done))->start(std::move(request));
}

}  // namespace muster::ssh
