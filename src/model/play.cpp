#include "model/play.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/play_binding.hpp"

namespace muster::model {
namespace {

class Expander {
 public:
  Expander(std::vector<Playbook>& playbooks, Diagnostics& out)
      : playbooks_(playbooks), out_(out), states_(playbooks.size()) {}

  void all() {
    for (std::size_t i = 0; i < playbooks_.size(); ++i) visit(i);
  }

 private:
  enum class Seen { no, open, yes, broken };
  struct State {
    Seen seen = Seen::no;
    std::size_t depth = 0;  ///< Of the plays in it: 0 when there are none.
    Place open_at;          ///< The play through which it was come to.
  };

  void visit(std::size_t index) {
    if (states_[index].seen != Seen::no) return;
    states_[index].seen = Seen::open;
    way_.push_back(index);
    bool fine = true;
    each_step(playbooks_[index].steps, [&](const Step& step) {
      if (const auto* play = std::get_if<Play>(&step.action))
        fine = follow(index, play->playbook) && fine;
    });
    way_.pop_back();
    if (fine) expand_plays(playbooks_[index], playbooks_, out_);
    states_[index].seen = fine ? Seen::yes : Seen::broken;
  }

  /// False when the playbook cannot be expanded because of what it plays.
  bool follow(std::size_t from, const Located<std::string>& name) {
    const auto it = std::find_if(playbooks_.begin(), playbooks_.end(),
                                 [&](const Playbook& p) { return *p.name == *name; });
    if (it == playbooks_.end()) return true;  // expand_plays() says so
    const auto to = static_cast<std::size_t>(it - playbooks_.begin());
    if (states_[to].seen == Seen::open) {
      cycle(to, name.place);
      return false;
    }
    if (states_[to].seen == Seen::no) {
      states_[to].open_at = name.place;
      visit(to);
    }
    auto& depth = states_[from].depth;
    depth = std::max(depth, states_[to].depth + 1);
    if (depth > kPlaysDeepMax) {
      out_.error(name.place,
                 fmt::format("plays stand in each other more than {} deep", kPlaysDeepMax));
      return false;
    }
    return states_[to].seen == Seen::yes;
  }

  void cycle(std::size_t to, const Place& closes) {
    const auto first = std::find(way_.begin(), way_.end(), to);
    std::vector<std::string> names, plays;
    for (auto at = first; at != way_.end(); ++at) {
      names.push_back(*playbooks_[*at].name);
      if (at != first)
        plays.push_back(fmt::format("{} is played at {}", names.back(),
                                    config::to_string(states_[*at].open_at)));
    }
    names.push_back(*playbooks_[to].name);
    plays.push_back(fmt::format("{} again at {}", names.back(), config::to_string(closes)));
    out_.error(
        closes,
        fmt::format("the playbook `{}` plays itself: {}", names.front(), joined(names, " -> ")),
        joined(plays, "; "));
  }

  std::vector<Playbook>& playbooks_;
  Diagnostics& out_;
  std::vector<State> states_;
  std::vector<std::size_t> way_;
};

class Body {
 public:
  Body(Playbook& body, const std::vector<Playbook>& playbooks, Diagnostics& out)
      : body_(body), playbooks_(playbooks), out_(out) {}

  void expand() {
    bool plays = false;
    each_step(body_.steps, [&](const Step& step) {
      plays = plays || std::holds_alternative<Play>(step.action);
    });
    if (!plays) return;
    const Playbook outer = body_;  // types and names are those before the steps move
    outer_ = &outer;
    body_.steps = expanded(outer.steps);
  }

 private:
  Steps expanded(const Steps& steps) {
    Steps made;
    for (const auto& step : steps) {
      if (std::holds_alternative<Play>(step.action)) {
        take_apart(step, made);
        continue;
      }
      made.push_back(step);
      if (auto* parallel = std::get_if<Parallel>(&made.back().action))
        for (auto& branch : parallel->branches) branch = expanded(branch);
    }
    return made;
  }

  void take_apart(const Step& step, Steps& into) {
    const auto& name = std::get<Play>(step.action).playbook;
    const auto it = std::find_if(playbooks_.begin(), playbooks_.end(),
                                 [&](const Playbook& p) { return *p.name == *name; });
    if (it == playbooks_.end()) {
      std::vector<std::string> right;
      for (const auto& playbook : playbooks_) right.push_back(*playbook.name);
      if (!name->empty())
        out_.unknown(name.place, fmt::format("there is no playbook `{}`", *name), *name, right);
      return;
    }
    const auto binding = bind_play(step, *it, *outer_, out_);
    if (!binding) return;
    // Before they are copied: what plays of plays multiply to must not be made first.
    const bool had_room = count_ <= kPlayedStepsMax;
    each_step(it->steps, [&](const Step&) { ++count_; });
    count_ += it->ends.size();
    if (count_ > kPlayedStepsMax) {
      if (had_room)
        out_.error(name.place, fmt::format("`{}` plays more than {} steps in all", *body_.name,
                                           kPlayedStepsMax));
      return;
    }
    for (auto& inner : played(it->steps, *binding, out_)) into.push_back(std::move(inner));
    for (auto& end : played(it->ends, *binding, out_)) body_.ends.push_back(std::move(end));
  }

  Playbook& body_;
  const std::vector<Playbook>& playbooks_;
  Diagnostics& out_;
  const Playbook* outer_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace

void expand_plays(std::vector<Playbook>& playbooks, Diagnostics& out) {
  Expander{playbooks, out}.all();
}

void expand_plays(Playbook& body, const std::vector<Playbook>& playbooks, Diagnostics& out) {
  Body{body, playbooks, out}.expand();
}

}  // namespace muster::model
