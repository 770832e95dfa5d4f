// Which of a slot's hosts `pick` takes: by SHA-256, so that anybody can do it again with any tool.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace muster::plan {

/// The `count` hosts whose SHA-256 of "SEED|HOST" (the seed in decimal digits) are the lowest, in
/// the order in which they were given. `count` is at most hosts.size().
std::vector<std::string> picked(const std::vector<std::string>& hosts, std::size_t count,
                                std::uint64_t seed);

/// A share (0 to 1) of `of` hosts: rounded up, so at least one. 50% of 5 is 3.
std::size_t share_of(double share, std::size_t of);

}  // namespace muster::plan
