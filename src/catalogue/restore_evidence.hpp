// What a script wrote to fd 3: `key=value` lines. The first value of a key counts: an inner
// function that gives up says why before those around it do.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace muster::catalogue {

std::map<std::string, std::string> fields_of(std::string_view evidence);
/// "" when it is not there.
std::string value_of(const std::map<std::string, std::string>& fields, const std::string& key);
/// 0 when it is not there or no number.
std::uint64_t number_of(const std::map<std::string, std::string>& fields, const std::string& key);
/// As an object of texts, each bounded.
Json json_of(const std::map<std::string, std::string>& fields);

}  // namespace muster::catalogue
