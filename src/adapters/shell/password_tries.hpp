// Which sudo passwords were sent and let nobody in: another try could lock the account, whichever
// channel makes it. One that let somebody in is held back only when sudo itself refuses it: a
// connection that broke says nothing about it. Keys are password_key() of command.hpp; no password
// is in here. Pure.
#pragma once
#include <set>
#include <string>

namespace muster::shell {

class PasswordTries {
 public:
  /// It was sent, and must not be sent again.
  bool spent(const std::string& key) const { return spent_.contains(key); }
  /// A shell came of it.
  void let_in(const std::string& key) { good_.insert(key); }
  /// It was sent, then sudo ended, hung up, or said nothing in time.
  void let_nobody_in(const std::string& key) {
    if (!good_.contains(key)) spent_.insert(key);
  }
  /// Sudo asked again.
  void refused(const std::string& key) { spent_.insert(key); }

 private:
  std::set<std::string> good_, spent_;
};

}  // namespace muster::shell
