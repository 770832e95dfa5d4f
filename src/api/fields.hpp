// Reads a request's body or query strictly, as its endpoint declares it: an unknown field is
// refused, as in the files that users write. Reading what is not declared, or leaving a declared
// field unread, is the endpoint's mistake: it throws std::logic_error, so that what is documented
// and what is read cannot differ.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.hpp"
#include "api/field.hpp"
#include "base/json.hpp"

namespace muster::api {

/// Takes one field after the other; the first thing that is wrong is kept. All texts together are
/// at most Limits::kTextBytesMax bytes and hold no control characters but newline and tab: they
/// are recorded, and shown in other people's terminals.
class Fields {
 public:
  /// A body that is no object is wrong.
  Fields(const Json& body, FieldList declared);
  /// Of a query: what is declared as a number, or as a flag, is read as one.
  static Fields of_query(const std::map<std::string, std::string>& query, FieldList declared);

  /// "" when it is not there.
  std::string text(const std::string& key);
  /// As recorded with what somebody did.
  std::string reason() { return text("reason"); }
  /// False when it is not there.
  bool flag(const std::string& key);
  std::optional<std::uint64_t> number(const std::string& key);
  std::map<std::string, std::string> texts(const std::string& key);
  std::vector<std::string> words(const std::string& key);
  /// Values are read further by who asks: what is wrong with them is told here.
  void complain(std::string why);

  /// "" or what is wrong; after all fields were taken.
  std::string problem() const;

 private:
  std::string checked(const std::string& key, const Json& value);
  Json taken(const std::string& key, Field::Is is);
  const Field& declared(const std::string& key) const;

  FieldList declared_;
  Json left_;
  std::set<std::string> read_;
  std::size_t bytes_ = 0;
  std::string problem_;
};

}  // namespace muster::api
