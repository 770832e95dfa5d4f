#include "api/signed.hpp"

#include "consent/statement.hpp"

namespace muster::api {

Result<journal::SignedText> signed_text_of(const Json& field) {
  const Error wrong{
      "a signature is {\"signed\": the text, \"signature\": what ssh-keygen -Y sign "
      "made of it}",
      "the commands write it: --sign, muster approve"};
  if (!field.is_object() || field.size() != 2) return wrong;
  for (const char* key : {"signed", "signature"})
    if (!field.contains(key) || !field.at(key).is_string()) return wrong;
  journal::SignedText proof{
      field.at("signed").get<std::string>(), field.at("signature").get<std::string>(), {}};
  if (proof.text.empty() || proof.signature.empty() ||
      proof.text.size() > consent::kStatementBytesMax ||
      proof.signature.size() > consent::kSignatureBytesMax)
    return Error{"the signature is empty, or longer than any that this can be"};
  for (const char c : proof.signature)
    if (c != '\n' && (c < ' ' || c > '~')) return wrong;
  return proof;
}

Json to_json(const journal::SignedText& proof) {
  return {{"signed", proof.text}, {"signature", proof.signature}};
}

std::string signed_target(const std::string& method, const std::string& target) {
  return method + " " + target;
}

Result<Unwrapped> unwrapped(const Request& request, const std::string& store) {
  Unwrapped out{request, {}};
  if (!request.body.is_object() || !request.body.contains("signature")) return out;
  auto proof = signed_text_of(request.body.at("signature"));
  if (!proof) return proof.error();
  out.request.body.erase("signature");
  const auto said = consent::read_statement(proof->text);
  if (!said) return said.error();
  if (said->what != consent::Statement::What::request ||
      said->target != signed_target(request.method, request.target) ||
      said->body != out.request.body)
    return Error{"what was signed is another request than this one"};
  // Else it could be played to another record of the same people within its five minutes.
  if (said->store != store)
    return Error{"it was signed for another record than this one",
                 "sign it where this record is: the command names the record that it finds there"};
  out.proof = std::move(*proof);
  return out;
}

}  // namespace muster::api
