// What the engine would have written as data about the runs of story.hpp.
#pragma once
#include "base/json.hpp"

namespace muster::test {

/// Of a preflight that was answered.
Json facts(const char* machine);
/// An interval in milliseconds.
Json length(int lo, int hi);
/// Of the service orders: lost at 121.62 s, back at `back` ms.
Json finding(int back);
Json objectives(int back, const char* rto_met, const char* reason, const char* limit);
/// The outcome of a restore that started at `started` ms.
Json restored(int started);

}  // namespace muster::test
