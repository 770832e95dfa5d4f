#include "plan/bind.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::plan {

void bind_slot(Bindings& bindings, const std::string& slot, const Host& host) {
  bindings[slot + ".name"] = host.address.name;
  bindings[slot + ".address"] = host.address.address;
  bindings[slot + ".user"] = host.address.user;
  bindings[slot + ".port"] = host.address.port ? std::to_string(host.address.port) : "22";
  bindings[slot + ".zone"] = host.zone;
}

namespace {

/// What is put in is not looked at again. `secrets`: they stay, and the result is a template still,
/// of which nothing but they is open.
Result<std::string> resolved(std::string_view text, const Bindings& bindings, bool secrets) {
  std::string out;
  while (!text.empty()) {
    const auto at = text.find("${");
    if (at == std::string_view::npos) {
      out += text;
      break;
    }
    if (at > 0 && text[at - 1] == '$') {  // "$${" stands for "${"
      out += text.substr(0, secrets ? at : at - 1);
      out += "${";
      text.remove_prefix(at + 2);
      continue;
    }
    out += text.substr(0, at);
    const auto end = text.find('}', at);
    const std::string name{text.substr(at + 2, end == std::string_view::npos ? end : end - at - 2)};
    const auto it = bindings.find(name);
    const bool stays = secrets && name.starts_with("secret.") && end != std::string_view::npos;
    if (!stays && (end == std::string_view::npos || it == bindings.end()))
      return Error{fmt::format("${{{}}} has no value at this point", name),
                   "the step that gives it must come earlier and succeed"};
    if (stays && out.ends_with('$'))
      return Error{fmt::format("a value that ends with `$` stands directly before ${{{}}}", name),
                   "put another character between the two"};
    if (stays)
      out += text.substr(at, end + 1 - at);
    else
      out += secrets ? escaped(it->second) : it->second;
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

std::string escaped(std::string_view literal) {
  std::string out;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal.substr(i).starts_with("${")) out += '$';
    out += literal[i];
  }
  return out;
}

Result<std::string> resolve(std::string_view text, const Bindings& bindings) {
  return resolved(text, bindings, false);
}

Result<std::string> resolve_but_secrets(std::string_view text, const Bindings& bindings) {
  return resolved(text, bindings, true);
}

Result<std::vector<std::string>> resolve(const std::vector<Template>& argv,
                                         const Bindings& bindings) {
  std::vector<std::string> out;
  for (const auto& word : argv) {
    auto bound = resolve(word, bindings);
    if (!bound) return bound.error();
    out.push_back(std::move(*bound));
  }
  return out;
}

Result<std::map<std::string, std::string>> resolve(const std::map<std::string, Template>& values,
                                                   const Bindings& bindings) {
  std::map<std::string, std::string> out;
  for (const auto& [name, text] : values) {
    auto bound = resolve(text, bindings);
    if (!bound) return bound.error();
    out[name] = std::move(*bound);
  }
  return out;
}

Result<catalogue::ProbeSpec> resolve(const catalogue::ProbeSpec& probe, const Bindings& bindings) {
  catalogue::ProbeSpec out = probe;
  const auto open = catalogue::secret_texts(out);
  for (auto& [name, text] : out.values) {
    const bool secrets = std::any_of(open.begin(), open.end(),
                                     [&text = text](const auto& one) { return one.text == &text; });
    auto bound = resolved(text, bindings, secrets);
    if (!bound) return bound.error();
    text = std::move(*bound);
  }
  return out;
}

}  // namespace muster::plan
