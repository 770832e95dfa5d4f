// Hostile HTTP against the real server and the real API: nothing crashes, nothing hangs, nothing
// grows. MUSTER_API_FUZZ says how many requests, MUSTER_API_FUZZ_SEED tells them.
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <random>

#include "api/api.hpp"
#include "api/routes.hpp"
#include "tests/adapters_http/tcp_serving.hpp"
#include "tests/catch.hpp"
#include "tests/sim/store.hpp"

namespace muster::http {
namespace {

using Dice = std::mt19937_64;

std::size_t below(Dice& dice, std::size_t end) {
  return std::uniform_int_distribution<std::size_t>{0, end - 1}(dice);
}

std::string number_of(const char* name, const char* otherwise) {
  const char* const text = std::getenv(name);
  return text ? text : otherwise;
}

/// A host on which everything is taken.
struct WillingHost final : api::Host {
  std::string store() const override { return "store"; }
  std::vector<api::LiveRun> live() const override {
    return {{"r1", "d", [](const auto&, const auto& taken) { taken(""); },
             [](const auto& done) { done(Json::object()); }}};
  }
};

struct World {
  std::shared_ptr<sim::Disk> disk = std::make_shared<sim::Disk>();
  std::unique_ptr<sim::Store> inner;
  std::unique_ptr<api::WatchedStore> store;
  WillingHost host;
  std::unique_ptr<api::Api> api;
  TcpOptions options;
  std::unique_ptr<ServingTcp> serving;

  World() {
    disk->logs["workspace"].entries.assign(20, std::string(1'000, 'x'));
    options.server.idle = options.server.body = std::chrono::milliseconds{500};
    options.server.connections_max = options.connections_per_address = 64;
    serving = std::make_unique<ServingTcp>(
        nullptr,
        [this](const auto& request, const auto& who, auto done) {
          api->handle(request, who, std::move(done));
        },
        options);
    serving->on_loop([this] {
      inner = std::make_unique<sim::Store>(disk, [this](Duration, std::function<void()> fn) {
        boost::asio::post(serving->io(), std::move(fn));
      });
      store = std::make_unique<api::WatchedStore>(*inner);
      api = std::make_unique<api::Api>(*store, "0.1.0", host);
    });
  }
};

/// A request that is nearly right, or right.
std::string drawn(Dice& dice) {
  static const std::vector<std::string> kBodies{"",
                                                "{}",
                                                R"({"reason":"x"})",
                                                R"({"answers":{"a":"b"}})",
                                                "[1,2",
                                                "\"\\ud800\"",
                                                "nul",
                                                std::string(5'000, '['),
                                                R"({"a":1,"a":2})",
                                                R"({"corrects":1e999})",
                                                std::string(70'000, 'x')};
  const auto routes = api::routes();
  const auto& route = routes[below(dice, routes.size())];
  std::string target{route.pattern};
  for (auto at = target.find('{'); at != std::string::npos; at = target.find('{', at))
    target.replace(at, target.find('}') - at + 1, below(dice, 2) ? "r1" : "run%2Fr1");
  if (below(dice, 3) == 0) target += "?from=" + std::to_string(dice());
  const auto& body = kBodies[below(dice, kBodies.size())];
  std::string out = std::string{below(dice, 4) ? route.method : "PUT"} + " " + target +
                    " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n";
  if (below(dice, 8) == 0) {
    out +=
        fmt::format("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n", body.size(), body);
  } else {
    if (!body.empty()) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    out += "\r\n" + body;
  }
  return out;
}

void mutate(Dice& dice, std::string& text) {
  static const std::vector<std::string> kTokens{"\r\n",
                                                "\n",
                                                "\0",
                                                ": ",
                                                "Content-Length: 99999999999999999999\r\n",
                                                "Content-Length: -1\r\n",
                                                "Transfer-Encoding: chunked\r\n",
                                                "Connection: upgrade\r\nUpgrade: h2c\r\n",
                                                "%00",
                                                "%2f",
                                                "..",
                                                "Expect: 100-continue\r\n",
                                                " HTTP/0.9",
                                                "\xff\xfe",
                                                "Authorization: Bearer good\r\n",
                                                "ffffffff\r\n",
                                                "Last-Event-ID: run/r1:18446744073709551615\r\n"};
  for (auto left = below(dice, 4); left > 0 && !text.empty(); --left) {
    const auto at = below(dice, text.size());
    switch (below(dice, 6)) {
      case 0:
        text[at] = static_cast<char>(dice());
        break;
      case 1:
        text.insert(at, kTokens[below(dice, kTokens.size())]);
        break;
      case 2:
        text.erase(at, below(dice, 40));
        break;
      case 3:
        text.insert(at, text.substr(at, below(dice, 200)));
        break;
      case 4:
        text.resize(at);
        break;
      default:
        text.insert(at, std::string(below(dice, 10'000), text[at]));
    }
  }
}

std::size_t resident_kib() {
  std::ifstream file{"/proc/self/statm"};
  std::size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

TEST_CASE("hostile requests are survived", "[fuzz]") {
  const auto count = std::stoul(number_of("MUSTER_API_FUZZ", "1500"));
  const auto seed = std::stoull(number_of("MUSTER_API_FUZZ_SEED", "20261127"));
  INFO("MUSTER_API_FUZZ_SEED=" << seed);
  World world;
  Dice dice{seed};
  std::map<std::string, int> answers;
  std::size_t warm_kib = 0;
  for (std::size_t i = 0; i < count; ++i) {
    auto request = drawn(dice);
    mutate(dice, request);
    if (below(dice, 5) == 0) request += drawn(dice);
    const auto raw = raw_tcp(world.serving->port());
    raw.say(request);
    raw.say_no_more();
    // A stream goes on by itself: what it began with is enough. Everything else must end.
    const auto heard = raw.hear("text/event-stream");
    ++answers[heard.substr(0, 12)];
    if (i % 100 == 0) {
      const auto sane = raw_tcp(world.serving->port());
      sane.say("GET /v1/status HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n");
      REQUIRE(sane.hear("}\n").starts_with("HTTP/1.1 200"));
    }
    if (i == count / 4) warm_kib = resident_kib();
  }
  for (const auto& [answer, times] : answers) UNSCOPED_INFO(answer << " " << times);
  CHECK(answers["HTTP/1.1 500"] == 0);
  CHECK(answers["HTTP/1.1 200"] > 0);
  CHECK(answers["HTTP/1.1 400"] > 0);
#ifndef __SANITIZE_ADDRESS__  // whose quarantine grows on purpose
  CHECK(resident_kib() < warm_kib + 20'000);
#endif
}

}  // namespace
}  // namespace muster::http
