// Real signatures, by the system's ssh-keygen, with keys that the test makes.
#include "adapters/signatures/keygen.hpp"

#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "adapters/signatures/verifier.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "tests/catch.hpp"

namespace muster::signatures {
namespace {

namespace fs = std::filesystem;

bool has_keygen() {
  if (std::system("command -v ssh-keygen >/dev/null") == 0) return true;
  WARN("SKIPPED: needs ssh-keygen");
  return false;
}

struct Keys {
  fs::path folder = fs::temp_directory_path() / ("muster-keys-" + random_id());
  Keys() { fs::create_directories(folder); }
  ~Keys() { fs::remove_all(folder); }

  fs::path make(const std::string& name, const std::string& type = "ed25519") const {
    const auto command =
        "ssh-keygen -q -t " + type + " -N '' -f " + (folder / name).string() + " </dev/null";
    REQUIRE(std::system(command.c_str()) == 0);
    return folder / name;
  }
  static std::string public_of(const fs::path& key) {
    std::ifstream file{key.string() + ".pub"};
    std::string type, blob;
    file >> type >> blob;
    return type + " " + blob;
  }
};

const std::string kText = "{\"muster\":\"approval\"} with ü and\na second line";

TEST_CASE("what was signed verifies, and nothing else does", "[keygen]") {
  if (!has_keygen()) return;
  const Keys keys;
  const auto ana = keys.make("ana"), bo = keys.make("bo");
  const auto signature = sign(ana, "muster-v1", kText);
  REQUIRE(signature);
  const ports::SignatureClaim good{"ana", Keys::public_of(ana), "muster-v1", kText, *signature};
  CHECK(verify(good));

  auto wrong_key = good;
  wrong_key.key = Keys::public_of(bo);
  CHECK_FALSE(verify(wrong_key));
  auto edited = good;
  edited.text += " ";
  CHECK_FALSE(verify(edited));
  auto shorter = good;
  shorter.text.pop_back();
  CHECK_FALSE(verify(shorter));
  auto forged = good;
  forged.signature[60] = forged.signature[60] == 'A' ? 'B' : 'A';
  CHECK_FALSE(verify(forged));
  auto nothing = good;
  nothing.signature.clear();
  CHECK_FALSE(verify(nothing));
  auto other_space = good;
  other_space.name_space = "git";
  CHECK_FALSE(verify(other_space));
  const auto for_git = sign(ana, "git", kText);
  REQUIRE(for_git);
  auto of_git = good;
  of_git.signature = *for_git;
  const auto refused = verify(of_git);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.find("not one of ana's key") != std::string::npos);
}

TEST_CASE("a key that would be another line of the list is no key", "[keygen]") {
  if (!has_keygen()) return;
  const Keys keys;
  const auto ana = keys.make("ana"), eve = keys.make("eve");
  const auto signature = sign(eve, "muster-v1", kText);
  REQUIRE(signature);
  const std::string mine = Keys::public_of(ana), hers = Keys::public_of(eve);
  for (const auto& [signer, key] :
       {std::pair<std::string, std::string>{"ana", mine + "\nana " + hers},
        {"ana", mine + "\n"},
        {"ana", ""},
        {"ana", "cert-authority " + hers},
        {"*", hers},
        {"ana,eve", hers},
        {"", hers}}) {
    CAPTURE(signer, key);
    CHECK_FALSE(verify({signer, key, "muster-v1", kText, *signature}));
  }
}

TEST_CASE("RSA and ECDSA keys sign too", "[keygen]") {
  if (!has_keygen()) return;
  const Keys keys;
  for (const auto* type : {"rsa", "ecdsa"}) {
    CAPTURE(type);
    const auto key = keys.make(type, type);
    const auto signature = sign(key, "muster-v1", kText);
    REQUIRE(signature);
    CHECK(verify({"bo", Keys::public_of(key), "muster-v1", kText, *signature}));
  }
}

TEST_CASE("a key that is not there signs nothing, and the way out is told", "[keygen]") {
  if (!has_keygen()) return;
  const auto signature = sign(fs::path{"/nowhere/key"}, "muster-v1", kText);
  REQUIRE_FALSE(signature);
  CHECK(signature.error().what == "ssh-keygen signed nothing with /nowhere/key");
}

TEST_CASE("the verifier answers on the loop, and not after its end", "[keygen]") {
  if (!has_keygen()) return;
  const Keys keys;
  const auto ana = keys.make("ana");
  const auto signature = sign(ana, "muster-v1", kText);
  REQUIRE(signature);
  boost::asio::io_context io;
  const auto guard = boost::asio::make_work_guard(io);
  const auto post = [&io](std::function<void()> fn) { boost::asio::post(io, std::move(fn)); };
  const ports::SignatureClaim good{"ana", Keys::public_of(ana), "muster-v1", kText, *signature};
  auto verifier = std::make_unique<Verifier>(post);
  std::optional<Result<>> answer;
  verifier->verify(good, [&](const Result<>& r) { answer = r; });
  CHECK_FALSE(answer);  // never from inside the call
  while (!answer) io.run_one();
  CHECK(*answer);
  bool late = false;
  verifier->verify(good, [&](const Result<>&) { late = true; });
  verifier.reset();
  io.poll();
  CHECK_FALSE(late);
}

}  // namespace
}  // namespace muster::signatures
