// Who runs this process: from the kernel, never from $USER or a flag (reference: journal, "Entry").
#pragma once
#include <string>

#include "journal/entry.hpp"

namespace muster::cli {

/// "unix:NAME" of the login uid where the kernel knows one (it survives sudo), else of the real
/// uid.
journal::Actor who_am_i();
/// The name of the user that this process runs as.
std::string own_user_name();
/// The same as an engine acts by itself.
std::string boot_id();

}  // namespace muster::cli
