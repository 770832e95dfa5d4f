// A request that its sender signed: `signature: {signed, signature}` in its body turns who the
// kernel says into who signed. Here it is taken off, and held against what is asked; whether the
// signature is good is the desk's question (desk.hpp). Pure.
#pragma once
#include "api/message.hpp"
#include "journal/signed_text.hpp"

namespace muster::api {

struct Unwrapped {
  Request request;            ///< without `signature`
  journal::SignedText proof;  ///< empty when it was not signed
};
/// `store`: the record that is asked. An error: what was signed is no request, another one than
/// this, or for another record.
Result<Unwrapped> unwrapped(const Request& request, const std::string& store);

/// What is signed of a request: the `target` of a statement.
std::string signed_target(const std::string& method, const std::string& target);

/// {signed, signature} of a body's field. An error: it is something else, or too long.
Result<journal::SignedText> signed_text_of(const Json& field);
Json to_json(const journal::SignedText& proof);

}  // namespace muster::api
