#include "adapters/terminal/keyboard.hpp"

namespace muster::terminal {

namespace {

/// A byte of a UTF-8 character that is not its first.
bool is_rest(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}
/// Of the UTF-8 character that begins so.
std::size_t length_of(unsigned char first) {
  return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
}

/// The last character, with all of its bytes.
void take_back(std::string& text) {
  while (!text.empty() && is_rest(static_cast<unsigned char>(text.back()))) text.pop_back();
  if (!text.empty()) text.pop_back();
}

}  // namespace

void LineEditor::type(std::string_view bytes, const std::function<void(const std::string&)>& done) {
  for (const char c : bytes) {
    const auto code = static_cast<unsigned char>(c);
    if (sequence_ == Sequence::escape) {
      sequence_ = c == '[' || c == 'O' ? Sequence::parameters : Sequence::none;
    } else if (sequence_ == Sequence::parameters) {
      if (code >= 0x40 && code <= 0x7E) sequence_ = Sequence::none;
    } else if (c == '\x1b') {
      sequence_ = Sequence::escape;
    } else if (c == '\r' || c == '\n') {
      const std::string line = std::move(text_);
      text_.clear();
      done(line);
    } else if (c == '\x7f' || c == '\b') {
      take_back(text_);
    } else if (c == '\x15') {
      text_.clear();
    } else if (c == '\x17') {
      while (!text_.empty() && text_.back() == ' ') text_.pop_back();
      while (!text_.empty() && text_.back() != ' ') text_.pop_back();
    } else if (code >= 0x20) {
      // A character goes in whole or not at all.
      if (!is_rest(code)) full_ = text_.size() + length_of(code) > kBytesMax;
      if (!full_ && text_.size() < kBytesMax) text_ += c;
    }
  }
}

}  // namespace muster::terminal
