// Thousands of damaged copies of the repository's own files: each loads or says what is wrong, and
// none brings the reader down. MUSTER_FUZZ says how many; the seed is fixed, a failure says its
// number.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

#include "config/yaml.hpp"
#include "model/drill_reader.hpp"
#include "model/inventory_reader.hpp"
#include "model/playbook_reader.hpp"
#include "tests/catch.hpp"
#include "tests/model/workspace_helper.hpp"

using namespace muster;
using namespace muster::model;

namespace {

namespace fs = std::filesystem;

std::vector<std::string> examples() {
  std::vector<std::string> texts;
  const fs::path root = MUSTER_SOURCE_DIR;
  for (const auto* folder : {"drills", "playbooks", "inventory", "tests/e2e/workspace/drills"})
    for (const auto& entry : fs::directory_iterator{root / folder})
      if (entry.path().extension() == ".yaml") {
        std::ifstream in{entry.path()};
        texts.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
      }
  std::sort(texts.begin(), texts.end());
  return texts;
}

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, unsigned seed) : seeds_(std::move(seeds)), dice_(seed) {}

  std::string next() {
    std::string text = seeds_[below(seeds_.size())];
    for (std::size_t n = 1 + below(4); n > 0; --n) damage(text);
    return text;
  }

 private:
  std::size_t below(std::size_t n) { return n == 0 ? 0 : dice_() % n; }

  /// Where a word (letters, digits) begins, and how long it is.
  std::pair<std::size_t, std::size_t> word_in(const std::string& text) {
    const auto letter = [&](std::size_t i) {
      return std::isalnum(static_cast<unsigned char>(text[i])) || text[i] == '_';
    };
    std::size_t at = below(text.size());
    while (at < text.size() && !letter(at)) ++at;
    std::size_t start = at;
    while (start > 0 && letter(start - 1)) --start;
    std::size_t end = at;
    while (end < text.size() && letter(end)) ++end;
    return {start, end - start};
  }

  void damage(std::string& text) {
    static const std::vector<std::string> kTokens{"${",
                                                  "${x}",
                                                  "${a.b.c}",
                                                  "}",
                                                  "\t",
                                                  "- ",
                                                  ": ",
                                                  "{",
                                                  "[",
                                                  "]",
                                                  "&a ",
                                                  "*a",
                                                  "<<: ",
                                                  "!!x ",
                                                  "~",
                                                  "null",
                                                  "true",
                                                  "99999999999999999999",
                                                  "-1",
                                                  "0",
                                                  "1.5",
                                                  "\xff",
                                                  std::string(1, '\0'),
                                                  "\r\n",
                                                  "\n",
                                                  "---\n",
                                                  "#",
                                                  "'",
                                                  "\"",
                                                  "|\n",
                                                  "[]",
                                                  "{}",
                                                  "15m",
                                                  "50%",
                                                  "🜲"};
    if (text.empty()) text = "x";
    const auto at = below(text.size());
    switch (below(8)) {
      case 0:
        text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(at, 1 + below(12));
        break;
      case 2:
        text.insert(at, kTokens[below(kTokens.size())]);
        break;
      case 3:
        text.insert(below(text.size()), text.substr(at, below(80)));
        break;
      case 4: {  // a word becomes a token
        const auto [start, size] = word_in(text);
        text.replace(start, size, kTokens[below(kTokens.size())]);
        break;
      }
      case 5: {  // a word becomes a word of another place, or file
        const auto& other = seeds_[below(seeds_.size())];
        const auto [from, length] = word_in(other);
        const auto [start, size] = word_in(text);
        text.replace(start, size, other.substr(from, length));
        break;
      }
      case 6:
        text.resize(at);
        break;
      default: {  // a line moves
        const auto start = text.rfind('\n', at);
        const auto end = text.find('\n', at);
        if (start == std::string::npos || end == std::string::npos || end <= start) break;
        const auto line = text.substr(start, end - start);
        text.erase(start, end - start);
        text.insert(below(text.size() + 1), line);
      }
    }
  }

  std::vector<std::string> seeds_;
  std::mt19937 dice_;
};

/// Everything that could be read of it, as what it could be meant to be. "" when all is well.
std::string trouble_with(const std::string& text, const DrillContext& context) {
  Diagnostics unread;
  const auto source = config::make_source("f", text, config::Dialect::strict, unread);
  const auto document =
      source ? config::parse_yaml(source, config::Dialect::strict, unread) : std::nullopt;
  if (!document) return unread.empty() ? "nothing was read, and nothing said" : "";
  Diagnostics of_drill, of_playbook, of_people;
  if (!read_drill(*document, context, of_drill) && of_drill.empty())
    return "no drill, and nothing said";
  if (!read_playbook(*document, of_playbook) && of_playbook.empty())
    return "no playbook, and nothing said";
  People people;
  const auto* list = document->find("people");
  if (list) read_people(*list, people, of_people);
  Diagnostics of_inventory;
  const auto loose = config::make_source("f", text, config::Dialect::inventory, of_inventory);
  auto hosts =
      loose ? config::parse_yaml(loose, config::Dialect::inventory, of_inventory) : std::nullopt;
  if (!hosts) return of_inventory.empty() ? "no inventory, and nothing said" : "";
  InventoryReader reader{of_inventory};
  reader.read(*std::move(hosts));
  reader.finish();
  return "";
}

}  // namespace

TEST_CASE("damaged files load or say what is wrong") {
  Diagnostics out;
  const auto workspace = load_workspace(MUSTER_SOURCE_DIR, out);
  REQUIRE(out.empty());
  const DrillContext context{workspace.inventory, workspace.people, workspace.playbooks};
  const char* wish = std::getenv("MUSTER_FUZZ");
  const long count = wish ? std::atol(wish) : 2000;
  Mutator mutator{examples(), 20261123};
  std::size_t well = 0;
  for (long i = 0; i < count; ++i) {
    const auto text = mutator.next();
    std::string trouble;
    try {
      trouble = trouble_with(text, context);
    } catch (const std::exception& e) {
      trouble = std::string{"an exception: "} + e.what();
    }
    if (trouble.empty()) {
      ++well;
      continue;
    }
    CAPTURE(i, text);
    FAIL(trouble);
  }
  CHECK(well == static_cast<std::size_t>(count));
}
