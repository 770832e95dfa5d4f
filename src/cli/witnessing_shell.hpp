// Gives every arm call the record's newest signed checkpoint, which the target then keeps
// (docs/protocol.md, "Witness"): no round trip of its own, and nothing hangs on it. Decorates;
// changes no other call.
#pragma once
#include <functional>
#include <string>
#include <utility>

#include "ports/shell.hpp"

namespace muster::cli {

class WitnessingShell final : public ports::Shell {
 public:
  /// The line to be kept, as checkpoint_line() makes it; "": nothing is signed yet.
  using Newest = std::function<std::string()>;
  /// `inner` must outlive it, and what `newest` uses every call.
  WitnessingShell(ports::Shell& inner, Newest newest) : inner_{inner}, newest_{std::move(newest)} {}

  void call(ports::Call call, std::function<void(ports::Answer)> done) override {
    if (call.verb == ports::Verb::arm)
      if (auto line = newest_(); !line.empty()) call.values["witness"] = std::move(line);
    inner_.call(std::move(call), std::move(done));
  }

 private:
  ports::Shell& inner_;
  Newest newest_;
};

}  // namespace muster::cli
