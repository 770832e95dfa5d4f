// What a fault, a restore provider or a probe may be told in a playbook's `with:`.
#pragma once
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace muster::catalogue {

/// The last three are of probes only: `address` is host:port, `url` http(s)://…, `command` a list
/// (or one text, which a shell runs) whose words are arguments.
enum class ParameterType {
  string,
  path,
  integer,
  boolean,
  duration,
  size,
  percent,
  time,
  list,
  address,
  url,
  command
};

/// What of a value no page, line or message may show.
enum class Secrecy {
  none,
  whole,     // the value is a secret
  conninfo,  // the passwords in libpq's text
  url        // the password before the @, and secret parameters
};

struct Parameter {
  std::string name;  // [a-z][a-z0-9_]*
  ParameterType type = ParameterType::string;
  bool required = false;
  std::string fallback =
      {};  // used when it is not given; in the same spelling as a user would write it
  std::string help = {};
  std::vector<std::string> words = {};                            // when there are any, one of them
  std::int64_t least = std::numeric_limits<std::int64_t>::min();  // of an integer
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  Secrecy secrecy = Secrecy::none;
  bool operator==(const Parameter&) const = default;
};

/// Parameter values on their way to a target, as text. A list travels as NAME_0, NAME_1, … with
/// NAME_count. Nothing in here is ever parsed by a shell (reference: protocol, "Frames").
using Values = std::map<std::string, std::string>;

/// Whether its value travels as NAME_0, NAME_1, … and NAME_count.
bool is_list(ParameterType type);

struct HostPort {
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 0;
  bool operator==(const HostPort&) const = default;
};
/// "lb-1:443", "[::1]:443"
Result<HostPort> parse_host_port(std::string_view text);

/// Checks one value against its parameter: a size must be a size, a path absolute and free of "..".
/// Text that still holds `${…}` passes: it is checked again when it is bound.
Result<> check_value(const Parameter& parameter, std::string_view text);
/// Same, without the parameter's name in the message.
Result<> check_text(const Parameter& parameter, std::string_view text);

Result<ParameterType> parse_parameter_type(std::string_view word);
std::string_view name_of(ParameterType type);

}  // namespace muster::catalogue
