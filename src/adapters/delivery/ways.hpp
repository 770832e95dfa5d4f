// The ways that a message can take. Each blocks for at most `within`, and ends soon after `stop`.
// Internal to delivery/.
#pragma once
#include <atomic>

#include "adapters/delivery/sender.hpp"

namespace muster::delivery {

struct Bounds {
  Duration within{};
  const std::atomic<bool>& stop;
};

/// POST; good is a status from 200 to 299. Redirects are not followed: a notice goes where the file
/// says. Certificates are checked.
ports::Told post(const ports::HttpPost& post, const Secrets& secrets, const Bounds& bounds);
/// Good: the server took it for all addresses.
ports::Told mail(const ports::Mail& mail, const Secrets& secrets, const Bounds& bounds);
/// In a process group of its own, without a shell; good is exit 0. When its time is over, all of
/// the group is killed.
ports::Told command(const ports::LocalCommand& command, const Bounds& bounds);

/// The value of the header Muster-Signature (docs/notifications.md): "t=SECONDS,v1=HEX",
/// HMAC-SHA256 with `key` over SECONDS, ".", and the body.
std::string signature(std::string_view key, std::int64_t seconds, std::string_view body);

}  // namespace muster::delivery
