#include "model/server.hpp"

#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

namespace {

std::optional<Server> load(const std::string& text, std::string& said) {
  TemporaryWorkspace folder;
  folder.write("inventory/server.yaml", text);
  config::Diagnostics out;
  auto server = load_server(folder.root(), out);
  said = config::render(out);
  return server;
}

}  // namespace

TEST_CASE("where the API is served is read, with what counts when nothing is said") {
  std::string said;
  const auto server =
      load("server:\n  listen: 0.0.0.0:7420\n  tls: {certificate: /c.pem, key: /k.pem}\n", said);
  CHECK(said == "");
  REQUIRE(server);
  CHECK(server->address == "0.0.0.0");
  CHECK(server->port == 7420);
  REQUIRE(server->tls);
  CHECK(server->tls->certificate == "/c.pem");
  CHECK(server->tls->key == "/k.pem");
  CHECK(server->tls->client_ca.empty());
  CHECK(server->connections == 64);
  CHECK(server->connections_per_address == 8);
  CHECK(server->requests_per_second == 20);

  const auto clear = load("server: {listen: \"[::1]:80\", insecure_loopback: true}\n", said);
  CHECK(said == "");
  REQUIRE(clear);
  CHECK(clear->address == "::1");
  CHECK_FALSE(clear->tls);
}

TEST_CASE("without the file nothing is served") {
  config::Diagnostics out;
  CHECK_FALSE(load_server(TemporaryWorkspace{}.root(), out));
  CHECK(out.empty());
}

TEST_CASE("a file of the server is read strictly, and nothing is in clear by mistake") {
  const std::string tls = "tls: {certificate: /c, key: /k}";
  for (const auto& [text, error] : std::vector<std::pair<std::string, std::string>>{
           {"server: {listen: 127.0.0.1:7420}\n", "`tls` is missing"},
           {"server: {listen: 10.0.0.1:7420, insecure_loopback: true}\n",
            "10.0.0.1 is not loopback"},
           {"server: {listen: 0.0.0.0:7420, insecure_loopback: true}\n", "0.0.0.0 is not loopback"},
           {"server: {listen: 127.0.0.1:7420, insecure_loopback: true, " + tls + "}\n",
            "with `tls` nothing is in clear"},
           {"server: {" + tls + "}\n", "`listen`"},
           {"server: {listen: \"7420\", " + tls + "}\n", "'7420' is not where one can listen"},
           {"server: {listen: muster.example:7420, " + tls + "}\n", "not where one can listen"},
           {"server: {listen: 127.0.0.1:99999, " + tls + "}\n", "not where one can listen"},
           {"server: {listen: \"::1:7420\", " + tls + "}\n", "not where one can listen"},
           {"server: {listen: 127.0.0.1:7420, tls: {certificate: c, key: /k}}\n",
            "'c' is not an absolute path"},
           {"server: {listen: 127.0.0.1:7420, tls: {certificate: /c}}\n", "`key`"},
           {"server: {listen: 127.0.0.1:7420, token: x, " + tls + "}\n", "`token` is not a key"},
           {"server: {listen: 127.0.0.1:7420, connections: 0, " + tls + "}\n", "server.yaml:1:"}}) {
    CAPTURE(text);
    std::string said;
    load(text, said);
    CAPTURE(said);
    CHECK(said.find(error) != std::string::npos);
    // `muster check` says the same.
    const auto checked = TemporaryWorkspace{}.write("inventory/server.yaml", text).errors();
    CAPTURE(checked);
    CHECK(checked.find(error) != std::string::npos);
  }
}

TEST_CASE("a group of the inventory may be named server") {
  TemporaryWorkspace folder;
  folder.write("inventory/hosts.yaml", "server: {hosts: {a: {ansible_host: 10.0.0.9}}}\n");
  CHECK(folder.errors() == "");
}
