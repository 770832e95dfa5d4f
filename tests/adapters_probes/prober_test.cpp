// The prober as the engine uses it: across threads, in real time.
#include <atomic>
#include <filesystem>

#include "tests/adapters_probes/fixture.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::probes;
using namespace muster::probes::test;
using measure::Outcome;
using measure::Sample;

namespace {

ports::ServiceProbe tcp_service(std::uint16_t port, Duration every, Duration timeout) {
  ports::ServiceProbe probe;
  probe.service = "front";
  probe.probe = tcp_probe("127.0.0.1", port);
  probe.run = "test";
  probe.every = every;
  probe.timeout = timeout;
  return probe;
}

}  // namespace

TEST_CASE("a service is asked at its rhythm until it is stopped, and then not any more") {
  Engine engine;
  Server server{[](Server::tcp::socket& s) { s.close(); }};
  std::vector<Sample> samples;
  engine.start(tcp_service(server.port(), 10ms, 2s), samples);
  REQUIRE(engine.until([&] { return samples.size() > 50; }));
  REQUIRE(engine.stop("front"));
  const auto total = samples.size();
  for (std::size_t i = 0; i < total; ++i) {
    CHECK(samples[i].n == i + 1);
    CHECK(samples[i].outcome == Outcome::ok);
    CHECK(samples[i].sent >= samples[i].due);
    CHECK((samples[i].due - samples[0].due) % 10ms == 0ms);
  }
  engine.pass(50ms);
  CHECK(samples.size() == total);
  CHECK(engine.stop("front"));
  CHECK(engine.stop("never-started"));
}

TEST_CASE("an engine that is busy for long gets everything afterwards, in one batch") {
  Engine engine;
  Server server{[](Server::tcp::socket& s) { s.close(); }};
  std::vector<std::vector<Sample>> batches;
  engine.prober->start(tcp_service(server.port(), 10ms, 2s),
                       [&](std::vector<Sample> b) { batches.push_back(std::move(b)); });
  std::this_thread::sleep_for(2300ms);
  REQUIRE(engine.until([&] { return !batches.empty(); }));
  CHECK(batches.size() == 1);
  CHECK(batches[0].size() > 20);
}

TEST_CASE("a prober that is destroyed calls nobody and leaves nothing open") {
  Engine engine;
  engine.prober.reset();
  const auto before = open_descriptors();
  bool called = false;
  {
    Server hanging{[](Server::tcp::socket&) {}};
    engine.prober.emplace(engine.io, make_clock);
    const auto note = [&](const auto&) { called = true; };
    auto silent = tcp_service(hanging.port(), 10ms, 5s);
    silent.probe = http_probe(hanging.url("/"), 0, "");
    engine.prober->start(silent, note);
    engine.prober->ask(silent.probe, 5s, note);
    engine.prober->ask(command_probe({"sleep", "1000"}), 5s, note);
    engine.prober->ask(tcp_probe("localhost", 1), 5s, note);
    engine.prober->stop("front", [&] { called = true; });
    std::this_thread::sleep_for(100ms);
    engine.prober.reset();
    engine.pass(20ms);
  }
  CHECK_FALSE(called);
  CHECK(open_descriptors() == before);
}
