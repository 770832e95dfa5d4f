#include "tests/sim/process.hpp"

#include "journal/logs.hpp"
#include "journal/reader.hpp"

namespace muster::sim {

namespace {

StorePlan with_kill(StorePlan plan, const std::shared_ptr<Life>& life) {
  plan.on_kill = [life] { life->end(); };
  return plan;
}

Store::After after_on(Timeline& time, const std::shared_ptr<Life>& life) {
  return [&time, life](Duration d, std::function<void()> fn) {
    time.after(d, [life, fn = std::move(fn)] { life->hand(fn); });
  };
}

}  // namespace

journal::Context context_of(const std::string& run) {
  journal::Context c;
  c.drill = "simulated";
  c.run = run;
  c.boot_id = "controller-1";
  c.actor = {"unix:ana", "uid", "os", {}};
  return c;
}

Process::Process(Surroundings around, std::string run, std::uint64_t ids, StorePlan store)
    : around_{std::move(around)},
      run_{std::move(run)},
      life_{std::make_shared<Life>(around_.time)},
      ids_{ids},
      salts_{~ids},
      store_{around_.disk, after_on(around_.time, life_), with_kill(std::move(store), life_)},
      writer_{store_, journal::run_log(run_), context_of(run_), journal::Writes::build_on,
              [this] { return salts_.salt(); }},
      clock_{around_.time, life_},
      shell_{around_.fleet, life_},
      prober_{around_.time, around_.cluster, life_} {}

void Process::kill() {
  life_->end();
  store_.kill();
}

engine::Settings Process::settings() {
  engine::Settings s;
  s.context = context_of(run_);
  s.context.epoch = writer_.epoch();
  s.store = around_.disk->id;
  s.life = around_.disk->life;
  s.version = "0.0.0";
  s.workspace = "simulated";
  s.new_id = [this] { return ids_.id(); };
  s.hit_by_others = around_.elsewhere;
  s.frozen = around_.frozen;
  return s;
}

void Process::open(std::function<void()> then) {
  writer_.open(std::chrono::minutes{1},
               [this, life = life_, then = std::move(then)](const Result<ports::Tip>& tip) {
                 if (life->dead()) return;
                 if (!tip) {
                   refused_ = to_string(tip.error());
                   return;
                 }
                 then();
               });
}

void Process::wire() {
  driver_ = std::make_unique<engine::Driver>(
      *machine_, engine::Ports{clock_, shell_, prober_, writer_},
      [this](const journal::Draft& draft) { around_.seen(draft); }, [this] { over_ = true; });
}

void Process::begin(plan::Plan plan) {
  open([this, plan = std::move(plan)] {
    machine_ = std::make_unique<engine::Machine>(plan, settings());
    wire();
    driver_->begin();
  });
}

void Process::recover(std::vector<engine::Request> gone) {
  ++around_.disk->life;
  const auto go_on = [this, gone = std::move(gone)](const Result<std::string>& bytes) {
    if (dead()) return;
    const auto plan = plan::plan_from_json(*parse_json(*bytes));
    machine_ = std::make_unique<engine::Machine>(*plan, settings());
    wire();
    auto first = machine_->recover(entries_, clock_.now(), clock_.wall(), gone);
    driver_->go_on(std::move(*first));
  };
  const auto read = [this, go_on](const Result<std::uint64_t>& count) {
    if (dead()) return;
    if (*count == 0) {
      refused_ = "the run has no record: it touched nothing";
      return;
    }
    const std::string plan = entries_.front().data.at("plan").get<std::string>();
    store_.blob(*digest_from_hex(plan), go_on);
  };
  open([this, read] {
    journal::read_log(
        store_, journal::run_log(run_),
        [this](const journal::Recorded& stored) {
          entries_.push_back(*journal::read_entry(stored));
        },
        read);
  });
}

std::string Process::request(engine::Request request) {
  if (dead() || !driver_) return "it does not run";
  if (life_->stopped()) return "it does not answer";
  if (request.actor.principal.empty()) request.actor = {"unix:chen", "peer", "os", {}};
  return driver_->request(std::move(request));
}

std::string Process::abort(const std::string& why) {
  engine::Request r;
  r.what = engine::Request::What::abort;
  r.reason = why;
  return request(std::move(r));
}

}  // namespace muster::sim
