// How a session gets its wire: ssh_config, known_hosts, then TCP or a tunnel through a jump host.
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <filesystem>

#include "adapters/ssh/session.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::ssh {
namespace asio = boost::asio;

namespace {

constexpr std::size_t kAddressesMax = 8;

struct Found {
  std::vector<std::string> addresses;
  std::string why;
};

/// Blocks as long as the system's resolver does: on workers only.
Found look_up(const std::string& host, const std::string& family) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  hints.ai_family = family == "inet" ? AF_INET : family == "inet6" ? AF_INET6 : AF_UNSPEC;
  addrinfo* list = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list); error != 0)
    return {{}, ::gai_strerror(error)};
  Found found;
  for (const auto* a = list; a != nullptr && found.addresses.size() < kAddressesMax;
       a = a->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(a->ai_addr, a->ai_addrlen, text.data(), text.size(), nullptr, 0,
                      NI_NUMERICHOST) == 0)
      found.addresses.emplace_back(text.data());
  }
  ::freeaddrinfo(list);
  return found;
}

std::string key_of(const ports::HostAddress& host) {
  std::vector<std::string> parts{
      host.address, std::to_string(host.port), host.user, host.key_file,
      host.key_passphrase.empty() ? "" : hex(sha256(host.key_passphrase))};
  parts.insert(parts.end(), host.ssh_args.begin(), host.ssh_args.end());
  return joined(parts, "\n");
}

/// The last hop of `a,b,user@c:port` as a host that is reached through the others.
ports::HostAddress last_hop(const std::string& list) {
  ports::HostAddress hop;
  const auto comma = list.rfind(',');
  std::string text = comma == std::string::npos ? list : list.substr(comma + 1);
  if (text.starts_with("ssh://")) text.erase(0, 6);
  if (const auto at = text.rfind('@'); at != std::string::npos) {
    hop.user = text.substr(0, at);
    text.erase(0, at + 1);
  }
  const auto bracket = text.rfind(']');
  const auto colon = text.rfind(':');
  if (colon != std::string::npos &&
      (bracket == std::string::npos ? text.find(':') == colon : colon > bracket)) {
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), hop.port);
    text.erase(colon);
  }
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  hop.name = hop.address = text;
  if (comma != std::string::npos) hop.ssh_args = {"-J", list.substr(0, comma)};
  return hop;
}

}  // namespace

std::shared_ptr<Session> Shared::session_for(const ports::HostAddress& host, int jumps) {
  const auto key = key_of(host);
  if (const auto at = sessions.find(key); at != sessions.end() && !at->second->has_left())
    return at->second;
  auto session = std::make_shared<Session>(shared_from_this(), key, host, jumps);
  sessions[key] = session;
  session->begin();
  return session;
}

KnownHostsFiles Shared::known_hosts_of(const Settings& of) {
  KnownHostsFiles files;
  for (const auto& path : of.known_hosts) {
    std::error_code ec;
    const auto size = std::filesystem::file_size(path, ec);
    if (ec) continue;
    const auto changed = std::filesystem::last_write_time(path, ec).time_since_epoch().count();
    const auto stamp = fmt::format("{} {}", size, changed);
    auto& kept = known_hosts[path];
    if (kept.stamp != stamp) kept = {stamp, KnownHosts::read(path)};
    files.push_back(kept.hosts);
  }
  return files;
}

void Session::begin() {
  if (host_.address.empty() || host_.address.starts_with('-'))
    return asio::post(shared_->io, [self = shared_from_this()] {
      self->over({-1,
                  "'" + self->host_.address +
                      "' is not an address: set ansible_host in the "
                      "inventory",
                  false});
    });
  shared_->settings.get(host_, [weak = weak_from_this()](const Result<Settings>& settings) {
    if (const auto self = weak.lock()) self->configured(settings);
  });
}

void Session::configured(const Result<Settings>& settings) {
  if (!settings) return over({-1, to_string(settings.error()), false});
  settings_ = *settings;
  if (!settings_.openssh_only.empty())
    return over({-1, settings_.openssh_only + ", which libssh2 cannot do", true});
  if (host_.key_passphrase.starts_with("${secret."))
    return over({-1,
                 "the secret of its key's passphrase was not filled in: this is a mistake in "
                 "Muster, report it",
                 false});
  trust_ = trust_in(settings_, shared_->known_hosts_of(settings_));
  if (!trust_.end.why.empty()) return over(trust_.end);
  if (settings_.jump.empty())
    connect();
  else
    jump();
}

void Session::connect() {
  shared_->gate.enter([weak = weak_from_this()](std::shared_ptr<void> ticket) {
    const auto self = weak.lock();
    if (!self || self->over_) return;
    self->ticket_ = std::move(ticket);
    self->deadline_ = self->shared_->clock.now() + self->shared_->limits.connect_within;
    self->limit(
        fmt::format("timed out: no answer from {} port {}: is the host up, is the network's "
                    "way to it open?",
                    self->settings_.host, self->settings_.port));
    self->resolve();
  });
}

void Session::resolve() {
  boost::system::error_code ec;
  asio::ip::make_address(settings_.host, ec);
  if (!ec) return connect_to({settings_.host});
  asio::post(shared_->workers, [weak = weak_from_this(), &io = shared_->io, host = settings_.host,
                                family = settings_.family] {
    auto found = look_up(host, family);
    asio::post(io, [weak, found = std::move(found)] {
      const auto self = weak.lock();
      if (!self || self->over_) return;
      if (found.addresses.empty())
        return self->over({-1,
                           fmt::format("the name {} is not known to the resolver ({}): set "
                                       "ansible_host in the inventory",
                                       self->settings_.host, found.why),
                           false});
      self->connect_to(found.addresses);
    });
  });
}

void Session::connect_to(const std::vector<std::string>& addresses) {
  // A share for each, and one for the login.
  const auto left = std::max(deadline_ - shared_->clock.now(), Duration::zero());
  const auto each = left / static_cast<long>(addresses.size() + 1);
  connecting_ = connect_tcp(
      shared_->io, addresses, settings_.port, each,
      [this](std::unique_ptr<Wire> wire, const std::string& why) {
        const auto self = shared_from_this();
        if (wire) return log_in(std::move(wire));
        over({-1,
              fmt::format("{} port {}: {}: is sshd running there, is the port right, does the "
                          "network have a way to it?",
                          settings_.host, settings_.port, why),
              false});
      });
}

void Session::jump() {
  const auto hop = last_hop(settings_.jump);
  if (jumps_ >= shared_->limits.jumps_max)
    return over({-1,
                 fmt::format("more than {} jump hosts, one behind the other: does one of them "
                             "name itself as its ProxyJump?",
                             shared_->limits.jumps_max),
                 false});
  const auto jump = shared_->session_for(hop, jumps_ + 1);
  auto wire =
      std::make_shared<std::unique_ptr<TunnelWire>>(std::make_unique<TunnelWire>(shared_->io));
  TunnelWire* raw = wire->get();
  auto process = std::make_shared<std::unique_ptr<ports::RemoteProcess>>();
  ports::ProcessEvents events;
  events.ready = [weak = weak_from_this(), wire, process] {
    const auto self = weak.lock();
    if (!self || self->over_ || !*wire) return;
    (*wire)->through(std::move(*process));
    self->connecting_.reset();
    self->deadline_ = self->shared_->clock.now() + self->shared_->limits.connect_within;
    self->log_in(std::move(*wire));
  };
  events.out = [raw](std::string_view bytes) { raw->arrived(bytes); };
  events.ended = [weak = weak_from_this(), wire, raw,
                  name = hop.name](const ports::ProcessEnd& end) {
    const auto self = weak.lock();
    if (!self || self->over_) return;
    if (!*wire) return raw->ended();  // it is the session's by now
    self->over({-1,
                fmt::format("its jump host {}: {}", name,
                            end.why.empty() ? "it closed the way onwards" : end.why),
                end.needs_openssh});
  };
  Errand errand{"", settings_.host, settings_.port, [raw](std::size_t bytes) { raw->left(bytes); }};
  *process = jump->start(std::move(errand), std::move(events));
  connecting_ = process;
}

}  // namespace muster::ssh
