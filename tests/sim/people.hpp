// People of the tests: they answer what stands in the record, after a while, or do not.
#pragma once
#include <string>

#include "tests/sim/world.hpp"

namespace muster::sim {

/// Who that is on the socket's other end.
inline journal::Actor kernel_says(const std::string& user) {
  return {"unix:" + user, "peer", "os-user", {}};
}

/// Whoever is asked answers after `delay`; `only`: nobody but this person does.
inline void people_answer(World& w, Duration delay, std::string only = {}) {
  w.on_entry = [&w, delay, only](Process& p, const journal::Draft& draft) {
    if (draft.action != "step.asked") return;
    const std::string person = draft.data.at("person").get<std::string>();
    if (!only.empty() && person != only) return;
    w.time.after(delay, [&p, person, step = draft.step] {
      engine::Request r;
      r.what = engine::Request::What::answer;
      r.actor = kernel_says(person);
      r.step = step;
      r.answers = {{"recover_to", "latest"}};
      p.request(std::move(r));
    });
  };
}

}  // namespace muster::sim
