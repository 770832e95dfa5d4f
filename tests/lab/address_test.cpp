#include "adapters/lab/address.hpp"

#include "tests/catch.hpp"

using namespace muster::lab;

TEST_CASE("an address is four plain decimal numbers") {
  REQUIRE(parse_address("10.231.77.11").has_value());
  CHECK(to_string(*parse_address("10.231.77.11")) == "10.231.77.11");
  for (const char* wrong : {"", "10.231.77", "10.231.77.11.1", "10.231.77.256", "10.231.77.011",
                            "10.231.77.x", "10.231.77.-1", " 10.231.77.1"}) {
    INFO(wrong);
    CHECK_FALSE(parse_address(wrong).has_value());
  }
}

TEST_CASE("a network has no bits behind its prefix, and room for hosts") {
  REQUIRE(parse_network("10.231.77.0/24").has_value());
  CHECK(to_string(*parse_network("10.231.77.0/24")) == "10.231.77.0/24");
  for (const char* wrong :
       {"10.231.77.1/24", "10.231.77.0", "10.231.77.0/8", "10.231.77.0/30", "10.0.0.0/x"}) {
    INFO(wrong);
    CHECK_FALSE(parse_network(wrong).has_value());
  }
}

TEST_CASE("hosts of a network are neither its first nor its last address") {
  const auto network = *parse_network("10.231.77.0/24");
  CHECK(is_host_of(network, *parse_address("10.231.77.1")));
  CHECK(is_host_of(network, *parse_address("10.231.77.254")));
  CHECK_FALSE(is_host_of(network, *parse_address("10.231.77.0")));
  CHECK_FALSE(is_host_of(network, *parse_address("10.231.77.255")));
  CHECK_FALSE(is_host_of(network, *parse_address("10.231.78.1")));
}

TEST_CASE("only networks for private use are taken") {
  for (const char* mine : {"10.0.0.0/16", "172.31.0.0/24", "192.168.7.0/24"}) {
    INFO(mine);
    CHECK(is_private(*parse_network(mine)));
  }
  for (const char* others : {"172.32.0.0/24", "192.169.0.0/24", "8.8.8.0/24"}) {
    INFO(others);
    CHECK_FALSE(is_private(*parse_network(others)));
  }
}
