#include "cli/session.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <fstream>
#include <mutex>

#include "adapters/http/remote_store.hpp"
#include "adapters/http/server.hpp"
#include "adapters/sqlite/lock_file.hpp"
#include "adapters/sqlite/state_folder.hpp"
#include "adapters/sqlite/store.hpp"
#include "base/digest.hpp"
#include "base/id.hpp"
#include "cli/no_store.hpp"
#include "cli/relayed_store.hpp"
#include "cli/remote.hpp"

namespace muster::cli {

namespace {

/// Beside the store, and copied along with it: tells it from one that was here before.
constexpr const char* kBirthFile = "store.id";

/// Durable when it returns: targets are told the store's name, and must find it again by it.
bool name_new_store(const std::filesystem::path& folder) {
  const std::string id = random_id() + "\n";
  const int file =
      ::open((folder / kBirthFile).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool good = file >= 0 && ::write(file, id.data(), id.size()) == static_cast<ssize_t>(id.size()) &&
              ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  const int entry = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  good = good && entry >= 0 && ::fsync(entry) == 0;
  if (entry >= 0) ::close(entry);
  return good;
}

std::string this_user() {
  const auto* user = getpwuid(geteuid());
  return user ? user->pw_name : fmt::format("uid {}", geteuid());
}

/// Each user has records of their own, and MUSTER_STATE leads elsewhere: whoever finds none has
/// often looked in the wrong place.
Error nothing_in(const std::filesystem::path& folder, std::string_view why = {}) {
  const auto state = sqlite::surroundings().muster_state;
  return Error{
      fmt::format("there is no record of this workspace in {}{}", folder.string(), why),
      fmt::format("the first `muster run` makes one; if drills were run, look as the user and with "
                  "the MUSTER_STATE that they were run with (this is {}, {})",
                  this_user(),
                  state.empty() ? "MUSTER_STATE is not set" : "MUSTER_STATE is " + state)};
}

/// Where it cannot be looked (somebody else's folder), opening it says why.
bool has_no_store(const std::filesystem::path& folder) {
  std::error_code ec;
  return std::filesystem::symlink_status(folder / sqlite::kStoreFile, ec).type() ==
         std::filesystem::file_type::not_found;
}

/// To read it is to open it as its one owner: the lock and the write-ahead log are files too.
Error cannot_open(const Error& error, const std::filesystem::path& folder) {
  if (access(folder.c_str(), W_OK) == 0 || errno != EROFS) return error;
  return Error{error.what, fmt::format("this file system is read-only, and files beside the store "
                                       "must be written: read a copy (mkdir -p DIR, cp -a {} "
                                       "DIR/, then MUSTER_STATE=DIR, an absolute path)",
                                       folder.string())};
}

}  // namespace

struct Session::Door {
  std::mutex mutex;
  boost::asio::io_context* io = nullptr;  // nullptr: the session is gone
};

Session::Session() : door_{std::make_shared<Door>()} {
  door_->io = &io_;
}

std::unique_ptr<Session> Session::beside(Session& owner) {
  std::unique_ptr<Session> session{new Session};
  session->workspace_ = owner.workspace_;
  session->folder_ = owner.folder_;
  session->use(
      std::make_unique<RelayedStore>(owner.store(), owner.way_back(), session->way_back()));
  return session;
}

void Session::post(std::function<void()> fn) {
  boost::asio::post(io_, std::move(fn));
}

Session::Post Session::way_back() const {
  return [door = door_](std::function<void()> fn) {
    const std::lock_guard lock{door->mutex};
    if (door->io) boost::asio::post(*door->io, std::move(fn));
  };
}

Result<std::unique_ptr<Session>> Session::open(const std::filesystem::path& workspace) {
  const auto folder = sqlite::state_folder(workspace, sqlite::surroundings());
  if (!folder) return folder.error();
  std::unique_ptr<Session> session{new Session};
  session->workspace_ = workspace;
  session->folder_ = *folder;
  std::error_code ec;
  const bool is_new = !std::filesystem::exists(*folder / sqlite::kStoreFile, ec);
  auto store = sqlite::Store::open(*folder, [io = &session->io_](std::function<void()> fn) {
    boost::asio::post(*io, std::move(fn));
  });
  if (!store && store.error().hint.empty())
    return Error{store.error().what,
                 fmt::format("Muster must be able to write in {}: mend that, or set MUSTER_STATE "
                             "to a folder where it may",
                             folder->string())};
  if (!store) return store.error();
  session->use(std::move(*store));
  // Where one was lost, the new one is another store: its lives are counted anew.
  if (is_new && !name_new_store(*folder))
    return Error{"the new store in " + folder->string() + " cannot be given its name",
                 "is the disk full? Remove store.db there (it is empty), and try again"};
  return session;
}

void Session::use(std::unique_ptr<ports::Store> store) {
  store_ = std::move(store);
  watched_ = std::make_unique<api::WatchedStore>(*store_);
}

Result<std::unique_ptr<Session>> Session::open_to_read(const std::filesystem::path& workspace,
                                                       const Where& where) {
  if (!where.server.empty()) {
    auto client = connect_remote(where);
    if (!client) return client.error();
    return reading({}, {}, std::move(*client));
  }
  const auto folder = sqlite::state_folder(workspace, sqlite::surroundings());
  if (!folder) return folder.error();
  const auto client = http::Client::connect(*folder / http::kSocketFile);
  if (!client) return client.error();
  if (*client) return reading(workspace, *folder, *client);
  if (has_no_store(*folder)) return without_record(workspace, *folder);
  auto session = open(workspace);
  if (!session) return cannot_open(session.error(), *folder);
  return session;
}

std::unique_ptr<Session> Session::without_record(const std::filesystem::path& workspace,
                                                 const std::filesystem::path& folder) {
  std::unique_ptr<Session> session{new Session};
  session->workspace_ = workspace;
  session->folder_ = folder;
  session->no_record_ = nothing_in(folder);
  session->use(std::make_unique<NoStore>(*session->no_record_, session->way_back()));
  return session;
}

std::unique_ptr<Session> Session::reading(const std::filesystem::path& workspace,
                                          const std::filesystem::path& folder,
                                          std::shared_ptr<http::Client> client) {
  std::unique_ptr<Session> session{new Session};
  session->workspace_ = workspace;
  session->folder_ = folder;
  session->use(std::make_unique<http::RemoteStore>(
      std::move(client),
      [io = &session->io_](std::function<void()> fn) { boost::asio::post(*io, std::move(fn)); }));
  return session;
}

Session::~Session() {
  // The store hands its last answers to the loop, which is still there.
  store_.reset();
  const std::lock_guard lock{door_->mutex};
  door_->io = nullptr;
}

std::string Session::store_id() const {
  std::string machine;
  std::ifstream file{"/etc/machine-id"};
  std::getline(file, machine);
  // A store of before there was this file has none, and keeps its name.
  std::string birth;
  std::ifstream born{folder_ / kBirthFile};
  std::getline(born, birth);
  return hex(sha256(machine + "\n" + folder_.string() + (birth.empty() ? "" : "\n" + birth)))
      .substr(0, 32);
}

Result<std::string> store_of(const std::filesystem::path& workspace) {
  auto session = Session::open_to_read(workspace);
  if (session && (*session)->no_record()) session = Session::open(workspace);
  if (!session) return session.error();
  return (*session)->store_id();
}

Error Session::nothing_recorded() const {
  if (folder_.empty())
    return Error{"the server's record is empty", "the first `muster run` there begins it"};
  return nothing_in(folder_, ": the store there is empty");
}

void Session::note_run(const std::string& run, const std::string& drill) const {
  sqlite::LockFile::note((folder_ / sqlite::kLockFile).string(), "run " + run + " of " + drill);
}

void Session::run_until(const std::function<bool()>& done) {
  const auto guard = boost::asio::make_work_guard(io_);
  if (io_.stopped()) io_.restart();
  while (!done()) io_.run_one();
}

}  // namespace muster::cli
