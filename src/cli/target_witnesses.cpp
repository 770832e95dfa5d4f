#include "cli/target_witnesses.hpp"

#include <fmt/format.h>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/secrets/secret_shell.hpp"
#include "adapters/shell/real_shell.hpp"
#include "adapters/ssh/ssh_transport.hpp"
#include "base/text.hpp"
#include "cli/wanted_hosts.hpp"

namespace muster::cli {

namespace {

constexpr Duration kWithin = std::chrono::seconds{20};

/// Lines `witness.N=SIZE ORIGIN NOTE` of what the host said.
std::vector<std::string> notes_in(const std::string& evidence) {
  std::vector<std::string> notes;
  for (const auto& line : split(evidence, '\n')) {
    if (!line.starts_with("witness.")) continue;
    if (auto note = from_base64(line.substr(line.rfind(' ') + 1)))
      notes.push_back(std::move(*note));
  }
  return notes;
}

ports::Call question(const ports::HostAddress& host, const std::string& store) {
  ports::Call call;
  call.host = host;
  call.verb = ports::Verb::facts;
  call.values["witness_of"] = store;
  call.within = kWithin;
  return call;
}

}  // namespace

Result<std::vector<TargetAnswer>> ask_targets(Session& session, const std::string& pattern) {
  const auto wanted = wanted_hosts(session.workspace(), pattern);
  if (!wanted) return wanted.error();
  if (wanted->hosts.size() > kTargetsAskedMax)
    return Error{fmt::format("'{}' are {} hosts, and at most {} are asked", pattern,
                             wanted->hosts.size(), kTargetsAskedMax),
                 "name fewer: a group, or some hosts"};
  clock::AsioClock clock{session.io()};
  ssh::SshTransport ssh{session.io(), clock};
  shell::Options options;
  options.transport = &ssh;
  shell::RealShell shell{session.io(), clock, options};
  secrets::SecretShell filling{shell, clock};
  filling.use(session.vault().open(wanted->secrets));
  std::vector<TargetAnswer> answers;
  for (const auto& host : wanted->hosts) answers.push_back({host.name, {}, {}});
  std::size_t waiting = answers.size();
  for (std::size_t i = 0; i < answers.size(); ++i)
    filling.call(question(wanted->hosts[i], session.store_id()),
                 [&answer = answers[i], &waiting](const ports::Answer& a) {
                   --waiting;
                   answer.notes = notes_in(a.evidence);
                   if (a.said == ports::Said::yes) return;
                   answer.why = a.output.empty() ? "it did not answer in time"
                                                 : bounded(trimmed(a.output), 500);
                 });
  session.run_until([&] { return waiting == 0; });
  bool down = false;
  shell.shutdown([&] { down = true; });
  session.run_until([&] { return down; });
  return answers;
}

}  // namespace muster::cli
