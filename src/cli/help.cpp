#include "cli/help.hpp"

namespace muster::cli {

namespace {

class HelpFormat : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_positional() ? "" : CLI::Formatter::make_option_opts(option);
  }
  std::string make_option_usage(const CLI::Option* option) const override {
    std::string out = make_option_name(option, true);
    if (option->get_expected_max() > 1) out += "...";
    return option->get_required() ? out : "[" + out + "]";
  }
};

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_format() {
  auto format = std::make_shared<HelpFormat>();
  format->label("SUBCOMMAND", "COMMAND");
  format->label("Subcommands", "Commands");
  format->label("Positionals", "Arguments");
  format->label("TEXT", "VALUE");
  return format;
}

}  // namespace muster::cli
