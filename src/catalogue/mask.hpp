// What people may see of a value that is, or holds, a secret.
#pragma once
#include <string>
#include <string_view>

#include "catalogue/parameter.hpp"

namespace muster::catalogue {

/// "host=a password=***", "postgresql://u:***@lb-1/orders". What cannot be read is hidden whole.
std::string masked(Secrecy secrecy, std::string_view text);

}  // namespace muster::catalogue
