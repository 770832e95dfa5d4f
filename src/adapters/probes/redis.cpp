// "Does Redis answer as it should?" One command on a connection of its own. hiredis reads and
// writes the protocol; the connection is Asio's, so that nothing blocks.
#include <fmt/format.h>
#include <hiredis/hiredis.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>

#include "adapters/probes/askers.hpp"
#include "adapters/probes/exchange.hpp"
#include "adapters/probes/tcp.hpp"
#include "adapters/probes/tls_client.hpp"
#include "base/text.hpp"

namespace muster::probes {
namespace {

using boost::system::error_code;

constexpr std::size_t kReplyBytesMax = 1u << 20;
constexpr std::size_t kElementsShown = 20;

struct RedisQuestion {
  Endpoints endpoints;
  std::optional<TlsWish> tls;
  std::string request;    // AUTH, when there is a password, and the command
  std::size_t login = 0;  // replies before the one that counts
  std::string role;       // "", "master", "replica"
  std::optional<std::string> expect;
};

/// `*500000000` is 10 bytes, and hiredis would make room for as many elements, and walk them.
constexpr std::size_t kElementsMax = 100'000;

const redisReplyObjectFunctions& ready_made() {
  static const auto functions = [] {
    redisReader* reader = ::redisReaderCreate();
    const auto copy = *reader->fn;
    ::redisReaderFree(reader);
    return copy;
  }();
  return functions;
}
/// `Count` is int before hiredis 1.0, then size_t.
template <class Count>
void* bounded_array(const redisReadTask* task, Count count) {
  if (count > static_cast<Count>(kElementsMax)) return nullptr;  // the reader calls it an error
  return ready_made().createArray(task, count);
}
redisReader* make_reader() {
  static auto functions = [] {
    auto copy = ready_made();
    copy.createArray = &bounded_array;
    return copy;
  }();
  return ::redisReaderCreateWithFunctions(&functions);
}

struct FreeReply {
  void operator()(redisReply* reply) const { ::freeReplyObject(reply); }
};
struct FreeReader {
  void operator()(redisReader* reader) const { ::redisReaderFree(reader); }
};

Result<std::string> request_of(const std::vector<std::string>& words) {
  std::vector<const char*> raw;
  std::vector<std::size_t> sizes;
  for (const auto& word : words) {
    raw.push_back(word.data());
    sizes.push_back(word.size());
  }
  char* text = nullptr;
  const long long size =  // an int in hiredis before 1.1
      ::redisFormatCommandArgv(&text, static_cast<int>(raw.size()), raw.data(), sizes.data());
  if (size < 0) return Error{"the redis command cannot be written down"};
  std::string request{text, static_cast<std::size_t>(size)};
  ::redisFreeCommand(text);
  return request;
}

std::string words_of(const redisReply& reply) {
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      return std::to_string(reply.integer);
    case REDIS_REPLY_NIL:
      return "nil";
    case REDIS_REPLY_ARRAY: {
      std::vector<std::string> parts;
      for (std::size_t i = 0; i < std::min(reply.elements, kElementsShown); ++i)
        parts.push_back(words_of(*reply.element[i]));
      return "[" + joined(parts, ", ") + (reply.elements > kElementsShown ? ", …]" : "]");
    }
    default:
      return {reply.str, std::min(reply.len, kEvidenceBytesMax)};
  }
}

class RedisExchange : public Exchange {
 public:
  RedisExchange(boost::asio::io_context& io, std::shared_ptr<const RedisQuestion> question)
      : question_{std::move(question)},
        context_{question_->tls ? question_->tls->context
                                : std::make_shared<boost::asio::ssl::context>(
                                      boost::asio::ssl::context::tls_client)},
        stream_{io, *context_},
        reader_{make_reader()} {}

  void begin() override {
    boost::asio::async_connect(stream_.next_layer(), question_->endpoints,
                               [self = self_as<RedisExchange>()](
                                   const error_code& ec, const auto&) { self->connected(ec); });
  }
  void abort() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  Answer failed(std::string why) const { return {measure::Outcome::failed, std::move(why), ""}; }

  void connected(const error_code& ec) {
    if (ec) return finish(refused("connect", ec));
    if (!question_->tls) return send(stream_.next_layer());
    if (!prepare_handshake(stream_, *question_->tls)) return finish(failed("not a server name"));
    stream_.async_handshake(
        TlsStream::client, [self = self_as<RedisExchange>()](const error_code& shaken) {
          if (shaken) return self->finish(self->failed("TLS: " + handshake_words(shaken)));
          // The password goes to nobody whose certificate is not trusted.
          if (auto why = distrust(self->stream_, *self->question_->tls); !why.empty())
            return self->finish(self->failed(std::move(why)));
          self->send(self->stream_);
        });
  }

  template <class Stream>
  void send(Stream& stream) {
    boost::asio::async_write(
        stream, boost::asio::buffer(question_->request),
        [self = self_as<RedisExchange>(), &stream](const error_code& ec, std::size_t) {
          if (ec) return self->finish(refused("request", ec));
          self->receive(stream);
        });
  }
  template <class Stream>
  void receive(Stream& stream) {
    stream.async_read_some(
        boost::asio::buffer(buffer_),
        [self = self_as<RedisExchange>(), &stream](const error_code& ec, std::size_t size) {
          if (ec) return self->finish(refused("answer", ec));
          if (self->take(size)) self->receive(stream);
        });
  }

  /// True while more must be read.
  bool take(std::size_t size) {
    read_ += size;
    ::redisReaderFeed(reader_.get(), buffer_.data(), size);
    while (true) {
      void* raw = nullptr;
      if (::redisReaderGetReply(reader_.get(), &raw) != REDIS_OK) {
        finish(failed("not what Redis says: " + printable(reader_->errstr)));
        return false;
      }
      const std::unique_ptr<redisReply, FreeReply> reply{static_cast<redisReply*>(raw)};
      if (!reply) break;
      const bool refusal = reply->type == REDIS_REPLY_ERROR;
      if (replies_++ < question_->login && !refusal) continue;
      finish(judged(*reply));
      return false;
    }
    if (read_ <= kReplyBytesMax) return true;
    finish(failed("a reply above 1 MiB"));
    return false;
  }

  Answer judged(const redisReply& reply) const {
    Answer answer;
    const auto said = words_of(reply);
    answer.evidence = bounded(printable(said), kEvidenceBytesMax);
    if (reply.type == REDIS_REPLY_ERROR) {
      answer.why = bounded(printable(said), 100);
    } else if (!question_->role.empty()) {
      const auto found = reply.type == REDIS_REPLY_ARRAY && reply.elements > 0
                             ? words_of(*reply.element[0])
                             : std::string{};
      const auto role = found == "slave" ? "replica" : found;
      if (role != question_->role) answer.why = "it is a " + bounded(printable(role), 40);
    } else if (question_->expect && said != *question_->expect) {
      answer.why = "the reply is " + bounded(printable(said), 60);
    }
    if (answer.why.empty()) answer.outcome = measure::Outcome::ok;
    return answer;
  }

  const std::shared_ptr<const RedisQuestion> question_;
  const std::shared_ptr<boost::asio::ssl::context> context_;
  TlsStream stream_;  // without TLS only its lower half is used
  std::unique_ptr<redisReader, FreeReader> reader_;
  std::array<char, 16384> buffer_{};
  std::size_t read_ = 0;
  std::size_t replies_ = 0;
};

Result<> add_requests(const catalogue::ProbeSpec& spec, RedisQuestion& question) {
  std::vector<std::vector<std::string>> commands;
  const auto user = spec.text("username");
  const auto password = spec.text("password");
  if (!user.empty() && password.empty()) return Error{"a redis user name without a password"};
  if (!password.empty())
    commands.push_back(user.empty() ? std::vector<std::string>{"AUTH", password}
                                    : std::vector<std::string>{"AUTH", user, password});
  question.login = commands.size();
  question.role = spec.text("role");
  commands.push_back(question.role.empty() ? spec.list("command")
                                           : std::vector<std::string>{"ROLE"});
  for (const auto& words : commands) {
    const auto request = request_of(words);
    if (!request) return request.error();
    question.request += *request;
  }
  if (spec.values.contains("expect")) question.expect = spec.text("expect");
  return {};
}

}  // namespace

Result<std::optional<MakeSlot>> prepare_redis(const catalogue::ProbeSpec& spec, Names names) {
  const auto address = catalogue::parse_host_port(spec.text("address"));
  if (!address) return address.error();
  RedisQuestion question;
  if (const auto added = add_requests(spec, question); !added) return added.error();
  if (spec.flag("tls")) {
    auto wish = tls_wish(spec, address->host, names);
    if (!wish) return wish.error();
    if (!*wish) return std::optional<MakeSlot>{};
    question.tls = std::move(**wish);
  }
  auto endpoints = endpoints_of(address->host, address->port, names);
  if (!endpoints) return endpoints.error();
  if (!*endpoints) return std::optional<MakeSlot>{};
  question.endpoints = std::move(**endpoints);
  const auto shared = std::make_shared<const RedisQuestion>(std::move(question));
  MakeSlot make = [shared](boost::asio::io_context& io) {
    return std::make_unique<FreshSlot>(
        [&io, shared] { return std::make_shared<RedisExchange>(io, shared); });
  };
  return std::optional{std::move(make)};
}

}  // namespace muster::probes
