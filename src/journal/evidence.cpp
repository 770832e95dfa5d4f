#include "journal/evidence.hpp"

#include "journal/data.hpp"
#include "journal/kinds.hpp"

namespace muster::journal {

using What = CitedBlob::What;

std::string_view to_string(What what) {
  switch (what) {
    case What::plan:
      return "plan";
    case What::script:
      return "script";
    case What::samples:
      return "samples";
  }
  return "?";
}

std::optional<CitedBlob> cited_blob(const Entry& entry) {
  const auto named = [&](What what, const char* key) -> std::optional<CitedBlob> {
    const auto digest = digest_from_hex(text_in(entry.data, key));
    if (!digest) return std::nullopt;
    return CitedBlob{what, *digest};
  };
  if (entry.action == kinds::kRunOpened) return named(What::plan, "plan");
  if (entry.action == kinds::kEffectIntent) return named(What::script, "sha256");
  if (entry.action == kinds::kSamplesSealed) return named(What::samples, "blob");
  return std::nullopt;
}

}  // namespace muster::journal
