// The persons that a writer knows: which commitment stands for whom, and the rows of those that are
// new. It also finds the names of those it knows within texts. Thread: the writer's.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "journal/person.hpp"

namespace muster::journal {

/// 32 bytes that nobody can guess, another time each time. Injected, so that a simulation can be
/// run again.
using SaltSource = std::function<Digest()>;
SaltSource system_salts();

/// The words of a text that may be names: runs of letters, digits and `_-.:@+`. Calls `each` with
/// where a word begins and the word itself.
void each_word(std::string_view text,
               const std::function<void(std::size_t, std::string_view)>& each);

class PersonBook {
 public:
  explicit PersonBook(SaltSource salts) : salts_{std::move(salts)} {}

  /// A row of the store, under `person/`; one that cannot be read is passed over.
  void learn(const ports::Row& row);
  std::size_t size() const { return people_.size(); }

  /// A value that names somebody, as an entry holds it. What names nobody ("", "muster", somebody
  /// who was erased) stays.
  std::string field(const std::string& value);
  /// A text, with the names of those who are known replaced; a text that reads like a commitment
  /// itself too, so that all of it is read back as it was.
  std::string text(const std::string& text);
  /// The same, the text as one: nothing of it stays when one of those is erased.
  std::string whole(const std::string& text);
  /// What names nobody: only what reads like a commitment is replaced.
  std::string plain(const std::string& text);
  bool names_somebody(std::string_view text) const;

  /// What new persons are used from here on rides with the next batch.
  void begin_batch() { used_.clear(); }
  /// Their rows, each guarded against another writer that knows them by another salt. Who is used
  /// from here on, while the batch is on its way, is none of it.
  void add_to(ports::Batch& batch);
  bool batch_has_new() const { return !sent_.empty(); }
  /// The batch is durable.
  void landed();
  /// Another writer was faster: what is new and not durable is given up, to be learnt.
  void forget_new();

 private:
  struct Known {
    Person person;
    Digest commitment{};
    bool durable = false;
  };
  std::string commitment(const std::string& value, bool is_text);
  /// The known name that this word is, without what surrounds it ("unix:ana:" is "unix:ana").
  std::string_view name_in(std::string_view word) const;
  void add_name(const std::string& value);

  SaltSource salts_;
  std::map<std::string, Known, std::less<>> people_;  ///< by value
  std::set<std::string, std::less<>> names_;          ///< what texts are searched for
  std::set<std::string> used_;  ///< values since begin_batch() that are not durable
  std::set<std::string> sent_;  ///< those that ride with the batch
};

}  // namespace muster::journal
