// `muster approve DRILL`: signs that the plan of a drill, as its files are now, may be run; takes
// that back; lists what waits for whom (docs/policy.md).
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "adapters/signatures/verifier.hpp"
#include "adapters/sqlite/state_folder.hpp"
#include "api/message.hpp"
#include "api/signed.hpp"
#include "api/target.hpp"
#include "base/text.hpp"
#include "cli/approval_desk.hpp"
#include "cli/approval_list.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/plan_hash.hpp"
#include "cli/start_consent.hpp"
#include "cli/terminal.hpp"
#include "cli/who.hpp"

namespace muster::cli {

namespace {

struct ApproveWords {
  std::string drill, plan_hash, expires, note;
  bool withdraw = false, list = false, json = false;
  SignWith sign;
};

/// To whoever holds the store, over its socket; else into the store.
Result<> hand_in(const std::filesystem::path& workspace, journal::SignedText proof) {
  const auto folder = sqlite::state_folder(workspace, sqlite::surroundings());
  if (!folder) return folder.error();
  const auto client = http::Client::connect(*folder / http::kSocketFile);
  if (!client) return client.error();
  if (*client) {
    const auto answer = (*client)->request("POST", api::approvals_target(),
                                           Json{{"approval", api::to_json(proof)}});
    if (!answer) return answer.error();
    if (const auto taken = api::json_of(*answer); !taken) return taken.error();
    return {};
  }
  auto session = Session::open(workspace);
  if (!session) return session.error();
  clock::AsioClock clock{(*session)->io()};
  journal::Context context;
  context.boot_id = boot_id();
  context.actor = who_am_i();
  proof.carried_by = context.actor.principal;
  WorkspaceLog log{**session, clock, context};
  if (const auto opened = log.open(); !opened) return opened;
  signatures::Verifier verifier{
      [&io = (*session)->io()](std::function<void()> fn) { boost::asio::post(io, std::move(fn)); }};
  ApprovalDesk desk{**session, log, clock, verifier};
  std::optional<std::string> refused;
  desk.take(std::move(proof), [&](const std::string& why) { refused = why; });
  (*session)->run_until([&] { return refused.has_value(); });
  if (!refused->empty()) return Error{*refused};
  return {};
}

/// What it is good for at the most: the longest of what the policy allows this person.
Result<Duration> valid_for(const plan::Plan& plan, const model::Person& person,
                           const std::string& wanted) {
  Duration most{};
  for (const auto& demand : plan.policy) {
    const auto can = consent::approvers(plan, demand);
    if (demand.need > 0 &&
        std::any_of(can.begin(), can.end(), [&](const auto* p) { return p->id == person.id; }))
      most = std::max(most, demand.valid);
  }
  if (most == Duration::zero())
    return Error{fmt::format("the policy wants no approval of {} for this plan", person.id),
                 "`muster plan` tells what it wants, and from which teams"};
  if (wanted.empty()) return most;
  const auto given = parse_duration(wanted);
  if (!given) return given.error();
  if (*given <= Duration::zero() || *given > most)
    return Error{
        fmt::format("--expires {}: the policy allows up to {}", wanted, format_duration(most))};
  return *given;
}

/// Whether this person has approved that plan, and not taken it back; an error names the plans of
/// which that is true.
Result<> has_approved(const std::filesystem::path& workspace, const std::string& person,
                      const consent::Statement& what) {
  auto session = Session::open_to_read(workspace);
  if (!session) return session.error();
  const auto approvals = read_approvals(**session);
  if (!approvals) return approvals.error();
  const auto now = std::chrono::system_clock::now();
  std::vector<std::string> others;
  for (const auto& [seq, said, proof, withdrawn] : approvals->all()) {
    if (withdrawn || said.person != person) continue;
    if (said.plan == what.plan) return {};
    const auto text = fmt::format("{} of {}", said.plan.substr(0, 16), printable(said.drill));
    if (said.expires > now && std::find(others.begin(), others.end(), text) == others.end())
      others.push_back(text);
  }
  return Error{fmt::format("{} has not approved plan {} of {}, as its files are now: nothing is "
                           "taken back",
                           person, what.plan.substr(0, 16), what.drill),
               others.empty()
                   ? "no plan carries an approval of theirs that is still good"
                   : "what they approved and is still good: plan " + joined(others, ", plan ")};
}

int approve(const Where& where, const ApproveWords& words) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  if (words.list) return list_approvals(*workspace, words.drill, words.json);
  if (const auto enough = enough_digits(words.plan_hash); !words.plan_hash.empty() && !enough)
    return complain(enough.error(), kUsage);
  const auto plan = load_plan(*workspace, words.drill);
  if (!plan) return kUsage;
  consent::Statement said;
  said.what =
      words.withdraw ? consent::Statement::What::withdrawal : consent::Statement::What::approval;
  said.drill = plan->drill;
  said.plan = hex(plan::content_hash(*plan));
  said.note = words.note;
  if (!said.plan.starts_with(words.plan_hash))
    return complain(
        {fmt::format("the plan is {}, not {}", said.plan.substr(0, 16), words.plan_hash),
         "its files changed since it was read: look at `muster plan` again"},
        kUsage);
  const auto people = people_of(*workspace);
  if (!people) return complain(people.error(), kUsage);
  const auto person = who_signs(*people, words.sign);
  if (!person) return complain(person.error(), kUsage);
  const auto valid = valid_for(*plan, *person, words.expires);
  if (!valid) return complain(valid.error(), kUsage);
  if (words.withdraw)
    if (const auto has = has_approved(*workspace, person->id, said); !has)
      return complain(has.error(), kFail);
  auto store = store_of(*workspace);
  if (!store) return complain(store.error(), kFail);
  said.store = *std::move(store);
  said.at = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  said.expires = said.at + *valid;
  auto proof = signed_by(*person, words.sign, said);
  if (!proof) return complain(proof.error(), kFail);
  if (const auto done = hand_in(*workspace, *std::move(proof)); !done)
    return complain(done.error(), kFail);
  say(words.withdraw
          ? fmt::format("{} takes back what they approved of plan {} of {}", person->id,
                        said.plan.substr(0, 16), plan->drill)
          : fmt::format("{} approves plan {} of {}, until {}", person->id, said.plan.substr(0, 16),
                        plan->drill, format_utc(said.expires).substr(0, 16) + "Z"));
  return kOk;
}

}  // namespace

void add_approve(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "approve",
      "Signs that a drill's plan may be run, as a policy may demand; or lists what waits");
  auto words = std::make_shared<ApproveWords>();
  auto* drill = command->add_option("DRILL", words->drill, "Name of a drill, or path of its file");
  command
      ->add_option("--plan", words->plan_hash,
                   "Only if the plan's hash begins so: 12 digits or more")
      ->type_name("HASH");
  command
      ->add_option("--expires", words->expires,
                   "How long it is good for (default: as long as the policy allows)")
      ->type_name("DURATION");
  command->add_option("--note", words->note, "A word for the record; 200 bytes at most")
      ->check([](const std::string& text) {
        return text.size() <= consent::kNoteBytesMax ? std::string{}
                                                     : std::string{"200 bytes are the most"};
      });
  command->add_flag("--withdraw", words->withdraw, "Takes back what you approved of this plan");
  auto* list =
      command->add_flag("--list", words->list, "What waits for whom, and what is good until when");
  command->add_flag("--json", words->json, "Of --list: as JSON")->needs(list);
  add_key_options(*command, words->sign);
  command->footer(
      "It is bound to the plan's hash: an edit of the files makes another plan, which nobody has\n"
      "approved. Nobody approves what they start. ssh-keygen signs: with a file, an agent, a "
      "token.");
  command->callback([&where, &code, words, drill] {
    if (!words->list && drill->count() == 0) throw CLI::RequiredError("DRILL");
    words->plan_hash = hash_digits(words->plan_hash);
    code = approve(where, *words);
  });
}

}  // namespace muster::cli
