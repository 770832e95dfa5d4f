#include "adapters/terminal/keyboard.hpp"

namespace muster::terminal {

namespace {

/// The last character, with all of its bytes.
void take_back(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.pop_back();
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
    } else if (code >= 0x20 && text_.size() < kBytesMax) {
      text_ += c;
    }
  }
}

}  // namespace muster::terminal
