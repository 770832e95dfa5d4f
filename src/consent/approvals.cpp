#include "consent/approvals.hpp"

#include <algorithm>

#include "journal/kinds.hpp"

namespace muster::consent {

namespace kinds = journal::kinds;

namespace {

std::string text_in(const Json& data, const char* key) {
  if (!data.is_object()) return {};
  const auto it = data.find(key);
  return it != data.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

}  // namespace

void Approvals::add(const journal::Entry& entry) {
  const bool gives = entry.action == kinds::kApprovalGiven;
  if (!gives && entry.action != kinds::kApprovalWithdrawn) return;
  const journal::SignedText proof{text_in(entry.data, "signed"), text_in(entry.data, "signature"),
                                  text_in(entry.data, "carried_by")};
  auto said = read_statement(proof.text);
  // What nobody could have written so approves nothing; `muster audit verify` finds it.
  if (!said) return;
  // A copy of an approval after its withdrawal would bring it back.
  if (has_seen(said->nonce)) return;
  nonces_.push_back(said->nonce);
  if (gives && said->what == Statement::What::approval) {
    all_.push_back({entry.seq, std::move(*said), proof, false});
  } else if (!gives && said->what == Statement::What::withdrawal) {
    for (auto& approval : all_)
      if (approval.said.person == said->person && approval.said.plan == said->plan)
        approval.withdrawn = true;
  }
}

std::vector<Approval> Approvals::of(std::string_view plan) const {
  std::vector<Approval> out;
  std::copy_if(all_.begin(), all_.end(), std::back_inserter(out),
               [&](const Approval& a) { return a.said.plan == plan; });
  return out;
}

bool Approvals::has_seen(std::string_view nonce) const {
  return std::find(nonces_.begin(), nonces_.end(), nonce) != nonces_.end();
}

journal::Draft draft_of(const Statement& said, const journal::SignedText& proof) {
  const bool gives = said.what == Statement::What::approval;
  journal::Draft d;
  d.action = gives ? kinds::kApprovalGiven : kinds::kApprovalWithdrawn;
  d.actor = actor_of(said.person);
  if (gives) d.deadline = said.expires;
  d.drill = said.drill;
  d.data = Json{{"plan", said.plan}, {"person", said.person}};
  put(d.data, proof);
  return d;
}

journal::Actor actor_of(const std::string& person) {
  return {
      "person:" + person, std::string{journal::kBySignature}, std::string{journal::kSignedKey}, {}};
}

}  // namespace muster::consent
