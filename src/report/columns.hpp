// How wide a text is in a terminal, and texts made to fit. Pure; knows nothing of a terminal but
// its width. A character of East Asian scripts and most pictographs take two columns, combining
// marks none (Unicode's East Asian Width, UAX #11, in its coarse ranges: names of hosts and
// people).
#pragma once
#include <string>
#include <string_view>

namespace muster::report {

/// Of text without control characters; colours (ESC [ … m) count nothing.
int columns_of(std::string_view text);

/// Cut to at most `columns`, with `…` (or `~` when only ASCII is wanted) in the last one. Colours
/// stay whole.
std::string cut_to(std::string_view text, int columns, bool unicode = true);

/// Filled with blanks up to `columns`; longer text stays as it is.
std::string padded(std::string_view text, int columns);

}  // namespace muster::report
