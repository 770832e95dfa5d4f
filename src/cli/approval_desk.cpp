#include "cli/approval_desk.hpp"

#include <fmt/format.h>

#include "api/desk.hpp"
#include "cli/person_key.hpp"
#include "consent/approvals.hpp"

namespace muster::cli {

namespace {

/// What can be wrong with it before its signature is looked at; "" is nothing.
std::string wrong_with(const consent::Statement& said, const std::string& store, WallTime now) {
  using What = consent::Statement::What;
  if (said.what != What::approval && said.what != What::withdrawal)
    return "what was signed is no approval";
  if (said.store != store) return "it was signed for another record than this one";
  if (said.note.size() > consent::kNoteBytesMax) return "its note is too long";
  if (said.what == What::approval && said.expires <= now) return "it has run out already";
  return api::stale(said.at, now);
}

}  // namespace

void ApprovalDesk::take(journal::SignedText proof, std::function<void(std::string)> done) {
  const auto said = consent::read_statement(proof.text);
  if (!said) return done(to_string(said.error()));
  if (auto why = wrong_with(*said, session_.store_id(), clock_.wall()); !why.empty())
    return done(why);
  const auto people = people_of(session_.workspace());
  if (!people) return done(to_string(people.error()));
  const auto* person = people->find(said->person);
  if (!person || person->ssh_key.empty() || person->service)
    return done(fmt::format("{} is nobody of people.yaml who can approve", said->person));
  ports::SignatureClaim claim{person->id, person->ssh_key, std::string{consent::kNamespace},
                              proof.text, proof.signature};
  signatures_.verify(std::move(claim), [this, said = *said, proof = std::move(proof),
                                        done = std::move(done)](const Result<>& good) {
    if (!good) return done(to_string(good.error()));
    log_.write(consent::draft_of(said, proof), [done](const journal::Written& written) {
      done(written.commit == ports::Commit::durable
               ? ""
               : "the workspace's record cannot be written: " + written.why);
    });
  });
}

}  // namespace muster::cli
