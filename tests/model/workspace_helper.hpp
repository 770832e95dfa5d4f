// A workspace in a temporary folder, written by a test as texts.
#pragma once
#include <filesystem>
#include <fstream>
#include <string>

#include "base/id.hpp"
#include "model/workspace.hpp"

class TemporaryWorkspace {
 public:
  TemporaryWorkspace() { std::filesystem::create_directories(root_); }
  ~TemporaryWorkspace() { std::filesystem::remove_all(root_); }
  TemporaryWorkspace(const TemporaryWorkspace&) = delete;
  TemporaryWorkspace& operator=(const TemporaryWorkspace&) = delete;

  TemporaryWorkspace& write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((root_ / name).parent_path());
    std::ofstream{root_ / name} << text;
    return *this;
  }
  /// Hosts, groups and people that most tests share.
  TemporaryWorkspace& with_inventory() {
    return write("inventory/hosts.yaml",
                 "all:\n"
                 "  children:\n"
                 "    orders_db: {hosts: {db-1: , db-2: }}\n"
                 "    others: {hosts: {dr-1: , lb-1: }}\n")
        .write("inventory/people.yaml",
               "people:\n"
               "  ana: {name: Ana, unix: ana, teams: [sre]}\n"
               "  bo: {name: Bo}\n");
  }
  const std::filesystem::path& root() const { return root_; }

  /// All errors, one a line, as "file:line:col: what".
  std::string errors() const {
    muster::config::Diagnostics out;
    muster::model::load_workspace(root_, out);
    return lines(out);
  }
  static std::string lines(const muster::config::Diagnostics& out) {
    std::string text;
    for (const auto& d : out.sorted()) text += muster::config::to_string(d) + "\n";
    return text;
  }

 private:
  std::filesystem::path root_ =
      std::filesystem::temp_directory_path() / ("muster-test-" + muster::random_id());
};
