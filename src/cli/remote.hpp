// The muster that is asked over TCP: what --server, --token-file and --ca say.
#pragma once
#include <memory>

#include "adapters/http/client.hpp"
#include "cli/workspace.hpp"

namespace muster::cli {

/// Connects, with the token of the file. Errors: no token, a file that others may read, nobody
/// serves there.
Result<std::shared_ptr<http::Client>> connect_remote(const Where& where,
                                                     const http::ClientOptions& options = {});

/// The one who holds the store of the workspace that is meant, here or where --server says; null:
/// nobody serves it here.
Result<std::shared_ptr<http::Client>> connect_holder(const Where& where,
                                                     const http::ClientOptions& options = {});

}  // namespace muster::cli
