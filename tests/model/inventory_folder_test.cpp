// Which files of inventory/ are read, and what is refused of them.
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

namespace {

struct Loaded {
  Inventory inventory;
  std::string errors;
};

Loaded load(const TemporaryWorkspace& workspace) {
  config::Diagnostics out;
  Loaded loaded{load_inventory(workspace.root(), out), ""};
  loaded.errors = TemporaryWorkspace::lines(out);
  return loaded;
}

void make_executable(const TemporaryWorkspace& workspace, const std::string& name) {
  std::filesystem::permissions(workspace.root() / name, std::filesystem::perms::owner_all);
}

}  // namespace

TEST_CASE("sources by name, then group_vars, then host_vars") {
  TemporaryWorkspace workspace;
  workspace.write("inventory/a.yaml", "db: {hosts: {db-1: {muster_zone: a}, db-2: }}\n")
      .write("inventory/b.ini", "[db]\ndb-1 muster_zone=b\n[db:vars]\nansible_user=line\n")
      .write("inventory/more/c", "[late]\nx-1\n")
      .write("inventory/group_vars/all.yml", "ansible_user: all\nansible_port: 22\n")
      .write("inventory/group_vars/db/1.yml", "ansible_port: 2200\n")
      .write("inventory/host_vars/db-2", "ansible_port: 2300\n")
      .write("inventory/people.yaml", "people: {ana: {name: Ana}}\n")
      .write("inventory/secrets.yaml", "secrets: {sudo: {file: /etc/muster/sudo}}\n")
      .write("inventory/lab/lab.yaml", "lab: orders\n")
      .write("inventory/lab/up.sh", "#!/bin/sh\n")
      .write("inventory/notes.md", "[not an inventory\n");
  const auto [inventory, errors] = load(workspace);
  REQUIRE(errors.empty());
  CHECK(inventory.hosts.size() == 3);
  CHECK(inventory.host("db-1")->zone == "b");
  CHECK(inventory.host("db-1")->user == "all");  // files of variables overrule all sources
  CHECK(inventory.host("db-1")->port == 2200);
  CHECK(inventory.host("db-2")->port == 2300);
  CHECK(inventory.host("x-1")->groups == std::vector<std::string>{"all", "late"});
}

TEST_CASE("a vault of variables is a problem of those who would need it, and of nobody else") {
  TemporaryWorkspace workspace;
  const std::string vault = "$ANSIBLE_VAULT;1.1;AES256\n613264\n";
  workspace.write("inventory/hosts", "[db]\ndb-1\n[web]\nw-1\nw-2\n")
      .write("inventory/group_vars/db/vault.yml", vault)
      .write("inventory/host_vars/w-1.yml", vault);
  const auto [inventory, errors] = load(workspace);
  REQUIRE(errors.empty());
  REQUIRE(inventory.host("db-1")->problems.size() == 1);
  CHECK(config::to_string(inventory.host("db-1")->problems[0]) ==
        "inventory/group_vars/db/vault.yml: is encrypted by ansible-vault");
  CHECK(inventory.host("w-1")->problems.size() == 1);
  CHECK(inventory.host("w-2")->problems.empty());
}

TEST_CASE("files that are no inventory are refused by name") {
  struct Row {
    std::string file, text, error;
  };
  const Row rows[] = {
      {"inventory/aws.py", "#!/usr/bin/env python3\n",
       "inventory/aws.py: is a program, perhaps a dynamic inventory\n"},
      {"inventory/hosts.yaml", "$ANSIBLE_VAULT;1.1;AES256\n61\n",
       "inventory/hosts.yaml: is encrypted by ansible-vault\n"},
      {"inventory/hosts.toml", "[db]\n", "inventory/hosts.toml: TOML inventories are not read\n"},
      {"inventory/aws_ec2.yml", "plugin: aws_ec2\n",
       "inventory/aws_ec2.yml:1:9: the configuration of the inventory plugin 'aws_ec2', no "
       "inventory\n"},
      {"inventory/group_vars/all.yml", "[1]\n",
       "inventory/group_vars/all.yml:1:1: expected variables (a map), found a list\n"},
      {"inventory/group_vars/all.yml", "a: !mine b\n", "inventory/group_vars/all.yml:1:4: a tag\n"},
      {"inventory/hosts", std::string{"a\0b\n", 4},
       "inventory/hosts:1:2: control character \\x00\n"},
      {"inventory/hosts", "a\xff\n", "inventory/hosts:1:2: byte \\xff is not UTF-8\n"},
      {"inventory/hosts", "all:\n\thosts:\n", "inventory/hosts:2:1: a tab in the indentation\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.file, row.text);
    TemporaryWorkspace workspace;
    workspace.write(row.file, row.text);
    make_executable(workspace, row.file);
    CHECK(load(workspace).errors == row.error);
  }
}

TEST_CASE("what `hosts --list` shows holds no secrets") {
  TemporaryWorkspace workspace;
  workspace.write("inventory/hosts",
                  "a ansible_become_password=hunter2 api_token=hunter2 x=1\n"
                  "b ansible_password=hunter2 DB_PASSWORD=hunter2 apiToken=hunter2\n");
  workspace.write("inventory/more.yaml",
                  "all: {hosts: {c: {db_passwords: {app: hunter2, all: [hunter2]}}}}\n");
  config::Diagnostics out;
  const auto list = list_inventory(workspace.root(), out);
  REQUIRE(out.empty());
  CHECK(list->dump().find("hunter2") == std::string::npos);
  CHECK((*list)["_meta"]["hostvars"]["a"]["x"] == 1);
  CHECK((*list)["ungrouped"]["hosts"] == Json{"a", "b", "c"});
}

TEST_CASE("a line that may hold a password is not quoted in a message") {
  TemporaryWorkspace workspace;
  workspace.write("inventory/hosts", "a ansible_become_password=hunter2 hunter3\nb x\n");
  config::Diagnostics out;
  load_inventory(workspace.root(), out);
  const auto text = config::render(out);
  CHECK(text.find("inventory/hosts:1:35: expected `key=value` behind a host") != std::string::npos);
  CHECK(text.find("hunter") == std::string::npos);
  CHECK(text.find("2 | b x") != std::string::npos);
}

TEST_CASE("a small file of many groups that hold many hosts each is refused, and not held") {
  std::string text = "[base]\nh[0001:9999]\n";
  for (int i = 0; i < 900; ++i) text += "[g" + std::to_string(i) + ":children]\nbase\n";
  TemporaryWorkspace workspace;
  workspace.write("inventory/hosts", text);
  CHECK(load(workspace).errors.find("the groups hold more than 2000000 hosts") !=
        std::string::npos);
}
