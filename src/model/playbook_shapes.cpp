// Playbooks, as data.
#include "model/probe_shapes.hpp"
#include "model/step_shapes.hpp"

namespace muster::model {
namespace {

using namespace config;

Shape made(std::string name, std::string what, std::string help, std::vector<Key> keys) {
  Shape shape;
  shape.name = std::move(name);
  shape.what = std::move(what);
  shape.help = std::move(help);
  shape.keys = std::move(keys);
  return shape;
}

}  // namespace

const std::vector<std::string>& value_type_words() {
  static const std::vector<std::string> words{"string", "integer", "boolean", "duration",
                                              "size",   "time",    "list"};
  return words;
}

std::vector<Key> body_keys() {
  return {{"services", named(service_type()), kOptional,
           "what \"up\" means to clients: the clocks read it"},
          {"steps", list(step_type(), 1), kRequired, "what is done, in this order"},
          {"ends", list(end_type()), kOptional,
           "`check` and `wait` only: must hold before the drill is over; no part of the RTO"}};
}

const Shape& playbook_shape() {
  static const Shape shape = [] {
    std::vector<Key> keys{
        {"playbook", name(), kRequired, "its name, by which drills refer to it"},
        {"title", text(), kOptional, "one line for people and reports"},
        {"inputs", named(map(input_shape)), kOptional, "what a drill may or must give"},
        {"targets",
         named(
             either({map(target_hosts_shape), map(target_one_of_shape), map(target_group_shape)})),
         kOptional, "slots, which the drill fills with hosts"},
        {"roles", list(name()), kOptional, "the roles that people take in it"}};
    for (auto& key : body_keys()) keys.push_back(std::move(key));
    return made("playbook", "a playbook",
                "Steps, with typed inputs, and slots for targets and roles; reusable.",
                std::move(keys));
  }();
  return shape;
}

const Shape& input_shape() {
  static const Shape shape =
      made("input", "an input", "A value that the drill gives: `${name}` inserts it.",
           {{"type", word(value_type_words()), preset("string"), "what it is"},
            {"default", value(), kOptional,
             "what counts when the drill gives none; without it, it must"},
            {"help", text(), kOptional, "one line for who fills it in"}});
  return shape;
}

const Shape& answer_shape() {
  static const Shape shape = made(
      "answer", "an answer", "A value that a person gives: `${name}` inserts it in later steps.",
      {{"type", word(value_type_words()), preset("string"), "what it is; no list"},
       {"default", value(), kOptional, "what counts when nothing is entered"}});
  return shape;
}

const Shape& target_hosts_shape() {
  static const Shape shape = made("target.hosts", "a target", "Exactly so many hosts.",
                                  {{"hosts", integer(1, 1000), kRequired, "how many"}});
  return shape;
}

const Shape& target_one_of_shape() {
  static const Shape shape =
      made("target.one_of", "a target",
           "The one host of a group for which `where` holds; asked at preflight, and again before "
           "the effect.",
           {{"one_of", text(), kRequired,
             "`group` in a playbook; in a drill with its own steps the group or pattern itself"},
            {"where", map(where_shape), kRequired, "how the one is told from the others"}});
  return shape;
}

const Shape& target_group_shape() {
  static const Shape shape =
      made("target.group", "a target", "All hosts of what is given.",
           {{"group", text(), kRequired,
             "`true` in a playbook; in a drill with its own steps the group or pattern itself"},
            {"min", integer(1, 1000), preset("1"), "at least so many"}});
  return shape;
}

const Shape& where_shape() {
  static const Shape shape = [] {
    Shape one = made("where", "`where`", "A question to each host of the group.",
                     {{"postgres", insertion(), kOptional,
                       "SQL that answers true; asked on the host, as user postgres"},
                      {"command", command(), kOptional, "a command that exits 0 on the host"}});
    one.one_of = {"postgres", "command"};
    return one;
  }();
  return shape;
}

}  // namespace muster::model
