// Sizes and shares as users write them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace muster {

/// Bytes: "512MiB", "1GB", "4096B". Binary (KiB) and decimal (kB, MB) units; a unit is required.
Result<std::uint64_t> parse_size(std::string_view text);
/// "1.5 GiB", for people.
std::string human_size(std::uint64_t bytes);

/// "50%" -> 0.5; 0% to 100%.
Result<double> parse_percent(std::string_view text);

/// "20/s", "1200/m" -> events per second; above 0, at most 10,000.
Result<double> parse_rate(std::string_view text);

}  // namespace muster
