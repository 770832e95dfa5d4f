#include "engine/requests.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "engine/people.hpp"
#include "journal/kinds.hpp"

namespace muster::engine {

namespace {

/// Each text of a request, with what it is.
template <class F>
void each_text(const Request& r, F&& f) {
  f("the name of who asks", r.actor.principal);
  f("the step's name", r.step);
  for (const auto& [name, value] : r.answers) {
    f("an answer's name", name);
    f("the answer", value);
  }
  f("the reason", r.reason);
  f("the text", r.text);
  f("who did it", r.who);
  f("the role's name", r.role);
  f("the person's name", r.to);
  f("the host's name", r.host);
}

template <class F>
void each_text_of_alerts(const Request& r, F&& f) {
  for (const auto& a : r.alerts) {
    f("the alert's name", a.name);
    f("the alert's id", a.id);
    for (const auto& [name, value] : a.labels) {
      f("a label's name", name);
      f("a label", value);
    }
  }
}

}  // namespace

std::string unfit(const Request& request) {
  std::size_t bytes = 0;
  each_text(request, [&](const char*, const std::string& text) { bytes += text.size(); });
  if (bytes > kRequestBytesMax)
    return fmt::format("it has {} bytes of text, and {} are the most: say it shorter", bytes,
                       kRequestBytesMax);
  std::size_t of_alerts = 0;
  each_text_of_alerts(request,
                      [&](const char*, const std::string& text) { of_alerts += text.size(); });
  if (of_alerts > kAlertBytesMax)
    return fmt::format("its alerts have {} bytes of text, and {} are the most", of_alerts,
                       kAlertBytesMax);
  std::string why;
  const auto check = [&](const char* what, const std::string& text) {
    if (why.empty() && printable(text) != text)
      why = fmt::format(
          "{} holds a control character, or a byte that is no UTF-8: write it again ({})", what,
          bounded(printable(text), 80));
  };
  each_text(request, check);
  each_text_of_alerts(request, check);
  return why;
}

std::string unsigned_one(const plan::Plan& plan, const Request& request) {
  using What = Request::What;
  const bool stops = request.what == What::abort || request.what == What::stop_waiting;
  if (stops || !plan.needs_signatures() || request.actor.assurance == journal::kSignedKey)
    return {};
  return fmt::format(
      "the policy of this drill wants it signed with your SSH key ({} is what the operating system "
      "says): the same command with --sign",
      request.actor.principal);
}

journal::Draft asked(const Core& core, const Request& request, std::string_view what) {
  journal::Draft d = Core::draft(journal::kinds::kRequest);
  d.actor = request.actor;
  d.data = Json{{"what", what}};
  if (!request.reason.empty()) d.data["reason"] = request.reason;
  if (const auto* person = person_of(core.plan(), request.actor)) d.data["person"] = person->id;
  put(d.data, request.proof);
  return d;
}

}  // namespace muster::engine
