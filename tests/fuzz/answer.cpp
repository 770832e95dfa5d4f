// What a target sends over a channel; what stands below `=== err` came on the other stream. However
// it is cut into pieces, it is the same answer, bounded and printable. The same bytes as a value on
// the way there: octal that only printf reads, and in which no shell finds anything.
#include <algorithm>

#include "adapters/shell/frame.hpp"
#include "tests/fuzz/files.hpp"
#include "tests/fuzz/target.hpp"

namespace muster::fuzz {
namespace {

ports::Answer fed(const Files& streams, std::size_t piece, bool& complete) {
  shell::AnswerReader reader{"0f1e2d"};
  const auto feed = [&](const char* name, void (shell::AnswerReader::*take)(std::string_view)) {
    const auto it = streams.find(name);
    if (it == streams.end()) return;
    for (std::string_view rest = it->second; !rest.empty();) {
      (reader.*take)(rest.substr(0, piece));
      rest.remove_prefix(std::min(piece, rest.size()));
    }
  };
  feed("out", &shell::AnswerReader::out);
  feed("err", &shell::AnswerReader::err);
  complete = reader.complete();
  return reader.answer(ports::Verb::command);
}

std::string decoded(std::string_view octal) {
  std::string out;
  for (std::size_t i = 0; i < octal.size(); ++i) {
    if (octal[i] != '\\') {
      out += octal[i];
      continue;
    }
    out += static_cast<char>(std::stoi(std::string{octal.substr(i + 1, 4)}, nullptr, 8));
    i += 4;
  }
  return out;
}

}  // namespace

void answer(std::string_view bytes) {
  const auto streams = files_of(bytes, "out");
  bool whole_ends = false, pieces_end = false;
  const auto whole = fed(streams, bytes.size() + 1, whole_ends);
  const auto pieces = fed(streams, 7, pieces_end);
  promise(whole_ends == pieces_end, "whether it has ended depends on how it came");
  if (whole_ends)
    promise(whole.said == pieces.said && whole.status == pieces.status &&
                whole.evidence == pieces.evidence && whole.output == pieces.output,
            "what was said depends on how it came");
  for (const auto& text : {whole.evidence, whole.output, pieces.evidence, pieces.output})
    promise_printable(text, "an answer");

  const auto octal = shell::octal(bytes);
  promise(octal.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_./:=@,+-\\") == std::string::npos,
          "octal holds what a shell may see");
  promise(decoded(octal) == bytes, "octal is read back otherwise");
}

}  // namespace muster::fuzz
