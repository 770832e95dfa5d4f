// A real sshd, and the shell that Muster calls it with.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/shell/real_shell.hpp"
#include "tests/adapters_ssh/client.hpp"

namespace muster::test {

struct World {
  explicit World(std::vector<std::string> more = {}, Duration within = std::chrono::seconds{10})
      : sshd{std::move(more)} {
    shell::Options options;
    options.transport = &client.transport;
    options.connect_within = within;
    options.notice = [this](const std::string& host, const std::string& why) {
      notices.push_back(host + ": " + why);
    };
    shell = std::make_unique<shell::RealShell>(client.io, client.clock, options);
  }
  ~World() {
    bool over = false;
    shell->shutdown([&] { over = true; });
    client.until([&] { return over; });
  }
  ports::Answer ask(const ports::HostAddress& host, std::vector<std::string> argv,
                    ports::Verb verb = ports::Verb::command, bool long_job = false) {
    const Duration within = std::chrono::seconds{30};
    ports::Call call;
    call.host = host;
    call.verb = verb;
    call.long_job = long_job;
    call.run = "20261122-211505-3f9a0c";
    call.values = {{"epoch", "1"}, {"store", "store-a"}};
    call.argv = std::move(argv);
    call.within = within;
    std::optional<ports::Answer> answer;
    shell->call(call, [&](ports::Answer a) { answer = std::move(a); });
    client.until([&] { return answer.has_value(); }, within + std::chrono::seconds{5});
    return answer.value_or(ports::Answer{});
  }
  Sshd sshd;
  Client client;
  std::vector<std::string> notices;
  std::unique_ptr<shell::RealShell> shell;
};

}  // namespace muster::test
