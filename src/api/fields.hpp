// Reads a request's body strictly: an unknown field is refused, as in the files that users write.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace muster::api {

/// Takes one field after the other; the first thing that is wrong is kept. All texts together are
/// at most Limits::kTextBytesMax bytes and hold no control characters but newline and tab: they
/// are recorded, and shown in other people's terminals.
class Fields {
 public:
  explicit Fields(const Json& body);

  /// "" when it is not there.
  std::string text(const std::string& key);
  std::map<std::string, std::string> texts(const std::string& key);

  /// "" or what is wrong; after all fields were taken.
  std::string problem() const;

 private:
  std::string checked(const std::string& key, const Json& value);
  void complain(std::string why);

  Json left_;
  std::size_t bytes_ = 0;
  std::string problem_;
};

}  // namespace muster::api
