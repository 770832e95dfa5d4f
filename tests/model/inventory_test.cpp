// Ansible's YAML inventories as Muster reads them.
#include "model/inventory.hpp"

#include "config/yaml.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::model;

namespace {

struct Read {
  Inventory inventory;
  std::string errors;
};

Read read(const std::vector<std::string>& files) {
  Diagnostics out;
  InventoryReader reader{out};
  for (const auto& text : files) {
    const auto source = config::make_source("i", text, config::Dialect::inventory, out);
    auto node = config::parse_yaml(source, config::Dialect::inventory, out);
    if (node) reader.read(*std::move(node));
  }
  Read result{reader.finish(), ""};
  for (const auto& d : out.sorted()) result.errors += config::to_string(d) + "\n";
  return result;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("groups, children and variables: the nearest wins, the host's own last") {
  const auto [inventory, errors] = read({R"(
all:
  vars: {ansible_user: everyone, muster_zone: far, muster_environment: staging}
  children:
    site:
      vars: {muster_zone: site, ansible_port: 2200}
      children:
        db:
          hosts:
            db-2: {ansible_host: 10.0.0.2, ansible_port: "22"}
            db-1:
          vars: {muster_zone: db, ansible_become: yes}
    web:
      hosts: {lb-1: {ansible_connection: local, muster_protected: true}}
)"});
  REQUIRE(errors.empty());
  REQUIRE(inventory.hosts.size() == 3);
  const auto& db2 = inventory.hosts[0];
  CHECK(db2.name == "db-2");
  CHECK(db2.address == "10.0.0.2");
  CHECK(db2.port == 22);
  CHECK(db2.user == "everyone");
  CHECK(db2.zone == "db");
  CHECK(db2.become);
  CHECK(db2.become_user == "root");
  CHECK(db2.environment == Environment::staging);
  CHECK(db2.groups == Names{"all", "site", "db"});
  CHECK(inventory.host("db-1")->port == 2200);
  CHECK(inventory.host("db-1")->address == "db-1");
  CHECK(inventory.host("lb-1")->connection == Connection::local);
  CHECK(inventory.host("lb-1")->is_protected);
  CHECK(inventory.host("lb-1")->zone == "far");
  CHECK(inventory.group("site")->hosts == Names{"db-2", "db-1"});
  CHECK(inventory.group("all")->hosts == Names{"db-2", "db-1", "lb-1"});
}

TEST_CASE("unlabelled is production, and openssh is the way there") {
  const auto [inventory, errors] = read({"all: {hosts: {a: }}"});
  REQUIRE(errors.empty());
  const auto& host = inventory.hosts.at(0);
  CHECK(host.environment == Environment::production);
  CHECK(host.connection == Connection::openssh);
  CHECK_FALSE(host.port);
  CHECK(host.user.empty());
  CHECK_FALSE(host.power);
}

TEST_CASE("a group's power command serves each of its hosts") {
  const auto [inventory, errors] = read({R"(
all:
  vars:
    muster_power:
      down: ["${muster}", lab, power, down, "${host.name}"]
      up: ["${muster}", up, "at-${host.address}"]
      status: [status]
  hosts: {a: {ansible_host: 10.0.0.1}, b: }
)"});
  REQUIRE(errors.empty());
  const auto& power = *inventory.host("a")->power;
  CHECK(power.down.argv.at(0).whole()->root() == "muster");
  CHECK(power.down.argv.at(4).written() == "a");
  CHECK(power.up.argv.at(2).written() == "at-10.0.0.1");
  CHECK(inventory.host("b")->power->down.argv.at(4).written() == "b");
}

TEST_CASE("ssh arguments keep what is quoted together") {
  const auto [inventory, errors] =
      read({"all: {hosts: {a: {ansible_ssh_common_args: '-F /x/y  -o ProxyCommand=\"ssh -W %h:%p "
            "b\"'}}}"});
  REQUIRE(errors.empty());
  CHECK(inventory.hosts.at(0).ssh_args == Names{"-F", "/x/y", "-o", "ProxyCommand=ssh -W %h:%p b"});
}

TEST_CASE("several files are one inventory") {
  const auto [inventory, errors] = read({"db: {hosts: {a: {ansible_port: 1}}}",
                                         "db: {hosts: {b: , a: {ansible_port: 2}}}\n"
                                         "top: {children: {db: }}"});
  REQUIRE(errors.empty());
  CHECK(inventory.group("top")->hosts == Names{"a", "b"});
  CHECK(inventory.host("a")->port == 2);
}

TEST_CASE("what is refused in an inventory, and where") {
  struct Row {
    std::string text, error;
  };
  const Row rows[] = {
      {"all: {hosts: {a: {muster_enviroment: lab}}}",
       "i:1:19: `muster_enviroment` is no variable of Muster\n"},
      {"all: {hosts: {a: {muster_environment: prod}}}",
       "i:1:39: `muster_environment` is one of production, staging, lab, found 'prod'\n"},
      {"all: {hosts: {a: {muster_connection: ssh}}}",
       "i:1:38: `muster_connection: ssh` is not in this version\n"},
      {"all: {hosts: {a: {ansible_connection: winrm}}}",
       "i:1:39: `ansible_connection` is one of ssh, smart, local, found 'winrm'\n"},
      {"all: {hosts: {a: {ansible_become_method: su}}}",
       "i:1:42: `ansible_become_method` is one of sudo, found 'su'\n"},
      {"all: {hosts: {a: {ansible_port: 70000}}}", "i:1:33: 70000 is not a port\n"},
      {"all: {hosts: {a: {ansible_host: -oProxyCommand=x}}}",
       "i:1:33: '-oProxyCommand=x' cannot be an `ansible_host`\n"},
      {"all: {hosts: {a: {ansible_user: '{{ u }}'}}}",
       "i:1:33: `ansible_user` holds a Jinja template\n"},
      {"all: {hosts: {'db-[1:3]': }}", "i:1:15: the range `db-[1:3]` is not in this version\n"},
      {"all: {hosts: {-x: }}", "i:1:15: `-x` is not a host's name\n"},
      {"all: {hosts: [a, b]}", "i:1:14: expected hosts (a map), found a list\n"},
      {"all: {host: {a: }}", "i:1:7: `host` is not a key of a group\n"},
      {"db: {children: {x: {children: {db: }}}}", "i:1:1: the group `db` is inside of itself\n"},
      {"db: {hosts: {db: }}", "i:1:1: `db` is a host and a group\n"},
      {"all: {hosts: {a: {muster_power: {down: [x], up: [y]}}}}",
       "i:1:33: muster_power needs `status`\n"},
      {"all: {vars: {muster_power: {down: ['${hots.name}'], up: [y], status: [z]}}, hosts: {a: , "
       "b: }}",
       "i:1:37: `${hots.name}` is not known in an inventory\n"},
      {"all: {hosts: {a: {muster_protected: yes}}}",
       "i:1:37: expected true or false, found 'yes'\n"},
      {"[a]", "i:1:1: expected an inventory (a map of groups), found a list\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(read({row.text}).errors == row.error);
  }
}

TEST_CASE("patterns") {
  const auto inventory = read({"db: {hosts: {a: , b: , c: }}\nweb: {hosts: {d: }}"}).inventory;
  CHECK(*inventory.select("b") == Names{"b"});
  CHECK(*inventory.select("db") == Names{"a", "b", "c"});
  CHECK(*inventory.select("d:db:!b") == Names{"a", "c", "d"});
  CHECK(*inventory.select("all:!db") == Names{"d"});
  CHECK(inventory.select("dbb").error() ==
        Error{"`dbb` is no host and no group of the inventory", "did you mean `db`?"});
  CHECK(inventory.select("db:!db").error().what == "'db:!db' selects no host");
  CHECK(inventory.select("!a").error().what == "'!a' selects no host");
  CHECK(inventory.select("").error().what == "`` is no host and no group of the inventory");
  for (const auto* later : {"db*", "~d.", "db:&web", "db[0]", "a,b"})
    CHECK(inventory.select(later).error().what.find("is not in this version") != std::string::npos);
}
