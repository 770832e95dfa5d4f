// What holds for everything that somebody asks of a run, whichever door it came in by: the
// terminal, the socket, a signal. Internal to engine/.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "engine/core.hpp"

namespace muster::engine {

/// All texts of one request: an entry of the record holds 64 KiB.
inline constexpr std::size_t kRequestBytesMax = 16'000;

/// The same of what monitoring says at once; only what fits the drill is recorded, one by one.
inline constexpr std::size_t kAlertBytesMax = 512 << 10;

/// "" or why none of it can be written down: one byte that is no UTF-8 would end the record.
std::string unfit(const Request& request);

/// "" or why it is not taken: the policy wants what people do to be signed. Anybody may always stop
/// a drill.
std::string unsigned_one(const plan::Plan& plan, const Request& request);

/// A `request` of the whole run, with who asked and as far as it is given why.
journal::Draft asked(const Core& core, const Request& request, std::string_view what);

}  // namespace muster::engine
