#include "api/watched_store.hpp"

#include <utility>

namespace muster::api {

WatchedStore::WatchedStore(ports::Store& inner) : inner_{inner} {}

WatchedStore::Watch WatchedStore::watch(const ports::LogId& log, std::function<void()> grown) {
  auto watch = std::make_shared<const std::function<void()>>(std::move(grown));
  watches_->emplace(log, watch);
  return watch;
}

void WatchedStore::tell(Watches& watches, const ports::LogId& log) {
  std::vector<Watch> told;  // who is told may watch another log, or no more
  for (auto [it, end] = watches.equal_range(log); it != end;)
    if (auto watch = it->second.lock()) {
      told.push_back(std::move(watch));
      ++it;
    } else {
      it = watches.erase(it);
    }
  for (const auto& watch : told) (*watch)();
}

void WatchedStore::commit(ports::Batch batch, ports::OnCommit answer) {
  const bool grows = !batch.entries.empty();
  auto log = batch.log;
  inner_.commit(std::move(batch),
                [weak = std::weak_ptr{watches_}, log = std::move(log), grows,
                 answer = std::move(answer)](ports::Commit commit, const std::string& why) {
                  answer(commit, why);
                  const auto watches = weak.lock();
                  if (watches && grows && commit == ports::Commit::durable) tell(*watches, log);
                });
}

void WatchedStore::tip(ports::LogId log, ports::OnAnswer<ports::Tip> answer) {
  inner_.tip(std::move(log), std::move(answer));
}

void WatchedStore::entries(ports::LogId log, std::uint64_t from, std::size_t bytes_max,
                           ports::OnAnswer<std::vector<ports::Stored>> answer) {
  inner_.entries(std::move(log), from, bytes_max, std::move(answer));
}

void WatchedStore::scan(std::string prefix, std::string after, std::size_t rows_max,
                        ports::OnAnswer<std::vector<ports::Row>> answer) {
  inner_.scan(std::move(prefix), std::move(after), rows_max, std::move(answer));
}

void WatchedStore::put_blob(std::string bytes, ports::OnAnswer<Digest> answer) {
  inner_.put_blob(std::move(bytes), std::move(answer));
}

void WatchedStore::blob(Digest name, ports::OnAnswer<std::string> answer) {
  inner_.blob(name, std::move(answer));
}

void WatchedStore::hold(ports::LogId log, Duration ttl, ports::OnAnswer<std::uint64_t> answer) {
  inner_.hold(std::move(log), ttl, std::move(answer));
}

void WatchedStore::erase(ports::Erasure what, ports::OnAnswer<void> answer) {
  inner_.erase(std::move(what), std::move(answer));
}

void WatchedStore::release(ports::LogId log, std::uint64_t epoch, ports::OnAnswer<void> answer) {
  inner_.release(std::move(log), epoch, std::move(answer));
}

}  // namespace muster::api
