#include "adapters/lab/lab.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <set>

#include "adapters/lab/definition.hpp"
#include "adapters/lab/machine.hpp"
#include "adapters/lab/script.hpp"
#include "adapters/lab/state.hpp"
#include "base/text.hpp"

namespace muster::lab {
namespace {

namespace fs = std::filesystem;

/// Hands lines on with the seconds since it was made.
class Stopwatch {
 public:
  explicit Stopwatch(const Progress& progress) : progress_(progress) {}
  void say(std::string_view line) const {
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - start_;
    if (progress_) progress_(fmt::format("{:5.1f} s  {}", since.count(), line));
  }

 private:
  const Progress& progress_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

constexpr std::string_view kInterrupted = "interrupted";

/// Runs a script of the lab's lib/ with STATE set; its lines go to `on_line`.
Result<void> run_script(const std::string& lab, const std::vector<std::string>& script,
                        const std::function<void(std::string_view)>& on_line) {
  const auto state = state_folder(lab);
  std::vector<std::string> argv{"/usr/bin/env", "STATE=" + state.string(), "sh",
                                (state / "lib" / script.front()).string()};
  argv.insert(argv.end(), script.begin() + 1, script.end());
  const auto ended = run_command(argv, on_line);
  if (!ended) return ended.error();
  if (ended->interrupted) return Error{kInterrupted};
  if (ended->exit_code == 0) return {};
  std::string why = printable(ended->complaint);
  if (why.empty())
    why = fmt::format("{} failed with exit code {}", script.front(), ended->exit_code);
  return Error{why};
}

auto lines_to(const Stopwatch& watch) {
  return [&watch](std::string_view line) { watch.say(printable(line)); };
}

Result<void> build_base(const Definition& definition, const fs::path& base,
                        const Stopwatch& watch) {
  if (!fs::exists(base)) watch.say("building the root file system, once (about half a minute)");
  const auto script = definition.base_script.empty()
                          ? std::string{"-"}
                          : (definition.folder() / definition.base_script).string();
  std::vector<std::string> command{"base.sh", base.string(), definition.suite, script};
  command.insert(command.end(), definition.packages.begin(), definition.packages.end());
  return run_script(definition.lab, command, lines_to(watch));
}

Result<void> remove(const std::string& lab, const Stopwatch& watch) {
  const auto lib = state_folder(lab) / "lib";
  if (!fs::exists(lib / "down.sh") || !fs::exists(lib / "lib.sh") || !fs::exists(lib / "node.sh") ||
      !fs::exists(lib / "network.sh")) {
    if (auto written = write_scripts(lib); !written) return written;
  }
  return run_script(lab, {"down.sh"}, lines_to(watch));
}

Result<void> make(const Definition& definition, const std::string& print, const Stopwatch& watch) {
  const auto base_script = definition.base_script.empty()
                               ? std::string{}
                               : text_of(definition.folder() / definition.base_script);
  const auto base = base_folder(definition, base_script);
  if (auto written = write_state(definition, base, print); !written) return written;
  if (auto built = build_base(definition, base, watch); !built) return built;
  return run_script(definition.lab, {"up.sh"}, lines_to(watch));
}

/// The lab stands: nothing to make, perhaps nodes to give power to.
Result<void> keep_up(const Definition& definition, const std::string& print,
                     const Stopwatch& watch) {
  const auto conf = parse_conf(text_of(state_folder(definition.lab) / "lab.conf"));
  const auto was = conf.find("FINGERPRINT");
  if (was == conf.end() || was->second != print) {
    return Error{fmt::format("the lab {} is up, but was made from something else than {} says now",
                             definition.lab, definition.file.string()),
                 "muster lab down, then up"};
  }
  const auto now = status(definition.lab);
  if (!now) return now.error();
  for (const auto& node : now->nodes) {
    if (!node.power || !node.sshd) return run_script(definition.lab, {"boot.sh"}, lines_to(watch));
  }
  watch.say(fmt::format("the lab {} is up already", definition.lab));
  return {};
}

bool is_ready(const std::string& lab) {
  return fs::exists(state_folder(lab) / "ready");
}

Result<void> need_node(const std::string& lab, const std::string& node) {
  const auto nodes = split(parse_conf(text_of(state_folder(lab) / "lab.conf"))["NODES"], ' ');
  for (const auto& name : nodes) {
    if (name == node && !node.empty()) return {};
  }
  return Error{fmt::format("the lab {} has no node '{}'", lab, node),
               "it has: " + joined(nodes, ", ")};
}

Result<void> need_lab(const std::string& lab) {
  if (fs::exists(state_folder(lab) / "lab.conf")) return {};
  return Error{fmt::format("there is no lab {} on this machine", lab), "muster lab up"};
}

Result<NodeStatus> parse_status(std::string_view line) {
  const auto fields = split(line, '\t');
  if (fields.size() != 5)
    return Error{fmt::format("a node's status has five fields, not: '{}'", line)};
  NodeStatus node{fields[0], fields[1], fields[2] == "on", fields[3] == "yes", 0};
  std::from_chars(fields[4].data(), fields[4].data() + fields[4].size(), node.since_unix_s);
  return node;
}

}  // namespace

Result<void> up(const fs::path& file, const Progress& progress) {
  if (auto root = need_root("up"); !root) return root;
  if (auto tools = need_tools(); !tools) return tools;
  const auto definition = load_definition(file);
  if (!definition) return definition.error();
  const auto print = fingerprint(*definition);
  if (!print) return print.error();
  const auto lock = Lock::take();
  if (!lock) return lock.error();

  const Stopwatch watch{progress};
  const auto& lab = definition->lab;
  if (is_ready(lab)) return keep_up(*definition, *print, watch);
  if (fs::exists(state_folder(lab))) {
    watch.say(fmt::format("the lab {} was not finished: removing what is there", lab));
    if (auto removed = remove(lab, watch); !removed) return removed;
  }
  auto made = make(*definition, *print, watch);
  if (made) {
    watch.say(fmt::format("the lab {} is up", lab));
  } else if (made.error().what == kInterrupted) {
    watch.say("interrupted: removing what was made");
    if (auto removed = remove(lab, watch); !removed) return removed;
    return Error{"the lab was not made: interrupted"};
  } else {
    return Error{made.error().what,
                 "look at it with muster lab shell NODE, remove it with muster lab down"};
  }
  return made;
}

std::vector<std::string> existing() {
  constexpr std::string_view kNamespace = "mlab-";
  std::set<std::string> labs;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator{root_folder(), failed}) {
    const auto name = entry.path().filename().string();
    if (entry.is_directory(failed) && name != "base" && name.front() != '.') labs.insert(name);
  }
  for (const auto& entry : fs::directory_iterator{"/run/netns", failed}) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(kNamespace)) continue;
    labs.insert(name.substr(kNamespace.size(), name.find('.') - kNamespace.size()));
  }
  return {labs.begin(), labs.end()};
}

Result<std::string> chosen(std::string_view name) {
  if (!name.empty()) return std::string{name};
  const auto labs = existing();
  if (labs.size() == 1) return labs.front();
  if (labs.empty()) return Error{"there is no lab on this machine", "muster lab up"};
  return Error{"there are several labs on this machine: " + joined(labs, ", "), "name one"};
}

Result<void> down(const std::string& lab, const Progress& progress) {
  if (auto root = need_root("down"); !root) return root;
  const auto labs = existing();
  const Stopwatch watch{progress};
  if (std::find(labs.begin(), labs.end(), lab) == labs.end()) {
    watch.say(fmt::format("there is no lab {} on this machine", lab));
    return {};
  }
  const auto lock = Lock::take();
  if (!lock) return lock.error();
  if (auto removed = remove(lab, watch); !removed) return removed;
  watch.say(fmt::format("the lab {} is gone", lab));
  return {};
}

Result<void> reset(const std::string& lab, const Progress& progress) {
  if (auto root = need_root("reset"); !root) return root;
  if (auto there = need_lab(lab); !there) return there;
  const auto lock = Lock::take();
  if (!lock) return lock.error();
  const Stopwatch watch{progress};
  return run_script(lab, {"reset.sh"}, lines_to(watch));
}

Result<Status> status(const std::string& lab) {
  if (auto there = need_lab(lab); !there) return there.error();
  Status answer{lab, is_ready(lab), {}};
  Result<void> wrong;
  const auto ran = run_script(lab, {"status.sh"}, [&](std::string_view line) {
    if (auto node = parse_status(line)) {
      answer.nodes.push_back(*node);
    } else {
      wrong = node.error();
    }
  });
  if (!ran) return ran.error();
  if (!wrong) return wrong.error();
  std::sort(answer.nodes.begin(), answer.nodes.end(),
            [](const NodeStatus& a, const NodeStatus& b) { return a.name < b.name; });
  return answer;
}

Result<bool> power(const std::string& lab, const std::string& node, Power what) {
  if (auto there = need_lab(lab); !there) return there.error();
  if (auto known = need_node(lab, node); !known) return known.error();
  if (what != Power::status) {
    if (auto root = need_root("power"); !root) return root.error();
  }
  const auto nobody = [](std::string_view) {};
  Result<void> done;
  if (what == Power::down) done = run_script(lab, {"node.sh", "kill", node}, nobody);
  if (what == Power::up) done = run_script(lab, {"node.sh", "start", node}, nobody);
  if (done && what == Power::up) done = run_script(lab, {"node.sh", "wait", node}, nobody);
  if (!done) return done.error();
  std::string said;
  done = run_script(lab, {"node.sh", "status", node}, [&](std::string_view line) { said = line; });
  if (!done) return done.error();
  return said == "on";
}

Result<std::vector<std::string>> shell(const std::string& lab, const std::string& node,
                                       const std::vector<std::string>& command) {
  if (auto there = need_lab(lab); !there) return there.error();
  if (auto known = need_node(lab, node); !known) return known.error();
  std::vector<std::string> argv{"ssh", "-F", (state_folder(lab) / "ssh_config").string(), node};
  argv.insert(argv.end(), command.begin(), command.end());
  return argv;
}

}  // namespace muster::lab
