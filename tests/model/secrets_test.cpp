// Secrets in files: which there are, and where `${secret.NAME}` may stand.
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

namespace {

std::string unless_holds(const std::string& text, const std::string& part) {
  return text.find(part) == std::string::npos ? "no '" + part + "' in: " + text : "";
}

std::string secrets_errors(const std::string& secrets) {
  return TemporaryWorkspace{}.write("inventory/secrets.yaml", secrets).errors();
}

/// A drill around some steps, on dr-1.
std::string errors_of_steps(const std::string& steps) {
  return TemporaryWorkspace{}
      .with_inventory()
      .write("drills/d.yaml",
             "drill: d\nowner: ana\ntargets: {t: dr-1}\nroles: {r: {holder: "
             "ana}}\nsteps:\n" +
                 steps)
      .errors();
}

}  // namespace

TEST_CASE("the four sources of a secret") {
  TemporaryWorkspace folder;
  folder.write("inventory/secrets.yaml",
               "secrets:\n"
               "  a: {env: DB_PASSWORD}\n"
               "  b: {file: /etc/muster/b}\n"
               "  c: {command: [vault, kv, get, -field=password, kv/orders]}\n"
               "  d: {credential: orders}\n");
  Diagnostics out;
  const auto workspace = load_workspace(folder.root(), out);
  INFO(config::render(out));
  REQUIRE(out.empty());
  REQUIRE(workspace.secrets.all.size() == 4);
  CHECK(describe(workspace.secrets.find("a")->source) == "the variable DB_PASSWORD");
  CHECK(describe(workspace.secrets.find("b")->source) == "the file /etc/muster/b");
  CHECK(describe(workspace.secrets.find("c")->source) ==
        "what this prints: vault kv get -field=password kv/orders");
  CHECK(describe(workspace.secrets.find("d")->source) == "systemd's credential orders");
}

TEST_CASE("a file of secrets is read strictly") {
  for (const auto& [text, says] : std::vector<std::pair<std::string, std::string>>{
           {"secrets: {a: {enf: X}}\n", "did you mean `env`"},
           {"secrets: {a: {env: X, file: /x}}\n", "secrets.yaml:1:"},
           {"secrets: {a: {env: 1X}}\n", "'1X' is not a variable's name"},
           {"secrets: {a: {file: secrets/a}}\n", "'secrets/a' is not an absolute path"},
           {"secrets: {a: {command: pass show a}}\n", "the command of a secret is a list"},
           {"secrets: {a: {command: [pass, \"${x}\"]}}\n", "`${x}` in the command of a secret"},
           {"secrets: {a: {credential: ../a}}\n", "is not a credential's name"},
           {"secrets: {a b: {env: X}}\n", "`a b` is not a name"},
           {"secrets: {a: hunter2}\n", "secrets.yaml:1:"},
           {"secrets: {a: {env: X}}\nother: 1\n", "`other`"}}) {
    CAPTURE(text);
    Diagnostics out;
    TemporaryWorkspace folder;
    folder.write("inventory/secrets.yaml", text);
    load_workspace(folder.root(), out);
    CHECK(unless_holds(config::render(out), says) == "");
  }
  CHECK(unless_holds(secrets_errors("secrets: {a: {env: X}, a: {env: Y}}\n"), "secrets.yaml:1:") ==
        "");
}

TEST_CASE("a secret may stand where it is neither shown nor recorded") {
  CHECK(errors_of_steps(R"(
  - {run: [cat], target: t, undo: [true], stdin: "user=app\npassword=${secret.db} on ${t.name}"}
  - {check: {postgres: "host=x password=${secret.db}"}}
  - {check: {postgres: "host=x password='${secret.db}' dbname=o"}}
  - {check: {postgres: "postgresql://app:${secret.db}@x/o"}}
  - {check: {http: "http://x/?token=${secret.db}"}}
)") == "");
}

TEST_CASE("and nowhere else") {
  for (const std::string step :
       {"{tell: \"${secret.db}\"}", "{ask: r, say: \"${secret.db}\"}",
        "{run: [echo, \"${secret.db}\"], target: t, undo: [true]}",
        "{run: \"echo ${secret.db}\", target: t, undo: [true]}",
        "{run: [true], target: t, undo: [echo, \"${secret.db}\"]}",
        "{inject: disk.fill, target: t, with: {path: \"${secret.db}\"}}",
        "{restore: pgbackrest, target: t, with: {stanza: \"${secret.db}\"}}",
        "{check: {postgres: x, query: \"${secret.db}\"}}", "{check: {tcp: \"${secret.db}:1\"}}",
        "{check: {command: [echo, \"${secret.db}\"]}}"}) {
    CAPTURE(step);
    const auto errors = errors_of_steps("  - " + step + "\n");
    CHECK(unless_holds(errors, "`${secret.db}` cannot stand here") == "");
    CHECK(unless_holds(errors, "drills/d.yaml:6:") == "");
  }
  CHECK(unless_holds(errors_of_steps("  - {run: [cat], target: t, undo: [true], stdin: "
                                     "\"${secret}\"}\n"),
                     "`${secret}` names no secret") == "");
}

TEST_CASE("a password in a conninfo is a secret's, or none") {
  for (const std::string conninfo :
       {"password=hunter2", "password=x${secret.db}", "password=${t.name}",
        "password=${secret.db} sslpassword=hunter2", "password="})
    CHECK(unless_holds(errors_of_steps("  - {check: {postgres: \"" + conninfo + "\"}}\n"),
                       "a password in a file") == "");
}

TEST_CASE("pick is read strictly, and refused where nothing can be picked") {
  for (const auto& [step, says] : std::vector<std::pair<std::string, std::string>>{
           {"{run: [true], target: t, undo: [true], pick: {count: 0}}", "from 1 to 1000"},
           {"{run: [true], target: t, undo: [true], pick: {percent: 0%}}", "a share such as 50%"},
           {"{run: [true], target: t, undo: [true], pick: {percent: half}}", "is not a percentage"},
           {"{run: [true], target: t, undo: [true], pick: {count: 1, percent: 5%}}", "d.yaml:6:"},
           {"{run: [true], target: t, undo: [true], pick: {count: 1, sed: 3}}", "`sed`"},
           {"{run: [true], target: t, undo: [true], pick: {count: 1, seed: -3}}", "0 or more"},
           {"{tell: x, pick: {count: 1}}", "`pick` of a `tell` step"},
           {"{check: {command: [true]}, pick: {count: 1}}", "`pick` of a `check` step"}}) {
    CAPTURE(step);
    CHECK(unless_holds(errors_of_steps("  - " + step + "\n"), says) == "");
  }
  const auto errors =
      TemporaryWorkspace{}
          .with_inventory()
          .write("drills/d.yaml",
                 "drill: d\nowner: ana\ntargets: {t: {one_of: orders_db, where: {postgres: select "
                 "true}}}\nsteps:\n  - {run: [true], target: t, undo: [true], pick: {count: 1}}\n")
          .errors();
  CHECK(unless_holds(errors, "chosen by its role at preflight") == "");
}
