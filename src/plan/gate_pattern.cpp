#include "plan/gate_pattern.hpp"

#include <fmt/format.h>

#include <array>
#include <set>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "plan/bind.hpp"

namespace muster::plan {
namespace {

/// The type of an answer by that name; "" when nobody is asked for it.
std::string answer_type(const Plan& plan, const std::string& name) {
  constexpr std::array<std::string_view, 5> own{"integer", "boolean", "duration", "size", "time"};
  for (const auto* steps : {&plan.steps, &plan.ends})
    for (const auto& step : *steps) {
      const auto* ask = std::get_if<Ask>(&step.action);
      if (!ask) continue;
      for (const auto& answer : ask->answers) {
        if (answer.name != name) continue;
        for (const auto type : own)
          if (answer.type == type) return fmt::format("gate_{}", type);
        return "gate_string";
      }
    }
  return {};
}

/// A function that says yes to these words and to nothing else.
std::string words_type(const std::set<std::string>& words, GateTypes& types) {
  std::string alternatives, all;
  for (const auto& word : words) {
    alternatives += (alternatives.empty() ? "" : " | ") + shell_quoted(word);
    all += word + '\n';
  }
  const auto name = "gate_words_" + hex(sha256(all)).substr(0, 12);
  types[name] =
      fmt::format("{}() {{ case $1 in {}) ;; *) return 1 ;; esac }}\n", name, alternatives);
  return name;
}

std::string type_of(const std::string& reference, const Plan& plan, GateTypes& types) {
  if (reference.starts_with("secret.")) return "gate_secret";
  const auto dot = reference.rfind('.');
  const Slot* slot = dot == std::string::npos ? nullptr : plan.slot(reference.substr(0, dot));
  if (!slot) return answer_type(plan, reference);
  std::set<std::string> words;
  for (const auto& host : slot->hosts) {
    Bindings bindings;
    bind_slot(bindings, slot->name, plan.hosts.at(host));
    if (const auto it = bindings.find(reference); it != bindings.end()) words.insert(it->second);
  }
  return words.empty() ? std::string{} : words_type(words, types);
}

/// Two gaps with nothing between them are one, of which only the looser type is known.
void add_type(GatePattern& to, const std::string& type) {
  if (!to.types.empty() && to.literals.back().empty()) {
    const bool secret = type == "gate_secret" || to.types.back() == "gate_secret";
    to.types.back() = secret ? "gate_secret" : "gate_string";
    return;
  }
  to.types.push_back(type);
  to.literals.emplace_back();
}

}  // namespace

Result<GatePattern> gate_pattern(const Template& text, const Plan& plan, GateTypes& types) {
  if (text.find('\0') != std::string::npos)
    return Error{"a text holds a zero byte, which no shell can pass on", "remove it"};
  GatePattern out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto at = rest.find("${");
    if (at == std::string_view::npos) {
      out.literals.back() += rest;
      break;
    }
    if (at > 0 && rest[at - 1] == '$') {  // "$${" stands for "${", as in bind.hpp
      out.literals.back() += rest.substr(0, at - 1);
      out.literals.back() += "${";
      rest.remove_prefix(at + 2);
      continue;
    }
    out.literals.back() += rest.substr(0, at);
    const auto end = rest.find('}', at);
    const std::string name{rest.substr(at + 2, end == rest.npos ? end : end - at - 2)};
    const auto type = end == rest.npos ? std::string{} : type_of(name, plan, types);
    if (type.empty())
      return Error{fmt::format("nothing gives ${{{}}} a value", name),
                   "this is a mistake in Muster: report it"};
    add_type(out, type);
    rest.remove_prefix(end + 1);
  }
  return out;
}

std::string arguments_of(const GatePattern& pattern) {
  std::string out = shell_quoted(pattern.literals.front());
  for (std::size_t i = 0; i < pattern.types.size(); ++i)
    out += " " + pattern.types[i] + " " + shell_quoted(pattern.literals[i + 1]);
  return out;
}

}  // namespace muster::plan
