// A request of whoever reaches the socket: `METHOD TARGET` and, below it, a body. Every request
// gets one answer that is bounded, and what the live run is handed can be recorded.
#include <memory>
#include <optional>
#include <vector>

#include "api/api.hpp"
#include "api/path.hpp"
#include "base/text.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/journal/loop.hpp"
#include "tests/journal/records.hpp"
#include "tests/sim/store.hpp"

namespace muster::fuzz {
namespace {

std::shared_ptr<sim::Disk> a_disk() {
  auto disk = std::make_shared<sim::Disk>();
  disk->logs["run/1"].entries = muster::test::a_log(3);
  disk->logs["workspace"].entries = muster::test::a_log(2);
  disk->blobs[sha256("a blob")] = "a blob";
  return disk;
}

void promise_recordable(const engine::Request& request) {
  Json data{{"step", request.step},       {"reason", request.reason}, {"text", request.text},
            {"who", request.who},         {"role", request.role},     {"to", request.to},
            {"answers", request.answers}, {"host", request.host}};
  const auto bytes = canonical_json(data);
  promise(bytes.has_value(), "what was asked cannot be recorded");
  promise(bytes->size() < journal::kEntryBytesMax * 2, "what was asked is too long for a record");
  for (const auto& [key, value] : data.items())
    if (value.is_string()) promise_printable(value.get_ref<const std::string&>(), key);
}

/// A server with one run, which takes whatever it is asked.
class Taking final : public muster::api::Host {
 public:
  std::string store() const override { return "5"; }
  std::vector<muster::api::LiveRun> live() const override {
    return {{"1", "a-drill",
             [](engine::Request request, const muster::api::LiveRun::Taken& taken) {
               promise_recordable(request);
               taken("");
             },
             [](const std::function<void(Json)>& done) { done(Json::object()); }}};
  }
  void ask(muster::api::DrillRequest request, Done done) override {
    promise_printable(request.reason + request.plan, "what a server is asked");
    done(Json::object());
  }
  Json schedules() const override { return Json::array(); }
};

}  // namespace

void api(std::string_view bytes) {
  const auto line = bytes.substr(0, bytes.find('\n'));
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos) return;
  muster::api::Request request{std::string{line.substr(0, blank)},
                               std::string{line.substr(blank + 1)}, nullptr};
  if (line.size() < bytes.size()) {
    auto body = parse_json(bytes.substr(line.size() + 1));
    if (!body) return;  // the server refuses it before it becomes a request
    request.body = *std::move(body);
  }
  muster::test::Loop loop;
  sim::Store store{a_disk(), [&](Duration d, std::function<void()> f) { loop.after(d, f); }};
  muster::api::WatchedStore watched{store};
  Taking host;
  const muster::api::Api asked{watched, "0.1.0", host};
  std::optional<muster::api::Response> response;
  int answers = 0;
  asked.handle(request, {1000, "ana", "", 1}, [&](muster::api::Response r) {
    ++answers;
    response = std::move(r);
  });
  loop.drain();
  promise(answers == 1, "a request has " + std::to_string(answers) + " answers");
  promise(response->status >= 200 && response->status < 600, "no status of HTTP");
  promise(response->body.size() <= 2 * muster::api::Limits::kPageBytesMax, "too long an answer");
}

}  // namespace muster::fuzz
