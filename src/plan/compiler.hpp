// The work of plan/compile.hpp, in parts. Internal to plan/.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "catalogue/restore.hpp"
#include "model/workspace.hpp"
#include "plan/compile.hpp"

namespace muster::plan {

class Compiler {
 public:
  Compiler(const model::LoadedDrill& loaded, const CompileOptions& options,
           config::Diagnostics& out)
      : in_{loaded}, drill_{loaded.drill}, options_{options}, out_{out} {}

  Plan run();

 private:
  // compile.cpp: hosts, slots, services, objectives, roles
  void slots();
  void add_host(const std::string& name);
  void services();
  void objectives();
  std::vector<std::string> power_command(const model::Command& command) const;

  // compile_policy.cpp
  void policy();
  void approvers();
  /// An error when the policy denies what the step does.
  void may_use(const config::Place& place, const std::string& name);
  static Person told(const model::Person& person);

  // compile_texts.cpp: what is known now is filled in, what is not stays `${…}`
  Template text(const model::Text& text);
  Template reference(const model::Reference& reference);
  std::vector<Template> argv(const model::Command& command);
  catalogue::ProbeSpec probe(const model::Probe& probe);
  std::map<std::string, Template> values(const std::vector<catalogue::Parameter>& parameters,
                                         const model::Fields& with, const config::Place& place,
                                         const std::string& whose);
  void value(const catalogue::Parameter& parameter, const model::Value& value,
             std::map<std::string, Template>& into);

  // compile_picks.cpp
  /// The slot that the step works on: the one that it names, or one of its own with those picked.
  std::string target_of(const model::Step& step);
  bool is_one_host(const std::string& slot) const;
  void choose_picks();

  // compile_guardrails.cpp
  void guardrails();
  void keep(const model::Keep& from);
  /// `by`: who demands it, for people.
  void at_most(const model::AtMost& from, const std::string& by);
  void at_most_of(const model::AtMost& from, const std::string& by, const std::string& of,
                  const std::vector<std::string>& hosts);
  std::vector<std::string> aimed_at() const;
  void count(const std::vector<std::string>& hosts, Limit& into);
  RoleQuestion question(const model::Where& where);
  void guard(const model::Guard& from);
  void check_limits();
  void check_limit(const Limit& limit, const model::Step& step, const std::string& slot);

  // compile_secrets.cpp
  void use_secret(const std::string& name, const config::Place& place);
  void use_secrets_of(const model::Host& from, const ports::HostAddress& address);

  // compile_steps.cpp
  std::vector<Step> steps(const model::Steps& steps);
  /// Adds the steps after `after` and returns what the next one must wait for.
  std::vector<std::size_t> sequence(const model::Steps& steps, std::vector<std::size_t> after,
                                    std::vector<Step>& into);
  Action action(const model::Step& step);
  Action inject(const model::Step& step, const model::Inject& inject);
  Action restore(const model::Step& step, const model::Restore& restore);
  Action run_command(const model::Step& step, const model::Run& run);
  Action ask(const model::Ask& ask);
  Action approve(const model::Step& step, const model::Approve& approve);
  Condition condition(const model::Step& step, const model::Condition& condition);
  void add_reference(const model::Reference& from, Template& to);
  void may_touch(const model::Step& step);
  void may_touch(const config::Place& place, const std::string& slot);
  const model::Host* protected_twin(const std::string& name) const;
  void add_script(Script script);
  void seed_restores();

  const model::LoadedDrill& in_;
  const model::Drill& drill_;
  const CompileOptions& options_;
  config::Diagnostics& out_;
  Plan plan_;
  std::vector<std::size_t> unseeded_;  // slots whose pick has no seed of its own
};

}  // namespace muster::plan
