// Who signs at this command line, and with what: a person of people.yaml, by ssh-keygen with their
// own key (a file, an agent, a token). Muster reads no private key.
#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/workspace.hpp"
#include "consent/statement.hpp"
#include "journal/signed_text.hpp"
#include "model/people.hpp"

namespace muster::cli {

struct SignWith {
  bool wanted = false;
  std::string key_file;  ///< "": the agent's, or the one in ~/.ssh that people.yaml names
  std::string person;    ///< "": whose `unix` the login is
};

/// --sign, --key, --as; the last two mean --sign too. `words` must outlive the parsing.
void add_sign_options(CLI::App& command, SignWith& words);
/// --key and --as alone, of a command that always signs.
void add_key_options(CLI::App& command, SignWith& words);

/// All persons of the workspace; an error names the first thing that is wrong there.
Result<model::People> people_of(const std::filesystem::path& workspace);

/// Which of them signs.
Result<model::Person> who_signs(const model::People& people, const SignWith& with);

/// Fills in person, time and nonce, signs, and sees that it verifies. May ask on the terminal for a
/// passphrase or a touch.
Result<journal::SignedText> signed_by(const model::Person& person, const SignWith& with,
                                      consent::Statement statement);

/// Adds `signature` to the body of what is posted to `target`, when that is wanted.
Result<> add_signature(const Where& where, const SignWith& with, const std::string& target,
                       Json& body);

}  // namespace muster::cli
