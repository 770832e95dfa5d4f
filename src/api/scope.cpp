#include "api/scope.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::api {
namespace {

constexpr Scope kScopes[] = {Scope::read, Scope::run, Scope::approve, Scope::admin};

}  // namespace

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::read:
      return "read";
    case Scope::run:
      return "run";
    case Scope::approve:
      return "approve";
    case Scope::admin:
      return "admin";
  }
  return "?";
}

Scopes Scopes::all() {
  Scopes scopes;
  for (const auto scope : kScopes) scopes.add(scope);
  return scopes;
}

Result<Scopes> Scopes::parse(std::string_view text) {
  Scopes scopes;
  for (const auto& word : split(text, ',')) {
    const auto* const found = std::find_if(std::begin(kScopes), std::end(kScopes),
                                           [&](Scope scope) { return name_of(scope) == word; });
    if (found == std::end(kScopes))
      return Error{fmt::format("'{}' is not a scope", bounded(printable(word), 40)),
                   "read, run, approve, admin; several with commas between them"};
    if (scopes.has(*found)) return Error{fmt::format("the scope {} stands there twice", word)};
    scopes.add(*found);
  }
  return scopes;
}

std::vector<std::string> Scopes::names() const {
  std::vector<std::string> out;
  for (const auto scope : kScopes)
    if (has(scope)) out.emplace_back(name_of(scope));
  return out;
}

}  // namespace muster::api
