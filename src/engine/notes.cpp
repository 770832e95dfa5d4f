// What people write down while a drill goes on. Nothing is edited: a correction cites.
#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/roster.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace kinds = journal::kinds;

namespace {

constexpr Duration kAgoMax = std::chrono::hours{24};

}  // namespace

std::string write_down(Core& core, const Request& request) {
  if (trimmed(request.text).empty()) return "the note says nothing";
  if (!request.step.empty() && !core.plan().step(request.step))
    return fmt::format("there is no step '{}'", request.step);
  if (core.state().notes.size() >= kNotesMax)
    return fmt::format("this run holds {} notes, which is the most", kNotesMax);
  if (request.corrects && *request.corrects >= core.state().size)
    return fmt::format("there is no entry {} yet: the last one is {} (`muster audit log` has them)",
                       *request.corrects, core.state().size - 1);
  journal::Draft d = Core::draft(request.corrects ? kinds::kCorrection : kinds::kNote);
  d.actor = request.actor;
  d.step = request.step;
  d.data = Json{{"text", request.text}};
  if (!request.who.empty()) d.data["who"] = request.who;
  if (request.corrects) d.data["corrects"] = *request.corrects;
  if (request.ago || request.then) {
    const Duration ago = request.ago ? *request.ago : core.wall() - *request.then;
    if (ago < Duration::zero()) return "what is noted cannot lie ahead";
    if (ago > kAgoMax) return "what is noted lies more than a day back: say so in its text";
    d.data["happened"] = format_utc(core.wall() - ago);
    d.data["happened_ns"] = journal::json_ns(ns(core.now() - ago));
  }
  journal::Doer by{request.actor, {}, {}, {}};
  if (const auto* author = person_of(core.plan(), request.actor)) by.person = author->id;
  put(d.data, by);
  put(d.data, request.proof);
  core.record(std::move(d));
  return {};
}

}  // namespace muster::engine
