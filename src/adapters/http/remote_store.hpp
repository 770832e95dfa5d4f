// The record of a store that another muster holds, read through its API: what `show`, `runs` and
// `audit` fold while a drill is under way. Only reads; every write is refused, rows are not served.
//
// Thread: one, the one that `post` runs functions on. A read blocks that thread when its turn has
// come, since the client does: for commands, not for a run. Entries and blobs arrive byte for byte;
// a blob is checked against its name here too.
#pragma once
#include <functional>
#include <memory>

#include "adapters/http/client.hpp"
#include "ports/store.hpp"

namespace muster::http {

class RemoteStore final : public ports::Store {
 public:
  /// Hands a function to the thread of the caller's loop. What was handed over may run after the
  /// RemoteStore's end.
  using Post = std::function<void(std::function<void()>)>;

  RemoteStore(std::shared_ptr<Client> client, Post post);

  void tip(ports::LogId log, ports::OnAnswer<ports::Tip> answer) override;
  void entries(ports::LogId log, std::uint64_t from, std::size_t bytes_max,
               ports::OnAnswer<std::vector<ports::Stored>> answer) override;
  void blob(Digest name, ports::OnAnswer<std::string> answer) override;

  void commit(ports::Batch batch, ports::OnCommit answer) override;  ///< `fenced`
  void scan(std::string prefix, std::string after, std::size_t rows_max,
            ports::OnAnswer<std::vector<ports::Row>> answer) override;
  void put_blob(std::string bytes, ports::OnAnswer<Digest> answer) override;
  void erase(ports::Erasure what, ports::OnAnswer<void> answer) override;
  void hold(ports::LogId log, Duration ttl, ports::OnAnswer<std::uint64_t> answer) override;
  void release(ports::LogId log, std::uint64_t epoch, ports::OnAnswer<void> answer) override;

 private:
  std::shared_ptr<Client> client_;
  Post post_;
};

}  // namespace muster::http
