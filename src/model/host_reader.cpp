#include "model/host_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "catalogue/gate.hpp"
#include "config/map.hpp"
#include "config/words.hpp"

namespace muster::model {
namespace {

using Names = std::vector<std::string>;

/// Ansible's own spellings of a boolean: these files are written for it.
const std::vector<std::pair<std::string, bool>> kBooleans{
    {"true", true}, {"false", false}, {"yes", true}, {"no", false},
    {"True", true}, {"False", false}, {"Yes", true}, {"No", false},
    {"on", true},   {"off", false},   {"1", true},   {"0", false}};

/// What may become an argument of ssh: never an option, never more than one word.
bool is_safe_word(std::string_view text) {
  if (text.empty() || text.size() > 255 || text.front() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"._-:%@"}.find(c) != std::string_view::npos;
  });
}

/// The file and the line, but nothing that could be quoted of it.
Place without_text(const Place& place) {
  if (!place.source) return place;
  return {std::make_shared<const config::Source>(place.source->name(), ""), place.line,
          place.column};
}

class HostReader {
 public:
  HostReader(const Variables& variables, Diagnostics& out) : variables_(variables), out_(out) {}

  Host read(std::string name, const Place& place) {
    Host host;
    host.name = std::move(name);
    host.place = place;
    host.environment = own_word<Environment>("muster_environment",
                                             {{"production", Environment::production},
                                              {"staging", Environment::staging},
                                              {"lab", Environment::lab}},
                                             Environment::production);
    host.connection = connection(host.environment);
    host.address = word({"ansible_host", "ansible_ssh_host"});
    if (host.address.empty()) host.address = host.name;
    if (host.connection != Connection::local) login(host);
    become(host);
    host.gate = gate(host);
    if (const auto* node = own("muster_protected")) host.is_protected = is_true(*node);
    if (const auto* node = own("muster_zone"))
      host.zone = config::read<std::string>(*node, out_).value_or("");
    host.power = power(host);
    host.key_passphrase = key_passphrase();
    refuse_unknown();
    host.problems = problems_.sorted();
    host.problems.insert(host.problems.end(), variables_.groups().problems.begin(),
                         variables_.groups().problems.end());
    return host;
  }

 private:
  struct Found {
    std::string name;
    const config::Node* node = nullptr;
    explicit operator bool() const { return node != nullptr; }
  };

  /// Of Ansible's spellings of one variable the last one that is there counts, as in Ansible.
  /// Nothing also when Muster cannot know its value; that is a problem then.
  Found find(const Names& names) {
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
      const auto* found = variables_.find(*name);
      if (!found || found->value->is_null()) continue;
      const auto& node = *found->value;
      if (node.is_scalar() && node.text.empty() && !node.encrypted) return {};
      return is_known(*name, node, problems_) ? Found{*name, &node} : Found{};
    }
    return {};
  }

  static bool is_known(const std::string& name, const config::Node& node, Diagnostics& into) {
    if (node.encrypted)
      into.error(node.place, fmt::format("`{}` is encrypted by ansible-vault", name),
                 "Muster does not open vaults; write the value, or ${secret.NAME} for a password");
    else if (node.is_scalar() && node.text.find("{{") != std::string::npos)
      into.error(name.find("pass") == std::string::npos ? node.place : without_text(node.place),
                 fmt::format("`{}` holds a Jinja template", name),
                 "Muster does not evaluate templates; write the value");
    else
      return true;
    return false;
  }

  const config::Node* own(const std::string& name) {
    known_.push_back(name);
    const auto* found = variables_.find(name);
    if (!found || found->value->is_null()) return nullptr;
    return is_known(name, *found->value, out_) ? found->value : nullptr;
  }

  std::string text(const Names& names) {
    const auto found = find(names);
    return found ? config::read<std::string>(*found.node, problems_).value_or("") : "";
  }

  std::string word(const Names& names) {
    const auto found = find(names);
    if (!found) return "";
    const auto value = config::read<std::string>(*found.node, problems_);
    if (value && is_safe_word(*value)) return *value;
    if (value)
      problems_.error(found.node->place,
                      fmt::format("'{}' cannot be an `{}`", bounded(*value, 80), found.name));
    return "";
  }

  void login(Host& host) {
    host.port = port();
    host.user = word({"ansible_user", "ansible_ssh_user"});
    host.key_file = text({"ansible_private_key_file", "ansible_ssh_private_key_file"});
    for (const auto* name :
         {"ansible_ssh_args", "ansible_ssh_common_args", "ansible_ssh_extra_args"}) {
      const auto found = find({name});
      if (!found) continue;
      const auto line = config::read<std::string>(*found.node, problems_).value_or("");
      const auto words = config::split_words(line, config::Comments::none);
      if (!words)
        problems_.error(found.node->place, fmt::format("`{}` holds {}", name, words.error().what));
      else
        for (const auto& one : *words) host.ssh_args.push_back(one.text);
    }
  }

  std::optional<std::uint16_t> port() {
    const auto found = find({"ansible_port", "ansible_ssh_port"});
    const auto number = found ? config::read<std::int64_t>(*found.node, problems_) : std::nullopt;
    if (!number) return std::nullopt;
    if (*number >= 1 && *number <= 65535) return static_cast<std::uint16_t>(*number);
    problems_.error(found.node->place, fmt::format("{} is not a port", *number));
    return std::nullopt;
  }

  template <class E>
  E pick(const config::Node& node, std::string_view name,
         const std::vector<std::pair<std::string, E>>& words, E preset, Diagnostics& into) {
    Names right;
    for (const auto& [one, value] : words) {
      if (node.is_scalar() && node.text == one) return value;
      right.push_back(one);
    }
    into.unknown(node.place,
                 fmt::format("`{}` is one of {}, found {}", name, joined(right, ", "),
                             config::description(node)),
                 node.text, right);
    return preset;
  }

  template <class E>
  E own_word(const std::string& name, const std::vector<std::pair<std::string, E>>& words,
             E preset) {
    const auto* node = own(name);
    return node ? pick(*node, name, words, preset, out_) : preset;
  }

  /// INI has no booleans but Python's: `True` stands for `true`, and so does the quoted word.
  bool is_true(const config::Node& node) {
    if (node.is_scalar() && (node.text == "true" || node.text == "True")) return true;
    if (node.is_scalar() && (node.text == "false" || node.text == "False")) return false;
    return config::read<bool>(node, out_).value_or(true);
  }

  /// What is reached on purpose by a client of our own is what nobody misses when it breaks.
  Connection connection(Environment environment) {
    const auto preset =
        environment == Environment::production ? Connection::openssh : Connection::ssh;
    const auto* node = own("muster_connection");
    if (node)
      return pick(*node, "muster_connection",
                  {{"ssh", Connection::ssh},
                   {"openssh", Connection::openssh},
                   {"local", Connection::local}},
                  preset, out_);
    const auto found = find({"ansible_connection"});
    if (!found) return preset;
    config::Node plain = *found.node;
    for (const std::string_view prefix : {"ansible.builtin.", "ansible.legacy."})
      if (plain.text.starts_with(prefix)) plain.text.erase(0, prefix.size());
    return pick(plain, "ansible_connection",
                {{"ssh", preset},
                 {"smart", preset},
                 {"local", Connection::local},
                 {"paramiko", preset},
                 {"paramiko_ssh", preset}},
                preset, problems_);
  }

  void become(Host& host) {
    if (const auto found = find({"ansible_become"}))
      host.become = pick(*found.node, found.name, kBooleans, false, problems_);
    const Names passwords{"ansible_become_password", "ansible_become_pass", "ansible_sudo_pass"};
    if (!host.become) return refuse_plain(passwords);
    if (const auto user = word({"ansible_become_user", "ansible_sudo_user"}); !user.empty())
      host.become_user = user;
    if (const auto found = find({"ansible_become_method"}))
      pick<int>(*found.node, found.name, {{"sudo", 0}, {"ansible.builtin.sudo", 0}}, 0, problems_);
    if (const auto found = find({"ansible_become_exe"}); found && found.node->text != "sudo")
      problems_.error(found.node->place, "`ansible_become_exe` other than sudo is not read");
    if (const auto found = find(passwords))
      host.become_password = secret(found.name, *found.node, problems_);
  }

  /// A path that needs no quoting in a sudoers file, and has no pattern in it.
  static bool is_gate_path(std::string_view text) {
    return text.starts_with('/') && text.size() <= 255 && !text.ends_with('/') &&
           text.find("..") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    std::string_view{"._-/"}.find(c) != std::string_view::npos;
           });
  }

  std::string gate(const Host& host) {
    const auto* node = own("muster_gate");
    if (!node) return {};
    std::string path;
    const bool word = node->is_scalar() && !node->text.starts_with('/');
    if (!word) {
      path = config::read<std::string>(*node, out_).value_or("");
      if (!path.empty() && !is_gate_path(path))
        out_.error(node->place, fmt::format("'{}' cannot be a gate's path", bounded(path, 80)),
                   "an absolute path of letters, digits, and ._-/");
    } else if (is_true(*node)) {
      path = catalogue::kGatePath;
    }
    if (!path.empty() && !host.become)
      problems_.error(node->place, "`muster_gate` is what sudo starts there, and there is no sudo",
                      "add `ansible_become: true`");
    return path;
  }

  /// Not needed, and yet nothing that should lie in a file of everybody's.
  void refuse_plain(const Names& passwords) {
    for (const auto& name : passwords) {
      const auto* found = variables_.find(name);
      if (found && found->value->is_scalar() && !found->value->encrypted &&
          !found->value->text.empty() && found->value->text.find("{{") == std::string::npos)
        secret(name, *found->value, problems_);
    }
  }

  /// The reference as it is written, never a value; "" when it is anything else.
  static std::string secret(const std::string& name, const config::Node& node, Diagnostics& into) {
    if (node.is_scalar() && is_secret_reference(node.text)) return node.text;
    into.error(without_text(node.place), fmt::format("`{}` is a password in plain text", name),
               "write ${secret.NAME} in its place: then it lies in no file of the workspace");
    return "";
  }

  std::string key_passphrase() {
    known_.emplace_back("muster_key_passphrase");
    const auto* found = variables_.find("muster_key_passphrase");
    if (!found || found->value->is_null()) return "";
    return is_known("muster_key_passphrase", *found->value, out_)
               ? secret("muster_key_passphrase", *found->value, out_)
               : "";
  }

  std::optional<Power> power(const Host& host) {
    const auto* node = own("muster_power");
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
    for (const auto* map : {&variables_.own(), &variables_.groups().variables})
      for (auto it = map->lower_bound("muster_");
           it != map->end() && it->first.starts_with("muster_"); ++it)
        if (std::find(known_.begin(), known_.end(), it->first) == known_.end())
          out_.unknown(it->second.place, fmt::format("`{}` is no variable of Muster", it->first),
                       it->first, known_);
  }

  const Variables& variables_;
  Diagnostics& out_;
  Diagnostics problems_;
  Names known_;
};

}  // namespace

Host read_host(std::string name, const Place& place, const Variables& variables, Diagnostics& out) {
  return HostReader{variables, out}.read(std::move(name), place);
}

bool is_host_name(const std::string& name, const Place& place, Diagnostics& out) {
  const bool ipv6 = std::count(name.begin(), name.end(), ':') > 1 &&
                    name.find_first_not_of("0123456789abcdefABCDEF:.") == std::string::npos;
  const bool fine = is_safe_word(name) && (ipv6 || name.find_first_of(":%@") == std::string::npos);
  if (!fine) out.error(place, fmt::format("`{}` is not a host's name", bounded(name, 80)));
  return fine;
}

bool is_secret_reference(std::string_view text) {
  constexpr std::string_view kBegin = "${secret.";
  return text.starts_with(kBegin) && text.ends_with('}') &&
         config::is_name(text.substr(kBegin.size(), text.size() - kBegin.size() - 1));
}

}  // namespace muster::model
