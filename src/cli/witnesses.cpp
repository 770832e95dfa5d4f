#include "cli/witnesses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/shell/real_shell.hpp"
#include "adapters/ssh/ssh_transport.hpp"
#include "base/text.hpp"
#include "embedded/muster.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"
#include "plan/compile.hpp"

namespace muster::cli {

using model::Witness;
using Kind = Witness::Kind;

namespace {

/// What is asked of one witness; nothing: it cannot be.
struct Question {
  ports::HostAddress host = plan::controller_address();
  std::vector<std::string> argv;
  std::string input;
};
using MakeQuestion = std::function<Result<Question>(const Witness&)>;

/// A file's name in a clone.
std::string file_of(const std::string& origin) {
  std::string name = origin;
  std::replace(name.begin(), name.end(), '/', '_');
  return name + ".checkpoint";
}

std::string origin_in(const std::string& note) {
  return note.substr(0, note.find('\n'));
}

std::vector<std::string> script(std::string_view text, std::vector<std::string> words) {
  std::vector<std::string> argv{"sh", "-c", std::string{text}, "muster-witness"};
  argv.insert(argv.end(), words.begin(), words.end());
  return argv;
}

Result<ports::HostAddress> host_of(const Witness& w, const model::Inventory& inventory) {
  const auto* host = inventory.host(*w.where);
  if (!host) return Error{fmt::format("there is no host {}", *w.where)};
  if (!host->problems.empty()) return Error{host->problems.front().what};
  if (!host->become_password.empty() || !host->key_passphrase.empty())
    return Error{"a witness is reached without secrets",
                 "give it a user that needs no sudo password, and a key that the agent holds"};
  return plan::address_of(*host);
}

std::vector<std::string> logger_words(const std::string& where, const std::string& message) {
  std::vector<std::string> argv{"logger", "--tag", "muster", "--priority", "authpriv.notice"};
  if (where == "local") {
    argv.emplace_back("--socket-errors=on");
  } else {
    const auto colon = where.rfind(':');
    argv.insert(argv.end(),
                {where.starts_with("udp") ? "--udp" : "--tcp", "--rfc5424", "--msgid", "checkpoint",
                 "--server", where.substr(6, colon - 6), "--port", where.substr(colon + 1)});
  }
  argv.insert(argv.end(), {"--", message});
  return argv;
}

Result<Question> telling(const Witness& w, const model::Inventory& inventory,
                         const SignedLog& newest) {
  Question q;
  const auto origin = origin_in(newest.note);
  const auto line = checkpoint_line(newest);
  switch (w.kind) {
    case Kind::git:
      q.argv = script(
          embedded::k_tell_git_sh,
          {*w.where, file_of(origin), fmt::format("{}: {} entries", origin, newest.head.size)});
      q.input = newest.note;
      return q;
    case Kind::host: {
      const auto host = host_of(w, inventory);
      if (!host) return host.error();
      q.host = *host;
      q.argv = script(embedded::k_tell_host_sh, {w.path});
      q.input = line;
      return q;
    }
    case Kind::syslog:
      q.argv = logger_words(*w.where, "checkpoint " + line);
      return q;
  }
  return q;
}

Result<Question> asking(const Witness& w, const model::Inventory& inventory,
                        const std::string& origin) {
  Question q;
  switch (w.kind) {
    case Kind::git:
      q.argv = script(embedded::k_ask_git_sh, {*w.where, file_of(origin)});
      return q;
    case Kind::host: {
      const auto host = host_of(w, inventory);
      if (!host) return host.error();
      q.host = *host;
      q.argv = script(embedded::k_ask_host_sh, {w.path, origin});
      return q;
    }
    case Kind::syslog:
      break;
  }
  return Error{
      fmt::format("a syslog is not read back: look for '{}' there, and bring what it has "
                  "with --checkpoint",
                  origin)};
}

std::vector<std::string> notes_of(const std::string& output) {
  std::vector<std::string> notes;
  for (const auto& line : split(output, '\n')) {
    if (!line.starts_with("checkpoint ")) continue;
    if (auto note = from_base64(trimmed(line.substr(11)))) notes.push_back(std::move(*note));
  }
  return notes;
}

std::vector<WitnessAnswer> call_all(Session& session, const model::LoadedWitnesses& all,
                                    const MakeQuestion& make) {
  clock::AsioClock clock{session.io()};
  ssh::SshTransport ssh{session.io(), clock};
  shell::Options options;
  options.transport = &ssh;
  shell::RealShell shell{session.io(), clock, options};
  std::vector<WitnessAnswer> answers(all.witnesses.all.size());
  std::size_t waiting = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& w = all.witnesses.all[i];
    answers[i].witness = &w;
    auto question = make(w);
    if (!question) {
      answers[i].why = to_string(question.error());
      continue;
    }
    ports::Call call;
    call.host = std::move(question->host);
    call.verb = ports::Verb::command;
    call.long_job = true;  // two witnesses on one machine do not wait for each other
    call.argv = std::move(question->argv);
    call.standard_input = std::move(question->input);
    call.within = w.within;
    ++waiting;
    shell.call(std::move(call), [&answer = answers[i], &waiting](const ports::Answer& a) {
      --waiting;
      answer.good = a.said == ports::Said::yes;
      if (!answer.good)
        answer.why = a.said == ports::Said::unknown && a.output.empty()
                         ? "it did not answer in time"
                         : bounded(trimmed(a.output), 500);
      answer.notes = notes_of(a.output);
    });
  }
  session.run_until([&] { return waiting == 0; });
  bool down = false;
  shell.shutdown([&] { down = true; });
  session.run_until([&] { return down; });
  return answers;
}

}  // namespace

Result<model::LoadedWitnesses> witnesses_of(const std::filesystem::path& workspace) {
  config::Diagnostics diagnostics;
  auto loaded = model::load_witnesses(workspace, diagnostics);
  if (diagnostics.empty()) return loaded;
  const auto first = diagnostics.sorted().front();
  return Error{config::to_string(first.place) + ": " + first.what, "`muster check`"};
}

std::string checkpoint_line(const SignedLog& log) {
  return fmt::format("{} {} {}", log.head.size, origin_in(log.note), base64(log.note));
}

bool is_weak(const Witness& witness) {
  return witness.kept_by.empty();
}

std::string describe(const Witness& w) {
  const auto where = w.kind == Kind::host ? fmt::format("{}:{}", *w.where, w.path) : *w.where;
  return fmt::format("{} {}, {}", name_of(w.kind), where,
                     is_weak(w) ? "WEAK: nobody is named who keeps it" : "kept by " + w.kept_by);
}

std::vector<WitnessAnswer> tell(Session& session, const model::LoadedWitnesses& all,
                                const SignedLog& newest) {
  return call_all(session, all,
                  [&](const Witness& w) { return telling(w, all.inventory, newest); });
}

void tell_witnesses(Session& session, WorkspaceLog& log, const Signer& signer,
                    const std::function<void(const std::string&)>& notice) {
  const auto all = witnesses_of(session.workspace());
  if (!all) return notice("WARNING: no witness was told: " + to_string(all.error()));
  const auto newest = signer.newest();
  if (all->witnesses.all.empty() || newest.empty() || newest.front().log != journal::kWorkspaceLog)
    return;
  const auto& head = newest.front().head;
  for (const auto& answer : tell(session, *all, newest.front())) {
    const auto& w = *answer.witness;
    journal::Draft draft;
    draft.action = journal::kinds::kWitnessTold;
    draft.outcome = answer.good ? "ok" : "failed";
    draft.data = Json{{"witness", *w.name},
                      {"how", describe(w)},
                      {"log", newest.front().log},
                      {"size", head.size},
                      {"root", hex(head.root)}};
    if (!answer.good) draft.data["why"] = answer.why;
    notice(answer.good
               ? fmt::format("Witness {} has the checkpoint {} ({})", *w.name,
                             journal::short_form(head), describe(w))
               : fmt::format("WARNING: the witness {} was not told: {}", *w.name, answer.why));
    if (const auto noted = log.note(std::move(draft)); !noted)
      return notice("WARNING: " + to_string(noted.error()));
  }
}

std::vector<WitnessAnswer> ask(Session& session, const model::LoadedWitnesses& all,
                               const std::string& origin) {
  return call_all(session, all, [&](const Witness& w) { return asking(w, all.inventory, origin); });
}

}  // namespace muster::cli
