#include "cli/relayed_store.hpp"

#include <memory>
#include <utility>

namespace muster::cli {

template <class T>
ports::OnAnswer<T> RelayedStore::returned(ports::OnAnswer<T> answer) const {
  return [back = back_, answer = std::move(answer)](Result<T> result) {
    // Shared, since what is posted must be copyable, and a page or a blob is large.
    auto kept = std::make_shared<Result<T>>(std::move(result));
    back([answer, kept] { answer(std::move(*kept)); });
  };
}

void RelayedStore::commit(ports::Batch batch, ports::OnCommit answer) {
  auto kept = std::make_shared<ports::Batch>(std::move(batch));
  there_([&store = store_, kept, back = back_, answer = std::move(answer)] {
    store.commit(std::move(*kept), [back, answer](ports::Commit result, const std::string& why) {
      back([answer, result, why] { answer(result, why); });
    });
  });
}

void RelayedStore::tip(ports::LogId log, ports::OnAnswer<ports::Tip> answer) {
  there_([&store = store_, log = std::move(log), done = returned(std::move(answer))] {
    store.tip(log, done);
  });
}

void RelayedStore::entries(ports::LogId log, std::uint64_t from, std::size_t bytes_max,
                           ports::OnAnswer<std::vector<ports::Stored>> answer) {
  there_([&store = store_, log = std::move(log), from, bytes_max,
          done = returned(std::move(answer))] { store.entries(log, from, bytes_max, done); });
}

void RelayedStore::scan(std::string prefix, std::string after, std::size_t rows_max,
                        ports::OnAnswer<std::vector<ports::Row>> answer) {
  there_([&store = store_, prefix = std::move(prefix), after = std::move(after), rows_max,
          done = returned(std::move(answer))] { store.scan(prefix, after, rows_max, done); });
}

void RelayedStore::put_blob(std::string bytes, ports::OnAnswer<Digest> answer) {
  auto kept = std::make_shared<std::string>(std::move(bytes));
  there_([&store = store_, kept, done = returned(std::move(answer))] {
    store.put_blob(std::move(*kept), done);
  });
}

void RelayedStore::blob(Digest name, ports::OnAnswer<std::string> answer) {
  there_([&store = store_, name, done = returned(std::move(answer))] { store.blob(name, done); });
}

void RelayedStore::erase(ports::Erasure what, ports::OnAnswer<void> answer) {
  there_([&store = store_, what = std::move(what), done = returned(std::move(answer))] {
    store.erase(what, done);
  });
}

void RelayedStore::hold(ports::LogId log, Duration ttl, ports::OnAnswer<std::uint64_t> answer) {
  there_([&store = store_, log = std::move(log), ttl, done = returned(std::move(answer))] {
    store.hold(log, ttl, done);
  });
}

void RelayedStore::release(ports::LogId log, std::uint64_t epoch, ports::OnAnswer<void> answer) {
  there_([&store = store_, log = std::move(log), epoch, done = returned(std::move(answer))] {
    store.release(log, epoch, done);
  });
}

}  // namespace muster::cli
