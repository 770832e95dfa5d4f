// Durable entries per second through the writer and SQLite, with 1, 8 and 64 writes waiting at any
// time, against bare fdatasync of the same bytes to a file beside it, in the same run.
//
//   cmake --preset release && cmake --build --preset release --target bench_store
//   build/release/bench/bench_store [folder]     (a folder on the disk in question; default: .)
//
// Two limits, since they differ: appending makes the file longer, which the file system has to
// record too; SQLite's log overwrites its own space once it was checkpointed, as the second one
// does. Ratios are to the faster of the two. All are measured in turn, in short rounds, and each
// ratio is taken within one round: a disk that others use changes from second to second. Read the
// spread (least to most) before the median; where it is wide the machine was busy, and the figure
// says little.
#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/sqlite/store.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "journal/writer.hpp"

using namespace muster;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kTime = std::chrono::milliseconds{500};
constexpr int kRounds = 9;

double per_second(std::size_t count, Clock::time_point since) {
  return static_cast<double>(count) / std::chrono::duration<double>(Clock::now() - since).count();
}

/// The engine's thread.
class Loop {
 public:
  void post(std::function<void()> f) {
    const std::lock_guard lock{mutex_};
    posted_.push_back(std::move(f));
    wake_.notify_one();
  }
  void turn() {
    std::unique_lock lock{mutex_};
    wake_.wait(lock, [&] { return !posted_.empty(); });
    const auto f = std::move(posted_.front());
    posted_.pop_front();
    lock.unlock();
    f();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> posted_;
};

journal::Context context() {
  journal::Context c;
  c.drill = "bench";
  c.run = "bench";
  c.boot_id = "bench";
  c.actor.principal = "bench";
  return c;
}

journal::Draft draft() {
  journal::Draft d;
  d.action = journal::kinds::kEffectActive;
  d.step = "loss";
  d.target.host = "db-1";
  d.intent_ref = std::string(32, 'a');
  d.data["evidence"] = std::string(150, 'x');
  return d;
}

/// Synced writes a second; at the file's end, or over `reuse` bytes that are there already.
double bare(const std::filesystem::path& file, const std::string& bytes, off_t reuse) {
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return 0;
  const std::string space(static_cast<std::size_t>(reuse), '\0');
  bool ok = pwrite(fd, space.data(), space.size(), 0) == reuse && fsync(fd) == 0;
  const auto length = static_cast<off_t>(bytes.size());
  std::size_t count = 0;
  const auto since = Clock::now();
  for (off_t at = 0; ok && Clock::now() - since < kTime; at += length, ++count) {
    if (reuse > 0 && at + length > reuse) at = 0;
    ok = pwrite(fd, bytes.data(), bytes.size(), at) == length && fdatasync(fd) == 0;
  }
  const double rate = per_second(count, since);
  close(fd);
  return ok ? rate : 0;
}

double entries(const std::filesystem::path& folder, std::size_t waiting) {
  Loop loop;
  auto store =
      sqlite::Store::open(folder, [&](std::function<void()> f) { loop.post(std::move(f)); });
  if (!store) return 0;
  journal::Writer writer{**store, journal::run_log("bench"), context(), journal::Writes::build_on};
  std::size_t in_hand = 0, durable = 0;
  bool opened = false;
  writer.open(std::chrono::seconds{30},
              [&](const Result<ports::Tip>& tip) { opened = tip.has_value(); });
  while (!opened) loop.turn();
  const auto since = Clock::now();
  while (Clock::now() - since < kTime) {
    for (; in_hand < waiting; ++in_hand) {
      journal::Write w;
      w.drafts.push_back(draft());
      const auto queued = writer.write(std::move(w), [&](const journal::Written& written) {
        --in_hand;
        durable += written.commit == ports::Commit::durable;
      });
      if (!queued) return 0;
    }
    loop.turn();
  }
  const double rate = per_second(durable, since);
  while (in_hand > 0) loop.turn();
  return rate;
}

/// "median (least to most)".
std::string spread(std::vector<double> v, const char* number) {
  std::sort(v.begin(), v.end());
  const auto one = [&](double x) { return fmt::format(fmt::runtime(number), x); };
  return fmt::format("{} ({} to {})", one(v[v.size() / 2]), one(v.front()), one(v.back()));
}

}  // namespace

int main(int argc, char** argv) {
  std::string name =
      (std::filesystem::path{argc > 1 ? argv[1] : "."} / "bench-store-XXXXXX").string();
  if (!mkdtemp(name.data())) return fmt::print(stderr, "no folder can be made for '{}'\n", name), 1;
  const std::filesystem::path folder = name;
  const auto entry = journal::seal(draft(), context(), 0, Digest{});
  constexpr std::array<std::size_t, 3> kWaiting{1, 8, 64};
  std::vector<double> appended, overwritten;
  std::array<std::vector<double>, 3> rates, ratios;
  bool ok = entry.has_value();
  for (int round = 0; ok && round < kRounds; ++round) {
    appended.push_back(bare(folder / "append", *entry, 0));
    overwritten.push_back(bare(folder / "overwrite", *entry, 1 << 22));
    const double limit = std::max(appended.back(), overwritten.back());
    for (std::size_t i = 0; i < kWaiting.size(); ++i) {
      rates[i].push_back(entries(folder / fmt::format("store-{}", kWaiting[i]), kWaiting[i]));
      ratios[i].push_back(rates[i].back() / limit);
      ok = ok && limit > 0 && rates[i].back() > 0;
    }
  }
  std::filesystem::remove_all(folder);
  if (!ok) return fmt::print(stderr, "a write failed: there is nothing to report\n"), 1;
  fmt::print("{} rounds, entries of {} bytes; median (least to most)\n", kRounds, entry->size());
  fmt::print("{:<28} {}/s\n", "fdatasync, appending", spread(appended, "{:.0f}"));
  fmt::print("{:<28} {}/s\n", "fdatasync, overwriting", spread(overwritten, "{:.0f}"));
  for (std::size_t i = 0; i < kWaiting.size(); ++i)
    fmt::print("{:<28} {}/s  ratio {}\n", fmt::format("durable entries, {} waiting", kWaiting[i]),
               spread(rates[i], "{:.0f}"), spread(ratios[i], "{:.2f}"));
  return 0;
}
