#include "notify/of_run.hpp"

#include <fmt/format.h>

#include <set>

#include "base/text.hpp"
#include "journal/data.hpp"
#include "journal/kinds.hpp"

namespace muster::notify {

namespace kinds = journal::kinds;
using journal::text_in;

namespace {

constexpr std::string_view kNotUndone = "not proven undone: ";
constexpr std::size_t kReasonsMax = 8;

class Teller {
 public:
  Teller(const RunFacts& run, const plan::Plan& plan, const journal::Draft& entry)
      : run_{run}, plan_{plan}, e_{entry} {}

  std::vector<Notice> all() {
    if (e_.action == kinds::kRunBegan) started();
    if (e_.action == kinds::kStepAsked) asked();
    if (e_.action == kinds::kRequest && text_in(e_.data, "what") == "abort") aborted();
    if (e_.action == kinds::kVerdict) judged();
    return std::move(out_);
  }

 private:
  Notice& add(NoticeOf event, const std::string& which, std::string headline) {
    Notice n;
    n.event = event;
    n.id = fmt::format("{}/{}{}", run_.run, name_of(event), which.empty() ? "" : "/" + which);
    n.drill = plan_.drill;
    n.title = plan_.title;
    n.run = run_.run;
    n.by = run_.by;
    n.environments = environments_of(plan_);
    n.headline = std::move(headline);
    n.at = e_.ts;
    out_.push_back(std::move(n));
    return out_.back();
  }

  static void put(Notice& n, const char* name, std::string value) {
    if (!value.empty()) n.facts.emplace_back(name, std::move(value));
  }

  void started() {
    auto& n = add(NoticeOf::start, "", "the drill has started");
    put(n, "why", plan_.why);
    put(n, "owner", plan_.owner);
    put(n, "change", plan_.change);
    std::set<std::string> hosts;
    for (const auto& slot : plan_.slots) hosts.insert(slot.hosts.begin(), slot.hosts.end());
    put(n, "targets", joined(std::vector<std::string>(hosts.begin(), hosts.end()), ", "));
    put(n, "at_most", human_duration(plan_.max_duration));
  }

  void asked() {
    const auto person = text_in(e_.data, "person"), from = text_in(e_.data, "escalated_from");
    const auto* who = plan_.person(person);
    const auto* step = plan_.step(e_.step);
    auto& n =
        add(NoticeOf::needs_person, e_.step + "/" + person,
            fmt::format("{} is needed{}", who && !who->name.empty() ? who->name : person,
                        from.empty() ? "" : fmt::format(": {} did not answer in time", from)));
    put(n, "person", person);
    put(n, "role", text_in(e_.data, "role"));
    put(n, "step", step ? step->name : e_.step);
    put(n, "asked", text_in(e_.data, "say"));
    if (e_.deadline) put(n, "until", format_utc(*e_.deadline));
    const bool answers = e_.data.contains("answers") && !e_.data.at("answers").empty();
    put(n, "how",
        fmt::format("muster step {} {}", answers ? "answer" : "done", shell_quoted(e_.step)));
  }

  void aborted() {
    auto& n = add(NoticeOf::abort, "", "the drill is being stopped: what it broke is undone now");
    put(n, "reason", text_in(e_.data, "reason"));
    put(n, "stopped_by", e_.actor.principal.empty() ? "muster" : e_.actor.principal);
  }

  void judged() {
    const auto state = text_in(e_.data, "state");
    std::string reasons, left;
    std::size_t count = 0, more = 0;
    if (e_.data.contains("reasons") && e_.data.at("reasons").is_array())
      for (const auto& one : e_.data.at("reasons")) {
        if (!one.is_string()) continue;
        const auto& text = one.get_ref<const std::string&>();
        auto& into = text.starts_with(kNotUndone) ? left : reasons;
        if (++count > kReasonsMax && &into == &reasons)
          ++more;
        else
          into += (into.empty() ? "" : "\n") + text;
      }
    if (more > 0) reasons += fmt::format("\nand {} more", more);
    auto& n =
        add(NoticeOf::verdict, e_.outcome + "-" + state, fmt::format("{}, {}", e_.outcome, state));
    put(n, "result", e_.outcome);
    put(n, "state", state);
    put(n, "reasons", reasons);
    put(n, "report", run_.report);
    if (state != "dirty") return;
    auto& d = add(NoticeOf::dirty, "",
                  "something is NOT proven undone: this part is real, look at it now");
    put(d, "left", left);
    put(d, "next", "mend it, then `muster recover`; nothing else may start on those hosts");
    put(d, "report", run_.report);
  }

  const RunFacts& run_;
  const plan::Plan& plan_;
  const journal::Draft& e_;
  std::vector<Notice> out_;
};

}  // namespace

std::vector<Notice> notices_of(const RunFacts& run, const plan::Plan& plan,
                               const journal::Draft& entry) {
  return Teller{run, plan, entry}.all();
}

std::vector<std::string> environments_of(const plan::Plan& plan) {
  std::set<std::string> all;
  for (const auto& slot : plan.slots)
    for (const auto& name : slot.hosts)
      if (const auto it = plan.hosts.find(name); it != plan.hosts.end())
        all.insert(it->second.environment);
  return {all.begin(), all.end()};
}

}  // namespace muster::notify
