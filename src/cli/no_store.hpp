// What is read where there is no record: a store in which nothing is and nothing can be put. To
// look at a workspace must not make a record: an empty one would pass for a whole one.
#pragma once
#include <functional>
#include <utility>

#include "ports/store.hpp"

namespace muster::cli {

class NoStore final : public ports::Store {
 public:
  /// Runs a function on the asker's thread, later.
  using Post = std::function<void(std::function<void()>)>;

  /// `why`: there is none, and where it was looked for.
  NoStore(Error why, Post post) : why_{std::move(why)}, post_{std::move(post)} {}

  void commit(ports::Batch, ports::OnCommit answer) override {
    post_([answer = std::move(answer), why = why_.what] { answer(ports::Commit::failed, why); });
  }
  void tip(ports::LogId, ports::OnAnswer<ports::Tip> answer) override {
    reply(std::move(answer), Result<ports::Tip>{ports::Tip{}});
  }
  void entries(ports::LogId, std::uint64_t, std::size_t,
               ports::OnAnswer<std::vector<ports::Stored>> answer) override {
    reply(std::move(answer), Result<std::vector<ports::Stored>>{std::vector<ports::Stored>{}});
  }
  void scan(std::string, std::string, std::size_t,
            ports::OnAnswer<std::vector<ports::Row>> answer) override {
    reply(std::move(answer), Result<std::vector<ports::Row>>{std::vector<ports::Row>{}});
  }
  void put_blob(std::string, ports::OnAnswer<Digest> answer) override {
    reply(std::move(answer), Result<Digest>{why_});
  }
  void blob(Digest, ports::OnAnswer<std::string> answer) override {
    reply(std::move(answer), Result<std::string>{why_});
  }
  void erase(ports::Erasure, ports::OnAnswer<void> answer) override {
    reply(std::move(answer), Result<void>{why_});
  }
  void hold(ports::LogId, Duration, ports::OnAnswer<std::uint64_t> answer) override {
    reply(std::move(answer), Result<std::uint64_t>{why_});
  }
  void release(ports::LogId, std::uint64_t, ports::OnAnswer<void> answer) override {
    reply(std::move(answer), Result<void>{});
  }

 private:
  template <class T>
  void reply(ports::OnAnswer<T> answer, Result<T> with) {
    post_([answer = std::move(answer), with = std::move(with)] { answer(with); });
  }
  Error why_;
  Post post_;
};

}  // namespace muster::cli
