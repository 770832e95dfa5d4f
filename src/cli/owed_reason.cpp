#include "cli/owed_reason.hpp"

#include "base/text.hpp"

namespace muster::cli {

namespace {

constexpr std::size_t kOwedReasonBytesMax = 2'000;

}  // namespace

std::string problem_of_reason(const std::string& reason, const std::string& owed) {
  if (trimmed(reason).empty()) return owed;
  if (reason.size() > kOwedReasonBytesMax) return "the reason is above 2,000 bytes";
  return printable(reason) == reason ? "" : "the reason holds characters that cannot be printed";
}

}  // namespace muster::cli
