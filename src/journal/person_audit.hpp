// Whether what a log's commitments stand for is what was committed to, and gone only where that was
// declared. Pure: entries as they were read in, findings out. The log's hashes are another question
// (verify.hpp): they are the same before and after an erasure.
#pragma once
#include <functional>
#include <map>

#include "journal/erasures.hpp"
#include "journal/persons.hpp"
#include "journal/verify.hpp"

namespace muster::journal {

struct PersonCounts {
  std::size_t named = 0;    ///< commitments that the log's entries hold
  std::size_t erased = 0;   ///< of them, with a recorded erasure
  std::size_t pending = 0;  ///< declared as erased, and still there
};

class PersonAudit {
 public:
  void add(const Recorded& recorded);
  /// `found` gets what is damaged. `signed_size`: of the workspace's log; an erasure that was
  /// declared beyond it nobody signed, and so nobody declared.
  PersonCounts judge(
      const ErasureLog& erasures, std::uint64_t signed_size,
      const std::function<void(Damage, std::uint64_t seq, std::string text)>& found) const;

 private:
  struct Seen {
    std::uint64_t seq = 0;  ///< of the first entry that holds it
    Persons::Is is = Persons::Is::gone;
  };
  std::map<Digest, Seen> seen_;
};

}  // namespace muster::journal
