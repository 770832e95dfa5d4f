// A store that belongs to another thread's loop: calls go there, answers come back. For the runs of
// a server: each lives on a thread of its own, and all write one store.
//
// Thread: the one that `back` runs functions on. Order is kept, since both ways are queues. What is
// asked after the store's end is dropped by `there`; what is answered after the asker's end, by
// `back`.
#pragma once
#include <functional>

#include "ports/store.hpp"

namespace muster::cli {

class RelayedStore final : public ports::Store {
 public:
  /// Runs a function on a loop's thread, later; does nothing when that loop is gone.
  using Post = std::function<void(std::function<void()>)>;

  /// `store` is touched on the thread of `there` alone.
  RelayedStore(ports::Store& store, Post there, Post back)
      : store_{store}, there_{std::move(there)}, back_{std::move(back)} {}

  void commit(ports::Batch batch, ports::OnCommit answer) override;
  void tip(ports::LogId log, ports::OnAnswer<ports::Tip> answer) override;
  void entries(ports::LogId log, std::uint64_t from, std::size_t bytes_max,
               ports::OnAnswer<std::vector<ports::Stored>> answer) override;
  void scan(std::string prefix, std::string after, std::size_t rows_max,
            ports::OnAnswer<std::vector<ports::Row>> answer) override;
  void put_blob(std::string bytes, ports::OnAnswer<Digest> answer) override;
  void blob(Digest name, ports::OnAnswer<std::string> answer) override;
  void erase(ports::Erasure what, ports::OnAnswer<void> answer) override;
  void hold(ports::LogId log, Duration ttl, ports::OnAnswer<std::uint64_t> answer) override;
  void release(ports::LogId log, std::uint64_t epoch, ports::OnAnswer<void> answer) override;

 private:
  template <class T>
  ports::OnAnswer<T> returned(ports::OnAnswer<T> answer) const;

  ports::Store& store_;
  Post there_, back_;
};

}  // namespace muster::cli
