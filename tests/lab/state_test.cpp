#include "adapters/lab/state.hpp"

#include "tests/catch.hpp"

using namespace muster::lab;

namespace {

Definition small() {
  Definition lab;
  lab.lab = "small";
  lab.network = *parse_network("10.9.8.0/24");
  lab.controller = *parse_address("10.9.8.1");
  lab.suite = "bookworm";
  lab.packages = {"cron"};
  lab.nodes = {{"a", *parse_address("10.9.8.11"), {"one.sh", "two.sh"}},
               {"b", *parse_address("10.9.8.12"), {}}};
  lab.afterwards = {{"b", "last.sh"}, {"a", "end.sh"}};
  lab.ready = {{"a", "serves.sh"}};
  return lab;
}

}  // namespace

TEST_CASE("what the scripts are told can be read back") {
  const auto lab = small();
  auto conf = parse_conf(lab_conf(lab, "/base/1", "abc"));
  CHECK(conf["LAB"] == "small");
  CHECK(conf["BASE"] == "/base/1");
  CHECK(conf["SUBNET"] == "10.9.8.0/24");
  CHECK(conf["PREFIX"] == "24");
  CHECK(conf["CONTROLLER"] == "10.9.8.1");
  CHECK(conf["NODES"] == "a b");
  CHECK(conf["AFTERWARDS"] == "b:last.sh a:end.sh");
  CHECK(conf["READY"] == "a:serves.sh");
  CHECK(conf["FINGERPRINT"] == "abc");

  auto node = parse_conf(node_conf(lab.nodes[0], 1ull << 30));
  CHECK(node["ADDRESS"] == "10.9.8.11");
  CHECK(node["DISK_MIB"] == "1024");
  CHECK(node["PROVISION"] == "one.sh two.sh");
}

TEST_CASE("a base is shared by labs that are made from the same things, and by no others") {
  const auto lab = small();
  auto renamed = lab;
  renamed.lab = "other";
  auto larger = lab;
  larger.packages.push_back("nftables");
  auto newer = lab;
  newer.suite = "trixie";
  const auto base = base_folder(lab, "script");
  CHECK(base_folder(renamed, "script") == base);
  CHECK(base_folder(larger, "script") != base);
  CHECK(base_folder(newer, "script") != base);
  CHECK(base_folder(lab, "another script") != base);
}
