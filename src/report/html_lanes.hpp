// The lanes of the timeline: each function draws one kind onto a canvas and tells the same to the
// table that stands in for the picture. Internal to report/.
#pragma once
#include "report/html_canvas.hpp"
#include "report/html_parts.hpp"

namespace muster::report::html {

/// A line of the table that says what the picture shows.
struct Drawn {
  std::string lane, what;
  std::optional<Instant> from, to;
};
using Twin = std::vector<Drawn>;

/// When the RTO of a service is used up: counted from the first instant at which it may have been
/// lost.
std::optional<Instant> rto_ends(const Summary& s, const Service& service);

void draw_flags(const Page& page, Canvas& canvas);
/// Pulse, outage and the limits of it, service by service.
void draw_services(const Page& page, Canvas& canvas, Twin& twin);
void draw_effects(const Page& page, Canvas& canvas, Twin& twin);
/// What alerts said, and when it was received.
void draw_alerts(const Page& page, Canvas& canvas, Twin& twin);
void draw_people(const Page& page, Canvas& canvas, Twin& twin);
void draw_steps(const Page& page, Canvas& canvas, Twin& twin);

}  // namespace muster::report::html
