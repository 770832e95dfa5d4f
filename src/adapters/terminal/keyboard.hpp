// One line that a person types while the screen around it is painted anew all the time: the
// terminal echoes nothing, so what is typed so far is ours to show. Ctrl-C, Ctrl-\ and Ctrl-Z keep
// their meaning.
//
// Thread: the io_context's. The terminal is put back when this is destroyed, and around Ctrl-Z.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace muster::terminal {

/// What is typed so far. Backspace, Ctrl-W (word) and Ctrl-U (line) take back; other control
/// characters and sequences of special keys are passed over; UTF-8 stays whole. Bytes that are no
/// UTF-8 are kept as they came: who takes the line judges it. Pure.
class LineEditor {
 public:
  static constexpr std::size_t kBytesMax = 4096;
  /// Calls `done` with each line that was ended with Enter.
  void type(std::string_view bytes, const std::function<void(const std::string&)>& done);
  const std::string& text() const { return text_; }

 private:
  enum class Sequence { none, escape, parameters };
  Sequence sequence_ = Sequence::none;
  bool full_ = false;  // there is no room for the character that comes now
  std::string text_;
};

class Keyboard {
 public:
  /// `typed`: something changed, paint anew. `entered`: a whole line. Nothing when `fd` is no
  /// terminal.
  static std::unique_ptr<Keyboard> open(boost::asio::io_context& io, int fd,
                                        std::function<void()> typed,
                                        std::function<void(const std::string&)> entered);
  ~Keyboard();
  const std::string& text() const;

 private:
  struct Impl;
  explicit Keyboard(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace muster::terminal
