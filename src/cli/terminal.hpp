// What a person sees: plain lines on stdout, errors on stderr.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster::cli {

/// Prints a line and flushes it: whoever watches a pipe sees it now.
void say(std::string_view line);
/// "muster: WHAT" and the hint below it, on stderr. Returns `code`, so that callers can return it.
int complain(const Error& error, int code);
/// A terminal that wants colour: is one, NO_COLOR is not set, TERM is not dumb.
bool wants_colour();

}  // namespace muster::cli
