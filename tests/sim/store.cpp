#include "tests/sim/store.hpp"

#include <deque>
#include <utility>

namespace muster::sim {

using ports::Commit;

ports::Tip Disk::tip(const ports::LogId& log) const {
  const auto at = logs.find(log);
  if (at == logs.end()) return {};
  return ports::extended(at->second.erased, at->second.entries);
}

/// What dies with the runner.
struct Store::Process : std::enable_shared_from_this<Process> {
  std::shared_ptr<Disk> disk;
  After after;
  StorePlan plan;
  std::map<ports::LogId, std::uint64_t> held;
  std::deque<std::function<void()>> waiting;  ///< accepted, nothing of it done yet
  bool poisoned = false;
  bool dead = false;

  /// Everything happens at once, when the call's time is up; calls keep their order.
  void later(std::function<void()> what) {
    if (dead) return;
    waiting.push_back(std::move(what));
    after(plan.latency(), [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self || self->dead) return;
      const auto first = std::move(self->waiting.front());
      self->waiting.pop_front();
      first();
    });
  }

  void die() {
    dead = true;
    waiting.clear();
    held.clear();
  }

  /// Counts a write; what the plan has for it.
  std::optional<Fault> next_fault() {
    const auto at = plan.faults.find(++disk->writes);
    if (at == plan.faults.end()) return std::nullopt;
    return at->second;
  }

  std::pair<Commit, std::string> judge(const ports::Batch& b) const {
    if (poisoned)
      return {Commit::failed, "the simulated medium failed; the store must be opened again"};
    if (auto limit = ports::over_limit(b); !limit.empty()) return {Commit::full, limit};
    const auto hold = held.find(b.log);
    if (hold == held.end() || hold->second != b.epoch || disk->logs.at(b.log).epoch != b.epoch)
      return {Commit::fenced, "the log '" + b.log + "' is not held at this epoch"};
    if (disk->tip(b.log) != b.before) return {Commit::conflict, "the log's tip is another"};
    for (const auto& g : b.guards) {
      const auto row = disk->rows.find(g.key);
      const auto now = row == disk->rows.end() ? std::nullopt : std::optional{row->second};
      if (now != g.was) return {Commit::conflict, "the row '" + g.key + "' is not as expected"};
    }
    return {Commit::durable, {}};
  }

  void apply(const ports::Batch& b) {
    for (const auto& bytes : b.blobs) disk->blobs.emplace(sha256(bytes), bytes);
    for (const auto& p : b.puts) {
      if (p.to)
        disk->rows[p.key] = *p.to;
      else
        disk->rows.erase(p.key);
    }
    if (b.entries.empty()) return;
    auto& log = disk->logs[b.log].entries;
    log.insert(log.end(), b.entries.begin(), b.entries.end());
  }

  void erase(const ports::Erasure& what) {
    for (const auto& id : what.logs)
      if (const auto log = disk->logs.find(id); log != disk->logs.end()) {
        log->second.erased = disk->tip(id);
        log->second.entries.clear();
      }
    for (const auto& blob : what.blobs) disk->blobs.erase(blob);
    for (const auto& row : what.rows) disk->rows.erase(row);
  }

  /// One write under the plan: `judged` says whether it may land, `land` makes it durable. True =
  /// answer.
  bool carry_out(std::pair<Commit, std::string>& judged, const std::function<void()>& land) {
    const auto fault = next_fault();
    const bool lands = judged.first == Commit::durable &&
                       (!fault || *fault == Fault::unknown_landed || *fault == Fault::killed_after);
    if (fault == Fault::failed) poisoned = true;
    if (lands) land();
    if (fault == Fault::killed_before || fault == Fault::killed_after) {
      const auto on_kill = plan.on_kill;
      die();
      if (on_kill) on_kill();
      return false;
    }
    if (!fault || judged.first != Commit::durable) return true;
    switch (*fault) {
      case Fault::full:
        judged = {Commit::full, "the simulated disk is full"};
        break;
      case Fault::failed:
        judged = {Commit::failed, "the simulated medium failed"};
        break;
      case Fault::conflict:
        judged = {Commit::conflict, "a simulated rival was faster"};
        break;
      default:
        judged = {Commit::unknown, "the simulated connection was lost at COMMIT"};
    }
    return true;
  }
};

Store::Store(std::shared_ptr<Disk> disk, After after, StorePlan plan)
    : process_(std::make_shared<Process>()) {
  process_->disk = std::move(disk);
  process_->after = std::move(after);
  process_->plan = std::move(plan);
}

Store::~Store() {
  kill();
}
void Store::kill() {
  process_->die();
}
bool Store::killed() const {
  return process_->dead;
}
StorePlan& Store::plan() {
  return process_->plan;
}

// The closures below are owned by the Process they point at (or by a scheduler that asks it first),
// and one that runs is kept alive by the caller in later().

void Store::commit(ports::Batch batch, ports::OnCommit answer) {
  Process* p = process_.get();
  p->later([p, batch = std::move(batch), answer = std::move(answer)] {
    auto judged = p->judge(batch);
    if (p->carry_out(judged, [&] { p->apply(batch); })) answer(judged.first, judged.second);
  });
}

void Store::put_blob(std::string bytes, ports::OnAnswer<Digest> answer) {
  Process* p = process_.get();
  p->later([p, bytes = std::move(bytes), answer = std::move(answer)] {
    std::pair<Commit, std::string> judged{Commit::durable, {}};
    if (p->poisoned) judged = {Commit::failed, "the simulated medium failed"};
    if (bytes.size() > ports::StoreLimits::kBlobBytesMax)
      judged = {Commit::full, "a blob is above 64 MiB"};
    if (!p->carry_out(judged, [&] { p->disk->blobs.emplace(sha256(bytes), bytes); })) return;
    if (judged.first == Commit::durable) return answer(sha256(bytes));
    answer(Error{"the blob was not kept: " + judged.second});
  });
}

void Store::erase(ports::Erasure what, ports::OnAnswer<void> answer) {
  Process* p = process_.get();
  p->later([p, what = std::move(what), answer = std::move(answer)] {
    std::pair<Commit, std::string> judged{Commit::durable, {}};
    if (p->poisoned) judged = {Commit::failed, "the simulated medium failed"};
    for (const auto& log : what.logs)
      if (p->held.contains(log))
        judged = {Commit::fenced, "the log '" + log + "' is being written"};
    if (!p->carry_out(judged, [&] { p->erase(what); })) return;
    if (judged.first == Commit::durable) return answer({});
    answer(Error{"nothing was removed: " + judged.second});
  });
}

void Store::hold(ports::LogId log, Duration, ports::OnAnswer<std::uint64_t> answer) {
  Process* p = process_.get();
  p->later([p, log = std::move(log), answer = std::move(answer)] {
    if (const auto hold = p->held.find(log); hold != p->held.end()) return answer(hold->second);
    std::pair<Commit, std::string> judged{Commit::durable, {}};
    if (p->poisoned) judged = {Commit::failed, "the simulated medium failed"};
    if (!p->carry_out(judged, [&] { p->held[log] = ++p->disk->logs[log].epoch; })) return;
    if (judged.first == Commit::durable) return answer(p->held.at(log));
    answer(Error{"the log cannot be held: " + judged.second});
  });
}

void Store::release(ports::LogId log, std::uint64_t epoch, ports::OnAnswer<void> answer) {
  Process* p = process_.get();
  p->later([p, log = std::move(log), epoch, answer = std::move(answer)] {
    if (const auto hold = p->held.find(log); hold != p->held.end() && hold->second == epoch)
      p->held.erase(hold);
    answer({});
  });
}

void Store::tip(ports::LogId log, ports::OnAnswer<ports::Tip> answer) {
  Process* p = process_.get();
  p->later([p, log = std::move(log), answer = std::move(answer)] { answer(p->disk->tip(log)); });
}

void Store::entries(ports::LogId log, std::uint64_t from, std::size_t bytes_max,
                    ports::OnAnswer<std::vector<ports::Stored>> answer) {
  Process* p = process_.get();
  p->later([p, log = std::move(log), from, bytes_max, answer = std::move(answer)] {
    std::vector<ports::Stored> found;
    const auto at = p->disk->logs.find(log);
    std::size_t bytes = 0;
    if (at != p->disk->logs.end())
      for (std::uint64_t i = 0; i < at->second.entries.size(); ++i) {
        const auto seq = at->second.erased.size + i;
        if (seq < from) continue;
        bytes += at->second.entries[i].size();
        if (!found.empty() && bytes > bytes_max) break;
        found.push_back({seq, at->second.entries[i]});
      }
    answer(std::move(found));
  });
}

void Store::scan(std::string prefix, std::string after, std::size_t rows_max,
                 ports::OnAnswer<std::vector<ports::Row>> answer) {
  Process* p = process_.get();
  p->later([p, prefix = std::move(prefix), after = std::move(after), rows_max,
            answer = std::move(answer)] {
    std::vector<ports::Row> found;
    const auto& rows = p->disk->rows;
    for (auto row = std::max(after, prefix) == after ? rows.upper_bound(after)
                                                     : rows.lower_bound(prefix);
         row != rows.end() && row->first.starts_with(prefix) && found.size() < rows_max; ++row)
      found.push_back({row->first, row->second});
    answer(std::move(found));
  });
}

void Store::blob(Digest name, ports::OnAnswer<std::string> answer) {
  Process* p = process_.get();
  p->later([p, name, answer = std::move(answer)] {
    const auto at = p->disk->blobs.find(name);
    if (at == p->disk->blobs.end())
      return answer(Error{"the blob " + hex(name) + " is not in the store"});
    if (sha256(at->second) != name) return answer(Error{"the blob " + hex(name) + " is damaged"});
    answer(at->second);
  });
}

}  // namespace muster::sim
