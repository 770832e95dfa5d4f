#include "cli/person_key.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "adapters/signatures/keygen.hpp"
#include "api/signed.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "cli/session.hpp"
#include "cli/who.hpp"
#include "model/workspace.hpp"

namespace muster::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kUnix = "unix:";

/// The `.pub` in ~/.ssh that holds this key: ssh-keygen finds the private one beside it, or in the
/// agent.
std::optional<fs::path> own_file(const std::string& key) {
  const char* home = std::getenv("HOME");
  if (!home) return std::nullopt;
  std::error_code ec;
  for (const auto& file : fs::directory_iterator{fs::path{home} / ".ssh", ec}) {
    if (file.path().extension() != ".pub") continue;
    std::ifstream in{file.path()};
    std::string line;
    std::getline(in, line);
    if (line == key || line.starts_with(key + " ")) return file.path();
  }
  return std::nullopt;
}

Result<std::string> signature_of(const model::Person& person, const SignWith& with,
                                 const std::string& text) {
  const std::string name_space{consent::kNamespace};
  if (!with.key_file.empty()) return signatures::sign(fs::path{with.key_file}, name_space, text);
  if (const auto file = own_file(person.ssh_key)) return signatures::sign(*file, name_space, text);
  if (std::getenv("SSH_AUTH_SOCK"))
    return signatures::sign(signatures::InAgent{person.ssh_key}, name_space, text);
  return Error{fmt::format("the key of {} in people.yaml is not in ~/.ssh, and there is no agent",
                           person.id),
               "--key FILE names it; `ssh -A` brings your agent along"};
}

}  // namespace

void add_key_options(CLI::App& command, SignWith& words) {
  command
      .add_option("--key", words.key_file,
                  "The SSH key that signs (default: the agent's, or the one in ~/.ssh, that "
                  "people.yaml names)")
      ->type_name("FILE");
  command
      .add_option("--as", words.person,
                  "Who signs, by the id in people.yaml (default: whose `unix` you are)")
      ->type_name("PERSON");
}

void add_sign_options(CLI::App& command, SignWith& words) {
  command.add_flag("--sign", words.wanted, "Sign it with your SSH key, as a policy may want it");
  add_key_options(command, words);
}

Result<model::People> people_of(const fs::path& workspace) {
  config::Diagnostics diagnostics;
  auto people = model::load_people(workspace, diagnostics);
  if (diagnostics.empty()) return people;
  const auto first = diagnostics.sorted().front();
  return Error{config::to_string(first.place) + ": " + first.what, "`muster check`"};
}

Result<model::Person> who_signs(const model::People& people, const SignWith& with) {
  const auto login = who_am_i().principal;
  const auto* person = with.person.empty()
                           ? people.with_unix_user(std::string_view{login}.substr(kUnix.size()))
                           : people.find(with.person);
  if (!person)
    return with.person.empty()
               ? Error{fmt::format("you are {}, and nobody of people.yaml has that as `unix`",
                                   login),
                       "say who signs: --as PERSON"}
               : Error{fmt::format("there is no person {} in people.yaml", with.person),
                       "its ids: " + joined(people.ids(), ", ")};
  if (person->ssh_key.empty())
    return Error{fmt::format("{} has no `ssh_key` in people.yaml", person->id),
                 "add the line of the .pub file there"};
  return *person;
}

Result<journal::SignedText> signed_by(const model::Person& person, const SignWith& with,
                                      consent::Statement statement) {
  statement.person = person.id;
  if (statement.at == WallTime{})
    statement.at = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  statement.nonce = random_id();
  auto text = consent::text_of(statement);
  if (!text) return text.error();
  auto signature = signature_of(person, with, *text);
  if (!signature) return signature.error();
  const ports::SignatureClaim claim{person.id, person.ssh_key, std::string{consent::kNamespace},
                                    *text, *signature};
  if (const auto good = signatures::verify(claim); !good)
    return Error{fmt::format("what signed is not the key of {} in people.yaml", person.id),
                 "--key FILE names the right one, --as PERSON somebody else"};
  return journal::SignedText{*std::move(text), *std::move(signature), {}};
}

Result<> add_signature(const Where& where, const SignWith& with, const std::string& target,
                       Json& body) {
  if (!with.wanted && with.key_file.empty() && with.person.empty()) return {};
  const auto workspace = find_workspace(where);
  if (!workspace) return workspace.error();
  const auto people = people_of(*workspace);
  if (!people) return people.error();
  const auto person = who_signs(*people, with);
  if (!person) return person.error();
  const auto store = store_of(*workspace);
  if (!store) return store.error();
  consent::Statement statement;
  statement.what = consent::Statement::What::request;
  statement.store = *store;
  statement.target = api::signed_target("POST", target);
  statement.body = body;
  const auto proof = signed_by(*person, with, std::move(statement));
  if (!proof) return proof.error();
  body["signature"] = api::to_json(*proof);
  return {};
}

}  // namespace muster::cli
