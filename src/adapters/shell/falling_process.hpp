// A process over our own client that becomes one over the system's ssh when the transport says that
// only that one can serve the host. Nothing was sent before: `ready` had not come.
#pragma once
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "ports/transport.hpp"

namespace muster::shell {

/// Starts the same thing over the system's ssh; `why` says what our own client cannot do.
using OpensshStart = std::function<Result<std::unique_ptr<ports::RemoteProcess>>(
    const std::string& why, ports::ProcessEvents)>;

std::unique_ptr<ports::RemoteProcess> start_or_fall(ports::Transport& transport,
                                                    const ports::HostAddress& host,
                                                    std::string command,
                                                    ports::ProcessEvents events,
                                                    OpensshStart openssh);

}  // namespace muster::shell
