#include "api/desk.hpp"

#include <fmt/format.h>

#include <utility>

#include "consent/approvals.hpp"
#include "consent/statement.hpp"

namespace muster::api {
namespace {

constexpr std::size_t kNoncesMax = 100'000;

}  // namespace

std::string stale(WallTime said, WallTime now) {
  if (said <= now + kSignedWithin && now <= said + kSignedWithin) return {};
  return fmt::format("it was signed at {}, and here it is {}: sign it now, and look at both clocks",
                     format_utc(said), format_utc(now));
}

void Desk::take(engine::Request request, Done done) {
  if (request.proof.empty()) return done(run_(std::move(request)));
  const auto said = consent::read_statement(request.proof.text);
  if (!said) return done(to_string(said.error()));
  const auto* signer = plan_.anybody(said->person);
  if (!signer || signer->ssh_key.empty())
    return done(
        fmt::format("{} is not one of this drill's people with an `ssh_key`", said->person));
  if (auto why = stale(said->at, clock_.wall()); !why.empty()) return done(why);
  if (nonces_.contains(said->nonce))
    return done("it is a copy of what was asked before: sign anew");
  ports::SignatureClaim claim{signer->id, signer->ssh_key, std::string{consent::kNamespace},
                              request.proof.text, request.proof.signature};
  signatures_.verify(std::move(claim),
                     [this, request = std::move(request), signer = signer->id, nonce = said->nonce,
                      done = std::move(done)](const Result<>& good) mutable {
                       if (!good) return done(to_string(good.error()));
                       verified(std::move(request), signer, nonce, done);
                     });
}

void Desk::verified(engine::Request request, const std::string& signer, const std::string& nonce,
                    const Done& done) {
  // Once more: two copies may have been looked at side by side.
  if (nonces_.contains(nonce)) return done("it is a copy of what was asked before: sign anew");
  if (nonces_.size() >= kNoncesMax) return done("too many signed requests in one run");
  nonces_.insert(nonce);
  request.proof.carried_by = std::exchange(request.actor, consent::actor_of(signer)).principal;
  done(run_(std::move(request)));
}

}  // namespace muster::api
