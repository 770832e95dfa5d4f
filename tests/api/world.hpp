// An Api over the simulated store, and a live run that only writes down what it is asked.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "api/target.hpp"
#include "tests/catch.hpp"
#include "tests/journal/loop.hpp"
#include "tests/sim/store.hpp"

namespace muster::api::test {

inline const std::string kRun = "20261122-211505-3f9a0c";

struct World {
  muster::test::Loop loop;
  std::shared_ptr<sim::Disk> disk = std::make_shared<sim::Disk>();
  sim::Store store{disk, [this](Duration d, std::function<void()> f) { loop.after(d, f); }};
  std::vector<engine::Request> asked;
  std::string refusal;
  Json people = {{"waiting", Json::array()}};
  Api api{store,
          "0.1.0",
          {kRun, "orders-primary-loss",
           [this](engine::Request request) {
             asked.push_back(std::move(request));
             return refusal;
           },
           [this] { return people; }}};
  Principal ana{1000, "ana", "", 4711};

  Response ask(const std::string& method, const std::string& target, const Json& body = nullptr) {
    return loop.answer<Response>([&](auto done) {
      api.handle({method, target, body}, ana, std::move(done));
    });
  }
};

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline Json json(const Response& response) {
  const auto value = json_of(response);
  REQUIRE(value);
  return *value;
}

}  // namespace muster::api::test
