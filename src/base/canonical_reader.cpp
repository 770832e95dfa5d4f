#include "base/canonical_reader.hpp"

#include <fmt/format.h>

// All of Boost.JSON that is no header, here and nowhere else; before its other headers.
#include <boost/json/src.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace muster {
namespace {

using boost::system::error_code;

/// Goes along the bytes as the parser tells what is in them, one canonical spelling after the
/// other.
class Spelling {
 public:
  Spelling(std::string_view bytes, JsonEvents& events) : bytes_(bytes), rest_(bytes), to_(events) {}

  void begins(char bracket) {
    value_begins();
    expect({&bracket, 1});
    levels_.push_back({bracket == '{', true, {}});
    if (bracket == '{')
      to_.object_begins();
    else
      to_.array_begins();
  }
  void ends(char bracket) {
    expect({&bracket, 1});
    levels_.pop_back();
    to_.ends();
  }
  void key(std::string_view name) {
    Level& level = levels_.back();
    if (!level.first) expect(",");
    if (!level.first && name <= level.key) refuse();
    for (const char c : name)
      if (static_cast<unsigned char>(c) > 126) refuse();
    level.first = false;
    level.key = name;
    quoted(name);
    expect(":");
    to_.key(name);
  }
  void text(std::string_view value) {
    value_begins();
    quoted(value);
    to_.text(value);
  }
  void number(std::int64_t value) {
    value_begins();
    if (value > kJsonIntegerMost || value < -kJsonIntegerMost) refuse();
    expect(fmt::format_int{value}.c_str());
    to_.number(value);
  }
  void boolean(bool value) {
    value_begins();
    expect(value ? "true" : "false");
    to_.boolean(value);
  }
  void null() {
    value_begins();
    expect("null");
    to_.null();
  }
  void refuse() { good_ = false; }

  bool good() const { return good_; }
  bool at_end() const { return good_ && rest_.empty(); }
  std::size_t at() const { return bytes_.size() - rest_.size(); }

 private:
  struct Level {
    bool is_object;
    bool first;
    std::string key;  ///< the last one
  };

  void value_begins() {
    if (levels_.size() > kJsonDepthMost) return refuse();
    if (levels_.empty() || levels_.back().is_object) return;
    if (!levels_.back().first) expect(",");
    levels_.back().first = false;
  }
  void expect(std::string_view spelling) {
    if (!good_) return;
    if (rest_.starts_with(spelling))
      rest_.remove_prefix(spelling.size());
    else
      refuse();
  }
  void quoted(std::string_view text) {
    expect("\"");
    std::size_t plain = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (c >= 0x20 && c != '"' && c != '\\') continue;
      expect(text.substr(plain, i - plain));
      expect_escaped(text[i]);
      plain = i + 1;
    }
    expect(text.substr(plain));
    expect("\"");
  }
  /// RFC 8785, 3.2.2.2: two characters where JSON has such an escape, else \u and lower-case
  /// digits.
  void expect_escaped(char c) {
    constexpr std::string_view kShort = "\b\t\n\f\r\"\\", kLetters = "btnfr\"\\";
    const auto known = kShort.find(c);
    expect("\\");
    if (known != std::string_view::npos)
      expect(kLetters.substr(known, 1));
    else
      expect(fmt::format("u{:04x}", static_cast<unsigned>(c)));
  }

  std::string_view bytes_, rest_;
  JsonEvents& to_;
  std::vector<Level> levels_;
  bool good_ = true;
};

/// What Boost's parser calls. Pieces of a text are put together first.
class Handler {
 public:
  static constexpr std::size_t max_object_size = ~std::size_t{};
  static constexpr std::size_t max_array_size = ~std::size_t{};
  static constexpr std::size_t max_key_size = ~std::size_t{};
  static constexpr std::size_t max_string_size = ~std::size_t{};
  using Piece = boost::json::string_view;

  explicit Handler(Spelling& spelling) : spelling_(spelling) {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& ec) { return spelling_.begins('{'), goes_on(ec); }
  bool on_object_end(std::size_t, error_code& ec) { return spelling_.ends('}'), goes_on(ec); }
  bool on_array_begin(error_code& ec) { return spelling_.begins('['), goes_on(ec); }
  bool on_array_end(std::size_t, error_code& ec) { return spelling_.ends(']'), goes_on(ec); }
  bool on_key_part(Piece piece, std::size_t, error_code&) { return gather(piece); }
  bool on_key(Piece piece, std::size_t, error_code& ec) {
    return spelling_.key(whole(piece)), gathered_.clear(), goes_on(ec);
  }
  bool on_string_part(Piece piece, std::size_t, error_code&) { return gather(piece); }
  bool on_string(Piece piece, std::size_t, error_code& ec) {
    return spelling_.text(whole(piece)), gathered_.clear(), goes_on(ec);
  }
  bool on_number_part(Piece, error_code&) { return true; }
  bool on_int64(std::int64_t value, Piece, error_code& ec) {
    return spelling_.number(value), goes_on(ec);
  }
  bool on_uint64(std::uint64_t, Piece, error_code& ec) { return spelling_.refuse(), goes_on(ec); }
  bool on_double(double, Piece, error_code& ec) { return spelling_.refuse(), goes_on(ec); }
  bool on_bool(bool value, error_code& ec) { return spelling_.boolean(value), goes_on(ec); }
  bool on_null(error_code& ec) { return spelling_.null(), goes_on(ec); }
  bool on_comment_part(Piece, error_code&) { return true; }
  bool on_comment(Piece, error_code&) { return true; }

 private:
  bool goes_on(error_code& ec) {
    if (!spelling_.good()) ec = boost::json::error::syntax;
    return spelling_.good();
  }
  bool gather(Piece piece) {
    gathered_.append(piece.data(), piece.size());
    return true;
  }
  std::string_view whole(Piece piece) {
    if (gathered_.empty()) return {piece.data(), piece.size()};
    gather(piece);
    return gathered_;
  }

  Spelling& spelling_;
  std::string gathered_;
};

}  // namespace

Result<> read_canonical(std::string_view bytes, JsonEvents& events) {
  Spelling spelling{bytes, events};
  boost::json::parse_options options;
  options.max_depth = kJsonDepthMost + 1;  // an empty list may stand at the last level
  boost::json::basic_parser<Handler> parser{options, spelling};
  error_code problem;
  parser.write_some(false, bytes.data(), bytes.size(), problem);
  if (problem && spelling.good())
    return Error{
        fmt::format("this is not JSON: {}, near byte {}", problem.message(), spelling.at())};
  if (!spelling.at_end())
    return Error{fmt::format("this JSON is not in its canonical form, at byte {}", spelling.at())};
  return {};
}

}  // namespace muster
