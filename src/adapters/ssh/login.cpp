#include "adapters/ssh/login.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <cstring>

#include "adapters/ssh/wire_format.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

namespace muster::ssh {
namespace {

/// libssh2 wants a descriptor, and leaves it alone as long as the hooks carry the bytes.
int no_socket() {
  static const int fd = ::open("/dev/null", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  return fd;
}

std::string fingerprint(std::string_view blob) {
  auto text = base64(view(sha256(blob)));
  while (text.ends_with('=')) text.pop_back();
  return "SHA256:" + text;
}

}  // namespace

Login::Login(boost::asio::io_context& io, const RawSession& session, const Settings& settings,
             Trust trust, std::string passphrase, std::function<void()> wake)
    : io_{io},
      session_{session},
      raw_{session.get()},
      settings_{settings},
      trust_{std::move(trust)},
      passphrase_{std::move(passphrase)},
      wake_{std::make_shared<std::function<void()>>(std::move(wake))} {
  const auto prefer = [&](int method, const std::string& list) {
    if (!list.empty() && ::libssh2_session_method_pref(raw_, method, list.c_str()) != 0 &&
        end_.why.empty())
      end_ = {-1,
              "libssh2 has none of the algorithms that ssh_config allows: " + bounded(list, 200),
              true};
  };
  prefer(LIBSSH2_METHOD_HOSTKEY, trust_.methods);
  prefer(LIBSSH2_METHOD_KEX, settings.kex);
  for (const int method : {LIBSSH2_METHOD_CRYPT_CS, LIBSSH2_METHOD_CRYPT_SC})
    prefer(method, settings.ciphers);
  for (const int method : {LIBSSH2_METHOD_MAC_CS, LIBSSH2_METHOD_MAC_SC})
    prefer(method, settings.macs);
}

// A question to the agent may outlive this object.
Login::~Login() {
  *wake_ = nullptr;
}

Login::Step Login::step() {
  if (!end_.why.empty()) return Step::failed;
  return (this->*move_)();
}

Login::Step Login::go(Move next) {
  move_ = next;
  return step();
}

Login::Step Login::fail(std::string why, bool needs_openssh) {
  end_ = {-1, std::move(why), needs_openssh};
  return Step::failed;
}

std::string Login::last_error() const {
  char* text = nullptr;
  int size = 0;
  ::libssh2_session_last_error(raw_, &text, &size, 0);
  return size > 0 ? printable({text, static_cast<std::size_t>(size)}) : "no reason given";
}

Login::Step Login::handshake() {
  const int rc = ::libssh2_session_handshake(raw_, no_socket());
  if (rc == LIBSSH2_ERROR_EAGAIN) return Step::wait;
  if (rc == 0) return go(&Login::check_host_key);
  if (rc == LIBSSH2_ERROR_KEX_FAILURE || rc == LIBSSH2_ERROR_METHOD_NOT_SUPPORTED)
    return fail(fmt::format("libssh2 {} and its sshd have no key exchange, cipher or known kind of "
                            "host key in common",
                            ::libssh2_version(0)),
                true);
  return fail(
      fmt::format("what answers there does not speak SSH as it should ({}): is it sshd, is "
                  "the port right, does MaxStartups turn us away?",
                  last_error()));
}

Login::Step Login::check_host_key() {
  std::size_t size = 0;
  int kind = 0;
  const char* bytes = ::libssh2_session_hostkey(raw_, &size, &kind);
  const std::string blob{bytes != nullptr ? bytes : "", bytes != nullptr ? size : 0};
  const std::string type{Reader{blob}.string().value_or("?")};
  const KnownKey* known = nullptr;
  std::string places;
  for (const auto& key : trust_.keys) {
    if (key.mark == KnownKey::Mark::revoked && key.blob == blob)
      return fail(
          fmt::format("its host key ({} {}) is marked @revoked at {}: whoever answers there "
                      "must not be trusted; give the host a new key",
                      printable(type), fingerprint(blob), key.place));
    if (key.mark != KnownKey::Mark::trusted) continue;
    places += (places.empty() ? "" : ", ") + key.place;
    if (key.blob == blob) known = &key;
  }
  if (known == nullptr)
    return fail(
        fmt::format("its host key ({} {}) is not the one in known_hosts ({}): find out why "
                    "before you replace it (ssh-keygen -R '{}')",
                    printable(type), fingerprint(blob), places, known_name(settings_)));
  return go(&Login::list_agent);
}

Login::Step Login::list_agent() {
  if (answer_ == Answer::none && !settings_.agent.empty()) {
    ask(identities_request());
    return Step::wait;
  }
  if (answer_ == Answer::asked) return Step::wait;
  if (answer_ == Answer::here) {
    const auto keys =
        reply_ ? identities_of(*reply_) : Result<std::vector<AgentKey>>{reply_.error()};
    if (keys)
      agent_keys_ = *keys;
    else
      tried_.push_back(to_string(keys.error()));
  }
  answer_ = Answer::none;
  order_keys();
  return go(&Login::next_key);
}

bool Login::usable(const std::string& type, const std::string& name, bool certificate_beside) {
  static const bool has_rsa_sha2 = ::libssh2_version(0x010b00) != nullptr;
  const auto kind = kind_of(type);
  std::string why;
  if (kind == KeyKind::rsa && !has_rsa_sha2)
    why = fmt::format("an RSA key, which libssh2 {} can only use with SHA-1", ::libssh2_version(0));
  if (kind == KeyKind::certificate) why = "a certificate, which libssh2 cannot show";
  if (kind == KeyKind::hardware) why = "a key in hardware, which libssh2 cannot use";
  if (kind == KeyKind::old) why = "a DSA key, which sshd no longer takes";
  if (beyond_us_.empty() && certificate_beside) beyond_us_ = name + " has a certificate beside it";
  if (why.empty()) return true;
  if (beyond_us_.empty() && kind != KeyKind::old) beyond_us_ = name + " is " + why;
  tried_.push_back(name + " is " + why);
  return false;
}

void Login::order_keys() {
  // The agent's own keys first, but for those that a file names: with IdentitiesOnly only these.
  std::vector<Candidate> files;
  for (const auto& path : settings_.identity_files) {
    auto file = read_key_file(path);
    if (!file) {
      if (!file.error().what.empty()) tried_.push_back(to_string(file.error()));
      continue;
    }
    files.push_back({{}, std::move(*file), path});
  }
  std::deque<Candidate> named, others;
  for (auto& key : agent_keys_) {
    const auto at = std::ranges::find_if(
        files, [&](const Candidate& c) { return c.file.blob == key.blob && !key.blob.empty(); });
    const std::string type{Reader{key.blob}.string().value_or("")};
    const auto name = fmt::format("the agent's key {} ({})", printable(bounded(key.comment, 80)),
                                  printable(type));
    if (at == files.end() && settings_.identities_only) continue;
    if (!usable(type, name, false)) continue;
    if (at != files.end()) {
      named.push_back({std::move(key), {}, name});
      files.erase(at);
    } else {
      others.push_back({std::move(key), {}, name});
    }
  }
  keys_ = std::move(named);
  std::ranges::move(others, std::back_inserter(keys_));
  for (auto& candidate : files) {
    const auto& file = candidate.file;
    if (!file.has_private) {
      tried_.push_back(candidate.name +
                       ": only its public half is here, and no agent has the other");
    } else if (!usable(file.type, candidate.name, file.has_certificate)) {
      continue;
    } else if (file.encrypted && passphrase_.empty()) {
      tried_.push_back(candidate.name +
                       " needs a passphrase: add it to the agent (ssh-add), or name "
                       "its secret in muster_key_passphrase");
    } else {
      keys_.push_back(std::move(candidate));
    }
  }
}

Login::Step Login::next_key() {
  if (keys_.empty()) return go(&Login::ask_methods);
  now_ = std::move(keys_.front());
  keys_.pop_front();
  return go(now_.agent.blob.empty() ? &Login::file_key : &Login::agent_key);
}

void Login::ask(std::string request) {
  answer_ = Answer::asked;
  ask_agent(io_, settings_.agent, std::move(request),
            [this, wake = wake_](const Result<std::string>& reply) {
              if (!*wake) return;  // this object is gone
              answer_ = Answer::here;
              reply_ = reply;
              (*wake)();
            });
}

int Login::sign(unsigned char** sig, std::size_t* size, std::string_view data) {
  if (answer_ == Answer::none) ask(sign_request(now_.agent.blob, data));
  if (answer_ == Answer::asked) return LIBSSH2_ERROR_EAGAIN;
  const auto signature = reply_ ? signature_of(*reply_) : reply_;
  if (!signature) {
    tried_.push_back(now_.name + ": " + to_string(signature.error()));
    return LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED;
  }
  // libssh2 frees it with its own allocator, which stands on malloc.
  *sig = static_cast<unsigned char*>(::malloc(signature->size() + 1));
  if (*sig == nullptr) return LIBSSH2_ERROR_ALLOC;
  std::memcpy(*sig, signature->data(), signature->size());
  *size = signature->size();
  return 0;
}

Login::Step Login::agent_key() {
  void* self = this;
  const int rc = ::libssh2_userauth_publickey(
      raw_, settings_.user.c_str(), reinterpret_cast<const unsigned char*>(now_.agent.blob.data()),
      now_.agent.blob.size(),
      [](LIBSSH2_SESSION*, unsigned char** sig, std::size_t* size, const unsigned char* data,
         std::size_t data_size, void** login) {
        return static_cast<Login*>(*login)->sign(sig, size,
                                                 {reinterpret_cast<const char*>(data), data_size});
      },
      &self);
  if (rc == LIBSSH2_ERROR_EAGAIN) return Step::wait;
  answer_ = Answer::none;
  return judge(rc);
}

void Login::work() {
  const auto& text = now_.file.text;
  worked_ = ::libssh2_userauth_publickey_frommemory(
      raw_, settings_.user.c_str(), settings_.user.size(), nullptr, 0, text.data(), text.size(),
      now_.file.encrypted ? passphrase_.c_str() : nullptr);
  has_worked_ = true;
}

Login::Step Login::file_key() {
  if (!now_.file.encrypted) work();
  if (!has_worked_) return Step::worker;
  has_worked_ = false;
  if (worked_ == LIBSSH2_ERROR_EAGAIN) return Step::wait;
  return judge(worked_);
}

Login::Step Login::judge(int rc) {
  if (rc == 0) return Step::done;
  // libssh2 says the same of a key that was refused and of a connection that was closed.
  if (!session_.broken().empty() || !session_.goodbye().empty())
    return fail(
        fmt::format("it closed the connection while {} logged in ({}): too many keys? Name "
                    "one with ansible_ssh_private_key_file",
                    settings_.user, last_error()));
  if (rc == LIBSSH2_ERROR_AUTHENTICATION_FAILED || !now_.agent.blob.empty()) {
    tried_.push_back(now_.name + ": not accepted");
  } else if (now_.file.encrypted) {
    tried_.push_back(now_.name +
                     ": its passphrase is wrong: check the secret that "
                     "muster_key_passphrase names");
  } else {
    tried_.push_back(now_.name + ": libssh2 cannot use it: " + last_error());
    if (beyond_us_.empty()) beyond_us_ = now_.name + " has a form that libssh2 cannot read";
  }
  return go(&Login::next_key);
}

Login::Step Login::ask_methods() {
  const char* list = ::libssh2_userauth_list(raw_, settings_.user.c_str(),
                                             static_cast<unsigned>(settings_.user.size()));
  if (list != nullptr) return failed_auth(list);
  if (::libssh2_userauth_authenticated(raw_) != 0) return Step::done;
  if (::libssh2_session_last_errno(raw_) == LIBSSH2_ERROR_EAGAIN) return Step::wait;
  return failed_auth("");
}

Login::Step Login::failed_auth(const std::string& methods) {
  if (!beyond_us_.empty()) return fail(beyond_us_, true);
  if (settings_.gssapi && methods.find("gssapi") != std::string::npos)
    return fail("no key was accepted, and it offers GSSAPI, which libssh2 cannot do", true);
  if (settings_.host_based && methods.find("hostbased") != std::string::npos)
    return fail("no key was accepted, and it is told to use host-based authentication", true);
  auto why = fmt::format("no key was accepted for {}: check user, key and agent with: ssh -v",
                         settings_.user);
  if (tried_.empty()) why += "\nthere is no key: neither agent nor key file";
  for (const auto& one : tried_) why += "\n" + one;
  if (!methods.empty()) why += "\nit accepts: " + printable(bounded(methods, 200));
  return fail(std::move(why));
}

}  // namespace muster::ssh
