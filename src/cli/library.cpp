#include "cli/library.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/digest.hpp"
#include "cli/calendar_files.hpp"
#include "cli/plan_shares.hpp"
#include "cli/schedule_text.hpp"
#include "cli/workspace.hpp"
#include "plan/compile.hpp"

namespace muster::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kListedFilesMax = 100'000;

}  // namespace

std::string Library::fingerprint() const {
  std::vector<std::string> lines;
  for (const char* folder : {"drills", "playbooks", "inventory"}) {
    std::error_code ec;
    for (fs::recursive_directory_iterator it{workspace_ / folder, ec}, end; !ec && it != end;
         it.increment(ec)) {
      struct stat s {};
      if (::stat(it->path().c_str(), &s) != 0 || !S_ISREG(s.st_mode)) continue;
      lines.push_back(fmt::format("{} {} {}.{} {}", it->path().string(), s.st_size,
                                  s.st_mtim.tv_sec, s.st_mtim.tv_nsec, s.st_ino));
      if (lines.size() >= kListedFilesMax) break;
    }
  }
  // Calendars may lie anywhere; one that was fetched anew must be believed anew.
  for (const auto& calendar : files_.calendars.all) {
    const fs::path file = workspace_ / *calendar.file;
    struct stat s {};
    if (::stat(file.c_str(), &s) == 0)
      lines.push_back(fmt::format("{} {} {}.{} {}", file.string(), s.st_size, s.st_mtim.tv_sec,
                                  s.st_mtim.tv_nsec, s.st_ino));
  }
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const auto& line : lines) all += line + "\n";
  return hex(sha256(all));
}

Library::Refreshed Library::refresh() {
  std::string now = fingerprint();
  if (now == seen_) return {false, errors_};
  seen_ = now;
  config::Diagnostics out;
  auto files = model::load_workspace(workspace_, out);
  std::map<std::string, schedule::Timetable> tables;
  for (const auto& drill : files.drills)
    tables.emplace(*drill.name, schedule::timetable(drill, files.inventory, files.calendars, out));
  errors_ = out.empty() ? std::string{} : config::render(out);
  if (!errors_.empty()) return {false, errors_};
  files_ = std::move(files);
  tables_ = std::move(tables);
  version_ = seen_ = fingerprint();  // with the calendars that these files name
  return {true, {}};
}

Result<plan::Plan> Library::plan(const std::string& name) const {
  const auto* drill = files_.drill(name);
  if (!drill)
    return Error{fmt::format("there is no drill '{}'", name), "`muster schedule list` names them"};
  config::Diagnostics out;
  auto plan = plan::compile(model::loaded_drill(files_, *drill), {own_path(), geteuid() == 0}, out);
  if (!plan) return Error{config::render(out)};
  return std::move(*plan);
}

schedule::Freezes Library::freezes_of(const std::string& drill) const {
  const auto table = tables_.find(drill);
  if (table == tables_.end()) return {};
  return schedule::Freezes{read_calendar_files(workspace_, table->second.calendars)};
}

scheduler::Job Library::job_of(const schedule::Timetable& table) const {
  scheduler::Job job{
      *table.schedule, schedule_text(*table.schedule), freezes_of(table.drill), {}, {}, {}};
  const auto made = plan(table.drill);
  if (!made) {
    job.unfit = "its plan cannot be made: " + made.error().what;
    return job;
  }
  job.hosts = used_hosts(*made);
  job.shares = shares_of(*made);
  return job;
}

std::vector<scheduler::Job> Library::jobs() const {
  std::vector<scheduler::Job> out;
  for (const auto& [drill, table] : tables_)
    if (table.schedule) out.push_back(job_of(table));
  return out;
}

}  // namespace muster::cli
