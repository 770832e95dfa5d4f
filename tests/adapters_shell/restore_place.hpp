// A recovery host for the tests of the restores' script: called by hand under one of the shells,
// with small fakes of PostgreSQL's programs.
#pragma once
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "catalogue/restore.hpp"
#include "tests/adapters_shell/by_hand.hpp"
#include "tests/adapters_shell/host.hpp"
#include "tests/catch.hpp"

namespace muster::test {

constexpr ::uid_t kNobody = 65534;

inline Script the_script() {
  return {catalogue::restore_providers().at("pgbackrest").script};
}

inline bool may_become_others() {
  if (::geteuid() == 0 && run_program({"id", "nobody"}, {"PATH=/usr/bin:/bin"}).code == 0)
    return true;
  WARN("SKIPPED (1): needs root and the user nobody, who owns what is restored");
  return false;
}

inline void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream{file} << text;
}
inline void write_program(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::remove(file);
  write(file, "#!/bin/sh\n" + text);
  ::chmod(file.c_str(), 0755);
}
inline void give_away(const std::filesystem::path& path) {
  REQUIRE(::lchown(path.c_str(), kNobody, kNobody) == 0);
}

/// A recovery host: its programs tell in `who` as whom they ran, and a server is a `sleep` in its
/// data directory.
struct Place : ByHand {
  explicit Place(const std::vector<std::string>& shell, std::vector<std::string> before = {})
      : ByHand{the_script(), shell, std::move(before)} {
    ::chmod(dir().c_str(), 0755);
    std::filesystem::create_directory(dir() / "bin");
    std::filesystem::create_directory(dir() / "open");  // where the fakes may write
    ::chmod((dir() / "open").c_str(), 01777);
    values = {{"stanza", "orders"},          {"user", "nobody"}, {"bin", bin()}, {"kind", "latest"},
              {"label", "20261123-012708F"}, {"directory", d()}};
    tool("pg_ctl", R"sh(case " $* " in
  *" --version ") echo "pg_ctl (PostgreSQL) 15.4" ;;
  *" start "*)
    cd "$2" && exec >/dev/null 2>&1 </dev/null
    setsid sleep 60 &
    printf '%s\n' $! "$2" 1 5432 "${2%/data}/run" '' >postmaster.pid
    ;;
  *" stop "*)
    kill -9 "$(head -n 1 "$2/postmaster.pid")"
    rm "$2/postmaster.pid"
    ;;
esac)sh");
    tool("pg_controldata", "echo 'Data page checksum version: 1'");
    tool("psql", R"sh(printf '%s\n' "$@" >OPEN/psql
case $* in *pg_relation_filepath*) cat OPEN/tables ;; *) echo orders ;; esac)sh");
  }
  ~Place() { run("revert"); }

  std::string bin() const { return (dir() / "bin").string(); }
  std::string d() const { return (dir() / "place").string(); }
  std::filesystem::path data() const { return dir() / "place/data"; }
  std::filesystem::path open(const std::string& name) const { return dir() / "open" / name; }
  void tool(const std::string& name, std::string text) const {
    for (auto at = text.find("OPEN"); at != text.npos; at = text.find("OPEN"))
      text.replace(at, 4, (dir() / "open").string());
    write_program(dir() / "bin" / name,
                  "echo \"" + name + " $(id -u)\" >>'" + open("who").string() + "'\n" + text);
  }
  /// As pgbackrest leaves it.
  void restored() const {
    REQUIRE(run("inject").code == 0);
    for (const auto* name : {"data", "log", "run", "data/base", "data/base/5"})
      std::filesystem::create_directory(dir() / "place" / name);
    write(data() / "PG_VERSION", "15\n");
    write(data() / "base/5/16384", std::string(8192, 'x'));
    write(data() / "postgresql.auto.conf", "archive_command = 'x'\n");
    for (const auto& one : std::filesystem::recursive_directory_iterator{d()})
      if (one.path().filename().string().front() != '.') give_away(one.path());
  }
  bool root_ran_a_program() const {
    return read_file(open("who")).find(" 0\n") != std::string::npos;
  }
};

}  // namespace muster::test
