#include "model/host_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/tokenizer.hpp>

#include "base/text.hpp"
#include "config/map.hpp"

namespace muster::model {
namespace {

/// What may become an argument of ssh: never an option, never more than one word.
bool is_safe_word(std::string_view text) {
  if (text.empty() || text.size() > 255 || text.front() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"._-:%@"}.find(c) != std::string_view::npos;
  });
}

class HostReader {
 public:
  HostReader(const Variables& variables, Diagnostics& out) : variables_(variables), out_(out) {}

  Host read(std::string name, const Place& place) {
    Host host;
    host.name = std::move(name);
    host.place = place;
    host.address = word("ansible_host", host.name);
    host.port = port();
    host.user = word("ansible_user", "");
    host.key_file = text("ansible_ssh_private_key_file");
    host.ssh_args = arguments(text("ansible_ssh_common_args"));
    host.connection = connection();
    become(host);
    host.environment = one_of<Environment>("muster_environment",
                                           {{"production", Environment::production},
                                            {"staging", Environment::staging},
                                            {"lab", Environment::lab}},
                                           Environment::production);
    if (const auto* node = get("muster_protected"))
      host.is_protected = config::read<bool>(*node, out_).value_or(true);
    host.zone = text("muster_zone");
    host.power = power(host);
    refuse_unknown();
    return host;
  }

 private:
  const config::Node* get(const std::string& name) {
    known_.push_back(name);
    const auto found = variables_.find(name);
    if (found == variables_.end() || found->second.value->is_null()) return nullptr;
    const auto* node = found->second.value;
    if (node->is_scalar() && node->text.find("{{") != std::string::npos) {
      out_.error(node->place, fmt::format("`{}` holds a Jinja template", name),
                 "Muster does not evaluate templates; write the value");
      return nullptr;
    }
    return node;
  }

  std::string text(const std::string& name) {
    const auto* node = get(name);
    return node ? config::read<std::string>(*node, out_).value_or("") : "";
  }

  std::string word(const std::string& name, const std::string& preset) {
    const auto* node = get(name);
    if (!node) return preset;
    const auto value = config::read<std::string>(*node, out_);
    if (value && is_safe_word(*value)) return *value;
    if (value)
      out_.error(node->place, fmt::format("'{}' cannot be an `{}`", bounded(*value, 80), name));
    return preset;
  }

  std::optional<std::uint16_t> port() {
    const auto* node = get("ansible_port");
    const auto number = node ? config::read<std::int64_t>(*node, out_) : std::nullopt;
    if (!number) return std::nullopt;
    if (*number >= 1 && *number <= 65535) return static_cast<std::uint16_t>(*number);
    out_.error(node->place, fmt::format("{} is not a port", *number));
    return std::nullopt;
  }

  static std::vector<std::string> arguments(const std::string& line) {
    boost::tokenizer<boost::escaped_list_separator<char>> words{
        line, boost::escaped_list_separator<char>("\\", " \t\n", "\"'")};
    std::vector<std::string> out;
    for (const auto& one : words)
      if (!one.empty()) out.push_back(one);
    return out;
  }

  template <class E>
  E one_of(const std::string& name, const std::vector<std::pair<std::string, E>>& words, E preset) {
    const auto* node = get(name);
    if (!node) return preset;
    std::vector<std::string> right;
    for (const auto& [word, value] : words) {
      if (node->is_scalar() && node->text == word) return value;
      right.push_back(word);
    }
    out_.unknown(node->place,
                 fmt::format("`{}` is one of {}, found {}", name, joined(right, ", "),
                             config::description(*node)),
                 node->text, right);
    return preset;
  }

  Connection connection() {
    const auto of_ansible = one_of<Connection>("ansible_connection",
                                               {{"ssh", Connection::openssh},
                                                {"smart", Connection::openssh},
                                                {"local", Connection::local}},
                                               Connection::openssh);
    const auto* own = get("muster_connection");
    if (own && own->is_scalar() && own->text == "ssh") {
      out_.error(own->place, "`muster_connection: ssh` is not in this version", "use openssh");
      return of_ansible;
    }
    return one_of<Connection>("muster_connection",
                              {{"openssh", Connection::openssh}, {"local", Connection::local}},
                              of_ansible);
  }

  void become(Host& host) {
    // Ansible's own spellings of a boolean: these files are written for it.
    host.become = one_of<bool>("ansible_become",
                               {{"true", true},
                                {"false", false},
                                {"yes", true},
                                {"no", false},
                                {"True", true},
                                {"False", false},
                                {"1", true},
                                {"0", false}},
                               false);
    host.become_user = word("ansible_become_user", "root");
    one_of<int>("ansible_become_method", {{"sudo", 0}}, 0);
  }

  std::optional<Power> power(const Host& host) {
    const auto* node = get("muster_power");
    if (!node) return std::nullopt;
    config::Map map{*node, "muster_power", out_};
    Power power;
    const auto read = [&](const char* key, Command& into) {
      if (const auto* command = map.need(key)) into = parse_command(*command, out_);
      insert_host(into, host);
    };
    read("down", power.down);
    read("up", power.up);
    read("status", power.status);
    map.finish();
    return power;
  }

  /// `${host.name}` and `${host.address}`: one command then serves a whole group.
  void insert_host(Command& command, const Host& host) {
    for (auto& argument : command.argv)
      for (auto& part : argument.parts) {
        const auto* reference = std::get_if<Reference>(&part);
        if (!reference) continue;
        const auto name = to_string(*reference);
        if (name == "${host.name}")
          part = host.name;
        else if (name == "${host.address}")
          part = host.address;
        else if (name != "${muster}")
          out_.error(reference->place, fmt::format("`{}` is not known in an inventory", name),
                     "there is: ${muster}, ${host.name}, ${host.address}");
      }
  }

  void refuse_unknown() {
    for (const auto& [name, variable] : variables_)
      if (name.starts_with("muster_") &&
          std::find(known_.begin(), known_.end(), name) == known_.end())
        out_.unknown(variable.place, fmt::format("`{}` is no variable of Muster", name), name,
                     known_);
  }

  const Variables& variables_;
  Diagnostics& out_;
  std::vector<std::string> known_;
};

}  // namespace

Host read_host(std::string name, const Place& place, const Variables& variables, Diagnostics& out) {
  return HostReader{variables, out}.read(std::move(name), place);
}

bool is_host_name(const std::string& name, const Place& place, Diagnostics& out) {
  if (name.find('[') != std::string::npos) {
    out.error(place, fmt::format("the range `{}` is not in this version", name), "name each host");
    return false;
  }
  const bool fine = is_safe_word(name) && name.find_first_of(":%@") == std::string::npos;
  if (!fine) out.error(place, fmt::format("`{}` is not a host's name", bounded(name, 80)));
  return fine;
}

}  // namespace muster::model
