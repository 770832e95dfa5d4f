// TLS of the API, as its own client and as openssl see it.
#include "tests/adapters_http/tcp_serving.hpp"
#include "tests/catch.hpp"

namespace muster::http {
namespace {

TEST_CASE("a client that knows the authority is answered, with its token") {
  const Papers papers;
  const ServingTcp serving{&papers};
  auto by_address = serving.place(papers);
  by_address.host = "127.0.0.1";
  CHECK(Client::connect(by_address));
  const auto client = Client::connect(serving.place(papers));
  REQUIRE(client);
  for (int i = 0; i < 3; ++i) {
    const auto answer = (*client)->request("POST", "/a", {{"n", i}});
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(api::json_of(*answer)->at("body") == Json{{"n", i}});
  }
}

TEST_CASE("a client that cannot know who serves says nothing") {
  const Papers papers, others;
  const ServingTcp serving{&papers, [](const auto&...) { FAIL("asked"); }};
  struct Row {
    std::string what;
    RemotePlace place;
    std::string says;
  };
  auto wrong_authority = serving.place(others), system = serving.place(papers),
       no_file = serving.place(papers);
  system.ca_file.clear();
  no_file.ca_file = "/nowhere/ca.crt";
  for (const auto& row : std::vector<Row>{{"another authority", wrong_authority, "not trusted"},
                                          {"the system's", system, "not trusted"},
                                          {"no file", no_file, "cannot be used"}}) {
    INFO(row.what);
    const auto client = Client::connect(row.place);
    REQUIRE(client.has_error());
    INFO(client.error().what);
    CHECK(contains(client.error().what, row.says));
  }
  papers.give("DNS:elsewhere.example");
  const ServingTcp elsewhere{&papers};
  const auto client = Client::connect(elsewhere.place(papers));
  REQUIRE(client.has_error());
  INFO(client.error().what);
  CHECK(contains(client.error().what, "ostname mismatch"));
  auto by_address = elsewhere.place(papers);
  by_address.host = "127.0.0.1";
  CHECK(contains(Client::connect(by_address).error().what, "IP address mismatch"));
}

TEST_CASE("a key that is not kept safe is not used") {
  const Papers papers;
  CHECK(server_context(papers.files));
  SECTION("others may read it") {
    for (const mode_t mode : {0640, 0604, 0644, 0660}) {
      chmod(papers.files.key.c_str(), mode);
      CHECK(contains(server_context(papers.files).error().what, "can be read by others"));
    }
  }
  SECTION("it is another one's") {
    Papers::put(papers.files.key, papers.authority.sign("DNS:x", -1, 1).key);
    CHECK(contains(server_context(papers.files).error().what, "cannot be used"));
  }
  SECTION("it is no key") {
    Papers::put(papers.files.key, "secret words");
    const auto error = server_context(papers.files).error();
    CHECK(contains(error.what, "the key"));
    CHECK_FALSE(contains(to_string(error), "secret words"));
  }
  SECTION("it is missing") {
    std::filesystem::remove(papers.files.key);
    CHECK(contains(server_context(papers.files).error().what, "No such file"));
  }
  SECTION("the certificate is missing") {
    std::filesystem::remove(papers.files.certificate);
    CHECK(contains(server_context(papers.files).error().what, "the certificate"));
  }
}

TEST_CASE("files that change are taken without a restart, and only when they are good") {
  Papers papers;
  Notices notices;
  const ServingTcp serving{&papers, echo, {}, notices.taker()};
  const auto reached = [&] { return Client::connect(serving.place(papers)).has_value(); };
  CHECK(reached());
  Papers::put(papers.files.certificate, "rubbish");
  CHECK(reached());  // the one from before
  CHECK(reached());
  papers.give("DNS:elsewhere.example");
  CHECK_FALSE(reached());
  papers.give("DNS:localhost");
  CHECK(reached());
  const auto said = notices.text();
  CHECK(contains(said, "the one from before serves on"));
  CHECK(contains(said, "was read again"));
  CHECK(said.find("serves on") == said.rfind("serves on"));  // once
}

/// Of a handshake with `openssl s_client` and these options.
std::string shown_to_openssl(const ServingTcp& serving, const Papers& papers,
                             const std::string& options) {
  return output_of("openssl s_client -connect 127.0.0.1:" + std::to_string(serving.port()) +
                   " -CAfile " + papers.ca().string() + " -verify_return_error " + options +
                   " </dev/null");
}

TEST_CASE("what openssl finds of the handshake", "[openssl]") {
  if (!contains(output_of("openssl version"), "(exit 0)")) {
    WARN("SKIPPED: openssl is not there");
    return;
  }
  const Papers papers;
  const ServingTcp serving{&papers};
  struct Row {
    std::string options, says;
    bool is_let_in;
  };
  for (const auto& row :
       std::vector<Row>{{"-tls1_3", "TLSv1.3", true},
                        {"-tls1_2", "ECDHE-ECDSA-", true},
                        {"-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305", "CHACHA20", true},
                        {"-alpn h2,http/1.1", "ALPN protocol: http/1.1", true},
                        {"-tls1_1 -cipher ALL:@SECLEVEL=0", "alert", false},
                        {"-tls1 -cipher ALL:@SECLEVEL=0", "alert", false},
                        {"-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA", "handshake failure", false},
                        {"-tls1_2 -cipher AES128-GCM-SHA256", "handshake failure", false}}) {
    INFO(row.options);
    const auto said = shown_to_openssl(serving, papers, row.options);
    INFO(said);
    CHECK(contains(said, row.says));
    CHECK(contains(said, "Cipher is (NONE)") != row.is_let_in);
  }
}

TEST_CASE("clients may have to show a certificate too", "[openssl]") {
  if (!contains(output_of("openssl version"), "(exit 0)")) {
    WARN("SKIPPED: openssl is not there");
    return;
  }
  Papers papers;
  const Papers strangers;
  papers.files.client_ca = papers.ca();
  const ServingTcp serving{&papers};
  const auto shown = [&](const probes::test::Authority& authority) {
    const auto made = authority.sign("DNS:client", -1, 1);
    return "-cert " + Papers::put(papers.folder.path() / "c.crt", made.certificate).string() +
           " -key " + Papers::put(papers.folder.path() / "c.key", made.key).string();
  };
  const auto asked = [&](const std::string& options) {
    return output_of(
        "printf 'GET /a HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n"
        "Authorization: Bearer good\\r\\n\\r\\n' | timeout 20 openssl s_client "
        "-ign_eof -quiet -connect 127.0.0.1:" +
        std::to_string(serving.port()) + " " + options);
  };
  CHECK(contains(asked(shown(papers.authority)), "HTTP/1.1 200"));
  CHECK_FALSE(contains(asked(shown(strangers.authority)), "HTTP/1.1"));
  CHECK_FALSE(contains(asked(""), "HTTP/1.1"));
}

}  // namespace
}  // namespace muster::http
