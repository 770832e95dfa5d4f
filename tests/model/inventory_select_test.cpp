// Ansible's patterns; tests/inventory/ holds more of them against the real one.
#include "config/yaml.hpp"
#include "model/inventory_reader.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::model;

namespace {

using Names = std::vector<std::string>;

Inventory inventory_of(const std::string& text) {
  Diagnostics out;
  InventoryReader reader{out};
  const auto source = config::make_source("i", text, config::Dialect::ini, out);
  reader.read(config::parse_ini(source, out));
  REQUIRE(reader.reconcile());
  auto inventory = reader.finish();
  REQUIRE(out.empty());
  return inventory;
}

}  // namespace

TEST_CASE("patterns select in the order in which they are written") {
  const auto inventory = inventory_of("[db]\na\nb\nc\n[web]\nd\na\n[both:children]\ndb\nweb\n");
  struct Row {
    std::string pattern;
    Names hosts;
  };
  const Row rows[] = {
      {"b", {"b"}},
      {"db", {"a", "b", "c"}},
      {"d:db:!b", {"d", "a", "c"}},
      {"!b:d:db", {"d", "a", "c"}},
      {"web:db", {"d", "a", "b", "c"}},
      {"web,db", {"d", "a", "b", "c"}},
      {" web , b ", {"d", "a", "b"}},
      {"web b", {"d", "a", "b"}},
      {"db:&web", {"a"}},
      {"all:!db", {"d"}},
      {"!db", {"d"}},
      {"&web", {"a", "d"}},
      {"*", {"a", "b", "c", "d"}},
      {"[ab]", {"a", "b"}},
      {"?:!d", {"a", "b", "c"}},
      {"d*", {"a", "b", "c", "d"}},
      {"db[0]", {"a"}},
      {"db[-1]", {"c"}},
      {"db[1:]", {"b", "c"}},
      {"db[1-2]", {"b", "c"}},
      {"db[0:1]:web[0]", {"a", "b", "d"}},
      {"db[1:99]", {"b", "c"}},
      {"both:!web[1]", {"b", "c", "d"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.pattern);
    const auto hosts = inventory.select(row.pattern);
    REQUIRE(hosts);
    CHECK(*hosts == row.hosts);
  }
}

TEST_CASE("a pattern of which a part means nothing is refused") {
  const auto inventory = inventory_of("[db]\na\nb\n[same]\nsame\n[twice]\ntwice\na\n");
  const std::pair<std::string, std::string> rows[] = {
      {"dbb", "`dbb` is no host and no group of the inventory"},
      {"db:!bb", "`bb` is no host and no group of the inventory"},
      {"x*", "`x*` fits no host and no group of the inventory"},
      {"db:!db", "'db:!db' selects no host"},
      {"db[7:9]", "'db[7:9]' selects no host"},
      {"db[2]", "'db[2]' has only 2 hosts"},
      {"db[-3]", "'db[-3]' has only 2 hosts"},
      {"", "an empty part in a pattern of hosts"},
      {"db:!", "an empty part in a pattern of hosts"},
      {"~d.", "the regular expression '~d.' is not read"},
      {"db[1", "the pattern 'db[1' leaves a bracket open"},
      {"db]", "the pattern 'db]' closes a bracket that is not open"},
      {"a,b:c", "`b:c` is no host and no group of the inventory"},
      {"twice", "`twice` is a host and a group"},
      {"*a*a*a*a*a*a*a*a*a", "'*a*a*a*a*a*a*a*a*a' holds more than 8 `*`"},
  };
  for (const auto& [pattern, error] : rows) {
    CAPTURE(pattern);
    const auto hosts = inventory.select(pattern);
    REQUIRE_FALSE(hosts);
    CHECK(hosts.error().what == error);
  }
  CHECK(inventory.select("dbb").error().hint == "did you mean `db`?");
  CHECK(*inventory.select("same") == Names{"same"});
  CHECK_FALSE(inventory.select(std::string(5000, 'a')));
}
