#include "adapters/shell/gate_frame.hpp"

#include <fmt/format.h>

#include "adapters/shell/frame.hpp"
#include "catalogue/gate.hpp"

namespace muster::shell {
namespace {

constexpr std::size_t kGateFrameBytesMax = 1u << 20;

std::string head(std::string_view nonce, std::string_view verb, std::string_view effect,
                 std::string_view run) {
  return fmt::format("{} {} {} {} {}\n", catalogue::kGateFrame, nonce, verb,
                     effect.empty() ? "-" : effect, run);
}

/// "KIND NAME OCTAL", a value each.
Result<> add(std::string& to, char kind, std::string_view name, std::string_view bytes) {
  if (const auto fine = can_travel(name, bytes, FrameLimits::kValueBytesMax); !fine) return fine;
  to += fmt::format("{} {} {}\n", kind, name, octal(bytes));
  return {};
}

Result<> add_all(std::string& to, const ports::Call& call) {
  for (const auto& [name, value] : call.values) {
    if (!is_value_name(name))
      return Error{fmt::format("'{}' is not a value's name", name), "a-z, 0-9 and _"};
    const bool parameter = name.starts_with("p_");
    const auto added = add(to, parameter ? 'p' : 'v', parameter ? name.substr(2) : name, value);
    if (!added) return added;
  }
  if (call.verb != ports::Verb::command) return {};
  if (call.argv.empty()) return Error{"a command without a word", "name the program"};
  for (std::size_t i = 0; i < call.argv.size(); ++i)
    if (const auto added = add(to, 'a', std::to_string(i), call.argv[i]); !added) return added;
  return {};
}

}  // namespace

Result<std::string> gate_frame(const ports::Call& call, std::string_view nonce) {
  if (!is_id(call.run) || call.run.empty())
    return Error{fmt::format("'{}' cannot name a run", call.run)};
  if (!is_id(call.effect)) return Error{fmt::format("'{}' cannot name an effect", call.effect)};
  auto text = head(nonce, ports::name_of(call.verb), call.effect, call.run);
  if (const auto added = add_all(text, call); !added) return added.error();
  if (const auto fine = can_read(call); !fine) return fine.error();
  if (!call.standard_input.empty()) text += fmt::format("i - {}\n", octal(call.standard_input));
  text += fmt::format("end {}\n", nonce);
  if (text.size() > kGateFrameBytesMax)
    return Error{fmt::format("a call of {} bytes; at most {} can travel to a gate", text.size(),
                             kGateFrameBytesMax),
                 "shorten its values"};
  return text;
}

std::string gate_opening(std::string_view nonce) {
  return head(nonce, "hello", {}, "opening") + fmt::format("end {}\n", nonce);
}

}  // namespace muster::shell
