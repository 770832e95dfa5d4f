#include "cli/seed_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "base/id.hpp"

namespace muster::cli {

Result<std::string> schedule_seed(const std::filesystem::path& state_folder) {
  const auto path = state_folder / "schedule.seed";
  std::string seed;
  if (std::ifstream file{path}; file && std::getline(file, seed) && seed.size() == 64) return seed;
  std::error_code ec;
  if (std::filesystem::exists(path, ec))
    return Error{path.string() + " is no seed",
                 "remove it: a new one is made, and the record says so"};
  seed = random_id() + random_id();
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const std::string line = seed + "\n";
  const bool good = file >= 0 &&
                    ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                    ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!good) return Error{path.string() + " cannot be written", "is the disk full?"};
  return seed;
}

}  // namespace muster::cli
