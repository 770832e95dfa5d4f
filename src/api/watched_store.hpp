// A store that tells when a log has grown. Passes everything on to the one that it stands before.
//
// Thread: the store's (the engine's). Who watches is called after the writer has been answered.
#pragma once
#include <functional>
#include <map>
#include <memory>

#include "ports/store.hpp"

namespace muster::api {

class WatchedStore final : public ports::Store {
 public:
  /// `inner` must outlive it.
  explicit WatchedStore(ports::Store& inner);

  /// For as long as the answer is kept: called each time entries of that log became durable.
  using Watch = std::shared_ptr<const std::function<void()>>;
  [[nodiscard]] Watch watch(const ports::LogId& log, std::function<void()> grown);

  void commit(ports::Batch batch, ports::OnCommit answer) override;
  void tip(ports::LogId log, ports::OnAnswer<ports::Tip> answer) override;
  void entries(ports::LogId log, std::uint64_t from, std::size_t bytes_max,
               ports::OnAnswer<std::vector<ports::Stored>> answer) override;
  void scan(std::string prefix, std::string after, std::size_t rows_max,
            ports::OnAnswer<std::vector<ports::Row>> answer) override;
  void put_blob(std::string bytes, ports::OnAnswer<Digest> answer) override;
  void blob(Digest name, ports::OnAnswer<std::string> answer) override;
  void hold(ports::LogId log, Duration ttl, ports::OnAnswer<std::uint64_t> answer) override;
  void erase(ports::Erasure what, ports::OnAnswer<void> answer) override;
  void release(ports::LogId log, std::uint64_t epoch, ports::OnAnswer<void> answer) override;

 private:
  using Watches = std::multimap<ports::LogId, std::weak_ptr<const std::function<void()>>>;
  static void tell(Watches& watches, const ports::LogId& log);

  ports::Store& inner_;
  std::shared_ptr<Watches> watches_ = std::make_shared<Watches>();
};

}  // namespace muster::api
