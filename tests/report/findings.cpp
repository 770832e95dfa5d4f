#include "findings.hpp"

#include "catalogue/restore.hpp"
#include "story.hpp"

namespace muster::test {

Json facts(const char* machine) {
  return {{"facts",
           {{"machine_id", machine},
            {"boot_id", "7d0c5a1e-812"},
            {"os", "Debian GNU/Linux 12"},
            {"kernel", "6.1.0-28-amd64"}}},
          {"problems", Json::array()},
          {"offset_lo", "-412000"},
          {"offset_hi", "688000"}};
}

Json length(int lo, int hi) {
  return {{"lo", std::to_string(1'000'000LL * lo)}, {"hi", std::to_string(1'000'000LL * hi)}};
}
namespace {

Json of(int lo, int hi, int lo_n = 0, int hi_n = 0) {
  Json j{{"lo", Story::ns(lo)}, {"hi", Story::ns(hi)}};
  if (lo_n) j["lo_n"] = lo_n;
  if (hi_n) j["hi_n"] = hi_n;
  return j;
}
Json quality(int probes, int good, const char* p50) {
  return {{"probes", probes}, {"good", good},     {"failed", probes - good}, {"unanswered", 0},
          {"p50", p50},       {"p95", "4100000"}, {"p99", "9200000"},        {"max", "31000000"}};
}
Json count(int n, std::vector<int> first = {}) {
  return {{"count", n}, {"first", first}};
}

}  // namespace

Json finding(int back) {
  Json ledger{{"case", "some_lost"},
              {"writes", 4021},
              {"acknowledged", 3180},
              {"acknowledged_before", 2414},
              {"lost", count(3, {2412, 2413, 2414})},
              {"recovered", count(1, {2415})},
              {"unexpected", count(0)},
              {"duplicated", count(0)},
              {"corrupt", count(0)},
              {"unledgered", count(0)},
              {"lost_after", count(0)},
              {"holes", 0},
              {"recovery_point", of(121'470, 121'523, 2411, 2412)},
              {"consistent", true},
              {"rpa", length(97, 203)}};
  return {{"service", "orders"},
          {"probes", 4021},
          {"gaps", 0},
          {"down_at_inject", false},
          {"down_total", length(back - 121'673, back + 3 - 121'620)},
          {"outages", Json::array({Json{{"kind", "drill"},
                                        {"onset", of(121'620, 121'673, 2414, 2415)},
                                        {"recovery", of(back - 50, back + 3, 3140, 3141)},
                                        {"length", length(back - 121'723, back + 3 - 121'620)},
                                        {"declared", true},
                                        {"step", "loss"}}})},
          {"before", quality(2414, 2413, "1900000")},
          {"during", quality(740, 0, "0")},
          {"after", quality(867, 867, "2000000")},
          {"rta_from_outage", length(back - 121'723, back + 3 - 121'620)},
          {"rta_from_inject", length(back - 122'900, back + 3 - 121'250)},
          {"inject_to_outage", length(0, 423)},
          {"ledger", ledger}};
}

Json objectives(int back, const char* rto_met, const char* reason, const char* limit) {
  return {{"objectives",
           {Json{{"objective", "rto"},
                 {"service", "orders"},
                 {"met", rto_met},
                 {"reason", reason},
                 {"actual", length(back - 121'723, back + 3 - 121'620)},
                 {"limit", limit}},
            Json{{"objective", "rpo"},
                 {"service", "orders"},
                 {"met", "yes"},
                 {"reason",
                  "recovery point 97 ms to 203 ms, within the 10.0 s allowed; 3 of 3180 "
                  "acknowledged writes lost"},
                 {"actual", length(97, 203)},
                 {"limit", "10000000000"}}}}};
}

Json restored(int started) {
  catalogue::RestoreOutcome o;
  catalogue::RestoredBackup b;
  b.label = "20261122-205501F";
  b.asked_for = "newest";
  b.taken_at = Story::wall_at(-1'190'000);
  b.started = Story::instant_at(started);
  b.tool_exited = Story::instant_at(started + 9'400);
  b.accepts = Story::instant_at(started + 10'900);
  b.target_reached = Story::instant_at(started + 12'200);
  b.validated = Story::instant_at(started + 13'900);
  b.point = Story::wall_at(121'470);
  b.lsn = "0/7000148";
  b.bytes = 41'943'040;
  using V = catalogue::RestoredBackup::Validation;
  b.validations = {{"structure", V::Is::passed, "databases=2\nrelations=412\nerrors=0"},
                   {"query", V::Is::passed, "select count(*) > 0 from orders: t"}};
  o.backups = {b};
  o.facts = Json{
      {"provider", "pgbackrest"},
      {"pgbackrest", "2.44"},
      {"postgresql", "15.9"},
      {"system_id", "7312004182211845120"},
      {"commands",
       {"pgbackrest --stanza=orders --pg1-path=/var/lib/muster/restore/pg --set=20261122-205501F "
        "--delta restore"}},
      {"points",
       Json::array(
           {Json{{"label", b.label}, {"lsn", b.lsn}, {"point_from", "last replayed commit"}}})}};
  return catalogue::to_json(o);
}

}  // namespace muster::test
