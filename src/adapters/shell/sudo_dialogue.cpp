#include "adapters/shell/sudo_dialogue.hpp"

#include "adapters/shell/frame.hpp"
#include "base/id.hpp"

namespace muster::shell {
namespace {
constexpr std::size_t kSaidBytesMax = 4096;
}

SudoDialogue::SudoDialogue(std::string up)
    : prompt_{random_id()}, up_{up.empty() ? random_id() : std::move(up)} {}

std::vector<std::string> SudoDialogue::sudo_words(const std::string& user) const {
  return {"sudo", "-S", "-p", prompt_, "-u", user, "--"};
}

std::string SudoDialogue::greeting() const {
  return "echo " + up_ + " >&2; exec ";
}

SudoDialogue::Next SudoDialogue::heard(std::string_view bytes) {
  said_ += bytes;
  Next next = Next::wait;
  if (const auto at = said_.find(up_); at != std::string::npos) {
    said_.erase(at, up_.size());
    return Next::shell;
  }
  if (const auto at = said_.find(prompt_); at != std::string::npos) {
    said_.erase(at, prompt_.size());
    next = asked_ ? Next::refused : Next::password;
    asked_ = true;
  }
  // Neither word is ever cut in two: what is kept is far longer than they are.
  if (said_.size() > kSaidBytesMax) {
    said_.erase(0, said_.size() - kSaidBytesMax);
    cut_ = true;
  }
  return next;
}

std::string SudoDialogue::said() const {
  return cut_ ? std::string{kCut} + "\n" + said_ : said_;
}

}  // namespace muster::shell
