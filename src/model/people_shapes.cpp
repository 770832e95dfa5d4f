// People and secrets, as data.
#include "model/shapes.hpp"

namespace muster::model {

using namespace config;

const Shape& people_file_shape() {
  static const Shape shape{
      .name = "people",
      .what = "a file of people",
      .help = "Who exists. The kernel says which login acts; this says who that is in a drill.",
      .keys = {{"people", named(map(person_shape)), kOptional,
                "each person by the id that drills use"}},
      .one_of = {},
      .refused = {{"policy", "it stands in inventory/policy.yaml",
                   "`policy` beside `people`: they are owned by different people"}},
      .others = {},
      .cases = {}};
  return shape;
}

const Shape& person_shape() {
  static const Shape shape{
      .name = "person",
      .what = "a person",
      .help = "One person.",
      .keys = {{"name", text(), kRequired, "the full name, for reports"},
               {"unix", text(), kOptional, "the login by which the kernel knows the person"},
               {"ssh_key", text("TYPE BASE64", "^[a-z0-9@.-]+ [A-Za-z0-9+/=]+( .*)?$"), kOptional,
                "the public key, as in a `.pub` file: by it the person signs"},
               {"timezone", text(), kOptional, "an IANA name, `Europe/Lisbon`; UTC without it"},
               {"teams", texts(), kOptional,
                "an owner may be a team, and a policy names those who approve"},
               {"service", boolean(), preset("false"), "a machine's account: it never approves"}},
      .one_of = {},
      .refused = {},
      .others = {},
      .cases = {}};
  return shape;
}

const Shape& secrets_file_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "secrets";
    one.what = "a file of secrets";
    one.help = "Which secrets there are, and where their values come from; never a value itself.";
    one.keys = {{"secrets", named(map(secret_shape)), kOptional, "by name: `${secret.NAME}`"}};
    return one;
  }();
  return shape;
}

const Shape& secret_shape() {
  static const Shape shape = [] {
    Shape one;
    one.name = "secret";
    one.what = "a secret";
    one.help = "Where its value comes from.";
    one.keys = {
        {"env", text("NAME", "^[A-Za-z_][A-Za-z0-9_]*$"), kOptional,
         "a variable of the environment"},
        {"file", text("/an/absolute/path", "^/"), kOptional, "a file outside of the workspace"},
        {"command", texts(), kOptional, "what `[program, argument, …]` prints"},
        {"credential", text("NAME", "^[^/.][^/]*$"), kOptional,
         "systemd's LoadCredential= of the unit"}};
    one.one_of = {"env", "file", "command", "credential"};
    return one;
  }();
  return shape;
}

}  // namespace muster::model
