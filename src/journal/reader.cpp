#include "journal/reader.hpp"

#include <memory>
#include <set>

namespace muster::journal {
namespace {

constexpr std::size_t kPageBytes = 4u << 20;
constexpr std::size_t kPersonsMax = 4'096;  ///< kept within one reading; above that asked anew

struct Page {
  std::vector<Recorded> entries;
  std::shared_ptr<Persons> persons;
  ports::OnAnswer<std::vector<Recorded>> answer;
  std::size_t waiting = 0;  ///< answers about persons that are still to come
  Result<> good;

  void finish() {
    if (!good) return answer(good.error());
    answer(std::move(entries));
  }
};

/// Whom the page names and nobody has asked for.
std::set<Digest> unknown_in(const Page& page) {
  std::set<Digest> out;
  for (const auto& entry : page.entries)
    each_commitment(entry.bytes, [&](std::size_t, const Digest& commitment) {
      if (!page.persons->find(commitment)) out.insert(commitment);
    });
  return out;
}

void ask_for(ports::Store& store, const std::shared_ptr<Page>& page, const Digest& commitment) {
  const auto key = person_key(commitment);
  store.scan(key, "", 1, [page, commitment, key](const Result<std::vector<ports::Row>>& rows) {
    if (!rows)
      page->good = rows.error();
    else
      page->persons->add(commitment,
                         rows->empty() || rows->front().key != key ? nullptr : &rows->front());
    if (--page->waiting == 0) page->finish();
  });
}

struct Reading : std::enable_shared_from_this<Reading> {
  Reading(ports::Store& s, ports::LogId l, std::function<void(const Recorded&)> e,
          ports::OnAnswer<std::uint64_t> done)
      : store(s), log(std::move(l)), each(std::move(e)), end(std::move(done)) {}

  ports::Store& store;
  ports::LogId log;
  std::function<void(const Recorded&)> each;
  ports::OnAnswer<std::uint64_t> end;
  std::shared_ptr<Persons> persons = std::make_shared<Persons>();
  std::uint64_t count = 0;

  void page(std::uint64_t from) {
    if (persons->size() > kPersonsMax) persons = std::make_shared<Persons>();
    read_page(store, log, from, kPageBytes, persons,
              [self = shared_from_this()](const Result<std::vector<Recorded>>& entries) {
                if (!entries) return self->end(entries.error());
                if (entries->empty()) return self->end(self->count);
                for (const auto& e : *entries) self->each(e);
                self->count += entries->size();
                self->page(entries->back().seq + 1);
              });
  }
};

}  // namespace

void read_page(ports::Store& store, ports::LogId log, std::uint64_t from, std::size_t bytes_max,
               std::shared_ptr<Persons> known, ports::OnAnswer<std::vector<Recorded>> answer) {
  auto page = std::make_shared<Page>();
  page->persons = known ? std::move(known) : std::make_shared<Persons>();
  page->answer = std::move(answer);
  store.entries(std::move(log), from, bytes_max,
                [&store, page](Result<std::vector<ports::Stored>> entries) {
                  if (!entries) return page->answer(entries.error());
                  for (auto& stored : *entries)
                    page->entries.push_back({{stored.seq, std::move(stored.bytes)}, page->persons});
                  const auto unknown = unknown_in(*page);
                  page->waiting = unknown.size();
                  if (unknown.empty()) return page->finish();
                  for (const auto& commitment : unknown) ask_for(store, page, commitment);
                });
}

void read_log(ports::Store& store, ports::LogId log, std::function<void(const Recorded&)> each,
              ports::OnAnswer<std::uint64_t> end) {
  std::make_shared<Reading>(store, std::move(log), std::move(each), std::move(end))->page(0);
}

}  // namespace muster::journal
