// Lanes on one axis of time, drawn as SVG: what the timeline is made of. It knows no run, only
// instants and words. Internal to report/.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "report/axis.hpp"
#include "report/markup.hpp"

namespace muster::report::html {

/// The same lanes are drawn once a layout, and the style shows the one that fits: labels beside the
/// lanes, or above them on a telephone. Lengths are units of the picture's own.
struct Layout {
  std::string_view name;  // also its class
  double width, left;     // of all, and where time begins
  bool above;             // labels stand above their lanes
  std::size_t label_chars;
  std::size_t ticks_max;
  double glyph;  // how wide a character of a small text is, about
};

inline constexpr Layout kWide{"wide", 1152, 258, false, 36, 10, 6.1};
inline constexpr Layout kMid{"mid", 760, 184, false, 27, 7, 5.6};
inline constexpr Layout kSlim{"slim", 358, 0, true, 30, 4, 5.6};

class Canvas {
 public:
  Canvas(const Layout& layout, Axis axis, Instant from, Instant to);

  const Layout& layout() const { return layout_; }
  double x(Instant t) const;
  double y() const { return y_; }
  double left() const { return layout_.left; }
  double right() const { return layout_.width - kMargin; }
  bool shows(Instant t) const { return t >= from_ && t <= to_; }
  Instant from() const { return from_; }
  Instant to() const { return to_; }

  void heading(std::string_view what);
  /// Opens a lane; what follows is drawn into it until the next one.
  void lane(std::string_view label, double height, std::string_view sub = {});
  /// Behind all lanes, over the whole height.
  void band(std::string_view kind, Instant from, Instant to);

  /// A bar of the style's class `kind`, at least three units wide.
  void bar(std::string_view kind, Instant from, Instant to);
  /// The same, striped: waiting, held.
  void stripes(std::string_view kind, Instant from, Instant to);
  enum class Mark { down, up, point };
  void mark(Mark mark, Instant at);
  /// Beside what lies in [from, to], where there is room.
  void said(Instant from, Instant to, std::string_view text);
  /// A text on a line from one instant to the other; the line goes on when `open`.
  void bracket(std::string_view kind, Instant from, Instant to, bool open, std::string_view text);
  /// A line of text at the lane's begin.
  void note(std::string_view text);
  /// A flag with a letter, and its line down to the lane's end.
  void flags(const std::vector<std::pair<Instant, std::string>>& all);
  /// Heights in columns of equal width over the whole axis, upwards or (below zero) downwards.
  void columns(std::string_view kind, double zero, const std::vector<double>& heights);

  /// The whole picture; `said` describes it to who does not see it.
  Markup done(std::string_view title, std::string_view said) const;

 private:
  static constexpr double kMargin = 14, kTop = 24;
  void grid(Markup& m) const;
  void text(std::string_view kind, double x, double y, std::string_view said);

  Layout layout_;
  Axis axis_;
  Instant from_, to_;
  double y_ = kTop;       // where the next lane begins
  double lane_y_ = kTop;  // the open lane's own area
  double lane_height_ = 0;
  struct Band {
    std::string kind;
    double from, to;
  };
  std::vector<Band> bands_;
  Markup lanes_;
};

/// The first `chars` characters, with an ellipsis when there were more.
std::string shortened(std::string_view text, std::size_t chars);

}  // namespace muster::report::html
