// One question to an ssh-agent (draft-miller-ssh-agent), without ever waiting for it: libssh2's own
// agent code blocks, and its bytes go through the session's hooks. Thread: the io_context's.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::ssh {

struct AgentKey {
  std::string blob;
  std::string comment;
};

constexpr std::size_t kAgentBytesMax = 256u << 10;

std::string identities_request();
/// `data` is what the SSH protocol asks to be signed: it names the algorithm, which says the flags.
std::string sign_request(std::string_view key_blob, std::string_view data);
/// At most 64 keys.
Result<std::vector<AgentKey>> identities_of(std::string_view reply);
/// The signature without its algorithm's name.
Result<std::string> signature_of(std::string_view reply);

/// `done` comes once, later, with the reply's body; within ten seconds (a key that must be
/// confirmed by hand answers late, or never).
void ask_agent(boost::asio::io_context& io, const std::string& socket, std::string request,
               std::function<void(Result<std::string>)> done);

}  // namespace muster::ssh
