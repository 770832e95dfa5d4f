#include "cli/plan_bytes.hpp"

#include "cli/entries.hpp"
#include "journal/erasures.hpp"
#include "journal/logs.hpp"

namespace muster::cli {

Result<std::string> plan_bytes(Session& session, const Digest& plan) {
  const auto blob = [&](const Digest& name) {
    return session.wait<std::string>(
        [&](auto done) { session.store().blob(name, std::move(done)); });
  };
  auto bytes = blob(plan);
  if (bytes) return bytes;
  journal::ErasureLog erasures;
  const auto read =
      each_entry(session, journal::kWorkspaceLog, [&](const journal::Recorded& stored) {
        if (const auto entry = journal::read_entry(stored)) erasures.add(*entry);
      });
  if (!read) return read.error();
  const auto instead = erasures.instead_of(plan);
  return instead == plan ? std::move(bytes) : blob(instead);
}

}  // namespace muster::cli
