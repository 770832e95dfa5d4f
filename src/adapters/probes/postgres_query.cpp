#include "adapters/probes/pg_slot.hpp"
#include "adapters/probes/postgres.hpp"
#include "base/text.hpp"

namespace muster::probes {
namespace {

constexpr Oid kBoolean = 16;  // pg_type.oid of bool, which never changes

class QuerySlot : public PgSlot {
 public:
  QuerySlot(boost::asio::io_context& io, PgOptions options, std::string query)
      : PgSlot{io, std::move(options)}, query_{{std::move(query)}, {}} {}

 private:
  void converse(std::uint64_t, PgConnection& connection) override {
    rows_ = 0;
    said_false_ = false;
    evidence_.clear();
    connection.run(
        query_, [this](const PGresult& result) { note(result); },
        [this](const StatementEnd& end) { ended(end); });
  }

  void note(const PGresult& result) {
    if (::PQntuples(&result) == 0 || ++rows_ > 1) return;
    const int columns = ::PQnfields(&result);
    for (int c = 0; c < columns && evidence_.size() < kEvidenceBytesMax; ++c) {
      if (c > 0) evidence_ += " | ";
      evidence_ += ::PQgetisnull(&result, 0, c) != 0 ? "null" : ::PQgetvalue(&result, 0, c);
    }
    evidence_ = bounded(printable(evidence_), kEvidenceBytesMax);
    said_false_ = columns == 1 && ::PQftype(&result, 0) == kBoolean && evidence_ != "t";
  }

  void ended(const StatementEnd& end) {
    if (end.is == StatementEnd::Is::lost) disconnect();
    if (end.is != StatementEnd::Is::done)
      return finish({measure::Outcome::failed, end.why, evidence_});
    if (said_false_ && rows_ == 1)
      return finish({measure::Outcome::failed, "the query says " + evidence_, evidence_});
    finish({measure::Outcome::ok, "", evidence_});
  }

  Answer out_of_time(bool connected) const override {
    return {measure::Outcome::unknown, connected ? "no answer in time" : "no connection in time",
            ""};
  }

  const Statement query_;
  std::uint64_t rows_ = 0;
  bool said_false_ = false;
  std::string evidence_;
};

}  // namespace

Result<std::optional<MakeSlot>> prepare_query(const catalogue::ProbeSpec& probe, Names names) {
  auto options = pinned_options(probe.text("conninfo"), names);
  if (!options) return options.error();
  if (!*options) return std::optional<MakeSlot>{};
  MakeSlot make = [options = **options, query = probe.text("query")](boost::asio::io_context& io) {
    return std::make_unique<QuerySlot>(io, options, query);
  };
  return std::optional{std::move(make)};
}

}  // namespace muster::probes
