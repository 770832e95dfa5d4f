#include "adapters/probes/ledger_table.hpp"
#include "adapters/probes/pg_slot.hpp"
#include "adapters/probes/postgres.hpp"

namespace muster::probes {
namespace {

struct Writes {
  PgOptions options;
  LedgerSql sql;
  LedgerUse use;
};

class WriteSlot : public PgSlot {
 public:
  WriteSlot(boost::asio::io_context& io, std::shared_ptr<const Writes> writes)
      : PgSlot{io, writes->options}, writes_{std::move(writes)} {}

 private:
  enum class Table { assumed, created };

  void converse(std::uint64_t n, PgConnection& connection) override {
    may_be_there_ = false;
    insert(n, connection, Table::assumed, "");
  }

  void insert(std::uint64_t n, PgConnection& connection, Table table, std::string create_error) {
    const auto& [table_name, run, key] = writes_->use;
    const Statement statement{writes_->sql.insert,
                              {std::to_string(n), run, ledger_mac(key, run, n)}};
    rows_ = 0;
    may_be_there_ = true;
    connection.run(
        statement, [this](const PGresult& r) { note(r); },
        [this, n, &connection, table, create_error](const StatementEnd& end) {
          if (end.sqlstate == kUndefinedTable && table == Table::assumed)
            return create(n, connection);
          inserted(end, create_error);
        });
  }

  /// Only when the insert missed it: what was restored may be older than the table. Others may
  /// create it at the same moment, which fails here and serves all the same: the insert decides.
  void create(std::uint64_t n, PgConnection& connection) {
    may_be_there_ = false;
    const Statement statement{writes_->sql.create, {}};
    connection.run(statement, nullptr, [this, n, &connection](const StatementEnd& end) {
      if (end.is != StatementEnd::Is::lost) return insert(n, connection, Table::created, end.why);
      disconnect();
      finish({measure::Outcome::failed, end.why, ""});
    });
  }

  void note(const PGresult& result) {
    rows_ += std::string_view{::PQcmdTuples(const_cast<PGresult*>(&result))} == "1" ? 1 : 0;
  }

  void inserted(const StatementEnd& end, const std::string& create_error) {
    using enum StatementEnd::Is;
    if (end.is == lost) {
      disconnect();
      return finish({measure::Outcome::unknown, end.why, ""});
    }
    if (end.is == refused)
      return finish({measure::Outcome::failed, create_error.empty() ? end.why : create_error, ""});
    // A trigger or a rule of the service can swallow the row.
    if (rows_ != 1) return finish({measure::Outcome::failed, "acknowledged without a row", ""});
    finish({measure::Outcome::ok, "", ""});
  }

  Answer out_of_time(bool connected) const override {
    if (connected && may_be_there_) return {measure::Outcome::unknown, "no answer in time", ""};
    return {measure::Outcome::failed, "not sent in time", ""};
  }

  const std::shared_ptr<const Writes> writes_;
  int rows_ = 0;
  bool may_be_there_ = false;
};

}  // namespace

Result<std::optional<MakeSlot>> prepare_ledger_write(const catalogue::ProbeSpec& probe,
                                                     const LedgerUse& ledger, Names names) {
  auto sql = ledger_sql(ledger.table);
  if (!sql) return sql.error();
  auto options = pinned_options(probe.text("conninfo"), names);
  if (!options) return options.error();
  if (!*options) return std::optional<MakeSlot>{};
  const auto writes =
      std::make_shared<const Writes>(Writes{std::move(**options), std::move(*sql), ledger});
  MakeSlot make = [writes](boost::asio::io_context& io) {
    return std::make_unique<WriteSlot>(io, writes);
  };
  return std::optional{std::move(make)};
}

}  // namespace muster::probes
