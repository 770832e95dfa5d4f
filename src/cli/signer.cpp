#include "cli/signer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/digest.hpp"
#include "cli/entries.hpp"
#include "cli/key_file.hpp"
#include "cli/last_signed.hpp"
#include "journal/checkpoint_rule.hpp"
#include "journal/kinds.hpp"
#include "journal/logs.hpp"

namespace muster::cli {

namespace kinds = journal::kinds;
using Done = std::function<void(const Result<>&)>;

namespace {

constexpr std::size_t kPageBytes = 4u << 20;

/// One log, and how far it is read and signed.
struct Followed {
  ports::LogId id;
  journal::Tree tree;
  std::uint64_t clean_at = 0;  ///< at this size nothing of it needs a signature
  std::optional<SignedLog> newest;
};

}  // namespace

struct Signer::State : std::enable_shared_from_this<State> {
  State(Session& s, ports::Clock& c, WorkspaceLog& l, Notice n)
      : session{s}, clock{c}, log{l}, notice{std::move(n)} {}

  Session& session;
  ports::Clock& clock;
  WorkspaceLog& log;
  Notice notice;
  journal::CheckpointLog checkpoints;
  std::string name;
  std::optional<SigningKey> key;
  std::optional<LastSigned> last;
  Followed workspace{journal::kWorkspaceLog, {}, 0, {}};
  std::optional<Followed> run;
  journal::CheckpointRule rule;
  std::optional<ports::Clock::Timer> wake;
  bool ended = false;
  bool busy = false;
  bool told = false;  ///< that it does not work: once
  std::vector<Done> waiting;

  Result<> open();
  Result<> first_key();
  void arm_timer();
  void begin(Done done);
  void read(Followed& followed, Done done);
  void sign(Followed& followed, Done done);
  void finish(const Result<>& result);
};

std::string record_name(const Session& session) {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  std::string name =
      fmt::format("{}/muster/{}", host.data(), session.state_folder().filename().string());
  // What a note cannot hold in a key's name.
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c <= ' ' || c >= '\x7f' || c == '+'; }, '-');
  return name.substr(0, 200);
}

Result<> Signer::State::open() {
  auto kept = LastSigned::read(session.state_folder());
  if (!kept) return kept.error();
  last = std::move(*kept);
  std::optional<Digest> root;
  const auto size = each_entry(session, workspace.id, [&](const journal::Recorded& stored) {
    workspace.tree.add(journal::leaf_hash(stored.bytes));
    if (workspace.tree.size() == last->size()) root = workspace.tree.root();
    if (const auto entry = journal::read_entry(stored)) checkpoints.add(*entry);
  });
  if (!size) return size.error();
  if (const auto* newest = checkpoints.newest(workspace.id)) {
    workspace.newest = {workspace.id, newest->checkpoint.head, newest->note};
    if (checkpoints.unsigned_entries() == 0) workspace.clean_at = *size;
  }
  if (const auto fits = last->judge(checkpoints, root); !fits) return fits;
  const auto* term = checkpoints.keys().current();
  if (!term) return first_key();
  name = checkpoints.keys().name();
  auto found = key_of(session.state_folder(), term->key);
  if (!found) return found.error();
  key = std::move(*found);
  return {};
}

Result<> Signer::State::first_key() {
  const auto file = session.state_folder() / kKeyFile;
  auto made = read_key(file);  // one whose entry was not written any more serves
  if (!made) return made.error();
  if (!*made) {
    auto fresh = make_key(file);
    if (!fresh) return fresh.error();
    *made = std::move(*fresh);
  }
  name = record_name(session);
  journal::Draft draft;
  draft.action = kinds::kKeyMade;
  draft.data = journal::key_made_data({name, (*made)->public_key()});
  if (const auto noted = log.note(std::move(draft)); !noted) return noted.error();
  key = std::move(**made);
  notice(
      fmt::format("A key was made that signs this record from now on. Keep its public half "
                  "where others are the masters: {}",
                  journal::to_string(journal::VerifierKey{name, key->public_key()})));
  return {};
}

void Signer::State::arm_timer() {
  if (wake) clock.cancel(*std::exchange(wake, std::nullopt));
  if (ended) return;
  if (const auto at = rule.wake())
    wake = clock.at(*at, [this] {
      wake.reset();
      if (rule.due(clock.now())) begin([](const Result<>&) {});
    });
}

/// Run's log, then the workspace's: so the second covers the first.
void Signer::State::begin(Done done) {
  waiting.push_back(std::move(done));
  if (std::exchange(busy, true)) return;
  rule.begun();
  arm_timer();
  const auto then = [this](const Result<>& signed_run) {
    if (!signed_run) return finish(signed_run);
    sign(workspace, [this](const Result<>& all) { finish(all); });
  };
  run ? sign(*run, then) : then({});
}

void Signer::State::finish(const Result<>& result) {
  busy = false;
  if (!result && !std::exchange(told, true))
    notice("WARNING: the record could not be signed: " + to_string(result.error()));
  for (const auto& done : std::exchange(waiting, {})) done(result);
}

void Signer::State::read(Followed& followed, Done done) {
  session.store().entries(followed.id, followed.tree.size(), kPageBytes,
                          [self = shared_from_this(), &followed,
                           done = std::move(done)](const Result<std::vector<ports::Stored>>& page) {
                            if (self->ended) return;
                            if (!page) return done(page.error());
                            if (page->empty()) return done({});
                            for (const auto& stored : *page)
                              followed.tree.add(journal::leaf_hash(stored.bytes));
                            self->read(followed, done);
                          });
}

void Signer::State::sign(Followed& followed, Done done) {
  read(followed, [this, &followed, done = std::move(done)](const Result<>& is_read) {
    if (!is_read) return done(is_read);
    const journal::TreeHead head{followed.tree.size(), followed.tree.root()};
    if (head.size == followed.clean_at) return done({});
    const auto note =
        journal::signed_checkpoint({journal::origin_of(name, followed.id), head, {}}, *key);
    if (!note) return done(note.error());
    if (followed.id == journal::kWorkspaceLog)
      if (const auto kept = last->keep(*note); !kept) return done(kept);
    journal::Draft draft;
    draft.action = kinds::kCheckpoint;
    draft.data = journal::checkpoint_data(followed.id, head, *note);
    log.write(std::move(draft), [self = shared_from_this(), &followed, head, note = *note,
                                 done](const journal::Written& written) {
      if (self->ended) return;
      if (written.commit != ports::Commit::durable)
        return done(Error{"the workspace's record cannot be written: " + written.why});
      followed.newest = {followed.id, head, note};
      // The workspace's log has grown by this entry; alone it needs no further signature.
      const bool own = followed.id == journal::kWorkspaceLog && written.first_seq == head.size;
      followed.clean_at = own ? head.size + 1 : head.size;
      done({});
    });
  });
}

Signer::Signer(Session& session, ports::Clock& clock, WorkspaceLog& log, Notice notice)
    : state_{std::make_shared<State>(session, clock, log, std::move(notice))} {}

Signer::~Signer() {
  state_->ended = true;
  state_->arm_timer();
}

Result<> Signer::open() {
  return state_->open();
}

void Signer::follow(ports::LogId run_log) {
  state_->run = Followed{std::move(run_log), {}, 0, {}};
}

void Signer::appended(std::uint64_t count) {
  if (!state_->key) return;
  state_->rule.appended(count, state_->clock.now());
  if (state_->rule.due(state_->clock.now()))
    begin();
  else if (!state_->wake)
    state_->arm_timer();
}

void Signer::begin() {
  if (state_->key) state_->begin([](const Result<>&) {});
}

Result<> Signer::sign() {
  if (!state_->key) return {};
  std::optional<Result<>> answer;
  // One that is under way may have begun before the last entries: it is waited for, then asked
  // anew.
  for (bool again = true; again;) {
    again = state_->busy;
    answer.reset();
    state_->begin([&](const Result<>& result) { answer = result; });
    state_->session.run_until([&] { return answer.has_value(); });
  }
  return *answer;
}

std::vector<SignedLog> Signer::newest() const {
  std::vector<SignedLog> out;
  if (state_->workspace.newest) out.push_back(*state_->workspace.newest);
  if (state_->run && state_->run->newest) out.push_back(*state_->run->newest);
  return out;
}

const journal::CheckpointLog& Signer::checkpoints() const {
  return state_->checkpoints;
}

}  // namespace muster::cli
