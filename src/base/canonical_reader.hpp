// Reads canonical JSON (base/json.hpp) in one pass, without building a document and without writing
// it anew: what is read is held, piece by piece, against the one spelling that it may have. Boost's
// parser reads; what is canonical is judged here. A record of a million entries is verified so.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace muster {

/// Is told what stands in a document, in its order. Texts are valid during the call only.
class JsonEvents {
 public:
  virtual void object_begins() = 0;
  virtual void array_begins() = 0;
  /// The object or array that began last and has not ended.
  virtual void ends() = 0;
  virtual void key(std::string_view name) = 0;
  virtual void text(std::string_view value) = 0;
  virtual void number(std::int64_t value) = 0;  ///< magnitude below 2^53
  virtual void boolean(bool value) = 0;
  virtual void null() = 0;

 protected:
  ~JsonEvents() = default;
};

/// The same documents as canonical_json() writes, byte for byte, and no others: an error for all
/// that is no JSON, that could be spelt otherwise (blanks, the order of keys, escapes, "-0"), or
/// has no canonical form. After an error, what `events` was told is worth nothing.
Result<> read_canonical(std::string_view bytes, JsonEvents& events);

}  // namespace muster
