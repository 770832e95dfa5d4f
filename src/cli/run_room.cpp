#include "cli/run_room.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "cli/plan_shares.hpp"
#include "cli/record.hpp"

namespace muster::cli {

namespace {

/// An answer that is owed on the owner's thread: when the run's loop is gone before it could give
/// one, "the run is over" is the answer.
template <class T>
class Owed {
 public:
  Owed(Session::Post home, std::function<void(T)> answer, T otherwise)
      : home_{std::move(home)}, answer_{std::move(answer)}, value_{std::move(otherwise)} {}
  ~Owed() {
    home_([answer = std::move(answer_), value = std::move(value_)] { answer(value); });
  }
  Owed(const Owed&) = delete;
  Owed& operator=(const Owed&) = delete;
  void is(T value) { value_ = std::move(value); }

 private:
  Session::Post home_;
  std::function<void(T)> answer_;
  T value_;
};

/// What the run's thread alone touches.
struct GuestDesk {
  std::optional<api::LiveRun> live;
};

/// Asked on the owner's thread, answered there; the run is asked on its own.
api::LiveRun from_outside(const std::shared_ptr<GuestDesk>& desk, const std::string& run,
                          const std::string& drill, const Session::Post& home,
                          const Session::Post& there) {
  api::LiveRun out{run, drill, {}, {}};
  out.request = [=](engine::Request request, const api::LiveRun::Taken& taken) {
    auto owed = std::make_shared<Owed<std::string>>(home, taken, "the run is over");
    there([desk, owed, request = std::move(request)] {
      if (desk->live) desk->live->request(request, [owed](std::string said) { owed->is(said); });
    });
  };
  out.people = [=](const std::function<void(Json)>& done) {
    auto owed = std::make_shared<Owed<Json>>(home, done, nullptr);
    there([desk, owed] {
      if (desk->live) desk->live->people([owed](Json people) { owed->is(std::move(people)); });
    });
  };
  return out;
}

}  // namespace

struct RunRoom::Guest {
  std::string run, drill;
  scheduler::Running claim;          // what it means for others
  std::optional<api::LiveRun> live;  // as the owner's thread asks it
  std::jthread thread;
};

RunRoom::RunRoom(Session& owner, WorkspaceLog& log,
                 std::function<void(const std::string&, const std::string&)> line,
                 std::function<void(const Ended&)> on_ended,
                 std::function<void(notify::Notice)> tell)
    : owner_{owner},
      log_{log},
      line_{std::move(line)},
      on_ended_{std::move(on_ended)},
      tell_{std::move(tell)} {}

std::function<void(notify::Notice)> RunRoom::teller() {
  return [this](notify::Notice notice) {
    owner_.post([tell = tell_, notice = std::move(notice)] { tell(notice); });
  };
}

RunRoom::~RunRoom() {
  // A run that ends still writes through the owner's loop, which must go round for that.
  owner_.run_until([this] { return guests_.empty(); });
}

RunRoom::Guest& RunRoom::guest(const std::string& run, scheduler::Running claim) {
  guests_.push_back(std::make_unique<Guest>());
  Guest& made = *guests_.back();
  made.run = run;
  made.drill = claim.drill;
  made.claim = std::move(claim);
  return made;
}

void RunRoom::leave(Guest* left, const Ended& ended) {
  const auto it = std::find_if(guests_.begin(), guests_.end(),
                               [&](const auto& guest) { return guest.get() == left; });
  const auto kept = std::move(*it);  // its thread has said all, and is joined here
  guests_.erase(it);
  on_ended_(ended);
}

/// On the run's thread.
std::shared_ptr<void> RunRoom::publish(Guest* guest, const Session& there, api::LiveRun live) {
  auto desk = std::make_shared<GuestDesk>();
  auto outside = from_outside(desk, live.run, live.drill, owner_.way_back(), there.way_back());
  desk->live = std::move(live);
  owner_.post([guest, outside = std::move(outside)] { guest->live = outside; });
  // When the run is over, whoever asks is told so.
  return {desk.get(), [desk](void*) { desk->live.reset(); }};
}

void RunRoom::start(Order order) {
  Guest& here = guest(order.run, {order.plan.drill, used_hosts(order.plan), shares_of(order.plan)});
  here.thread = std::jthread{[this, guest = &here, order = std::move(order)]() mutable {
    Ended ended{guest->drill, {}, {}};
    try {
      const auto session = Session::beside(owner_);
      const Lodging lodging{
          log_,
          [&](const std::string& text) {
            owner_.post([line = line_, run = order.run, text] { line(run, text); });
          },
          [&](api::LiveRun live) { return publish(guest, *session, std::move(live)); }};
      order.options.lodging = &lodging;
      order.options.tell = teller();
      order.options.run = order.run;
      const auto done = run_plan(*session, std::move(order.plan), order.options);
      if (done && done->broke) {
        ended.error = fmt::format("run {}: {}", done->run, to_string(*done->broke));
        ended.lost = {done->run, to_string(*done->broke), true};
      } else if (done) {
        ended.run = done->run;
        const auto row = find_run(*session, done->run);
        const auto record = row ? load_record(*session, *row) : Result<report::Record>{row.error()};
        const auto written = record ? write_reports(*record, session->workspace())
                                    : Result<std::filesystem::path>{record.error()};
        if (!written) ended.error = to_string(written.error());
      } else {
        ended.error = to_string(done.error());
        ended.lost = {order.run, ended.error, false};
      }
    } catch (const std::exception& e) {
      ended.error = fmt::format("internal error: {}", e.what());
      ended.lost = {order.run, ended.error, true};
    }
    owner_.post([this, guest, ended] { leave(guest, ended); });
  }};
}

void RunRoom::recover(std::vector<RunRow> rows) {
  Guest& here = guest("", {});
  here.thread = std::jthread{[this, guest = &here, rows = std::move(rows)] {
    Ended ended;
    try {
      const auto session = Session::beside(owner_);
      for (const auto& row : rows) {
        const Lodging lodging{
            log_,
            [&](const std::string& text) {
              owner_.post([line = line_, run = row.run, text] { line(run, text); });
            },
            [&](api::LiveRun live) { return publish(guest, *session, std::move(live)); }};
        RunOptions options;
        options.lodging = &lodging;
        options.tell = teller();
        if (const auto done = recover_run(*session, row, options); !done)
          ended.error += fmt::format("run {}: {}\n", row.run, to_string(done.error()));
        const auto now = find_run(*session, row.run);
        if (now)
          if (const auto record = load_record(*session, *now))
            (void)write_reports(*record, session->workspace());
      }
    } catch (const std::exception& e) {
      ended.error += fmt::format("internal error: {}", e.what());
    }
    owner_.post([this, guest, ended] { leave(guest, ended); });
  }};
}

std::vector<api::LiveRun> RunRoom::live() const {
  std::vector<api::LiveRun> out;
  for (const auto& guest : guests_)
    if (guest->live) out.push_back(*guest->live);
  return out;
}

std::vector<scheduler::Running> RunRoom::running() const {
  std::vector<scheduler::Running> out;
  for (const auto& guest : guests_) out.push_back(guest->claim);
  return out;
}

void RunRoom::stop_all(const journal::Actor& actor, const std::string& why, bool wait) {
  for (const auto& run : live()) {
    engine::Request request;
    request.what = wait ? engine::Request::What::abort : engine::Request::What::stop_waiting;
    request.actor = actor;
    request.reason = why;
    run.request(std::move(request), [](const std::string&) {});
  }
}

}  // namespace muster::cli
