// table: reads lines from stdin, and answers each on a line of its own, or with "! why".
//   KEYS<TAB>ZONE<TAB>AFTER<TAB>COUNT            the next nominal times of a schedule
//   freeze<TAB>FILE<TAB>ZONE<TAB>SECOND SECOND…  1 or 0: whether the calendar freezes at that
//   second
//                                                since 1970
// For compare.py and freezes.py, which hold the answers against other programs'.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "base/text.hpp"
#include "tests/schedule/helper.hpp"

using namespace muster;
using namespace muster::schedule;

namespace {

std::string times_of(const std::vector<std::string>& fields) {
  config::Diagnostics out;
  const auto schedule = compiled(fields[0], out, fields[1]);
  if (!schedule) return "! " + std::string{trimmed(errors_in(out))};
  std::string text;
  auto one = schedule->next(local(fields[2]));
  for (int i = std::stoi(fields[3]); one && i > 0; --i, one = schedule->next(one->nominal))
    text += (text.empty() ? "" : " ") + format_local(one->nominal);
  return text;
}

std::string frozen_at(const std::vector<std::string>& fields) {
  std::ifstream in{fields[1], std::ios::binary};
  CalendarFile file;
  file.name = "c";
  file.bytes.emplace(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
  file.fresh_for = std::chrono::hours{1};
  const Freezes freezes{{file}};
  const auto reader = zone(fields[2]);
  std::string text;
  for (const auto& second : split(fields[3], ' ')) {
    const WallTime at{std::chrono::seconds{std::stoll(second)}};
    const auto frozen = freezes.frozen_at(at, file.modified, reader);
    if (frozen && frozen->is != Frozen::Is::event) return "! " + frozen->what;
    text += (text.empty() ? "" : " ") + std::string{frozen ? "1" : "0"};
  }
  return text;
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    const auto fields = split(line, '\t');
    if (fields.size() != 4) return 2;
    std::cout << (fields[0] == "freeze" ? frozen_at(fields) : times_of(fields)) << '\n';
  }
}
