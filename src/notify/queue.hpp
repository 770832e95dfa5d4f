// What is to be told and what became of it: a fold over the `notice.*` entries of the workspace's
// log. Pure.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "journal/entry.hpp"
#include "notify/notice.hpp"

namespace muster::notify {

enum class Delivery { queued, delivered, failed };
/// "queued", "delivered", "failed"
std::string_view name_of(Delivery delivery);

/// What became of a notice as a whole. Of a drill's announcement: it may begin only when that was
/// `delivered`, or is wanted by nobody.
enum class Announced { nobody, pending, delivered, failed };

class Queue {
 public:
  struct Told {
    Delivery is = Delivery::queued;
    std::string why;     ///< What the last attempt that failed said; may be of an earlier process.
    WallTime queued{};   ///< Or queued again by hand.
    WallTime settled{};  ///< When it was delivered or given up.
  };
  struct Item {
    Notice notice;
    std::map<std::string, Told> to;  ///< By channel.
  };

  /// Entries of other kinds are passed over. An error: the entry is damaged; nothing changed.
  Result<> apply(const journal::Entry& entry);

  const std::map<std::string, Item>& items() const { return items_; }
  const Item* find(const std::string& id) const;
  /// Of all channels together: delivered when all of them took it, failed when one never will.
  Announced standing(const std::string& id) const;

 private:
  Result<> queue(const journal::Entry& entry);
  std::map<std::string, Item> items_;
};

// The entries' data.
Json queued_data(const Notice& notice, const std::vector<std::string>& channels);
/// Of one that is known already: tried once more, from the beginning.
Json queued_again_data(const std::string& id, const std::vector<std::string>& channels);
Json settled_data(const std::string& id, const std::string& channel, unsigned attempts,
                  const std::string& said);
/// Outcomes of notice.failed.
inline constexpr std::string_view kRetry = "retry";
inline constexpr std::string_view kGivenUp = "given_up";

}  // namespace muster::notify
