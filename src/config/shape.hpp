// What a map of a user's file may hold, as data. The loader (map.hpp), the JSON Schema (schema.hpp)
// and the reference page (reference.hpp) read this one definition: none can say what another does
// not.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::config {

struct Shape;
/// Asked late: shapes hold each other in circles (a step holds steps). What it refers to is static.
using ShapeOf = std::function<const Shape&()>;

/// How one value is written. Made by the functions below.
struct Type {
  enum class Is {
    text,       ///< Not empty; taken as it stands.
    insertion,  ///< Text in which `${…}` is inserted.
    reference,  ///< Text that holds at least one `${…}`: stands in for a value of another type.
    name,
    boolean,
    integer,
    duration,
    size,
    rate,
    share,
    texts,    ///< A list of texts.
    word,     ///< One of `words`.
    command,  ///< A list of insertions, or one, for `sh -c`.
    value,    ///< Anything but nothing: its type is known elsewhere (an input's, a parameter's).
    shape,    ///< A map of that shape.
    named,    ///< A map from names of the user's choice to `of[0]`.
    list,     ///< Of `of[0]`.
    either    ///< One of `of`.
  };
  Is is = Is::text;
  std::string form;  ///< Of text: how people read `pattern`: "99% over 10s".
  std::string
      pattern;  ///< Of text, insertion: a regular expression (ECMA 262) for the whole of it.
  std::vector<std::string> words;
  std::optional<std::int64_t> least, most;  ///< Of integers; of a list: its length.
  ShapeOf shape;
  std::vector<Type> of;
};

Type text();
Type text(std::string form, std::string pattern);
Type insertion();
Type insertion(std::string form, std::string pattern);
Type reference();
Type name();
Type boolean();
Type integer(std::optional<std::int64_t> least = {}, std::optional<std::int64_t> most = {});
Type duration();
Type size();
Type rate();
Type share();
Type texts();
Type word(std::vector<std::string> words);
Type command();
Type value();
Type map(ShapeOf shape);
Type named(Type of);
Type list(Type of, std::optional<std::int64_t> least = {});
Type either(std::vector<Type> of);

/// Whether a key must be there, or what counts when it is not. `preset` is written as a user would.
struct Need {
  bool required = false;
  std::string preset;
};
inline const Need kRequired{true, {}};
inline const Need kOptional{};
Need preset(std::string text);

struct Key {
  std::string name;
  Type type;
  Need need;
  std::string help;  ///< One line for people: the schema's description, the page's row.
};

/// A key that is refused by its name, with advice, and no part of the schema.
struct RefusedKey {
  std::string name;
  std::string hint;  ///< What to do now; may be empty.
  std::string what;  ///< Empty: "`name` is not in this version".
};

/// When `key` says `word`, the value at `then` is of `type`; `must`: it must be there. For the
/// schema only: the loader hands such values on to what knows them (a fault's parameters).
struct Case {
  std::string key, word, then;
  Type type;
  bool must = false;
};

struct Shape {
  std::string name;  ///< Of the definition in schema and page; unique: "service.postgres".
  std::string what;  ///< In messages: "a service".
  std::string help;
  std::vector<Key> keys;
  std::vector<std::string> one_of;  ///< Exactly one of these keys must be there; may be empty.
  std::vector<RefusedKey> refused;
  std::optional<Type> others;  ///< Of keys that the user names; nothing: there are no others.
  std::vector<Case> cases;

  const Key* key(std::string_view wanted) const;
};

/// One kind of file: "drill", and what its document is.
struct FileKind {
  std::string name;
  std::string title;
  std::string where;  ///< "drills/*.yaml"
  Type document;
};

}  // namespace muster::config
