// table: reads rules from stdin, one a line as "KEYS<TAB>ZONE<TAB>AFTER<TAB>COUNT", prints the next
// nominal times of each on a line of its own, blank-separated, or "! why". For compare.py and the
// bench, which hold them against other programs'.
#include <iostream>
#include <string>

#include "base/text.hpp"
#include "tests/schedule/helper.hpp"

using namespace muster;
using namespace muster::schedule;

namespace {

std::string line_of(const std::string& line) {
  const auto fields = split(line, '\t');
  if (fields.size() != 4) return "! a line has four fields";
  config::Diagnostics out;
  const auto schedule = compiled(fields[0], out, fields[1]);
  if (!schedule) return "! " + std::string{trimmed(errors_in(out))};
  std::string text;
  auto one = schedule->next(local(fields[2]));
  for (int i = std::stoi(fields[3]); one && i > 0; --i, one = schedule->next(one->nominal))
    text += (text.empty() ? "" : " ") + format_local(one->nominal);
  return text;
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) std::cout << line_of(line) << '\n';
}
