#include "catalogue/fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "embedded/muster_catalogue.hpp"

namespace muster::catalogue {
namespace {

constexpr std::size_t kFileBytesMax = 64u << 10;
constexpr std::array<std::string_view, 5> kFunctions{"precheck", "inject", "verify", "revert",
                                                     "clean"};

bool is_word(std::string_view text, std::string_view more) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
  return !text.empty() && letters.find(text[0]) != std::string_view::npos &&
         std::ranges::all_of(text, [&](char c) {
           return letters.find(c) != std::string_view::npos || (c >= '0' && c <= '9') ||
                  more.find(c) != std::string_view::npos;
         });
}

/// The first blank-separated word of `text`, which then holds the rest.
std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const auto end = std::min(text.find(' '), text.size());
  const auto word = text.substr(0, end);
  text = trimmed(text.substr(end));
  return word;
}

/// "NAME TYPE [required | default VALUE] -- HELP"
Result<Parameter> parse_parameter(std::string_view text) {
  const auto dashes = text.find(" -- ");
  if (dashes == std::string_view::npos)
    return Error{"a parameter without a help text",
                 "write: # param NAME TYPE [required | default VALUE] -- HELP"};
  Parameter p;
  p.help = trimmed(text.substr(dashes + 4));
  std::string_view rest = text.substr(0, dashes);
  p.name = take_word(rest);
  if (!is_word(p.name, "_"))
    return Error{fmt::format("'{}' is not a parameter's name", p.name), "names are a-z, 0-9 and _"};
  auto type = parse_parameter_type(take_word(rest));
  if (!type) return type.error();
  p.type = *type;
  const auto word = take_word(rest);
  if (word == "required" && rest.empty()) {
    p.required = true;
  } else if (word == "default" && !rest.empty()) {
    p.fallback = rest;
    if (auto checked = check_value(p, p.fallback); !checked) return checked.error();
  } else if (!word.empty()) {
    return Error{fmt::format("'{}' after the type", word), "expected: required, or default VALUE"};
  }
  return p;
}

Result<Healer> parse_healer(std::string_view word) {
  for (const auto healer : {Healer::target, Healer::guardian, Healer::restore, Healer::nobody})
    if (word == name_of(healer)) return healer;
  return Error{fmt::format("'{}' is not a healer", word),
               "healers are target, guardian, restore, nobody"};
}

Result<std::string> parse_uses(std::string_view rest) {
  std::string text;
  while (!rest.empty()) {
    const std::string name{take_word(rest)};
    const auto it = shared_parts().find(name);
    if (it == shared_parts().end()) {
      std::vector<std::string> names;
      for (const auto& [known, part] : shared_parts()) names.push_back(known);
      return Error{fmt::format("uses: '{}' is no shared part", name),
                   "there are " + joined(names, ", ")};
    }
    text += it->second;
  }
  return text;
}

struct Header {
  Fault fault;
  std::string parts;  // what `uses` names
  std::set<std::string, std::less<>> seen;
};

/// One header line, "KEY: VALUE" or "param …".
Result<> read_line(std::string_view line, Header& header) {
  auto& [fault, parts, seen] = header;
  if (line.starts_with("param ")) {
    auto parameter = parse_parameter(line.substr(6));
    if (!parameter) return parameter.error();
    if (std::ranges::any_of(fault.parameters,
                            [&](const auto& p) { return p.name == parameter->name; }))
      return Error{fmt::format("parameter '{}' is declared twice", parameter->name), "remove one"};
    fault.parameters.push_back(std::move(*parameter));
    return {};
  }
  const auto colon = line.find(": ");
  const std::string key{line.substr(0, colon)};
  const auto value = colon == std::string_view::npos ? "" : trimmed(line.substr(colon + 2));
  static const std::vector<std::string> keys{"fault", "title", "healer", "root",
                                             "tools", "uses",  "undo",   "param"};
  if (std::ranges::find(keys, key) == keys.end() || key == "param") {
    const auto near = nearest(key, keys);
    return Error{fmt::format("'{}' is no key of a fault's header", key),
                 near.empty() ? "keys are fault, title, healer, root, tools, uses, undo, param; a "
                                "blank line ends the "
                                "header"
                              : "did you mean " + near + "?"};
  }
  if (!seen.insert(key).second) return Error{fmt::format("'{}' is there twice", key), "remove one"};
  if (value.empty()) return Error{fmt::format("'{}' has no value", key), ""};
  if (key == "fault") {
    if (!is_word(value, "._-"))
      return Error{fmt::format("'{}' is not a fault's name", value), "as in disk.fill"};
    fault.name = value;
  } else if (key == "title") {
    fault.title = value;
  } else if (key == "healer") {
    auto healer = parse_healer(value);
    if (!healer) return healer.error();
    fault.healer = *healer;
  } else if (key == "root") {
    if (value != "yes" && value != "no")
      return Error{fmt::format("root: '{}'", value), "write yes or no"};
    fault.root = value == "yes";
  } else if (key == "uses") {
    auto text = parse_uses(value);
    if (!text) return text.error();
    parts = std::move(*text);
  } else if (key == "undo") {
    fault.undone_by = value;
  } else {
    std::string_view rest = value;
    while (!rest.empty()) fault.tools.emplace_back(take_word(rest));
  }
  return {};
}

std::map<std::string, Fault> read_builtin() {
  std::map<std::string, Fault> faults;
  for (const auto& [file, text] :
       {std::pair{"command.sh", embedded::k_command_sh},
        std::pair{"disk.fill.sh", embedded::k_disk_fill_sh},
        std::pair{"network.partition.sh", embedded::k_network_partition_sh},
        std::pair{"node.kill.sh", embedded::k_node_kill_sh},
        std::pair{"process.kill.sh", embedded::k_process_kill_sh},
        std::pair{"process.pause.sh", embedded::k_process_pause_sh},
        std::pair{"service.stop.sh", embedded::k_service_stop_sh}}) {
    auto fault = parse_fault(file, text);
    fault.value();  // a built-in that does not parse is a mistake of ours, and a test's business
    faults.emplace(fault->name, std::move(*fault));
  }
  return faults;
}

}  // namespace

std::string_view name_of(Healer healer) {
  switch (healer) {
    case Healer::target:
      return "target";
    case Healer::guardian:
      return "guardian";
    case Healer::restore:
      return "restore";
    case Healer::nobody:
      return "nobody";
  }
  return "?";
}

Result<Fault> parse_fault(std::string_view file_name, std::string_view text) {
  const auto wrong = [&](std::size_t line, const Error& e) {
    return Error{fmt::format("{}:{}: {}", file_name, line, e.what), e.hint};
  };
  if (text.size() > kFileBytesMax)
    return wrong(1, {"a fault's file is above 64 KiB", "split the fault"});
  if (text.find('\0') != std::string_view::npos || text.find('\r') != std::string_view::npos)
    return wrong(1,
                 {"a zero byte or a carriage return", "save it as plain text with Unix line ends"});
  const auto lines = split(text, '\n');
  if (lines[0] != "#!/bin/sh")
    return wrong(1, {"the first line is not #!/bin/sh", "faults are POSIX sh"});
  Header header;
  auto& [fault, parts, seen] = header;
  std::size_t at = 1;
  for (; at < lines.size() && lines[at].starts_with("# "); ++at)
    if (auto read = read_line(std::string_view{lines[at]}.substr(2), header); !read)
      return wrong(at + 1, read.error());
  for (const auto* key : {"fault", "title", "healer", "root"})
    if (!seen.contains(key))
      return wrong(at + 1, {fmt::format("the header ends without '{}'", key),
                            fmt::format("add: # {}: …", key)});
  if (!fault.undone_by.empty() &&
      std::ranges::none_of(fault.parameters, [&, &by = fault.undone_by](const auto& p) {
        return p.name == by && p.type == ParameterType::list;
      }))
    return wrong(at + 1, {fmt::format("undo: '{}' is no list parameter of it", fault.undone_by),
                          fmt::format("add: # param {} list -- …", fault.undone_by)});
  for (const auto function : kFunctions)
    if (std::ranges::none_of(
            lines, [&](const auto& l) { return l.starts_with(fmt::format("{}() {{", function)); }))
      return wrong(lines.size(),
                   {fmt::format("there is no function {}", function),
                    fmt::format("add: {}() {{ …; }} at the start of a line", function)});
  fault.script = complete_script(parts + std::string{text});
  fault.sha256 = sha256(fault.script);
  return std::move(fault);
}

std::string complete_script(std::string_view file) {
  std::string script{embedded::k_lib_sh};
  script += file;
  script += embedded::k_dispatch_sh;
  return script;
}

const std::map<std::string, std::string_view>& shared_parts() {
  static const std::map<std::string, std::string_view> parts{
      {"own", embedded::k_own_sh},
      {"packets", embedded::k_packets_sh},
      {"peers", embedded::k_peers_sh},
      {"processes", embedded::k_processes_sh},
      {"tables", embedded::k_tables_sh}};
  return parts;
}

const std::map<std::string, Fault>& builtin_faults() {
  static const auto faults = read_builtin();
  return faults;
}

std::string_view target_script() {
  static const std::string text = [] {
    std::string all;
    for (const auto part : {embedded::k_lib_sh, embedded::k_state_sh, embedded::k_lock_sh,
                            embedded::k_facts_sh, embedded::k_run_sh, embedded::k_undo_sh,
                            embedded::k_deadman_sh, embedded::k_arm_sh, embedded::k_effect_sh,
                            embedded::k_leftovers_sh, embedded::k_sweep_sh, embedded::k_end_sh})
      all += part;
    return all;
  }();
  return text;
}

}  // namespace muster::catalogue
