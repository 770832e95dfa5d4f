// Commands, signatures and what secrets may not do to a line. Servers: tests/cli/notify.sh.
#include "adapters/delivery/ways.hpp"

#include <chrono>

#include "adapters/delivery/curl.hpp"
#include "tests/catch.hpp"

namespace muster::delivery {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

const std::atomic<bool> kGoOn = false;

ports::Told run(std::vector<std::string> argv, std::string input = "", Duration within = 10s) {
  return command({std::move(argv), std::move(input)}, {within, kGoOn});
}

TEST_CASE("a command gets the notice as its input, and its exit says whether it took it") {
  const auto told = run({"cat"}, "{\"id\": \"r/1\"}");
  CHECK(told.good);
  CHECK(told.said == "exit 0: {\"id\": \"r/1\"}");
  CHECK(run({"sh", "-c", "echo no >&2; exit 3"}).said == "exit 3: no\n");
  CHECK_FALSE(run({"sh", "-c", "kill -9 $$"}).good);
  CHECK(run({"/does/not/exist"}).said.find("cannot be run") != std::string::npos);
  // It need not read it, however long it is.
  CHECK(run({"true"}, std::string(1 << 20, 'x')).good);
  CHECK(run({"sh", "-c", "yes | head -c 1000000"}).said.size() < 5000);
}

TEST_CASE("a command's time is bounded, and everything that it started ends with it") {
  const auto begin = Clock::now();
  const auto told = run({"sh", "-c", "sleep 60 & echo $!; sleep 60"}, "", 500ms);
  CHECK(Clock::now() - begin < 5s);
  CHECK_FALSE(told.good);
  const auto digits = told.said.find_last_of(' ');
  const int child = std::stoi(told.said.substr(digits));
  bool gone = false;
  for (int i = 0; i < 200 && !gone; ++i) {  // it is killed; init takes it away when it likes
    std::string state = run({"sh", "-c", "cat /proc/" + std::to_string(child) + "/stat"}).said;
    gone = state.find(") Z") != std::string::npos || state.find("No such") != std::string::npos;
  }
  CHECK(gone);
}

TEST_CASE("a process that ends waits for no command") {
  const std::atomic<bool> stop = true;
  const auto begin = Clock::now();
  CHECK_FALSE(command({{"sleep", "60"}, ""}, {60s, stop}).good);
  CHECK(Clock::now() - begin < 5s);
}

TEST_CASE("the signature is HMAC-SHA256 over time, a dot and the body") {
  // printf '1700000000.{}' | openssl dgst -sha256 -hmac key
  CHECK(signature("key", 1'700'000'000, "{}").starts_with("t=1700000000,v1="));
  CHECK(signature("key", 1, "a") != signature("key", 1, "b"));
  CHECK(signature("key", 1, "a") != signature("key", 2, "a"));
  CHECK(signature("key", 1, "a") != signature("kez", 1, "a"));
}

TEST_CASE("a secret with a line end becomes no second header") {
  const Secrets secrets{[](const std::string& name) -> Result<std::string> {
                          if (name == "bad") return std::string{"x\r\nHost: evil"};
                          if (name == "good") return std::string{"token"};
                          return Error{"there is none"};
                        },
                        {}};
  CHECK(*filled_line("Bearer ${secret.good}", secrets) == "Bearer token");
  CHECK_FALSE(filled_line("Bearer ${secret.bad}", secrets));
  CHECK_FALSE(filled_line("${secret.none}", secrets));
  const auto told =
      post({"http://127.0.0.1:9/", {{"A", "${secret.bad}"}}, "{}", "", ""}, secrets, {1s, kGoOn});
  CHECK_FALSE(told.good);
  CHECK(told.said.find("evil") == std::string::npos);
}

TEST_CASE("other protocols than those of the file's channels are not spoken") {
  const Secrets secrets{[](const std::string&) { return std::string{"file:///etc/passwd"}; }, {}};
  CHECK_FALSE(post({"${secret.url}", {}, "{}", "", ""}, secrets, {2s, kGoOn}).good);
}

}  // namespace
}  // namespace muster::delivery
