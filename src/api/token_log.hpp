// Tokens in the workspace's log: read from it, and what is written into it. For the API, and for
// commands that hold the store themselves.
#pragma once
#include <memory>
#include <string>

#include "api/token.hpp"
#include "base/json.hpp"
#include "ports/store.hpp"

namespace muster::api {

/// As the log says now. `store` must outlive the answer. Entries that cannot be read make no token,
/// and stand in nobody's way: `muster audit verify` tells of them.
void read_tokens(ports::Store& store, ports::OnAnswer<Tokens> answer);
/// Takes in what the log says from entry `from` on; answers where the next reading begins.
void read_new_tokens(ports::Store& store, std::shared_ptr<Tokens> tokens, std::uint64_t from,
                     ports::OnAnswer<std::uint64_t> answer);

/// What is written when it is made; its actor is left to who writes. An error:
/// problem_of(), one of that name counts, or there are too many.
Result<journal::Draft> made_draft(const Tokens& tokens, const Token& token);
/// The same of its end. An error: none of that name counts.
Result<journal::Draft> revoked_draft(const Tokens& tokens, const std::string& name,
                                     const std::string& reason);

/// For people and programs: all but the hash. docs/api.md tells it.
Json shown(const Token& token);

}  // namespace muster::api
