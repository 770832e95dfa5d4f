#include "adapters/probes/pg_slot.hpp"

#include <utility>

namespace muster::probes {

void PgSlot::ask(std::uint64_t n, Done done) {
  done_ = std::move(done);
  conversing_ = connection_ && connection_->usable();
  if (conversing_) return converse(n, *connection_);
  disconnect();
  connection_ = std::make_shared<PgConnection>(io_, options_);
  connection_->connect([this, n](std::string error) {
    if (!error.empty()) {
      disconnect();
      return finish({measure::Outcome::failed, "connect: " + error, ""});
    }
    conversing_ = true;
    converse(n, *connection_);
  });
}

Answer PgSlot::give_up() {
  done_ = nullptr;
  disconnect();
  return out_of_time(std::exchange(conversing_, false));
}

void PgSlot::finish(Answer answer) {
  conversing_ = false;
  const auto done = std::exchange(done_, nullptr);
  done(std::move(answer));
}

void PgSlot::disconnect() {
  if (const auto connection = std::exchange(connection_, nullptr)) connection->close();
}

}  // namespace muster::probes
