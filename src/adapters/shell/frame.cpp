#include "adapters/shell/frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace muster::shell {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"_./:=@,+-"}.find(c) != std::string_view::npos;
}

/// Gathers the assignments of a frame; the first thing that cannot travel is kept as the error.
class Assignments {
 public:
  /// NAME=bytes, exactly, whatever they are.
  void decoded(std::string_view name, std::string_view bytes, std::size_t bytes_max) {
    if (!fits(name, bytes, bytes_max)) return;
    text_ += fmt::format("{0}=$(printf '%b_' '{1}'); {0}=${{{0}%_}}; ", name, octal(bytes));
  }
  /// NAME=the octal text itself: decoded only where it becomes a parameter.
  void encoded(std::string_view name, std::string_view bytes) {
    if (fits(name, bytes, FrameLimits::kValueBytesMax))
      text_ += fmt::format("{}='{}'; ", name, octal(bytes));
  }
  void refuse(Error e) {
    if (error_.what.empty()) error_ = std::move(e);
  }
  Result<std::string> text() const {
    if (!error_.what.empty()) return error_;
    return text_;
  }

 private:
  bool fits(std::string_view name, std::string_view bytes, std::size_t bytes_max) {
    if (const auto fine = can_travel(name, bytes, bytes_max); !fine) refuse(fine.error());
    return error_.what.empty();
  }
  std::string text_;
  Error error_;
};

/// Values named p_X are parameters of the effect's script; all others speak to the verb.
Result<std::string> assignments(const ports::Call& call) {
  Assignments all;
  if (!is_id(call.run)) all.refuse({fmt::format("'{}' cannot name a run", call.run), ""});
  if (!is_id(call.effect)) all.refuse({fmt::format("'{}' cannot name an effect", call.effect), ""});
  all.decoded("V_run", call.run, 128);
  std::string parameters;
  for (const auto& [name, value] : call.values) {
    if (!is_value_name(name)) {
      all.refuse({fmt::format("'{}' is not a value's name", name), "a-z, 0-9 and _"});
    } else if (name.starts_with("p_")) {
      all.encoded("O_" + name.substr(2), value);
      parameters += (parameters.empty() ? "" : " ") + name.substr(2);
    } else {
      all.decoded("V_" + name, value, FrameLimits::kValueBytesMax);
    }
  }
  all.decoded("V_params", parameters, FrameLimits::kValueBytesMax);
  if (!call.script.empty()) all.decoded("V_script", call.script, FrameLimits::kScriptBytesMax);
  if (call.verb == ports::Verb::command) {
    if (call.argv.empty()) all.refuse({"a command without a word", "name the program"});
    all.decoded("A_count", std::to_string(call.argv.size()), 16);
    for (std::size_t i = 0; i < call.argv.size(); ++i)
      all.decoded(fmt::format("A_{}", i), call.argv[i], FrameLimits::kValueBytesMax);
  }
  return all.text();
}

/// What the command reads, by a pipe from the shell's own printf: no process has it as an argument,
/// and no file holds it.
Result<std::string> input_pipe(const ports::Call& call) {
  const auto& input = call.standard_input;
  if (const auto fine = can_read(call); !fine) return fine.error();
  if (input.empty()) return std::string{};
  return fmt::format("printf %b '{}' | ", octal(input));
}

ports::Said said_by(int status) {
  switch (status) {
    case 0:
      return ports::Said::yes;
    case 1:
      return ports::Said::no;
    case 2:
      return ports::Said::could_not;
    case 75:
      return ports::Said::expired;
    case 76:
      return ports::Said::exists;
    case 77:
      return ports::Said::fenced;
    default:
      // No verb ends so: it was killed, or something of it is missing. How far it came nobody
      // knows.
      return ports::Said::unknown;
  }
}

/// Without the characters that a cut tore: what is left of them is no text.
std::string_view without_torn_front(std::string_view text) {
  for (int i = 0; i < 3 && !text.empty() && (text.front() & 0xC0) == 0x80; ++i)
    text.remove_prefix(1);
  return text;
}
std::string_view without_torn_back(std::string_view text) {
  for (std::size_t n = 1; n <= std::min<std::size_t>(3, text.size()); ++n) {
    const auto first = static_cast<unsigned char>(text[text.size() - n]);
    if ((first & 0xC0) == 0x80) continue;
    const std::size_t whole = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    return whole > n ? text.substr(0, text.size() - n) : text;
  }
  return text;
}

/// Text that goes on after its end.
std::string cut_behind(std::string_view text) {
  const auto whole = without_torn_back(text);
  if (whole.empty()) return {};
  return fmt::format("{}{}{}\n", printable(whole), whole.ends_with('\n') ? "" : "\n", kCut);
}

/// The value of the line "status=N" that the verb `command` wrote, or -1.
int command_status(std::string_view evidence) {
  constexpr std::string_view key = "status=";
  const auto at = evidence.rfind(key);
  if (at == std::string_view::npos) return -1;
  int status = -1;
  std::from_chars(evidence.data() + at + key.size(), evidence.data() + evidence.size(), status);
  return status;
}

}  // namespace

bool is_value_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_id(std::string_view id) {
  return id.size() <= 128 && !id.starts_with('.') && std::ranges::all_of(id, [](char c) {
           return is_plain(c) && c != '/' && c != ':' && c != '=' && c != '@';
         });
}

Result<> can_travel(std::string_view name, std::string_view bytes, std::size_t bytes_max) {
  if (bytes.find('\0') != std::string_view::npos)
    return Error{fmt::format("{} holds a zero byte, which no shell can pass on", name),
                 "remove it"};
  if (bytes.size() > bytes_max)
    return Error{
        fmt::format("{} has {} bytes; at most {} can travel", name, bytes.size(), bytes_max),
        "shorten it"};
  return {};
}

Result<> can_read(const ports::Call& call) {
  if (call.standard_input.empty()) return {};
  if (call.verb != ports::Verb::command && call.verb != ports::Verb::inject)
    return Error{fmt::format("the verb {} reads nothing", ports::name_of(call.verb))};
  return can_travel("stdin", call.standard_input, FrameLimits::kValueBytesMax);
}

std::string octal(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    if (is_plain(c))
      out += c;
    else
      out += fmt::format("\\0{:03o}", static_cast<unsigned char>(c));
  }
  return out;
}

Result<std::string> frame(const ports::Call& call, std::string_view nonce) {
  const auto values = assignments(call);
  if (!values) return values.error();
  const auto input = input_pipe(call);
  if (!input) return input.error();
  auto text = fmt::format(
      "{{ ( {0}{4}m_{1} {2} ) </dev/null 3>&1 1>&2; printf '\\n%s %s\\n' {3} $?; "
      "printf '\\n%s\\n' {3} >&2; }}\n",
      *values, ports::name_of(call.verb), call.effect.empty() ? "-" : call.effect, nonce, *input);
  if (text.size() > FrameLimits::kFrameBytesMax)
    return Error{fmt::format("a call of {} bytes; at most {} can travel", text.size(),
                             FrameLimits::kFrameBytesMax),
                 "shorten its values"};
  return text;
}

std::string opening_frame(std::string_view target_script, std::string_view nonce) {
  return fmt::format(
      "{{ M_TEXT=$(printf '%b_' '{0}'); M_TEXT=${{M_TEXT%_}}; eval \"$M_TEXT\"; "
      "printf '\\n%s %s\\n' {1} $?; printf '\\n%s\\n' {1} >&2; }}\n",
      octal(target_script), nonce);
}

AnswerReader::AnswerReader(std::string nonce) : nonce_{std::move(nonce)} {}

void AnswerReader::out(std::string_view bytes) {
  if (status_ >= 0) return;
  out_tail_ += bytes;
  const auto mark = "\n" + nonce_ + " ";
  const auto at = out_tail_.find(mark);
  const auto end = at == std::string::npos ? at : out_tail_.find('\n', at + mark.size());
  if (end != std::string::npos)
    std::from_chars(out_tail_.data() + at + mark.size(), out_tail_.data() + end, status_);
  // All but what may still turn out to be the last line is evidence.
  const auto kept =
      at != std::string::npos ? at : out_tail_.size() - std::min(out_tail_.size(), mark.size());
  const auto room =
      FrameLimits::kEvidenceBytesMax - std::min(evidence_.size(), FrameLimits::kEvidenceBytesMax);
  evidence_ += out_tail_.substr(0, std::min(kept, room));
  evidence_cut_ = evidence_cut_ || kept > room;
  out_tail_.erase(0, kept);
}

void AnswerReader::err(std::string_view bytes) {
  if (err_over_) return;
  output_ += bytes;
  const auto at = output_.find("\n" + nonce_ + "\n");
  if (at != std::string::npos) {
    output_.erase(at);
    err_over_ = true;
  }
  // The mark must never be cut in two: what is kept is far longer than it.
  if (output_.size() > FrameLimits::kOutputBytesMax) {
    output_.erase(0, output_.size() - FrameLimits::kOutputBytesMax);
    output_cut_ = true;
  }
}

std::string AnswerReader::said() const {
  std::string_view text = output_;
  if (output_cut_) text = without_torn_front(text);
  if (!err_over_) text = without_torn_back(text);
  text = trimmed(text);
  return output_cut_ ? fmt::format("{}\n{}", kCut, printable(text)) : printable(text);
}

ports::Answer AnswerReader::answer(ports::Verb verb) const {
  ports::Answer answer;
  answer.evidence = evidence_cut_ || status_ < 0 ? cut_behind(evidence_) : printable(evidence_);
  answer.output = said();
  if (!err_over_ && !answer.output.empty()) answer.output += fmt::format("\n{}\n", kCut);
  if (!complete()) return answer;
  answer.said = said_by(status_);
  if (verb == ports::Verb::command) answer.status = command_status(evidence_);
  return answer;
}

}  // namespace muster::shell
