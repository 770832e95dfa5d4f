#include "journal/reader.hpp"

#include <memory>

namespace muster::journal {
namespace {

constexpr std::size_t kPageBytes = 4u << 20;

struct Reading : std::enable_shared_from_this<Reading> {
  Reading(ports::Store& s, ports::LogId l, std::function<void(const ports::Stored&)> e,
          ports::OnAnswer<std::uint64_t> done)
      : store(s), log(std::move(l)), each(std::move(e)), end(std::move(done)) {}

  ports::Store& store;
  ports::LogId log;
  std::function<void(const ports::Stored&)> each;
  ports::OnAnswer<std::uint64_t> end;
  std::uint64_t count = 0;

  void page(std::uint64_t from) {
    store.entries(log, from, kPageBytes,
                  [self = shared_from_this()](Result<std::vector<ports::Stored>> entries) {
                    if (!entries) return self->end(entries.error());
                    if (entries->empty()) return self->end(self->count);
                    for (const auto& e : *entries) self->each(e);
                    self->count += entries->size();
                    self->page(entries->back().seq + 1);
                  });
  }
};

}  // namespace

void read_log(ports::Store& store, ports::LogId log, std::function<void(const ports::Stored&)> each,
              ports::OnAnswer<std::uint64_t> end) {
  std::make_shared<Reading>(store, std::move(log), std::move(each), std::move(end))->page(0);
}

}  // namespace muster::journal
