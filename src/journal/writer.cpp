#include "journal/writer.hpp"

#include <fmt/format.h>

#include <deque>
#include <optional>
#include <set>

#include "journal/person_fields.hpp"

namespace muster::journal {
namespace {

using ports::Commit;
using ports::Tip;

constexpr std::size_t kGroupEntriesMax = 256;
constexpr std::size_t kGroupBlobBytesMax = 16u << 20;
constexpr int kTriesMax = 5;
constexpr std::size_t kRowsAtOnce = 1'000;

std::size_t blob_bytes(const Write& w) {
  std::size_t n = 0;
  for (const auto& b : w.blobs) n += b.size();
  return n;
}

/// Guards are judged before all puts of a batch, so two parts that touch one row must not share
/// one.
bool touches(const Write& w, const std::set<std::string>& put_keys) {
  for (const auto& g : w.guards)
    if (put_keys.count(g.key)) return true;
  for (const auto& p : w.puts)
    if (put_keys.count(p.key)) return true;
  return false;
}

}  // namespace

struct Writer::State : std::enable_shared_from_this<State> {
  State(ports::Store& s, ports::LogId l, Context c, Writes w, SaltSource salts)
      : store(s), log(std::move(l)), context(std::move(c)), writes(w), book(std::move(salts)) {}

  struct Waiting {
    Write write;
    OnWritten answer;
    bool alone = false;  ///< its group was refused: find out which part was meant
    int tries = 0;
  };

  ports::Store& store;
  ports::LogId log;
  Context context;
  Writes writes;
  Tip tip;
  bool opened = false;
  bool in_flight = false;
  std::optional<Written> stopped;  ///< why nothing is written any more
  std::deque<Waiting> queue;
  std::vector<Waiting> group;  ///< the parts of the commit that is in flight
  Tip group_tip;               ///< where the log is when it lands
  PersonBook book;

  void next();
  std::vector<Waiting> take_group();
  Result<std::vector<std::string>> sealed(std::vector<Draft> drafts, const Context& by, Tip after);
  bool seal_group(ports::Batch& batch);
  void commit_group();
  void on_commit(Commit result, const std::string& why);
  void on_refused(Commit result, const std::string& why);
  void on_unknown(const std::string& why, const Result<Tip>& now);
  void on_conflict(const std::string& why, const Result<Tip>& now);
  void learn_persons(const std::string& after, const std::function<void(const Result<>&)>& done);
  void on_learnt(const std::string& why, std::size_t known, const Result<>& learnt);
  void landed();
  void again();
  void give_up(Commit result, std::string why);
  void answer_group(Commit result, const std::string& why);

  /// Wraps `f` so that an answer which arrives after the writer's end does nothing.
  template <class F>
  auto guarded(F f) {
    return [weak = weak_from_this(), f = std::move(f)](const auto&... args) {
      if (const auto self = weak.lock()) f(*self, args...);
    };
  }
};

/// Starts the next commit, if there is anything to commit and nothing in flight.
void Writer::State::next() {
  if (in_flight || queue.empty() || (!opened && !stopped)) return;
  if (stopped) {
    // The answer may come no sooner than the call returns: the store's queue is the way back to the
    // loop.
    in_flight = true;
    store.tip(log, guarded([](State& s, const Result<Tip>&) {
                s.in_flight = false;
                s.give_up(s.stopped->commit, s.stopped->why);
              }));
    return;
  }
  group = take_group();
  commit_group();
}

std::vector<Writer::State::Waiting> Writer::State::take_group() {
  std::vector<Waiting> taken;
  std::set<std::string> put_keys;
  std::size_t entries = 0;
  std::size_t bytes = 0;
  while (!queue.empty()) {
    Waiting& w = queue.front();
    entries += w.write.drafts.size();
    bytes += blob_bytes(w.write);
    const bool too_much = entries > kGroupEntriesMax || bytes > kGroupBlobBytesMax;
    if (!taken.empty() && (w.alone || too_much || touches(w.write, put_keys))) break;
    for (const auto& p : w.write.puts) put_keys.insert(p.key);
    const bool alone = w.alone;
    taken.push_back(std::move(w));
    queue.pop_front();
    if (alone) break;
  }
  return taken;
}

/// The entries that follow `after`. Fields first, of all of them: texts are then searched for
/// everybody whom they name.
Result<std::vector<std::string>> Writer::State::sealed(std::vector<Draft> drafts, const Context& by,
                                                       Tip after) {
  std::vector<std::string> out;
  for (auto& draft : drafts) name_fields(draft, by, book);
  for (auto& draft : drafts) {
    auto bytes = Result<std::string>{Error{}};
    // A commitment is longer than most names: an entry that was full has to do with less of them.
    for (const auto form : {TextForm::names, TextForm::whole, TextForm::kept}) {
      Draft named = draft;
      name_texts(named, book, form);
      bytes = seal(named, by, after.size, after.last);
      if (bytes) break;
    }
    if (!bytes) return bytes.error();
    after.last = ports::leaf_hash(*bytes);
    ++after.size;
    out.push_back(std::move(*bytes));
  }
  return out;
}

/// False when a draft does not seal though it did when it was handed over.
bool Writer::State::seal_group(ports::Batch& batch) {
  book.begin_batch();
  std::vector<Draft> drafts;
  for (const auto& w : group) {
    drafts.insert(drafts.end(), w.write.drafts.begin(), w.write.drafts.end());
    batch.guards.insert(batch.guards.end(), w.write.guards.begin(), w.write.guards.end());
    batch.puts.insert(batch.puts.end(), w.write.puts.begin(), w.write.puts.end());
    batch.blobs.insert(batch.blobs.end(), w.write.blobs.begin(), w.write.blobs.end());
  }
  auto entries = sealed(std::move(drafts), context, tip);
  if (!entries) return false;
  batch.entries = std::move(*entries);
  book.add_to(batch);
  return true;
}

void Writer::State::commit_group() {
  ports::Batch batch;
  batch.log = log;
  batch.epoch = context.epoch;
  batch.before = tip;
  if (!seal_group(batch)) return give_up(Commit::failed, "the log is at its end: no seq is left");
  group_tip = extended(tip, batch.entries);
  in_flight = true;
  const auto on_answer = [](State& s, Commit result, const std::string& why) {
    s.on_commit(result, why);
  };
  store.commit(std::move(batch), guarded(on_answer));
}

void Writer::State::on_commit(Commit result, const std::string& why) {
  using OnTip = Result<Tip>;
  const auto unknown = [why](State& s, const OnTip& now) { s.on_unknown(why, now); };
  const auto conflict = [why](State& s, const OnTip& now) { s.on_conflict(why, now); };
  switch (result) {
    case Commit::durable:
      return landed();
    case Commit::unknown:
      return store.tip(log, guarded(unknown));
    case Commit::conflict:
      return store.tip(log, guarded(conflict));
    case Commit::full:
      return on_refused(result, why);
    case Commit::fenced:
    case Commit::failed:
      return give_up(result, why);
  }
}

/// The connection broke at COMMIT. The tip is a hash over everything before it, so it tells.
void Writer::State::on_unknown(const std::string& why, const Result<Tip>& now) {
  if (!now)
    return give_up(Commit::unknown,
                   fmt::format("{}; the tip could not be read: {}", why, to_string(now.error())));
  if (*now == group_tip) return landed();
  if (*now == tip && group.front().tries < kTriesMax) return again();
  if (*now == tip)
    return give_up(Commit::failed, fmt::format("{}, {} times in a row", why, kTriesMax));
  give_up(Commit::fenced, "another writer has appended to the log");
}

void Writer::State::on_conflict(const std::string& why, const Result<Tip>& now) {
  if (!now)
    return give_up(Commit::failed,
                   fmt::format("{}; the tip could not be read: {}", why, to_string(now.error())));
  if (*now == tip && !book.batch_has_new())
    return on_refused(Commit::conflict, why);  // so it was a guard
  if (*now == tip) {
    // Perhaps that of a person, whom another writer of this store was faster to know.
    book.forget_new();
    const auto known = book.size();
    const std::weak_ptr weak = weak_from_this();
    return learn_persons("", [weak, why, known](const Result<>& learnt) {
      if (const auto self = weak.lock()) self->on_learnt(why, known, learnt);
    });
  }
  give_up(Commit::fenced, "another writer has appended to the log");
}

void Writer::State::on_learnt(const std::string& why, std::size_t known, const Result<>& learnt) {
  if (!learnt)
    return give_up(Commit::failed, fmt::format("{}; whom the record knows could not be read: {}",
                                               why, to_string(learnt.error())));
  if (book.size() == known) return on_refused(Commit::conflict, why);
  commit_group();
}

/// Whom the store knows, from the row after `after` on.
void Writer::State::learn_persons(const std::string& after,
                                  const std::function<void(const Result<>&)>& done) {
  const auto on_rows = [done](State& s, const Result<std::vector<ports::Row>>& rows) {
    if (!rows) return done(rows.error());
    for (const auto& row : *rows) s.book.learn(row);
    if (rows->size() < kRowsAtOnce) return done({});
    s.learn_persons(rows->back().key, done);
  };
  store.scan(std::string{kPersonRows}, after, kRowsAtOnce, guarded(on_rows));
}

/// Nothing was written. Of several parts only one may be the cause: each is then tried by itself.
void Writer::State::on_refused(Commit result, const std::string& why) {
  if (group.size() == 1) {
    if (writes == Writes::build_on) return give_up(result, why);
    answer_group(result, why);
    in_flight = false;
    return next();
  }
  for (auto w = group.rbegin(); w != group.rend(); ++w) {
    w->alone = true;
    w->tries = 0;
    queue.push_front(std::move(*w));
  }
  group.clear();
  in_flight = false;
  next();
}

void Writer::State::again() {
  ++group.front().tries;
  commit_group();
}

void Writer::State::landed() {
  book.landed();
  answer_group(Commit::durable, {});
  in_flight = false;
  next();
}

void Writer::State::answer_group(Commit result, const std::string& why) {
  auto answered = std::move(group);
  group.clear();
  Written written{result, why, 0, {}};
  std::uint64_t seq = tip.size;
  if (result == Commit::durable) written.tip = tip = group_tip;
  // An answer may write again, or destroy the writer: in_flight is still set, and the caller holds
  // us.
  for (auto& w : answered) {
    if (result == Commit::durable) written.first_seq = seq;
    seq += w.write.drafts.size();
    w.answer(written);
  }
}

void Writer::State::give_up(Commit result, std::string why) {
  if (!stopped) stopped = Written{result, std::move(why), 0, {}};
  in_flight = true;
  for (auto& w : queue) group.push_back(std::move(w));
  queue.clear();
  answer_group(stopped->commit, stopped->why);
  in_flight = false;
  next();
}

Writer::Writer(ports::Store& store, ports::LogId log, Context context, Writes writes,
               SaltSource salts)
    : state_(std::make_shared<State>(store, std::move(log), std::move(context), writes,
                                     std::move(salts))) {}
Writer::~Writer() = default;

void Writer::open(Duration ttl, ports::OnAnswer<Tip> answer) {
  using OnEpoch = Result<std::uint64_t>;
  using OnTip = Result<Tip>;
  const auto on_tip = [answer](State& s, const OnTip& now) {
    if (now) s.tip = *now;
    if (!now) return answer(now);
    const std::weak_ptr weak = s.weak_from_this();
    s.learn_persons("", [weak, answer](const Result<>& learnt) {
      const auto self = weak.lock();
      if (!self) return;
      self->opened = learnt.has_value();
      answer(learnt ? Result<Tip>{self->tip} : Result<Tip>{learnt.error()});
      self->next();
    });
  };
  const auto on_epoch = [answer, on_tip](State& s, const OnEpoch& epoch) {
    if (!epoch) return answer(epoch.error());
    s.context.epoch = *epoch;
    s.store.tip(s.log, s.guarded(on_tip));
  };
  state_->store.hold(state_->log, ttl, state_->guarded(on_epoch));
}

Result<void> Writer::write(Write write, OnWritten answer) {
  if (write.drafts.empty()) return Error{"a write to the journal needs at least one entry"};
  if (write.drafts.size() > kGroupEntriesMax)
    return Error{fmt::format("a write of {} entries is above the limit of {}", write.drafts.size(),
                             kGroupEntriesMax)};
  Context widest = state_->context;  // as long as they can become
  widest.epoch = kIntegerEnd - 1;
  for (const auto& draft : write.drafts)
    if (const auto sealed = state_->sealed({draft}, widest, {kIntegerEnd - 1, {}}); !sealed)
      return sealed.error();
  state_->queue.push_back({std::move(write), std::move(answer)});
  state_->next();
  return {};
}

std::uint64_t Writer::epoch() const {
  return state_->context.epoch;
}

}  // namespace muster::journal
