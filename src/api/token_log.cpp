#include "api/token_log.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "journal/reader.hpp"

namespace muster::api {
namespace {

constexpr std::size_t kPageBytes = 1u << 20;

}  // namespace

void read_tokens(ports::Store& store, ports::OnAnswer<Tokens> answer) {
  const auto tokens = std::make_shared<Tokens>();
  read_new_tokens(store, tokens, 0,
                  [tokens, answer = std::move(answer)](const Result<std::uint64_t>& read) {
                    if (!read) return answer(read.error());
                    answer(std::move(*tokens));
                  });
}

void read_new_tokens(ports::Store& store, std::shared_ptr<Tokens> tokens, std::uint64_t from,
                     ports::OnAnswer<std::uint64_t> answer) {
  journal::read_page(store, journal::kWorkspaceLog, from, kPageBytes, nullptr,
                     [&store, tokens, from, answer = std::move(answer)](
                         const Result<std::vector<journal::Recorded>>& page) {
                       if (!page) return answer(page.error());
                       if (page->empty()) return answer(from);
                       for (const auto& stored : *page)
                         if (const auto entry = journal::read_entry(stored))
                           static_cast<void>(tokens->apply(*entry));
                       read_new_tokens(store, tokens, page->back().seq + 1, answer);
                     });
}

Result<journal::Draft> made_draft(const Tokens& tokens, const Token& token) {
  if (const auto problem = problem_of(token); !problem.empty()) return Error{problem};
  const auto* there = tokens.named(token.name);
  if (there && !there->revoked)
    return Error{fmt::format("there is a token '{}' already", token.name),
                 "take another name, or muster token revoke first"};
  if (!there && tokens.all().size() >= Tokens::kMax)
    return Error{fmt::format("there are {} tokens, which is the most", Tokens::kMax),
                 "the names of revoked ones can be used again"};
  journal::Draft draft;
  draft.action = journal::kinds::kTokenMade;
  draft.data = made_data(token);
  return draft;
}

Result<journal::Draft> revoked_draft(const Tokens& tokens, const std::string& name,
                                     const std::string& reason) {
  const auto* there = tokens.named(name);
  if (!there || there->revoked)
    return Error{fmt::format("there is no token '{}' that counts", bounded(printable(name), 100)),
                 "muster token list"};
  journal::Draft draft;
  draft.action = journal::kinds::kTokenRevoked;
  draft.data = Json{{"name", name}};
  if (!reason.empty()) draft.data["reason"] = reason;
  return draft;
}

Json shown(const Token& token) {
  Json out{{"name", token.name},
           {"scopes", token.scopes.names()},
           {"made", format_utc(token.made)},
           {"by", token.made_by},
           {"revoked", token.revoked}};
  if (!token.person.empty()) out["person"] = token.person;
  if (token.expires) out["expires"] = format_utc(*token.expires);
  return out;
}

}  // namespace muster::api
