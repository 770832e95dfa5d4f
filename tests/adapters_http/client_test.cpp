#include "adapters/http/client.hpp"

#include <unistd.h>

#include <fstream>

#include "adapters/http/remote_store.hpp"
#include "api/api.hpp"
#include "journal/reader.hpp"
#include "tests/adapters_http/serving.hpp"
#include "tests/catch.hpp"
#include "tests/journal/loop.hpp"
#include "tests/sim/store.hpp"

namespace muster::http {
namespace {

TEST_CASE("that nobody serves is no error") {
  const Folder folder;
  SECTION("no file") {
    CHECK(Client::connect(folder.socket()).value() == nullptr);
  }
  SECTION("a dead server's file") {
    REQUIRE(listen_on(folder.socket()));
    CHECK(Client::connect(folder.socket()).value() == nullptr);
  }
  SECTION("something else in its place is one") {
    std::ofstream{folder.socket()} << "mine";
    CHECK(Client::connect(folder.socket()).has_error());
  }
}

TEST_CASE("an answer that does not come is waited for only so long") {
  const Folder folder;
  const Serving serving{folder.socket(), [](const auto&...) {}};
  ClientOptions options;
  options.answer = std::chrono::milliseconds{20};
  const auto client = Client::connect(folder.socket(), options);
  REQUIRE(client);
  const auto answer = (*client)->request("GET", "/a");
  REQUIRE(answer.has_error());
  CHECK(contains(answer.error().what, "the time is over"));
  CHECK(contains(answer.error().what, "pid " + std::to_string(getpid()) + " ("));
  CHECK(contains(answer.error().hint, "muster abort"));
}

TEST_CASE("a connection that the other side ended is made anew") {
  const Folder folder;
  std::shared_ptr<Client> client;
  {
    const Serving serving{folder.socket(), echo};
    client = Client::connect(folder.socket()).value();
    CHECK(client->request("GET", "/a")->status == 200);
  }
  CHECK(contains(client->request("GET", "/a").error().what, "has ended"));
  const Serving serving{folder.socket(), echo};
  CHECK(client->request("GET", "/a")->status == 200);
}

/// A run's process with a record, and another one that reads it.
struct TwoProcesses {
  struct NoRun final : api::Host {
    std::string store() const override { return {}; }
    std::vector<api::LiveRun> live() const override { return {}; }
  };
  Folder folder;
  NoRun host;
  std::shared_ptr<sim::Disk> disk = std::make_shared<sim::Disk>();
  std::unique_ptr<sim::Store> store;
  std::unique_ptr<api::WatchedStore> watched;
  std::unique_ptr<api::Api> api;
  Serving serving{folder.socket(), [this](const auto& request, const auto& who, auto done) {
                    api->handle(request, who, std::move(done));
                  }};
  test::Loop loop;
  RemoteStore remote{Client::connect(folder.socket()).value(),
                     [this](std::function<void()> fn) { loop.post(std::move(fn)); }};

  TwoProcesses() {
    store = std::make_unique<sim::Store>(disk, [this](Duration, std::function<void()> fn) {
      boost::asio::post(serving.io(), std::move(fn));
    });
    watched = std::make_unique<api::WatchedStore>(*store);
    api = std::make_unique<api::Api>(*watched, "0.1.0", host);
  }
};

TEST_CASE("a record is read from outside byte for byte") {
  TwoProcesses two;
  std::vector<std::string> stored{R"({"data":{"say":"ü \u0007 \" \\"}})", {"\xff\0\x80\r\n", 5}};
  for (int i = 0; i < 60; ++i) stored.push_back(std::string(60'000, static_cast<char>(i)));
  two.disk->logs["run/r1"].entries = stored;
  std::vector<std::string> read;
  const auto size = two.loop.answer<Result<std::uint64_t>>([&](auto done) {
    journal::read_log(
        two.remote, "run/r1", [&](const ports::Stored& s) { read.push_back(s.bytes); },
        std::move(done));
    CHECK(read.empty());  // never from within the call
  });
  REQUIRE(size);
  CHECK(*size == stored.size());
  CHECK((read == stored));
  const auto tip =
      two.loop.answer<Result<ports::Tip>>([&](auto done) { two.remote.tip("run/r1", done); });
  REQUIRE(tip);
  CHECK((*tip == two.disk->tip("run/r1")));
}

TEST_CASE("a blob is read from outside, and checked") {
  TwoProcesses two;
  const std::string bytes = std::string(3u << 20, '\xff') + '\0';
  const auto name = sha256(bytes);
  two.disk->blobs[name] = bytes;
  const auto ask = [&](const Digest& digest) {
    return two.loop.answer<Result<std::string>>(
        [&](auto done) { two.remote.blob(digest, std::move(done)); });
  };
  CHECK((ask(name).value() == bytes));
  CHECK(contains(ask(sha256("none")).error().what, "is not in the store"));
  two.disk->blobs[name].back() = 'x';
  CHECK(contains(ask(name).error().what, "is damaged"));
}

TEST_CASE("what another process holds is not written from outside") {
  TwoProcesses two;
  auto& remote = two.remote;
  ports::Commit commit = ports::Commit::durable;
  remote.commit({}, [&](ports::Commit c, const std::string&) { commit = c; });
  two.loop.drain();
  CHECK(commit == ports::Commit::fenced);
  const auto refused = [&]<class T>(std::type_identity<T>, auto ask) {
    return two.loop.answer<Result<T>>(ask).has_error();
  };
  using std::chrono::seconds;
  CHECK(refused(std::type_identity<std::uint64_t>{},
                [&](auto done) { remote.hold("run/r1", seconds{60}, done); }));
  CHECK(refused(std::type_identity<Digest>{}, [&](auto done) { remote.put_blob("x", done); }));
  CHECK(refused(std::type_identity<std::vector<ports::Row>>{},
                [&](auto done) { remote.scan("", "", 10, done); }));
  CHECK(refused(std::type_identity<void>{}, [&](auto done) { remote.release("run/r1", 1, done); }));
  CHECK(two.disk->writes == 0);
}

}  // namespace
}  // namespace muster::http
