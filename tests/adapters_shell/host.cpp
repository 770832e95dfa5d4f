#include "tests/adapters_shell/host.hpp"

#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "base/text.hpp"

namespace muster::test {
namespace {

std::filesystem::path new_dir() {
  char name[] = "/tmp/muster-test-XXXXXX";
  if (::mkdtemp(name) == nullptr) throw std::runtime_error("no folder for the test");
  return name;
}

shell::Options options(const std::filesystem::path& dir, std::vector<std::string> sh) {
  shell::Options o;
  o.sh = std::move(sh);
  o.local_target_dir = dir / "state";
  return o;
}

}  // namespace

std::string marker_fault() {
  return catalogue::complete_script(R"(
precheck() { [ -n "$P_file" ] || no "no file"; }
inject() { echo inject >>"$P_file.log"; [ -z "${P_slow-}" ] || sleep "$P_slow"; : >"$P_file"; }
verify() { [ -e "$P_file" ] || no "not there"; }
revert() { echo revert >>"$P_file.log"; rm -f "$P_file"; }
clean() { [ ! -e "$P_file" ] || no "still there"; }
work() { echo "work $$" >>"$P_file.log"; say extra "$P_extra"; [ -z "${P_long-}" ] || sleep "$P_long"; }
)");
}

Host::Host(std::vector<std::string> sh)
    : dir_{new_dir()}, shell_{io, clock, options(dir_, std::move(sh))} {}

Host::~Host() {
  // Every dead-man sees that its effect is gone and ends.
  std::error_code ignored;
  std::filesystem::remove_all(dir_, ignored);
}

Answer Host::ask(Call call) {
  std::optional<Answer> got;
  shell_.call(std::move(call), [&](Answer a) { got = std::move(a); });
  io.restart();
  while (!got) io.run_one();
  return *got;
}

void Host::pass(Duration time) {
  bool over = false;
  clock.at(clock.now() + time, [&] { over = true; });
  io.restart();
  while (!over) io.run_one();
}

Call Host::call(Verb verb, std::string effect) const {
  Call c;
  c.host.name = "here";
  c.host.connection = ports::Connection::local;
  c.verb = verb;
  c.run = run;
  c.effect = std::move(effect);
  c.within = std::chrono::seconds{20};
  c.values = {{"epoch", std::to_string(epoch)}, {"store", store}};
  return c;
}

long long Host::uptime_cs() {
  std::ifstream file{"/proc/uptime"};
  double up = 0;
  file >> up;
  return static_cast<long long>(up * 100);
}

Answer Host::lock() {
  auto c = call(Verb::lock);
  c.values["drill"] = "orders-primary-loss";
  c.values["who"] = "ana";
  return ask(c);
}

Answer Host::arm(const std::string& effect, const std::string& script, catalogue::Values parameters,
                 Duration lease) {
  auto c = call(Verb::arm, effect);
  c.script = script;
  c.values["fault"] = "test.marker";
  c.values["sha256"] = hex(sha256(script));
  c.values["cap_s"] = "60";
  c.values["lease_until_cs"] = std::to_string(uptime_cs() + lease / std::chrono::milliseconds{10});
  for (auto& [name, value] : parameters) c.values["p_" + name] = value;
  return ask(c);
}

Answer Host::renew(Duration lease) {
  auto c = call(Verb::renew);
  c.values["lease_until_cs"] = std::to_string(uptime_cs() + lease / std::chrono::milliseconds{10});
  return ask(c);
}

Answer Host::command(std::vector<std::string> argv) {
  auto c = call(Verb::command);
  c.argv = std::move(argv);
  return ask(c);
}

void Host::expire_lease() {
  std::ofstream{dir_ / "state/run" / run / "lease"} << "1\n";
}

int Host::deadman(const std::string& effect) const {
  int pid = 0;
  std::ifstream{effect_dir(effect) / "deadman.pid"} >> pid;
  return pid;
}

std::string evidence(const Answer& answer, const std::string& key) {
  for (const auto& line : split(answer.evidence, '\n'))
    if (line.starts_with(key + "=")) return line.substr(key.size() + 1);
  return {};
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

char process_state(int pid) {
  const auto text = read_file("/proc/" + std::to_string(pid) + "/stat");
  const auto at = text.rfind(") ");
  return at == std::string::npos ? '\0' : text[at + 2];
}

}  // namespace muster::test
