// Takes a request's target apart and finds the pattern that it fits.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::api {

struct Path {
  std::vector<std::string> segments;         ///< unescaped: a name may hold a slash
  std::map<std::string, std::string> query;  ///< unescaped
};

/// An error: no absolute path, a wrong escape, an empty segment, a name that is not printable
/// ASCII, or a key of the query twice.
Result<Path> parse_target(std::string_view target);

/// What stands for the {names} of a pattern like "/v1/logs/{log}/tip", in order; nullopt: it does
/// not fit.
std::optional<std::vector<std::string>> matched(const Path& path, std::string_view pattern);

}  // namespace muster::api
