// A fault's functions called as a person would by hand: `SHELL SCRIPT FUNCTION`, with no dead-man
// and no channel around them, so that each of the shells that Muster may meet runs the fault
// itself.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "catalogue/parameter.hpp"

namespace muster::test {

/// The shells that targets have.
extern const std::vector<std::vector<std::string>> kShells;

struct Told {
  int code = -1;     // 0 yes, 1 no, 2 could not
  std::string text;  // what people read, and the evidence: "key=value" lines
};

/// As it was told to be: 0 yes, 1 no, 2 could not; and what people read holds `text`.
void expect(const Told& told, int code, const std::string& text);

/// The whole text that travels, of whatever is in the catalogue.
struct Script {
  std::string text;
};

class ByHand {
 public:
  /// `before`: words that stand before the shell (`nsenter …`).
  ByHand(const std::string& fault, std::vector<std::string> shell,
         std::vector<std::string> before = {});
  ByHand(const Script& script, std::vector<std::string> shell,
         std::vector<std::string> before = {});
  ~ByHand();
  /// A list parameter, as the plan spells it.
  void list(const std::string& name, const std::vector<std::string>& items);
  Told run(const std::string& function, bool again = false) const;
  /// Its memory is gone, as after a restart of the host.
  void forget() const;
  std::filesystem::path dir() const { return dir_; }

  catalogue::Values values;
  std::string who = "revert";  // who undoes: the runner, or "lease", the dead-man

 private:
  std::filesystem::path dir_;
  std::vector<std::string> words_;
};

/// Output and exit status of a program; stdin is empty. The environment is `environment` alone.
Told run_program(const std::vector<std::string>& argv, const std::vector<std::string>& environment);

}  // namespace muster::test
