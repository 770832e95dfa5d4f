// Seconds of one processor to verify a log of 1,000,000 entries (chain, canonical form, kinds,
// tree, ten checkpoints' roots, the person whom each names), against the named limit of the same
// run: one SHA-256 over the same bytes by libcrypto.
//
//   cmake --preset release && cmake --build --preset release --target bench_verify
//   build/release/bench/bench_verify [ENTRIES [FOLDER]]
//
// Hashing alone (each entry as a leaf, and the tree) is printed too: what is above it is reading.
// With a FOLDER the same log is written there as tiles, and the public key of its checkpoint
// printed: for bench/verify.sh, which gives it to Go's tlog.
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "journal/checkpoint.hpp"
#include "journal/kinds.hpp"
#include "journal/person_audit.hpp"
#include "journal/proof.hpp"
#include "journal/tiles.hpp"
#include "journal/verify.hpp"

using namespace muster;
using namespace muster::journal;

namespace {

constexpr std::uint64_t kEntries = 1'000'000;

const Person kAna{sha256("a salt"), "unix:ana"};

/// As a run that somebody started writes them: some 500 bytes each.
std::vector<std::string> a_log(std::uint64_t count) {
  Context context;
  context.drill = "orders-primary-loss";
  context.run = "20261122-211505-3f9a0c";
  context.boot_id = "5a1f0c2e-77b1-4c55-9a0e-3f2f9a2b1c0d";
  context.epoch = 1;
  context.actor = {"muster", "", "", committed(commitment_of(kAna))};
  std::vector<std::string> log;
  Digest prev;
  for (std::uint64_t i = 0; i < count; ++i) {
    Draft draft;
    draft.ts = wall_time(1'795'382'105'482'787'000 + static_cast<std::int64_t>(i) * 1'000'000);
    draft.at = instant(9'100'000'000'000'000 + static_cast<std::int64_t>(i) * 1'000'000);
    draft.action = kinds::kSamplesSealed;
    draft.data = Json{{"service", "orders"}, {"blob", hex(prev)}, {"count", 10}};
    log.push_back(*seal(draft, context, i, prev));
    prev = leaf_hash(log.back());
  }
  return log;
}

/// As `muster audit export` writes a workspace log, signed by a key that nobody keeps.
void write_tiles(const std::filesystem::path& folder, const std::vector<std::string>& log,
                 const Digest& root) {
  const auto write = [&](const std::string& path, const std::string& bytes) {
    const auto file = folder / "workspace" / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << bytes;
  };
  Tiles tiles{write};
  for (const auto& entry : log) tiles.add(entry);
  tiles.finish();
  const auto key = *SigningKey::make();
  write("checkpoint", *signed_checkpoint({"bench", {log.size(), root}, ""}, key));
  fmt::print("key {}\n", to_string(VerifierKey{"bench", key.public_key()}));
}

template <class F>
double seconds(F f) {
  const std::clock_t begin = std::clock();
  f();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : kEntries;
  const auto log = a_log(count);
  std::string all;
  for (const auto& entry : log) all += entry;
  Digest digest;
  const double limit = seconds([&] { digest = sha256(all); });
  std::vector<Digest> leaves;
  Digest root;
  const double hashing = seconds([&] {
    for (const auto& entry : log) leaves.push_back(leaf_hash(entry));
    root = root_of(leaves);
  });
  Verifier verifier{"20261122-211505-3f9a0c"};
  for (std::uint64_t i = 1; i <= 10; ++i) {
    const auto size = count * i / 10;
    verifier.claim({{size, root_of(std::span{leaves}.first(size))}, "a checkpoint", true});
  }
  Verified verified;
  auto persons = std::make_shared<Persons>();
  const auto row = person_row(kAna);
  persons->add(commitment_of(kAna), &row);
  PersonCounts named;
  const double whole = seconds([&] {
    PersonAudit audit;
    for (std::uint64_t i = 0; i < count; ++i) {
      verifier.add(log[i]);
      audit.add({{i, log[i]}, persons});
    }
    named = audit.judge(
        {}, [&](Damage, std::uint64_t, const std::string&) { verified.findings_count = 1; });
    if (verified.intact()) verified = verifier.finish();
  });
  if (!verified.intact() || verified.root != root || named.named != 1)
    return fmt::print("it does not verify\n"), 1;
  fmt::print("{} entries, {:.0f} MB\n", count, static_cast<double>(all.size()) / 1e6);
  fmt::print("SHA-256 over the bytes    {:6.2f} s   1.0\n", limit);
  fmt::print("leaves and tree           {:6.2f} s  {:4.1f}\n", hashing, hashing / limit);
  fmt::print("verification, all of it   {:6.2f} s  {:4.1f}\n", whole, whole / limit);
  if (argc > 2) write_tiles(argv[2], log, root);
  return 0;
}
