#include "cli/outer_door.hpp"

#include <fmt/format.h>

#include "api/token_log.hpp"
#include "journal/logs.hpp"

namespace muster::cli {
namespace {

http::TcpOptions options_of(const model::Server& server) {
  http::TcpOptions options;
  options.server.connections_max = static_cast<std::size_t>(server.connections);
  options.connections_per_address = static_cast<std::size_t>(server.connections_per_address);
  return options;
}

Result<std::optional<model::Server>> wanted_server(const std::filesystem::path& workspace) {
  config::Diagnostics out;
  auto server = model::load_server(workspace, out);
  if (!out.empty())
    return Error{"inventory/server.yaml is wrong:\n" + config::render(out), "muster check"};
  return server;
}

Result<std::unique_ptr<http::Certificates>> certificates_of(const model::Server& server,
                                                            OuterDoor::Notice notice) {
  if (!server.tls) return std::unique_ptr<http::Certificates>{};
  return http::Certificates::open({server.tls->certificate, server.tls->key, server.tls->client_ca},
                                  std::move(notice));
}

}  // namespace

struct OuterDoor::Parts : std::enable_shared_from_this<Parts> {
  Parts(Session& own_session, ports::Clock& clock, WorkspaceLog& own_log, Notice own_notice,
        const model::Server& file)
      : session{own_session},
        log{own_log},
        notice{std::move(own_notice)},
        admission{*tokens,
                  clock,
                  {static_cast<unsigned>(file.requests_per_second)},
                  [this](journal::Draft draft) { note(std::move(draft)); }} {}

  void note(journal::Draft draft) {
    log.write(std::move(draft), [notice = notice](const journal::Written& written) {
      if (const auto done = noted(written); !done)
        notice("who was not let in could not be recorded: " + to_string(done.error()));
    });
  }

  /// Tokens are made and revoked in the log: from the next request on that counts.
  void follow() {
    watch = session.store().watch(journal::kWorkspaceLog, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->read_again();
    });
  }

  void read_again() {
    has_grown = true;
    if (std::exchange(is_reading, true)) return;
    has_grown = false;
    api::read_new_tokens(session.store(), tokens, next,
                         [weak = weak_from_this()](const Result<std::uint64_t>& read) {
                           if (const auto self = weak.lock()) self->has_read(read);
                         });
  }

  void has_read(const Result<std::uint64_t>& read) {
    is_reading = false;
    if (!read) return notice("tokens cannot be read: " + to_string(read.error()));
    next = *read;
    if (has_grown) read_again();
  }

  Session& session;
  WorkspaceLog& log;
  const Notice notice;
  std::shared_ptr<api::Tokens> tokens = std::make_shared<api::Tokens>();
  std::uint64_t next = 0;  ///< the first entry that was not read
  bool is_reading = false, has_grown = false;
  api::Admission admission;
  api::WatchedStore::Watch watch;
  std::unique_ptr<http::TcpServer> server;
  std::string url;
};

OuterDoor::OuterDoor(std::shared_ptr<Parts> parts) : parts_{std::move(parts)} {}
OuterDoor::~OuterDoor() = default;

Result<std::unique_ptr<OuterDoor>> OuterDoor::open(Session& session, ports::Clock& clock,
                                                   WorkspaceLog& log, http::Handler handler,
                                                   Notice notice) {
  const auto server = wanted_server(session.workspace());
  if (!server) return server.error();
  if (!*server) return std::unique_ptr<OuterDoor>{};
  auto certificates = certificates_of(**server, notice);
  if (!certificates) return certificates.error();
  const bool is_sealed = *certificates != nullptr;
  auto parts = std::make_shared<Parts>(session, clock, log, std::move(notice), **server);
  parts->follow();
  // Before anybody is let in, or a good token would be refused.
  parts->read_again();
  session.run_until([&] { return !parts->is_reading; });
  auto started = http::TcpServer::start(
      session.io(), {(*server)->address, (*server)->port}, std::move(*certificates),
      {[weak = std::weak_ptr{parts}](const api::Knock& knock) {
         const auto self = weak.lock();
         return self ? self->admission.admit(knock) : api::Admitted{};
       },
       std::move(handler)},
      options_of(**server));
  if (!started) return started.error();
  parts->server = std::move(*started);
  const bool is_v6 = (*server)->address.find(':') != std::string::npos;
  parts->url = fmt::format("{}://{}{}{}:{}", is_sealed ? "https" : "http", is_v6 ? "[" : "",
                           (*server)->address, is_v6 ? "]" : "", parts->server->port());
  return std::unique_ptr<OuterDoor>{new OuterDoor{std::move(parts)}};
}

std::string OuterDoor::url() const {
  return parts_->url;
}

}  // namespace muster::cli
