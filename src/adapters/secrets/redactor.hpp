// Takes secrets out of what targets and services say, before anybody else sees it: the value, each
// of its lines of 6 bytes or more, its base64 (also inside of a longer text that was encoded), its
// percent-encoded form, and what a cut that is marked (`[…]`, ` …[N bytes more]`) left of them.
// What it is not: proof against a command that disguises a secret in another way (docs/secrets.md).
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace muster::secrets {

class Redactor {
 public:
  Redactor() = default;
  ~Redactor();
  Redactor(const Redactor&) = delete;
  Redactor& operator=(const Redactor&) = delete;

  void add(const std::string& name, std::string_view value);
  /// Each is replaced by "[secret NAME]".
  std::string redacted(std::string text) const;

 private:
  struct Form {
    std::string bytes;
    std::string mark;
  };
  void add_form(std::string bytes, const std::string& mark);
  void redact_cuts(std::string& text) const;
  std::size_t redact_before(std::string& text, std::size_t end) const;
  void redact_behind(std::string& text, std::size_t begin) const;

  std::vector<Form> forms_;  // the longest first
};

/// RFC 3986: all but letters, digits, "-", ".", "_", "~" as %XX.
std::string percent_encoded(std::string_view bytes);

}  // namespace muster::secrets
