#include "plan/redaction.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "plan/plan.hpp"

namespace muster::plan {
namespace {

/// Texts by which other parts of a plan, or of a record, refer to something.
constexpr std::array<std::string_view, 17> kReferences{
    "id",    "name",     "slot",  "slots",    "step",   "service", "role", "fault", "provider",
    "drill", "playbook", "hosts", "guardian", "sha256", "word",    "kind", "after"};

bool is_reference(std::string_view key) {
  return std::find(kReferences.begin(), kReferences.end(), key) != kReferences.end();
}

struct Redaction {
  const std::string& person;
  const Instead& instead;

  std::string text(std::string said) const {
    for (const auto& [word, other] : instead) said = with_word_replaced(said, word, other);
    return said;
  }

  /// `titled`: a name here is one for people, as steps have beside their id.
  void visit(Json& j, std::string_view key, bool titled) const {
    if (j.is_string()) {
      if (!is_reference(key) || (titled && key == "name")) j = text(j.get<std::string>());
    } else if (j.is_array()) {
      for (auto& one : j) visit(one, key, titled);
    } else if (j.is_object()) {
      for (auto& [inner, value] : j.items())
        if (inner != "scripts" && inner != "people" && inner != "approvers")
          visit(value, inner, titled || inner == "steps" || inner == "ends");
    }
  }

  void visit_person(Json& j) const {
    const auto id = j.value("id", "");
    if (id != person) return;
    const auto told = text(id);
    j["id"] = told;
    j["name"] = told;
    j["unix"] = "";
    j["teams"] = Json::array();
    j.erase("ssh_key");
  }
};

}  // namespace

Result<Json> redacted(const Json& plan, const std::string& person, const Instead& instead) {
  Json out = plan;
  const Redaction redaction{person, instead};
  redaction.visit(out, "", false);
  for (const auto* key : {"people", "approvers"})
    if (out.contains(key) && out.at(key).is_array())
      for (auto& one : out.at(key))
        if (one.is_object()) redaction.visit_person(one);
  if (const auto read = plan_from_json(out); !read)
    return Error{"a plan that names this person cannot be written without the name: " +
                 read.error().what};
  return out;
}

}  // namespace muster::plan
