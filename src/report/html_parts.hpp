// The sections of the page, each a function from the digest to its markup. Internal to report/.
#pragma once
#include <initializer_list>
#include <string_view>

#include "report/markup.hpp"
#include "report/record.hpp"
#include "report/signs.hpp"
#include "report/summary.hpp"

namespace muster::report::html {

/// How much a page may say; html.cpp takes them down until the whole of it fits.
struct Limits {
  std::size_t rows = 500;       // of any table but that of events
  std::size_t events = 2000;    // of the table of events
  std::size_t evidence = 6000;  // bytes of one evidence
  std::size_t text = 1000;      // bytes of any other text
};

struct Page {
  const Summary& s;
  const Record& record;
  Limits limits;
};

// Pieces
// ---------------------------------------------------------------------------------------------------

/// A sign with its word: shape first, then word, then colour.
Markup badge(Sign sign, std::string_view word);
/// A text, cut at the page's limit.
Markup text(const Page& page, std::string_view said);
/// The program's own words, with figures in them.
Markup plain(std::string_view said);
/// What a machine said, as it said it; long words are folded under `name`; nothing for nothing.
Markup evidence(const Page& page, std::string_view said, std::string_view name = "Evidence");
Markup code(const Page& page, std::string_view said);
/// What few readers want, under one line that opens it by mouse, key or print.
Markup folded(const Markup& line, const Markup& body);
Markup list(const Page& page, const std::vector<std::string>& all);

/// A table with its caption in a region that can be scrolled by keyboard; nothing when there are no
/// rows. On a narrow screen a `stack` becomes a card a row, each cell under its column's name; a
/// `grid`, whose figures are to be compared, keeps its columns and scrolls.
class Table {
 public:
  enum class Narrow { grid, stack };
  Table(std::string_view caption, std::initializer_list<std::string_view> columns,
        Narrow narrow = Narrow::grid);
  /// The first cell of a row is its heading.
  void row(std::initializer_list<Markup> cells);
  std::size_t rows() const { return rows_; }
  /// `left_out`: rows that the limits did not let in.
  Markup done(std::size_t left_out = 0) const;

 private:
  std::string caption_;
  std::vector<std::string> columns_;
  Narrow narrow_;
  Markup body_;
  std::size_t rows_ = 0;
};

/// Adds a row for each element, as many as the limits let in.
template <class T, class F>
Markup table_of(const Page& page, Table table, const std::vector<T>& all, F&& add) {
  for (std::size_t i = 0; i < all.size() && i < page.limits.rows; ++i) add(table, all[i]);
  return table.done(all.size() > page.limits.rows ? all.size() - page.limits.rows : 0);
}

/// A section with an id and a heading; nothing when `body` is empty.
Markup section(std::string_view id, std::string_view heading, const Markup& body);

/// As the beginning of a sentence, but for the name of a service, which is spelt as it is.
std::string capitalised(std::string_view text, const Summary& s);

// Sections
// -------------------------------------------------------------------------------------------------

Markup verdict(const Page& page);
Markup reasons(const Page& page);
Markup objectives(const Page& page);
Markup timeline(const Page& page);
Markup phases(const Page& page);
Markup effects(const Page& page);
Markup restores(const Page& page);
Markup writes(const Page& page);
Markup quality(const Page& page);
Markup steps(const Page& page);
Markup deviations(const Page& page);
Markup guardrails(const Page& page);
Markup people(const Page& page);
Markup hosts(const Page& page);
Markup commands(const Page& page);
Markup events(const Page& page);
Markup record(const Page& page);
Markup sign_off(const Page& page);

}  // namespace muster::report::html
