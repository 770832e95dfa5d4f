// What travels to a gate (catalogue/gate.hpp) in place of frames for `sh -s`: data lines, of which
// nothing is shell. Answers are the same, and AnswerReader reads them. Pure. Format: docs/sudo.md.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ports/shell.hpp"

namespace muster::shell {

/// A call as one frame, or why it cannot be one. The script of an effect does not travel: the gate
/// has it, and is told its SHA-256.
Result<std::string> gate_frame(const ports::Call& call, std::string_view nonce);

/// What a new channel is sent first. Its answer says that the other end is a gate.
std::string gate_opening(std::string_view nonce);

}  // namespace muster::shell
