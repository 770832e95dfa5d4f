// Which blobs some bytes name: whatever stands in quotes as 64 hexadecimal digits. More than is
// meant (a root looks the same), and never less: for deciding what may be removed. Pure.
#pragma once
#include <set>
#include <string_view>

#include "base/digest.hpp"

namespace muster::journal {

void add_cited(std::string_view bytes, std::set<Digest>& into);

}  // namespace muster::journal
