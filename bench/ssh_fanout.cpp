// `true` on many addresses over one process: bench_ssh_fanout PORT KEY KNOWN_HOSTS [AT_ONCE]
// <ADDRESSES. Prints `hosts wall_s client_cpu_ms_per_host peak_mb libssh2_kb_per_host failed`;
// bench/ssh_fanout.sh runs it beside other tools against the same sshd. With HOLD set every session
// stays open until all have answered: what a fleet costs in memory.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <vector>

#include "adapters/clock/asio_clock.hpp"
#include "adapters/ssh/ssh_transport.hpp"

using namespace muster;

namespace {

double cpu_ms() {
  double ms = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage use{};
    ::getrusage(who, &use);
    ms += 1e3 * static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
          1e-3 * static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
  }
  return ms;
}

double peak_mb() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cout << "needs an sshd: bench/ssh_fanout.sh runs it\n";
    return argc == 1 ? 0 : 2;
  }
  boost::asio::io_context io{1};
  clock::AsioClock clock{io};
  ssh::Options options;
  if (argc > 4) options.at_once = std::atoi(argv[4]);
  if (std::getenv("HOLD") != nullptr) {
    options.connect_within = std::chrono::minutes{5};
    options.idle = std::chrono::hours{1};
  }
  std::vector<std::string> addresses;
  for (std::string line; std::getline(std::cin, line);) addresses.push_back(line);

  const auto began = std::chrono::steady_clock::now();
  ssh::SshTransport transport{io, clock, options};
  std::vector<std::unique_ptr<ports::RemoteProcess>> processes(addresses.size());
  std::size_t over = 0, failed = 0;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    ports::HostAddress host;
    host.name = host.address = addresses[i];
    host.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
    host.key_file = argv[2];
    host.ssh_args = {"-o", std::string{"UserKnownHostsFile="} + argv[3], "-o",
                     "IdentityAgent=none"};
    if (std::getenv("LOGIN") != nullptr) host.user = std::getenv("LOGIN");
    ports::ProcessEvents events;
    events.ended = [&, i](const ports::ProcessEnd& end) {
      ++over;
      if (end.status == 0) return;
      if (++failed <= 3) std::cerr << addresses[i] << ": " << end.why << '\n';
    };
    processes[i] = transport.start(host, "true", std::move(events));
  }
  while (over < addresses.size()) io.run_one();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  const double hosts = static_cast<double>(std::max<std::size_t>(addresses.size(), 1));
  fmt::print("{} {:.2f} {:.2f} {:.1f} {:.1f} {}\n", addresses.size(), wall.count(),
             cpu_ms() / hosts, peak_mb(), static_cast<double>(transport.memory()) / 1024 / hosts,
             failed);
  return failed == 0 ? 0 : 1;
}
