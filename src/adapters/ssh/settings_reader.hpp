// Asks `ssh -G` what the user's ssh_config says of a host: once a host, at most 16 at a time, each
// within ten seconds; once for all of them where no line of it tells hosts apart. Answers are kept
// as long as this object lives: a changed file is seen by the next run. Thread: the io_context's.
#pragma once
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>

#include "adapters/ssh/settings.hpp"
#include "base/result.hpp"
#include "ports/shell.hpp"

namespace muster::ssh {

class SettingsReader {
 public:
  /// `ssh` is the program and its first arguments.
  SettingsReader(boost::asio::io_context& io, std::vector<std::string> ssh);
  ~SettingsReader();
  using Done = std::function<void(const Result<Settings>&)>;
  /// `done` comes once, later.
  void get(const ports::HostAddress& host, Done done);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace muster::ssh
