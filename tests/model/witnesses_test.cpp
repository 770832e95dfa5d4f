#include "model/witnesses.hpp"

#include "model/workspace.hpp"
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

TEST_CASE("witnesses are read, with what counts when nothing is said") {
  TemporaryWorkspace folder;
  folder.write("inventory/hosts.yaml", "all: {hosts: {vault-1: {ansible_host: 10.0.0.9}}}\n")
      .write("inventory/witnesses.yaml",
             "witnesses:\n"
             "  ledger: {git: /srv/ledger, kept_by: the auditors}\n"
             "  vault: {host: vault-1, within: 5s}\n"
             "  siem: {syslog: \"tcp://siem.example:514\"}\n");
  config::Diagnostics out;
  const auto loaded = load_witnesses(folder.root(), out);
  CHECK(config::render(out) == "");
  REQUIRE(loaded.witnesses.all.size() == 3);
  const auto &ledger = loaded.witnesses.all[0], &vault = loaded.witnesses.all[1];
  CHECK(ledger.kind == Witness::Kind::git);
  CHECK(*ledger.where == "/srv/ledger");
  CHECK(ledger.kept_by == "the auditors");
  CHECK(ledger.within == std::chrono::seconds{20});
  CHECK(vault.kind == Witness::Kind::host);
  CHECK(vault.path == "/var/lib/muster-witness/checkpoints");
  CHECK(vault.kept_by.empty());
  CHECK(vault.within == std::chrono::seconds{5});
  CHECK(*loaded.witnesses.all[2].where == "tcp://siem.example:514");
}

TEST_CASE("a file of witnesses is read strictly") {
  for (const auto& [text, error] : std::vector<std::pair<std::string, std::string>>{
           {"witnesses: {a: {gti: /x}}\n", "`gti` is not a key of a witness"},
           {"witnesses: {a: {git: /x, host: h}}\n", "witnesses.yaml:1:"},
           {"witnesses: {a: {git: ledger}}\n", "'ledger' is not an absolute path"},
           {"witnesses: {a: {host: nobody}}\n", "there is no host `nobody`"},
           {"witnesses: {a: {git: /x, path: /y}}\n", "of a witness with `host` only"},
           {"witnesses: {a: {syslog: \"http://x:1\"}}\n", "'http://x:1' is no syslog"},
           {"witnesses: {a: {git: /x, within: 1h}}\n", "more than 2m"},
           {"witnesses: {a b: {git: /x}}\n", "`a b` is not a name"}}) {
    CAPTURE(text);
    const auto said = TemporaryWorkspace{}.write("inventory/witnesses.yaml", text).errors();
    CAPTURE(said);
    CHECK(said.find(error) != std::string::npos);
  }
}
