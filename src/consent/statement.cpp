#include "consent/statement.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace muster::consent {
namespace {

using What = Statement::What;

constexpr std::array<std::pair<What, std::string_view>, 4> kWords{{{What::approval, "approval"},
                                                                   {What::withdrawal, "withdrawal"},
                                                                   {What::start, "start"},
                                                                   {What::request, "request"}}};

std::string_view word_of(What what) {
  return kWords[static_cast<std::size_t>(what)].second;
}

/// All of it as JSON; text_of and read_statement share it, so that neither says what the other does
/// not.
Json json_of(const Statement& s) {
  Json j{{"muster", word_of(s.what)},
         {"person", s.person},
         {"at", format_utc(s.at)},
         {"nonce", s.nonce},
         {"store", s.store}};
  if (s.what == What::request) {
    j["target"] = s.target;
    j["body"] = s.body;
    return j;
  }
  j["drill"] = s.drill;
  j["plan"] = s.plan;
  if (s.what == What::approval) {
    j["expires"] = format_utc(s.expires);
    j["note"] = s.note;
  }
  return j;
}

Statement statement_from(const Json& j) {
  const auto text = [&](const char* key) { return j.at(key).get<std::string>(); };
  Statement s;
  for (const auto& [what, word] : kWords)
    if (word == text("muster")) s.what = what;
  s.person = text("person");
  s.at = parse_utc(text("at")).value();
  s.nonce = text("nonce");
  s.store = text("store");
  if (s.what == What::request) {
    s.target = text("target");
    s.body = j.at("body");
    return s;
  }
  s.drill = text("drill");
  s.plan = text("plan");
  if (s.what == What::approval) {
    s.expires = parse_utc(text("expires")).value();
    s.note = text("note");
  }
  return s;
}

}  // namespace

Result<std::string> text_of(const Statement& statement) {
  auto text = canonical_json(json_of(statement));
  if (text && text->size() > kStatementBytesMax)
    return Error{fmt::format("what is signed has {} bytes, and {} are the most", text->size(),
                             kStatementBytesMax),
                 "say it shorter"};
  return text;
}

Result<Statement> read_statement(std::string_view text) {
  const Error wrong{"what was signed is no statement of Muster",
                    "sign with the command that says so (`--sign`, `muster approve`)"};
  const auto json = parse_json(text, kStatementBytesMax);
  if (!json || !json->is_object()) return wrong;
  try {
    Statement s = statement_from(*json);
    const auto again = canonical_json(json_of(s));
    if (!again || *again != text || s.nonce.size() != 32) return wrong;
    return s;
  } catch (const std::exception&) {
    return wrong;
  }
}

}  // namespace muster::consent
