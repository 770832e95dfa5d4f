// Who may ask over the network: what the workspace's log says of tokens, and what is written there.
#include <fmt/format.h>

#include "api/routes.hpp"
#include "api/token.hpp"
#include "api/token_log.hpp"
#include "base/text.hpp"
#include "journal/kinds.hpp"

namespace muster::api {
namespace {

/// Calls `then` with the tokens as they are now, or answers why they cannot be read.
void with_tokens(const Call& call, std::function<void(const Tokens&)> then) {
  read_tokens(call.store, [then = std::move(then), done = call.done](const Result<Tokens>& tokens) {
    if (!tokens) return done(error_response(500, tokens.error()));
    then(*tokens);
  });
}

void write(Host& host, journal::Draft draft, int status, Json answer, const Api::Done& done) {
  host.note(std::move(draft), [status, answer = std::move(answer), done](const Result<>& noted) {
    if (!noted) return done(error_response(500, noted.error()));
    done(json_response(status, answer));
  });
}

/// `problem`: what is wrong with its fields, or "".
Token read_token(Fields& fields, const Principal& who, std::string& problem) {
  Token token;
  token.name = fields.text("name");
  const auto digest = digest_from_hex(fields.text("sha256"));
  const auto scopes = Scopes::parse(joined(fields.words("scopes"), ","));
  token.person = fields.text("person");
  token.made_by = actor_of(who).principal;
  const auto expires = fields.text("expires");
  problem = fields.problem();
  if (problem.empty() && !digest) problem = "'sha256' must be 64 lower-case hex digits";
  if (problem.empty() && !scopes) problem = to_string(scopes.error());
  if (digest) token.digest = *digest;
  if (scopes) token.scopes = *scopes;
  if (problem.empty()) problem = problem_of(token);
  if (expires.empty()) return token;
  const auto end = parse_utc(expires);
  if (problem.empty() && !end) problem = "'expires': " + to_string(end.error());
  if (end) token.expires = *end;
  return token;
}

}  // namespace

void list_tokens(Call call) {
  if (const auto problem = call.fields().problem(); !problem.empty())
    return call.done(error_response(400, Error{problem}));
  with_tokens(call, [done = call.done](const Tokens& tokens) {
    Json list = Json::array();
    for (const auto& token : tokens.all()) list.push_back(shown(token));
    done(json_response(200, {{"tokens", std::move(list)}}));
  });
}

void make_token(Call call) {
  Fields fields = call.fields();
  std::string problem;
  auto token = read_token(fields, call.principal, problem);
  if (!problem.empty()) return call.done(error_response(400, Error{problem}));
  // Else who has one token that may could give itself all the others.
  if (!call.principal.token.empty())
    return call.done(error_response(
        403, Error{"a token makes no token", "muster token new, on the machine of the server"}));
  with_tokens(call, [&host = call.host, done = call.done, token = std::move(token),
                     actor = actor_of(call.principal)](const Tokens& tokens) {
    auto draft = made_draft(tokens, token);
    if (!draft) return done(error_response(409, draft.error()));
    draft->actor = actor;
    write(host, std::move(*draft), 201, {{"name", token.name}}, done);
  });
}

void revoke_token(Call call) {
  Fields fields = call.fields();
  auto reason = fields.reason();
  if (const auto problem = fields.problem(); !problem.empty())
    return call.done(error_response(400, Error{problem}));
  with_tokens(call,
              [&host = call.host, done = call.done, name = call.names.at(0),
               reason = std::move(reason), actor = actor_of(call.principal)](const Tokens& tokens) {
                auto draft = revoked_draft(tokens, name, reason);
                if (!draft) return done(error_response(404, draft.error()));
                draft->actor = actor;
                write(host, std::move(*draft), 200, {{"name", name}}, done);
              });
}

}  // namespace muster::api
