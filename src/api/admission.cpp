#include "api/admission.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "journal/kinds.hpp"

namespace muster::api {
namespace {

using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::string_view kBearer = "Bearer ";
/// Failures of one address: ten at once, then one each ten seconds.
constexpr Duration kFailureEvery = seconds{10};
constexpr unsigned kFailuresAtOnce = 10;
/// Entries about them: of one address one in ten minutes; of all addresses twenty, then one a
/// minute.
constexpr Duration kNoteOfOneEvery = minutes{10};
constexpr Duration kNoteEvery = minutes{1};
constexpr unsigned kNotesAtOnce = 20;
constexpr std::size_t kAddressesMax = 10'000;

std::uint32_t whole_seconds(Duration wait) {
  return static_cast<std::uint32_t>((wait + seconds{1} - nanoseconds{1}) / seconds{1});
}

Response too_many(Duration wait, const char* what) {
  auto response =
      error_response(429, Error{what, fmt::format("again in {} s", whole_seconds(wait))});
  response.retry_after_s = whole_seconds(wait);
  return response;
}

/// The words that others put a token into a URL by, or the token itself.
bool has_token_in_it(std::string_view target) {
  const auto mark = target.find('?');
  if (target.find("mst_") != std::string_view::npos) return true;
  if (mark == std::string_view::npos) return false;
  const std::string query = "&" + std::string{target.substr(mark + 1)};
  for (const char* key : {"&token=", "&access_token=", "&api_key=", "&authorization="})
    if (query.find(key) != std::string::npos) return true;
  return false;
}

}  // namespace

Admission::Admission(const Tokens& tokens, ports::Clock& clock, const AdmissionRules& rules,
                     std::function<void(journal::Draft)> note)
    : tokens_{tokens},
      clock_{clock},
      note_{std::move(note)},
      requests_{Duration{seconds{1}} / std::max(rules.requests_per_second, 1u),
                2 * std::max(rules.requests_per_second, 1u)},
      failures_{kFailureEvery, kFailuresAtOnce},
      notes_{kNoteEvery, kNotesAtOnce} {}

Admitted Admission::admit(const Knock& knock) {
  if (has_token_in_it(knock.target))
    return {
        std::nullopt,
        error_response(400, Error{"a token stands in the URL, where proxies and histories keep it",
                                  "revoke it (muster token revoke), and send another one in "
                                  "the header Authorization: Bearer"})};
  if (knock.caller.peer) return {knock.caller.peer, {}};
  if (knock.authorization.empty()) return refuse(knock, "no token was shown");
  if (knock.is_several || !knock.authorization.starts_with(kBearer))
    return refuse(knock, "the header is not one Authorization: Bearer TOKEN");
  const auto* token =
      tokens_.find(std::string_view{knock.authorization}.substr(kBearer.size()), clock_.wall());
  // Unknown, revoked and run out are not told apart: who has the token's maker can ask them.
  if (!token) return refuse(knock, "the token is not known, or counts no more");
  if (const auto wait = requests_.take(token->name, clock_.now()))
    return {std::nullopt, too_many(*wait, "this token asks too often")};
  return {principal_of(*token), {}};
}

Admitted Admission::refuse(const Knock& knock, const char* why) {
  note_refusal(knock.caller.address, why);
  if (const auto wait = failures_.take(knock.caller.address, clock_.now()))
    return {std::nullopt,
            too_many(*wait, "too many requests without a good token came from there")};
  return {
      std::nullopt,
      error_response(401, Error{why, "Authorization: Bearer, and what `muster token new` gave"})};
}

void Admission::note_refusal(const std::string& address, const char* why) {
  const auto now = clock_.now();
  if (refused_.size() >= kAddressesMax && !refused_.contains(address)) refused_.clear();
  auto& refused = refused_[address];
  ++refused.count;
  const bool is_new = refused.told == Instant{};
  if (!is_new && now - refused.told < kNoteOfOneEvery) return;
  if (notes_.take("", now)) return;
  journal::Draft draft;
  draft.action = journal::kinds::kAccessRefused;
  draft.outcome = "refused";
  draft.data = Json{{"address", address}, {"count", refused.count}, {"why", why}};
  refused = {0, now};
  note_(std::move(draft));
}

}  // namespace muster::api
