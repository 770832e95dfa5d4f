// Whose names were erased, folded from the workspace log's entries `person.erased`: what is gone
// and stands in none of them was removed by somebody else. An entry says which commitments, never
// who it was. Pure.
#pragma once
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/entry.hpp"

namespace muster::journal {

/// A plan that named the person: a blob, replaced by another one without the name.
struct RedactedPlan {
  Digest plan{};
  Digest redacted{};
};

struct PersonErasure {
  std::uint64_t seq = 0;  ///< of the entry, once it is one
  std::vector<Digest> commitments;
  std::vector<RedactedPlan> plans;
  std::string reason;
  std::string by;
  WallTime at{};
};

/// What the entries hold: several, when there is too much for one.
std::vector<Json> erasure_data(const PersonErasure& erasure);

class ErasureLog {
 public:
  /// The workspace log's entries, all of them, in order.
  void add(const Entry& entry);

  const std::vector<PersonErasure>& all() const { return all_; }
  /// The one that declares it; nullptr: none.
  const PersonErasure* of(const Digest& commitment) const;
  /// The blob that is read instead of this plan, by as many steps as there were erasures; of those
  /// that entries below `below` declare.
  Digest instead_of(Digest plan,
                    std::uint64_t below = std::numeric_limits<std::uint64_t>::max()) const;

 private:
  std::vector<PersonErasure> all_;
  std::map<Digest, std::size_t> by_commitment_;
  struct Instead {
    Digest redacted{};
    std::uint64_t seq = 0;
  };
  std::map<Digest, Instead> plans_;
};

}  // namespace muster::journal
