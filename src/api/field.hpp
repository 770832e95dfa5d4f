// What an endpoint takes, as data: the reader (fields.hpp), the document of the API (openapi.hpp)
// and the routes go by this one definition, so that none can say what another does not.
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace muster::api {

/// Of a body, or of a query.
struct Field {
  enum class Is {
    text,
    flag,
    number,  ///< whole, from 0 on
    texts,   ///< an object from names to texts
    words    ///< a list of texts
  };
  std::string_view name;
  Is is = Is::text;
  std::string_view help;       ///< one line, for people
  bool needed = false;         ///< of texts: and not empty
  std::size_t bytes_max = 0;   ///< of a text; 0: as all texts together
  std::string_view pattern{};  ///< of a text: a regular expression (ECMA 262), for the document
};

using FieldList = std::span<const Field>;

}  // namespace muster::api
