// What is said between Muster and a sudo that may ask for a password. The password goes only after
// sudo's own prompt, a fresh random word, was seen: where sudo asks for none (NOPASSWD, a fresh
// timestamp), sh would execute it. The shell behind sudo says that it is there by a second word.
// Pure. Source: docs/protocol.md, "Channel".
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace muster::shell {

class SudoDialogue {
 public:
  /// `up` is what says that the far end is there; a gate has a word of its own for that.
  explicit SudoDialogue(std::string up = {});

  /// `sudo -S -p PROMPT -u USER --`
  std::vector<std::string> sudo_words(const std::string& user) const;
  /// A line of sh that says that it is there, then becomes what its arguments say. No quotes in it.
  std::string greeting() const;

  enum class Next {
    wait,
    password,  // it asks: send it now, with a newline
    refused,   // it asks again: the password was wrong. Another try could lock the account.
    shell      // what was asked for is there
  };
  /// Bytes of the far end's stderr.
  Next heard(std::string_view bytes);
  /// It has asked, so the password was sent.
  bool asked() const { return asked_; }
  /// What it said besides, the last 4 KiB, with the mark of a cut (frame.hpp).
  std::string said() const;

 private:
  std::string prompt_, up_, said_;
  bool asked_ = false, cut_ = false;
};

}  // namespace muster::shell
