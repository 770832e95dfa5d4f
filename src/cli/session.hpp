// The workspace's record, opened, and the one loop that everything of a command runs on. A server
// runs drills on threads of their own: each has a session beside the server's, which reads and
// writes the same store through the server's loop.
#pragma once
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/secrets/vault.hpp"
#include "api/watched_store.hpp"
#include "base/result.hpp"
#include "cli/workspace.hpp"
#include "ports/store.hpp"

namespace muster::http {
class Client;
}

namespace muster::cli {

class Session {
 public:
  /// Opens the workspace's store for writing; an error says who else holds it.
  static Result<std::unique_ptr<Session>> open(const std::filesystem::path& workspace);
  /// For reading: over the socket of the muster that holds the store, or the store itself; over TCP
  /// with `where.server`, and `workspace` is empty then (find_record). Makes nothing: where there
  /// is no record, all reads as empty, and no_record() says so.
  static Result<std::unique_ptr<Session>> open_to_read(const std::filesystem::path& workspace,
                                                       const Where& where = {});
  /// On the thread that will run it; `owner` is open for writing, runs on another thread, and must
  /// outlive it. Answers that come after its end are dropped.
  static std::unique_ptr<Session> beside(Session& owner);
  ~Session();

  boost::asio::io_context& io() { return io_; }
  api::WatchedStore& store() { return *watched_; }
  /// The secrets that runs of this process need.
  secrets::Vault& vault() { return vault_; }
  const std::filesystem::path& workspace() const { return workspace_; }
  const std::filesystem::path& state_folder() const { return folder_; }
  /// Names this store on targets: the machine, the folder, and which of the stores that were there.
  std::string store_id() const;
  /// Set: there is no record where this workspace's should be, and the reason why all reads as
  /// empty. To whoever judges the record that is an error, not an empty record (read_trail).
  const std::optional<Error>& no_record() const { return no_record_; }
  /// There is a store, and nothing in it: the same to whoever judges the record.
  Error nothing_recorded() const;

  /// Who is refused the store is told which run goes on.
  void note_run(const std::string& run, const std::string& drill) const;

  /// Runs the loop until `ask`'s answer has come. For commands that do one thing after the other.
  template <class T>
  Result<T> wait(const std::function<void(ports::OnAnswer<T>)>& ask) {
    std::optional<Result<T>> answer;
    ask([&](Result<T> a) { answer = std::move(a); });
    run_until([&] { return answer.has_value(); });
    return std::move(*answer);
  }
  void run_until(const std::function<bool()>& done);

  using Post = std::function<void(std::function<void()>)>;
  /// Runs `fn` on this session's thread, later. From any thread, while the session is there.
  void post(std::function<void()> fn);
  /// The same, and it may be kept for longer: after the session's end it does nothing.
  Post way_back() const;

 private:
  Session();
  static std::unique_ptr<Session> reading(const std::filesystem::path& workspace,
                                          const std::filesystem::path& folder,
                                          std::shared_ptr<http::Client> client);
  static std::unique_ptr<Session> without_record(const std::filesystem::path& workspace,
                                                 const std::filesystem::path& folder);
  void use(std::unique_ptr<ports::Store> store);
  struct Door;  ///< which others may still hold when the session is gone
  boost::asio::io_context io_{1};
  std::shared_ptr<Door> door_;
  std::unique_ptr<ports::Store> store_;
  secrets::Vault vault_;
  std::filesystem::path workspace_;
  std::filesystem::path folder_;
  std::optional<Error> no_record_;
  std::unique_ptr<api::WatchedStore> watched_;  ///< stands before store_
};

/// Names the record of a workspace, for what is signed; makes it when there is none yet.
Result<std::string> store_of(const std::filesystem::path& workspace);

}  // namespace muster::cli
