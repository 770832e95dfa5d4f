// Errors that can be expected are values. Exceptions stay inside adapters.
#pragma once
#include <boost/system/result.hpp>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace muster {

/// What went wrong, for a reader who must act on it: `what` says what was expected and what was
/// found, `hint` (may be empty) says what to do next. Never holds a secret.
struct Error {
  std::string what;
  std::string hint;

  Error() = default;
  /// Error{what} or Error{what, hint}. Braces only: were an Error constructible from one string,
  /// boost::system::result could not tell a text from an error.
  Error(std::initializer_list<std::string_view> parts) {
    if (parts.size() > 0) what = *parts.begin();
    if (parts.size() > 1) hint = *(parts.begin() + 1);
  }
  bool operator==(const Error&) const = default;
};

/// One line: the fact, then the advice.
inline std::string to_string(const Error& e) {
  return e.hint.empty() ? e.what : e.what + " (" + e.hint + ")";
}

template <class T = void>
using Result = boost::system::result<T, Error>;

/// Called by Result::value() on an error: a programming mistake, since callers ask first.
[[noreturn]] inline void throw_exception_from_error(const Error& e, const boost::source_location&) {
  throw std::logic_error(to_string(e));
}

}  // namespace muster
