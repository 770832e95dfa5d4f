// Reads a request's body strictly: an unknown field is refused, as in the files that users write.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "api/api.hpp"
#include "base/json.hpp"

namespace muster::api {

/// Takes one field after the other; the first thing that is wrong is kept. All texts together are
/// at most Limits::kTextBytesMax bytes and hold no control characters but newline and tab: they
/// are recorded, and shown in other people's terminals.
class Fields {
 public:
  explicit Fields(const Json& body);

  /// "" when it is not there.
  std::string text(const std::string& key, std::size_t bytes_max = Limits::kTextBytesMax);
  /// As recorded with what somebody did.
  std::string reason() { return text("reason", Limits::kReasonBytesMax); }
  /// False when it is not there.
  bool flag(const std::string& key);
  /// A whole number from 0 on.
  std::optional<std::uint64_t> number(const std::string& key);
  /// Fields of other values are read by who asks: what is wrong with them is told here.
  void complain(std::string why);
  std::map<std::string, std::string> texts(const std::string& key);

  /// "" or what is wrong; after all fields were taken.
  std::string problem() const;

 private:
  std::string checked(const std::string& key, const Json& value);
  Json taken(const std::string& key);

  Json left_;
  std::size_t bytes_ = 0;
  std::string problem_;
};

}  // namespace muster::api
