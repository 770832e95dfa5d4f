// The flow of a pgBackRest restore step: what to ask next, and what the answers prove. Pure.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/pgbackrest_choice.hpp"
#include "catalogue/pgbackrest_info.hpp"
#include "catalogue/restore.hpp"

namespace muster::catalogue::pgbackrest {

/// One level of validation: "checksum", "structure", "logical", or "query" with its SQL.
struct Level {
  std::string name;
  std::string sql;
};

/// The step's parameters, read. They were checked before (problems_of).
struct Wish {
  std::string stanza;
  Target to;
  std::vector<std::string> backups;
  std::vector<Level> levels;  // in the order in which they can run: paused, promoted, stopped
  bool freeze = false;        // nothing counts that the repository did not show at the start
  std::string system_id;      // expected; "" = any
  std::optional<std::int64_t> repository;
  bool control = false;
  bool promote = false;
  bool keep = false;
  Duration limit{};
};
Wish read_wish(const Values& values);
/// What cannot work, in words; `${…}` that is not bound yet passes.
std::vector<std::string> problems_of(const Values& values, Spelt spelt);

class Flow final : public RestoreFlow {
 public:
  Flow(Wish wish, std::uint64_t seed) : wish_{std::move(wish)}, seed_{seed} {}
  RestoreNext begin(Instant now, WallTime wall) override;
  RestoreNext on(const RestoreAnswer& answer) override;
  const RestoreOutcome& outcome() const override { return outcome_; }

 private:
  using Read = RestoreNext (Flow::*)(const RestoreAnswer&);

  // Questions: each remembers who reads its answer.
  RestoreNext ask(Read read, std::string phase, std::string detail, Values values = {});
  RestoreNext discover(std::size_t part);
  RestoreNext next_round();
  RestoreNext next_level();
  RestoreNext control();
  RestoreNext next_control_level();
  RestoreNext round_proven();
  RestoreNext finish(RestoreNext verdict);

  RestoreNext on_discovered(const RestoreAnswer& a);
  RestoreNext on_info_complete();
  RestoreNext on_fingerprint_before(const RestoreAnswer& a);
  RestoreNext on_prechecked(const RestoreAnswer& a);
  RestoreNext on_restored(const RestoreAnswer& a);
  RestoreNext on_started(const RestoreAnswer& a);
  RestoreNext on_ready(const RestoreAnswer& a);
  RestoreNext on_point(const RestoreAnswer& a);
  RestoreNext on_level(const RestoreAnswer& a);
  RestoreNext on_promoted(const RestoreAnswer& a);
  RestoreNext on_damaged(const RestoreAnswer& a);
  RestoreNext on_damaged_started(const RestoreAnswer& a);
  RestoreNext on_damaged_ready(const RestoreAnswer& a);
  RestoreNext on_control_level(const RestoreAnswer& a);
  RestoreNext control_over();
  RestoreNext on_served(const RestoreAnswer& a);
  RestoreNext on_left(const RestoreAnswer& a);
  RestoreNext on_removed(const RestoreAnswer& a);
  RestoreNext on_fingerprint_after(const RestoreAnswer& a);

  /// A phase that ended otherwise than it must: failed when it was proven wrong, else unsure.
  RestoreNext otherwise(const RestoreAnswer& a, bool no_is_failed = true);
  /// What the recovered point says against what was asked for; "" when nothing is wrong.
  std::string wrong_with_point(const std::map<std::string, std::string>& said) const;
  void note_choice();

  const Round& round() const { return rounds_[at_]; }
  RestoredBackup& restored() { return outcome_.backups.back(); }
  bool last_round() const { return at_ + 1 == rounds_.size(); }
  Values target_values(std::string kind) const;
  Values level_values(const Level& level) const;

  Wish wish_;
  std::uint64_t seed_;
  RestoreOutcome outcome_;
  WallTime cutoff_{};
  std::string info_text_;
  Info info_;
  std::vector<Round> rounds_;
  std::size_t at_ = 0;     // round
  std::size_t level_ = 0;  // level of the round, then of its control
  bool promoted_ = false;  // this round's copy is open for writing
  bool claimed_ = false;   // there is a fingerprint to compare with
  std::size_t refused_ = 0, passed_ = 0;
  Read read_ = nullptr;
  std::string phase_, detail_;
  std::optional<RestoreNext> verdict_;
};

}  // namespace muster::catalogue::pgbackrest
