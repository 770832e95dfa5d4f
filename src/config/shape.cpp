#include "config/shape.hpp"

#include <utility>

namespace muster::config {
namespace {

Type of(Type::Is is) {
  Type type;
  type.is = is;
  return type;
}

}  // namespace

Type text() {
  return of(Type::Is::text);
}
Type text(std::string form, std::string pattern) {
  Type type = text();
  type.form = std::move(form);
  type.pattern = std::move(pattern);
  return type;
}
Type insertion() {
  return of(Type::Is::insertion);
}
Type insertion(std::string form, std::string pattern) {
  Type type = insertion();
  type.form = std::move(form);
  type.pattern = std::move(pattern);
  return type;
}
Type reference() {
  return of(Type::Is::reference);
}
Type name() {
  return of(Type::Is::name);
}
Type boolean() {
  return of(Type::Is::boolean);
}
Type integer(std::optional<std::int64_t> least, std::optional<std::int64_t> most) {
  Type type = of(Type::Is::integer);
  type.least = least;
  type.most = most;
  return type;
}
Type duration() {
  return of(Type::Is::duration);
}
Type size() {
  return of(Type::Is::size);
}
Type rate() {
  return of(Type::Is::rate);
}
Type share() {
  return of(Type::Is::share);
}
Type texts() {
  return of(Type::Is::texts);
}
Type word(std::vector<std::string> words) {
  Type type = of(Type::Is::word);
  type.words = std::move(words);
  return type;
}
Type command() {
  return of(Type::Is::command);
}
Type value() {
  return of(Type::Is::value);
}
Type map(ShapeOf shape) {
  Type type = of(Type::Is::shape);
  type.shape = std::move(shape);
  return type;
}
Type named(Type inner) {
  Type type = of(Type::Is::named);
  type.of.push_back(std::move(inner));
  return type;
}
Type list(Type inner, std::optional<std::int64_t> least) {
  Type type = of(Type::Is::list);
  type.of.push_back(std::move(inner));
  type.least = least;
  return type;
}
Type either(std::vector<Type> inner) {
  Type type = of(Type::Is::either);
  type.of = std::move(inner);
  return type;
}

Need preset(std::string written) {
  return {false, std::move(written)};
}

const Key* Shape::key(std::string_view wanted) const {
  for (const auto& one : keys)
    if (one.name == wanted) return &one;
  return nullptr;
}

}  // namespace muster::config
