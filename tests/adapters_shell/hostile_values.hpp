// What nobody should write into a value, and somebody will. Each would leave the file `ran` behind
// if anything of it were run.
#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "catalogue/parameter.hpp"

namespace muster::test {

/// A file that is there once something of a value was run, and a program that makes it, whatever
/// else it is called with and as whom.
class Trap {
 public:
  Trap() {
    std::ofstream{program()} << "#!/bin/sh\n: >" << file_ << "\n";
    std::filesystem::permissions(program(), std::filesystem::perms{0755});
  }
  ~Trap() {
    std::filesystem::remove(program());
    std::filesystem::remove(file_);
  }
  Trap(const Trap&) = delete;
  Trap& operator=(const Trap&) = delete;

  bool sprung() const { return std::filesystem::exists(file_); }
  const std::string& file() const { return file_; }
  std::string program() const { return file_ + ".sh"; }

 private:
  const std::string file_ =
      (std::filesystem::temp_directory_path() / ("muster-ran-" + random_id())).string();
};

inline std::vector<std::string> hostile_values(const Trap& trap) {
  const auto& ran = trap.file();
  return {"/x " + trap.program() + " y",
          "x\n" + trap.program() + "\n",
          "$(touch " + ran + ")",
          "`touch " + ran + "`",
          "'; touch " + ran + "; '",
          "\"; touch " + ran + "; \"",
          "x\ntouch " + ran + "\n",
          "${x:-$(touch " + ran + ")}",
          "--help",
          "-e touch",
          "*",
          "{ touch " + ran + "; }",
          "& touch " + ran + " &",
          "| touch " + ran,
          "> " + ran,
          "\\$(touch " + ran + ")\\",
          "drop; } table inet evil { ",
          "\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\xa5\xe2\x80\xae",
          "\x1b]0;x\x07\r",
          "a[$(touch " + ran + ")]",
          "%n%s$(touch " + ran + ")",
          std::string(64u << 10, 'x'),
          "1 + " + std::string(60u << 10, '9')};
}

/// Refused before anything is sent: a zero byte, and what is too long to travel.
inline std::vector<std::string> values_that_cannot_travel() {
  return {std::string{"a\0b", 3}, std::string(1u << 20, 'x')};
}

/// One that is well-formed, and fits nothing on this host.
inline std::string harmless_value(const catalogue::Parameter& parameter) {
  using enum catalogue::ParameterType;
  if (!parameter.words.empty()) return parameter.words.front();
  if (!parameter.fallback.empty()) return parameter.fallback;
  switch (parameter.type) {
    case path:
      return "/nonexistent-muster";
    case integer:
      return "999999999";
    case boolean:
      return "false";
    case duration:
      return "1s";
    case size:
      return "1MiB";
    case percent:
      return "1%";
    default:
      return "muster-no-such";
  }
}

}  // namespace muster::test
