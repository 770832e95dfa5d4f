// What the commitments of entries stand for, as a reader found it in the store, and the one place
// where they become names again. The hashes of a log are over the bytes as they are stored: this
// comes after them.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "journal/entry.hpp"
#include "journal/person.hpp"

namespace muster::journal {

class Persons {
 public:
  enum class Is {
    known,    ///< salt and value are there, and fit
    gone,     ///< they are not there
    altered,  ///< they are there, and are not what was committed to
  };
  struct Found {
    Is is = Is::gone;
    Person person;  ///< of a known one
  };

  /// What the store has under `person/COMMITMENT`; nullptr: nothing.
  void add(const Digest& commitment, const ports::Row* row);
  const Found* find(const Digest& commitment) const;
  std::size_t size() const { return found_.size(); }

  /// With every commitment in it replaced: by the name, by "erased:1a2b3c4d" where it is gone, by
  /// "altered:1a2b3c4d" where somebody changed it.
  std::string resolved(std::string_view text) const;
  void resolve(Entry& entry) const;
  /// The same, of the bytes of an entry: JSON text.
  std::string resolved_json(std::string_view bytes) const;

 private:
  std::map<Digest, Found> found_;
};

/// An entry as the store has it, with what its commitments stand for.
struct Recorded : ports::Stored {
  std::shared_ptr<const Persons> persons;  ///< nullptr: it has none
};

/// The entry, persons resolved. Folds, reports and comparisons read by this; what is proven with
/// is the other one, on the bytes.
Result<Entry> read_entry(const Recorded& recorded);

}  // namespace muster::journal
