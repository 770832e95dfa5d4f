// What the questions to PostgreSQL share: a connection that is there when the conversation begins.
#pragma once
#include <memory>
#include <string>

#include "adapters/probes/pg_connection.hpp"
#include "adapters/probes/slot.hpp"

namespace muster::probes {

class PgSlot : public Slot {
 public:
  PgSlot(boost::asio::io_context& io, PgOptions options) : io_{io}, options_{std::move(options)} {}
  ~PgSlot() override { disconnect(); }
  void ask(std::uint64_t n, Done done) final;
  Answer give_up() final;

 protected:
  /// There is a usable connection: ask, and finish() once.
  virtual void converse(std::uint64_t n, PgConnection& connection) = 0;
  /// Time is up; `connected`: it was in the middle of the conversation.
  virtual Answer out_of_time(bool connected) const = 0;
  void finish(Answer answer);
  void disconnect();

 private:
  boost::asio::io_context& io_;
  const PgOptions options_;
  std::shared_ptr<PgConnection> connection_;
  bool conversing_ = false;
  Done done_;
};

}  // namespace muster::probes
