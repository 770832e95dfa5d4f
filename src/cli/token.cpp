// `muster token …`: who may ask this workspace's muster over the network. A token is shown once, by
// the one who makes it; the record keeps its hash.
#include <fmt/format.h>

#include "adapters/clock/asio_clock.hpp"
#include "api/target.hpp"
#include "api/token_log.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/remote.hpp"
#include "cli/session.hpp"
#include "cli/terminal.hpp"
#include "cli/who.hpp"
#include "cli/workspace_log.hpp"
#include "model/workspace.hpp"

namespace muster::cli {
namespace {

struct TokenWords {
  std::string name, scopes, expires, person, reason;
  bool service = false;
  bool json = false;
};

/// The workspace's tokens, over the socket of who holds the store, or in the store itself.
class TokenBook {
 public:
  static Result<TokenBook> open(const Where& where) {
    TokenBook book;
    auto client = connect_holder(where);
    if (!client) return client.error();
    book.client_ = std::move(*client);
    if (book.client_) return book;
    const auto workspace = find_workspace(where);
    if (!workspace) return workspace.error();
    auto session = Session::open(*workspace);
    if (!session) return session.error();
    book.session_ = std::move(*session);
    return book;
  }

  /// As docs/api.md tells it.
  Result<Json> list() {
    if (client_) {
      const auto answer = ask("GET", api::tokens_target(), nullptr);
      if (!answer) return answer.error();
      return answer->value("tokens", Json::array());
    }
    const auto tokens = read();
    if (!tokens) return tokens.error();
    Json list = Json::array();
    for (const auto& token : tokens->all()) list.push_back(api::shown(token));
    return list;
  }

  Result<> make(const api::Token& token) {
    if (client_) return taken(ask("POST", api::tokens_target(), api::made_data(token)));
    const auto tokens = read();
    if (!tokens) return tokens.error();
    return write(api::made_draft(*tokens, token));
  }

  Result<> revoke(const std::string& name, const std::string& reason) {
    Json body = Json::object();
    if (!reason.empty()) body["reason"] = reason;
    if (client_) return taken(ask("POST", api::revoke_target(name), body));
    const auto tokens = read();
    if (!tokens) return tokens.error();
    return write(api::revoked_draft(*tokens, name, reason));
  }

 private:
  TokenBook() = default;

  Result<Json> ask(const std::string& method, const std::string& target, const Json& body) {
    const auto answer = client_->request(method, target, body);
    if (!answer) return answer.error();
    return api::json_of(*answer);
  }
  static Result<> taken(const Result<Json>& answer) {
    if (!answer) return answer.error();
    return {};
  }
  Result<api::Tokens> read() {
    return session_->wait<api::Tokens>(
        [&](auto done) { api::read_tokens(session_->store(), std::move(done)); });
  }
  Result<> write(Result<journal::Draft> draft) {
    if (!draft) return draft.error();
    journal::Context context;
    context.boot_id = boot_id();
    context.actor = who_am_i();
    clock::AsioClock clock{session_->io()};
    WorkspaceLog log{*session_, clock, context};
    if (const auto opened = log.open(); !opened) return opened;
    return log.note(std::move(*draft));
  }

  std::shared_ptr<http::Client> client_;
  std::unique_ptr<Session> session_;
};

Result<api::Token> wanted_token(const Where& where, const TokenWords& words) {
  api::Token token;
  token.name = words.name;
  const auto scopes = api::Scopes::parse(words.scopes);
  if (!scopes) return scopes.error();
  token.scopes = *scopes;
  if (!words.expires.empty()) {
    const auto life = parse_duration(words.expires);
    if (!life) return life.error();
    token.expires =
        std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) + *life;
  }
  if (!words.person.empty()) {
    const auto workspace = find_workspace(where);
    if (!workspace) return workspace.error();
    config::Diagnostics out;
    const auto people = model::load_workspace(*workspace, out).people;
    if (!people.find(words.person))
      return Error{fmt::format("there is no person '{}' in inventory/people.yaml", words.person),
                   "there are: " + joined(people.ids(), ", ")};
    token.person = words.person;
  }
  if (const auto problem = api::problem_of(token); !problem.empty()) return Error{problem};
  return token;
}

int make(const Where& where, const TokenWords& words) {
  if (!where.server.empty())
    return complain({"a token is made on the machine of the server", "log in there"}, kUsage);
  auto token = wanted_token(where, words);
  if (!token) return complain(token.error(), kUsage);
  const std::string text = api::new_token_text();
  token->digest = sha256(text);
  auto book = TokenBook::open(where);
  if (!book) return complain(book.error(), kFail);
  // Only when it counts is it shown.
  if (const auto made = book->make(*token); !made) return complain(made.error(), kFail);
  say(text);
  fmt::print(
      stderr,
      "muster: this is the token '{}'. It is shown this once: keep it in a file of mode 0600, "
      "and in no command line.\n",
      token->name);
  return kOk;
}

int list(const Where& where, const TokenWords& words) {
  auto book = TokenBook::open(where);
  if (!book) return complain(book.error(), kFail);
  const auto tokens = book->list();
  if (!tokens) return complain(tokens.error(), kFail);
  if (tokens->empty() && !words.json) say("There are no tokens.");
  if (!tokens->empty() && !words.json)
    say(fmt::format("{:<20} {:<24} {:<14} {:<20} {:<20} {:<8} {}", "NAME", "SCOPES", "WHOSE",
                    "MADE (UTC)", "EXPIRES (UTC)", "COUNTS", "BY"));
  const auto now =
      format_utc(std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()));
  for (const auto& token : *tokens) {
    if (words.json) {
      say(token.dump());
      continue;
    }
    const auto expires = token.value("expires", "");
    const bool is_over = !expires.empty() && expires <= now;
    const auto person = token.value("person", "");
    say(fmt::format("{:<20} {:<24} {:<14} {:<20} {:<20} {:<8} {}", token.value("name", ""),
                    joined(token.value("scopes", std::vector<std::string>{}), ","),
                    person.empty() ? "a service" : person,
                    token.value("made", "").substr(0, 19) + "Z",
                    expires.empty() ? "never" : expires.substr(0, 19) + "Z",
                    token.value("revoked", false) ? "revoked"
                    : is_over                     ? "over"
                                                  : "yes",
                    token.value("by", "")));
  }
  return kOk;
}

int revoke(const Where& where, const TokenWords& words) {
  auto book = TokenBook::open(where);
  if (!book) return complain(book.error(), kFail);
  if (const auto done = book->revoke(words.name, words.reason); !done)
    return complain(done.error(), kFail);
  say(fmt::format("revoked: {}", words.name));
  return kOk;
}

}  // namespace

void add_token(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "token", "Who may ask this workspace's server over the network (docs/server.md)");
  command->require_subcommand(1);
  auto words = std::make_shared<TokenWords>();

  auto* made = command->add_subcommand("new", "Makes a token, and shows it this once on stdout");
  made->add_option("NAME", words->name, "What the record calls it")->required();
  made->add_option("--scope", words->scopes,
                   "Of read, run, approve, admin; with commas between them")
      ->type_name("SCOPES")
      ->required();
  made->add_option("--expires", words->expires,
                   "After so long it counts no more: 90d (default: never)")
      ->type_name("DURATION");
  auto* person = made->add_option("--person", words->person,
                                  "Whose it is: an id of inventory/people.yaml; needed to approve")
                     ->type_name("ID");
  made->add_flag("--service", words->service,
                 "It is a program's, and approves nothing (the default)")
      ->excludes(person);
  made->callback([&where, &code, words] { code = make(where, *words); });

  auto* listed =
      command->add_subcommand("list", "Every token that was made: never the token itself");
  listed->add_flag("--json", words->json, "One JSON object a line");
  listed->callback([&where, &code, words] { code = list(where, *words); });

  auto* revoked = command->add_subcommand("revoke", "It counts no more, from now on");
  revoked->add_option("NAME", words->name, "Which one")->required();
  revoked->add_option("--reason", words->reason, "Why, for the record");
  revoked->callback([&where, &code, words] { code = revoke(where, *words); });
}

}  // namespace muster::cli
