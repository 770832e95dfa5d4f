// The blob that an entry rests on: the plan of a run, the script of an effect, sealed samples. The
// entry holds its SHA-256 alone; whoever verifies a log asks for the bytes as well. Pure.
#pragma once
#include <optional>
#include <string_view>

#include "base/digest.hpp"
#include "journal/entry.hpp"

namespace muster::journal {

struct CitedBlob {
  enum class What { plan, script, samples } what;
  Digest digest{};
};
/// For people: "plan", "script", "samples".
std::string_view to_string(CitedBlob::What what);

/// nullopt: it cites none, or what it cites cannot be a blob's name.
std::optional<CitedBlob> cited_blob(const Entry& entry);

}  // namespace muster::journal
