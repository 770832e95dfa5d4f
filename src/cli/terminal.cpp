#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace muster::cli {

void say(std::string_view line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

int complain(const Error& error, int code) {
  std::fflush(stdout);
  fmt::print(stderr, "muster: {}\n", error.what);
  if (!error.hint.empty()) fmt::print(stderr, "        {}\n", error.hint);
  return code;
}

bool wants_colour() {
  const char* term = std::getenv("TERM");
  const char* none = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && (!none || !*none) && term && std::string_view{term} != "dumb";
}

}  // namespace muster::cli
