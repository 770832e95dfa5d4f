// How `--help` of every command looks.
#pragma once
#include <CLI/CLI.hpp>
#include <memory>

namespace muster::cli {

/// CLI11's own form with our words; an argument is told by its name, not by its type.
std::shared_ptr<CLI::FormatterBase> help_format();

}  // namespace muster::cli
