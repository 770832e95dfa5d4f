// Ansible's YAML inventories as Muster reads them.
#include "model/inventory.hpp"

#include "config/yaml.hpp"
#include "model/inventory_reader.hpp"
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
  Read result;
  if (reader.reconcile()) result.inventory = reader.finish();
  for (const auto& d : out.sorted()) result.errors += config::to_string(d) + "\n";
  return result;
}

using Names = std::vector<std::string>;

/// Of the host `a`: what is wrong with it, one a line.
std::string problems(const std::string& text) {
  const auto [inventory, errors] = read({text});
  std::string out = errors;
  if (const auto* host = inventory.host("a"))
    for (const auto& problem : host->problems) out += config::to_string(problem) + "\n";
  return out;
}

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
  CHECK(inventory.group("all")->hosts == Names{"lb-1", "db-2", "db-1"});  // level by level
}

TEST_CASE("unlabelled is production, and openssh is the way there") {
  const auto [inventory, errors] = read({"all: {hosts: {a: }}"});
  REQUIRE(errors.empty());
  const auto& host = inventory.hosts.at(0);
  CHECK(host.environment == Environment::production);
  CHECK(host.connection == Connection::openssh);
  CHECK(host.problems.empty());
  CHECK_FALSE(host.port);
  CHECK(host.user.empty());
  CHECK_FALSE(host.power);
}

TEST_CASE("a gate is what sudo starts, at the usual place or another") {
  const auto [inventory, errors] = read({R"(
all:
  vars: {ansible_become: true}
  hosts:
    a: {muster_gate: true}
    b: {muster_gate: /opt/gate}
    c: {muster_gate: false}
    d: {muster_gate: true, ansible_become: false}
)"});
  REQUIRE(errors.empty());
  CHECK(inventory.host("a")->gate == "/usr/local/lib/muster/gate");
  CHECK(inventory.host("b")->gate == "/opt/gate");
  CHECK(inventory.host("c")->gate.empty());
  REQUIRE(inventory.host("d")->problems.size() == 1);
  CHECK(inventory.host("d")->problems[0].hint == "add `ansible_become: true`");
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
      {"all: {hosts: {a: {muster_connection: telnet}}}",
       "i:1:38: `muster_connection` is one of ssh, openssh, local, found 'telnet'\n"},
      {"all: {hosts: {a: {muster_zone: '{{ z }}'}}}",
       "i:1:32: `muster_zone` holds a Jinja template\n"},
      {"all: {hosts: {a: {muster_key_passphrase: hunter2}}}",
       "i:1:42: `muster_key_passphrase` is a password in plain text\n"},
      {"all: {vars: {ansible_group_priority: high}}",
       "i:1:38: `ansible_group_priority` expects a whole number\n"},
      {"all: {hosts: {'db-[1:999999999]': }}",
       "i:1:15: 'db-[1:999999999]' is more than 10000 hosts\n"},
      {"all: {hosts: {'[1:200]-[1:200]': }}",
       "i:1:15: '[1:200]-[1:200]' is more than 10000 hosts\n"},
      {"all: {hosts: {'db-[3:1]': }}", "i:1:15: the range [3:1] is empty\n"},
      {"all: {hosts: {'db-[1:3:0]': }}", "i:1:15: the range [1:3:0] is empty\n"},
      {"all: {hosts: {'db-[01:3]': }}",
       "i:1:15: the range [01:3] begins and ends with different widths\n"},
      {"all: {hosts: {'db-[1:3': }}", "i:1:15: the range in 'db-[1:3' is not closed\n"},
      {"all: {hosts: {'db-[1]': }}", "i:1:15: '[1]' is no range\n"},
      {"all: {hosts: {'db-[1:x9]': }}", "i:1:15: 'x9' is no begin or end of a range\n"},
      {"'a b': {hosts: {a: }}", "i:1:1: `a b` is not a group's name\n"},
      {"all: {hosts: {-x: }}", "i:1:15: `-x` is not a host's name\n"},
      {"all: {hosts: [a, b]}", "i:1:14: expected hosts (a map), found a list\n"},
      {"all: {host: {a: }}", "i:1:7: `host` is not a key of a group\n"},
      {"db: {children: {x: {children: {db: }}}}", "i:1:1: the group `db` is inside of itself\n"},
      {"all: {hosts: {a: {muster_power: {down: [x], up: [y]}}}}",
       "i:1:33: muster_power needs `status`\n"},
      {"all: {vars: {muster_power: {down: ['${hots.name}'], up: [y], status: [z]}}, hosts: {a: , "
       "b: }}",
       "i:1:37: `${hots.name}` is not known in an inventory\n"},
      {"all: {hosts: {a: {muster_protected: yes}}}",
       "i:1:37: expected true or false, found 'yes'\n"},
      {"all: {hosts: {a: {ansible_become: true, muster_gate: '/x;id'}}}",
       "i:1:54: '/x;id' cannot be a gate's path\n"},
      {"all: {hosts: {a: {ansible_become: true, muster_gate: /usr/../bin/sh}}}",
       "i:1:54: '/usr/../bin/sh' cannot be a gate's path\n"},
      {"all: {hosts: {a: {ansible_become: true, muster_gate: gate}}}",
       "i:1:54: expected true or false, found 'gate'\n"},
      {"[a]", "i:1:1: expected an inventory (a map of groups), found a list\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(read({row.text}).errors == row.error);
  }
}

TEST_CASE("what is wrong with one host stays with that host") {
  struct Row {
    std::string variables, problem;
  };
  const Row rows[] = {
      {"ansible_connection: winrm",
       "`ansible_connection` is one of ssh, smart, local, paramiko, paramiko_ssh, found 'winrm'"},
      {"ansible_become: true, ansible_become_method: su",
       "`ansible_become_method` is one of sudo, ansible.builtin.sudo, found 'su'"},
      {"ansible_become: true, ansible_become_exe: /opt/sudo",
       "`ansible_become_exe` other than sudo is not read"},
      {"ansible_become: perhaps", "`ansible_become` is one of"},
      {"ansible_port: 70000", "70000 is not a port"},
      {"ansible_host: -oProxyCommand=x", "'-oProxyCommand=x' cannot be an `ansible_host`"},
      {"ansible_user: '{{ u }}'", "`ansible_user` holds a Jinja template"},
      {"ansible_host: !vault abc", "`ansible_host` is encrypted by ansible-vault"},
      {"ansible_ssh_common_args: \"-F 'x\"", "holds a quote (') that is not closed"},
      {"ansible_become_password: hunter2", "`ansible_become_password` is a password in plain text"},
      {"ansible_become: true, ansible_become_pass: hunter2",
       "`ansible_become_pass` is a password in plain text"},
      {"ansible_become: true, ansible_sudo_pass: '${secret.a}b'",
       "`ansible_sudo_pass` is a password in plain text"},
      {"ansible_become: true, ansible_become_password: '{{ vaulted }}'",
       "`ansible_become_password` holds a Jinja template"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.variables);
    const auto found = problems("all: {hosts: {a: {" + row.variables + "}, b: }}");
    CHECK(found.find(row.problem) != std::string::npos);
    CHECK(found.find("hunter2") == std::string::npos);
    CHECK(read({"all: {hosts: {a: {" + row.variables + "}, b: }}"}).errors.empty());
  }
}

TEST_CASE("what is none of our business is read and not judged") {
  CHECK(problems("all: {hosts: {a: {greeting: 'Hello {{ name }}', key: !vault abc, x: !unsafe '{{',"
                 " ansible_winrm_scheme: http, ansible_become_password: '{{ v }}'}}}")
            .empty());
  CHECK(problems("all: {hosts: {a: {ansible_connection: winrm, muster_connection: openssh}}}")
            .empty());
  CHECK(
      problems("all: {hosts: {a: {ansible_connection: local, ansible_user: '{{ u }}'}}}").empty());
}

TEST_CASE("how a host is reached follows from what breaks when it breaks") {
  const auto [inventory, errors] = read({R"(
all:
  hosts:
    unlabelled:
    staging: {muster_environment: staging, ansible_connection: smart}
    lab: {muster_environment: lab, ansible_connection: ansible.builtin.ssh}
    here: {ansible_connection: local, muster_environment: lab}
    own: {muster_connection: ssh}
    other: {muster_environment: lab, muster_connection: openssh}
)"});
  REQUIRE(errors.empty());
  CHECK(inventory.host("unlabelled")->connection == Connection::openssh);
  CHECK(inventory.host("staging")->connection == Connection::ssh);
  CHECK(inventory.host("lab")->connection == Connection::ssh);
  CHECK(inventory.host("here")->connection == Connection::local);
  CHECK(inventory.host("own")->connection == Connection::ssh);
  CHECK(inventory.host("other")->connection == Connection::openssh);
}

TEST_CASE("passwords are references, and stay references") {
  const auto [inventory, errors] =
      read({"all: {hosts: {a: {ansible_become: yes, "
            "ansible_become_password: '${secret.sudo}', "
            "muster_key_passphrase: '${secret.key-1}'}}}"});
  REQUIRE(errors.empty());
  CHECK(inventory.hosts.at(0).problems.empty());
  CHECK(inventory.hosts.at(0).become_password == "${secret.sudo}");
  CHECK(inventory.hosts.at(0).key_passphrase == "${secret.key-1}");
}

TEST_CASE("older names of variables: the one that Ansible prefers counts") {
  const auto [inventory, errors] =
      read({"all: {hosts: {a: {ansible_host: x, ansible_ssh_host: y, ansible_ssh_port: 7, "
            "ansible_ssh_user: u, ansible_private_key_file: /k}}}"});
  REQUIRE(errors.empty());
  CHECK(inventory.hosts.at(0).address == "y");
  CHECK(inventory.hosts.at(0).port == 7);
  CHECK(inventory.hosts.at(0).user == "u");
  CHECK(inventory.hosts.at(0).key_file == "/k");
}

TEST_CASE("a circle of groups is named") {
  Diagnostics out;
  InventoryReader reader{out};
  const auto source = config::make_source(
      "i", "[a:children]\nb\n[b:children]\nc\n[c:children]\na\n", config::Dialect::ini, out);
  reader.read(config::parse_ini(source, out));
  CHECK_FALSE(reader.reconcile());
  REQUIRE(out.count() == 1);
  CHECK(out.sorted().at(0).what == "the group `a` is inside of itself");
  CHECK(out.sorted().at(0).hint == "the circle is: a > b > c > a");
}

TEST_CASE("groups nested too deep are refused, whichever is read first") {
  for (const bool forwards : {true, false}) {
    std::string text;
    for (int i = 0; i < 200; ++i) {
      const auto at = std::to_string(forwards ? i : 199 - i);
      const auto next = std::to_string(forwards ? i + 1 : 200 - i);
      text += "[g" + at + ":children]\ng" + next + "\n";
    }
    text += "[g200]\nhost\n";
    Diagnostics out;
    InventoryReader reader{out};
    const auto source = config::make_source("i", text, config::Dialect::ini, out);
    reader.read(config::parse_ini(source, out));
    CHECK_FALSE(reader.reconcile());
    CHECK(out.sorted().at(0).what == "groups nested deeper than 100");
  }
}
