// What travels through a channel: one frame a call, one answer a frame. Pure: text in, text out.
// The format and why it is so: docs/protocol.md.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ports/shell.hpp"

namespace muster::shell {

struct FrameLimits {
  static constexpr std::size_t kValueBytesMax = 64u << 10;  // an environment value must hold it
  static constexpr std::size_t kScriptBytesMax = 256u << 10;
  static constexpr std::size_t kFrameBytesMax = 2u << 20;      // encoded
  static constexpr std::size_t kEvidenceBytesMax = 64u << 10;  // the first ones are kept
  static constexpr std::size_t kOutputBytesMax = 16u << 10;    // the last ones are kept
};

/// Bytes as `printf %b` reads them back: octal outside of [A-Za-z0-9_./:=@,+-]. Safe within '…'.
std::string octal(std::string_view bytes);

/// Fit to name a value: a-z, 0-9 and _.
bool is_value_name(std::string_view name);
/// Fit to name a run or an effect; also when it is empty.
bool is_id(std::string_view id);
/// Why bytes cannot travel: a zero byte, or more of them than `bytes_max`.
Result<> can_travel(std::string_view name, std::string_view bytes, std::size_t bytes_max);
/// Why what a command reads cannot travel with this call.
Result<> can_read(const ports::Call& call);

/// A call as one complete compound command for `sh -s`, or why it cannot be one (a zero byte, a
/// limit).
Result<std::string> frame(const ports::Call& call, std::string_view nonce);

/// What a new channel is sent first: the verbs. Its answer says that the other end is a shell of
/// ours.
std::string opening_frame(std::string_view target_script, std::string_view nonce);

/// Stands wherever something was left away, on a line of its own: what borders on it may be a piece
/// of a secret, and is looked at as such (adapters/secrets/redactor.cpp).
constexpr std::string_view kCut = "[…]";

/// Collects the answer to one frame from the two streams of a channel.
class AnswerReader {
 public:
  explicit AnswerReader(std::string nonce);
  /// The channel's stdout: evidence, then "\nNONCE STATUS\n".
  void out(std::string_view bytes);
  /// The channel's stderr: what people read, then "\nNONCE\n".
  void err(std::string_view bytes);
  /// Both streams have said their last word on this frame.
  bool complete() const { return status_ >= 0 && err_over_; }
  /// said, status, evidence, output; `unknown`, and marked as cut, as long as it is not complete.
  ports::Answer answer(ports::Verb verb) const;
  /// What came on stderr so far.
  std::string said() const;

 private:
  std::string nonce_;
  std::string evidence_, out_tail_;  // kept evidence; bytes that may be the start of the last line
  std::string output_;
  int status_ = -1;
  bool err_over_ = false;
  bool output_cut_ = false, evidence_cut_ = false;
};

}  // namespace muster::shell
