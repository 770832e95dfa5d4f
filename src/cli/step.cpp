// `muster step …`: what a person does in a run that goes on, from any terminal of the machine. The
// run takes it or says why not, and records who it was (docs/people.md).
#include <fmt/format.h>

#include "api/target.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "cli/live_run.hpp"
#include "cli/person_key.hpp"
#include "cli/step_list.hpp"
#include "cli/terminal.hpp"

namespace muster::cli {

namespace {

struct StepWords {
  std::string run, step, reason;
  bool as_stand_in = false;
  std::vector<std::string> answers;
  // note
  std::vector<std::string> texts;
  std::string at, who, alert;
  std::optional<std::uint64_t> corrects;
  // take, hand
  std::string role, person;
  // moot
  std::string host;
  bool wiped = false;
  SignWith sign;
  bool json = false;
};

struct StepCommands {
  CLI::App& step;
  Where& where;
  int& code;
  std::shared_ptr<StepWords> words = std::make_shared<StepWords>();

  CLI::App* add(const char* name, const char* help, std::function<int()> run) const {
    auto* command = step.add_subcommand(name, help);
    if (std::string_view{name} != "list") add_sign_options(*command, words->sign);
    command->callback([run = std::move(run), &code = code] { code = run(); });
    return command;
  }
};

int post_step(const Where& where, const StepWords& words, const char* what, Json body,
              const char* said) {
  if (!words.reason.empty()) body["reason"] = words.reason;
  if (words.as_stand_in) body["as_stand_in"] = true;
  return post(
      where, words.run,
      [&](const std::string& run) { return api::step_target(run, words.step, what); }, body, said,
      words.sign);
}

int answer(const Where& where, const StepWords& words) {
  Json answers = Json::object();
  for (const auto& text : words.answers) {
    const auto eq = text.find('=');
    if (eq == std::string::npos || eq == 0)
      return complain(
          {fmt::format("'{}' is not an answer", text), "write NAME=VALUE, as in recover_to=latest"},
          kUsage);
    answers[text.substr(0, eq)] = text.substr(eq + 1);
  }
  return post_step(where, words, "answer", Json{{"answers", answers}}, "answered");
}

int note(const Where& where, const StepWords& words) {
  Json body{{"text", words.texts.back()}};
  if (words.texts.size() > 1) body["step"] = words.texts.front();
  if (!words.at.empty()) body["at"] = words.at;
  if (!words.who.empty()) body["who"] = words.who;
  if (words.corrects) body["corrects"] = *words.corrects;
  return post(where, words.run, api::notes_target, body, "noted", words.sign);
}

int detected(const Where& where, const StepWords& words) {
  Json body = Json::object();
  if (!words.alert.empty()) body["alert"] = words.alert;
  if (!words.at.empty()) body["at"] = words.at;
  if (!words.texts.empty()) body["text"] = words.texts.front();
  return post(where, words.run, api::detected_target, body, "noted: the fault was noticed",
              words.sign);
}

int change_role(const Where& where, const StepWords& words, const char* what) {
  Json body = Json::object();
  if (!words.person.empty()) body["to"] = words.person;
  if (!words.reason.empty()) body["reason"] = words.reason;
  return post(
      where, words.run,
      [&](const std::string& run) { return api::role_target(run, words.role, what); }, body,
      fmt::format("the role {} has changed hands", words.role), words.sign);
}

void add_words_of_a_step(const StepCommands& all) {
  auto words = all.words;
  auto& where = all.where;
  const auto with_step = [&](CLI::App* command) {
    command->add_option("STEP", words->step, "Id of the step, as the question shows it")
        ->required();
    command->add_flag("--as-stand-in", words->as_stand_in,
                      "Step in for whoever is asked; needs --reason, and stands in the report");
    return command;
  };
  const auto with_reason = [&](CLI::App* command, bool owed) {
    command->add_option("--reason", words->reason, "Why, for the record")->required(owed);
    return command;
  };
  with_reason(with_step(all.add("ack", "Seen, working on it: recorded; the clock goes on",
                                [words, &where] {
                                  return post_step(where, *words, "ack", Json::object(),
                                                   "acknowledged; the clock goes on");
                                })),
              false);
  with_reason(with_step(all.add("done", "What was asked is done",
                                [words, &where] {
                                  return post_step(where, *words, "done", Json::object(),
                                                   "noted: it is done");
                                })),
              false);
  auto* answer_command = with_step(all.add(
      "answer", "Answers it: answer STEP [NAME=VALUE…]; what is left away takes its default",
      [words, &where] { return answer(where, *words); }));
  with_reason(answer_command, false);
  answer_command->add_option("ANSWERS", words->answers, "NAME=VALUE");
  with_reason(
      with_step(all.add(
          "skip", "It is not done, and the drill goes on; it cannot PASS then",
          [words, &where] { return post_step(where, *words, "skip", Json::object(), "skipped"); })),
      true);
  with_reason(with_step(all.add("fail", "Says that it cannot be done",
                                [words, &where] {
                                  return post_step(where, *words, "fail", Json::object(),
                                                   "noted: it cannot be done");
                                })),
              true);
  auto* approve =
      all.add("approve", "Signs that the drill may go on; it is always signed", [words, &where] {
        words->sign.wanted = true;
        return post_step(where, *words, "approve", Json::object(), "approved");
      });
  approve->add_option("STEP", words->step, "Id of the step, as it was asked")->required();
  with_reason(approve, false);
}

void add_words_of_a_run(const StepCommands& all) {
  auto words = all.words;
  auto& where = all.where;
  auto* note_command = all.add("note", "Writes down what happens: note [STEP] TEXT",
                               [words, &where] { return note(where, *words); });
  note_command->add_option("TEXT", words->texts, "The note; a step's id may stand before it")
      ->required()
      ->expected(1, 2);
  note_command->add_option("--at", words->at,
                           "When it was: so long ago (-3m), or a time (2026-11-22T21:15:05Z)");
  note_command->add_option("--who", words->who, "Who did it, if not you; anybody's name");
  note_command->add_option("--corrects", words->corrects,
                           "Sets an earlier entry right: its number in `muster audit log`");
  auto* detected_command =
      all.add("detected", "You have noticed the fault: detected [--alert NAME] [TEXT]",
              [words, &where] { return detected(where, *words); });
  detected_command->add_option("TEXT", words->texts, "How")->expected(0, 1);
  detected_command->add_option("--alert", words->alert, "By which alert, as it names itself");
  detected_command->add_option("--at", words->at,
                               "When it was: so long ago (-3m), or a time (2026-11-22T21:15:05Z)");
  auto* take = all.add("take", "You hold a role from now on",
                       [words, &where] { return change_role(where, *words, "take"); });
  take->add_option("ROLE", words->role, "The role")->required();
  take->add_option("--reason", words->reason, "Why; owed by who is not its deputy");
  auto* hand = all.add("hand", "Somebody else holds a role from now on",
                       [words, &where] { return change_role(where, *words, "hand"); });
  hand->add_option("ROLE", words->role, "The role")->required();
  hand->add_option("PERSON", words->person, "Id of a person of this drill")->required();
  hand->add_option("--reason", words->reason,
                   "Why; owed by who neither holds it nor is its deputy");
  auto* moot =
      all.add("moot", "A host is gone for good: nothing is undone on it any more", [words, &where] {
        return post(
            where, words->run,
            [&](const std::string& run) { return api::gone_target(run, words->host); },
            Json{{"reason", words->reason}, {"wiped", words->wiped}},
            fmt::format("{} is declared gone for good", words->host), words->sign);
      });
  moot->add_option("HOST", words->host, "A host of this run, by its name in the inventory")
      ->required();
  moot->add_option("--reason", words->reason, "Why, for the record")->required();
  moot->add_flag("--wiped", words->wiped, "What was restored to its disk is destroyed");
  auto* list = all.add("list", "What waits for whom, and until when; who holds which role",
                       [words, &where] { return list_steps(where, words->run, words->json); });
  list->add_flag("--json", words->json, "As the API answers it");
}

}  // namespace

void add_step(CLI::App& app, Where& where, int& code) {
  auto* command = app.add_subcommand(
      "step", "Answers a step that waits for a person, and notes what people do");
  command->require_subcommand(1);
  const StepCommands all{*command, where, code};
  command->add_option("--run", all.words->run, "The run (default: the one that goes on)");
  add_words_of_a_step(all);
  add_words_of_a_run(all);
}

}  // namespace muster::cli
