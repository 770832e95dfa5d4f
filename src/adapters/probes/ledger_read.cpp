#include <charconv>

#include "adapters/probes/ledger_table.hpp"
#include "adapters/probes/pg_slot.hpp"
#include "adapters/probes/postgres.hpp"

namespace muster::probes {
namespace {

/// 0 for what is no number of a write: nothing of ours is numbered so, and it shows as corrupt.
std::uint64_t number(const PGresult& row, int column) {
  const std::string_view text = ::PQgetvalue(&row, 0, column);
  std::uint64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  return end.ec == std::errc{} && end.ptr == text.data() + text.size() ? value : 0;
}

class ReadSlot : public PgSlot {
 public:
  ReadSlot(boost::asio::io_context& io, PgOptions options, LedgerSql sql, LedgerUse use,
           std::shared_ptr<measure::Survivors> into)
      : PgSlot{io, std::move(options)},
        sql_{std::move(sql)},
        use_{std::move(use)},
        into_{std::move(into)} {}

 private:
  void converse(std::uint64_t, PgConnection& connection) override {
    into_->clear();
    rows_ = 0;
    const Statement statement{sql_.select, {use_.run}};
    connection.run(
        statement, [this](const PGresult& r) { note(r); },
        [this](const StatementEnd& end) { ended(end); });
  }

  /// One n may come with several macs: all count, and one wrong one makes it corrupt.
  void note(const PGresult& row) {
    if (::PQntuples(&row) != 1 || ++rows_ > kSurvivorsMax) return;
    const auto n = number(row, 0);
    const bool right = n != 0 && ::PQgetvalue(&row, 0, 1) == ledger_mac(use_.key, use_.run, n);
    auto& survivor = into_->try_emplace(n, measure::Survivor{0, true}).first->second;
    survivor.count += number(row, 2);
    survivor.mac_ok = survivor.mac_ok && right;
  }

  void ended(const StatementEnd& end) {
    using enum StatementEnd::Is;
    if (end.is == lost) disconnect();
    if (end.is == refused && end.sqlstate == kUndefinedTable)
      return finish({measure::Outcome::ok, "the table does not exist: no write survived", ""});
    if (end.is != done) return finish({measure::Outcome::failed, end.why, ""});
    if (rows_ > kSurvivorsMax)
      return finish({measure::Outcome::failed, "more rows than are read back", ""});
    finish({measure::Outcome::ok, "", std::to_string(rows_) + " rows"});
  }

  Answer out_of_time(bool connected) const override {
    return {measure::Outcome::unknown,
            connected ? "not read back in time" : "no connection in time", ""};
  }

  const LedgerSql sql_;
  const LedgerUse use_;
  const std::shared_ptr<measure::Survivors> into_;
  std::uint64_t rows_ = 0;
};

}  // namespace

Result<std::optional<MakeSlot>> prepare_ledger_read(const catalogue::ProbeSpec& probe,
                                                    const LedgerUse& ledger, Names names,
                                                    std::shared_ptr<measure::Survivors> survivors) {
  auto sql = ledger_sql(ledger.table);
  if (!sql) return sql.error();
  auto options = pinned_options(probe.text("conninfo"), names);
  if (!options) return options.error();
  if (!*options) return std::optional<MakeSlot>{};
  MakeSlot make = [options = **options, sql = *sql, ledger,
                   survivors](boost::asio::io_context& io) {
    return std::make_unique<ReadSlot>(io, options, sql, ledger, survivors);
  };
  return std::optional{std::move(make)};
}

}  // namespace muster::probes
