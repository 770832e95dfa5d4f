#include "history/coverage.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace muster::history {
namespace {

/// One of the lists, while it is made.
class Counted {
 public:
  explicit Counted(const std::vector<std::string>& known) {
    for (const auto& name : known) all_[name].what = name;
  }
  explicit Counted() = default;
  void add(const std::string& name, const Run& run, const std::string& how) {
    auto& one = all_[name];
    one.what = name;
    if (one.last != &run) ++one.times;
    one.last = &run;
    one.how = how;
  }
  std::vector<Covered> list() && {
    std::vector<Covered> out;
    for (auto& [name, one] : all_) out.push_back(std::move(one));
    return out;
  }

 private:
  std::map<std::string, Covered> all_;
};

}  // namespace

Coverage coverage_of(const std::vector<Run>& runs, const Known& known) {
  Counted drills{known.drills}, hosts{known.hosts}, faults{known.faults}, restores{known.restores},
      roles;
  std::set<std::string> busy;
  Coverage out;
  for (const auto& run : runs) {
    if (!run.closed) continue;
    if (run.is_test()) drills.add(run.drill, run, {});
    if (!run.summarised) {
      ++out.unread;
      continue;
    }
    for (const auto& fault : run.faults) {
      if (!fault.proven) continue;
      faults.add(fault.name, run, fault.end);
      hosts.add(fault.host, run, fault.end);
    }
    for (const auto& restore : run.restores) {
      if (!restore.proven) continue;
      const auto& how = restore.step.empty() ? restore.end : restore.step;
      restores.add(restore.name, run, how);
      hosts.add(restore.host, run, how);
    }
    if (!run.is_test()) continue;
    for (const auto& held : run.roles) {
      roles.add(held.person + " as " + held.role, run, {});
      busy.insert(held.person);
    }
  }
  for (const auto& person : known.people)
    if (!busy.contains(person)) out.people_never.push_back(person);
  out.drills = std::move(drills).list();
  out.hosts = std::move(hosts).list();
  out.faults = std::move(faults).list();
  out.restores = std::move(restores).list();
  out.roles = std::move(roles).list();
  return out;
}

}  // namespace muster::history
