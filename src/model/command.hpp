// A command: arguments, never a line that is put together. A reference inside a line for a shell is
// refused when the file is read: text of inputs and people must not become shell.
#pragma once
#include <vector>

#include "model/text.hpp"

namespace muster::model {

/// `argv` is what is executed, never empty. `shell`: the user wrote one string; argv is {sh, -c,
/// string}, and the plan says so.
struct Command {
  Place place;
  std::vector<Text> argv;
  bool shell = false;
};

/// A list of texts or one text; errors go to `out`, the answer is then empty.
Command parse_command(const config::Node& node, Diagnostics& out);

}  // namespace muster::model
