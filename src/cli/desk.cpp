#include "cli/desk.hpp"

#include "cli/exit.hpp"
#include "cli/terminal.hpp"
#include "cli/who.hpp"
#include "cli/witnesses.hpp"
#include "journal/logs.hpp"

namespace muster::cli {

namespace {

journal::Context context() {
  journal::Context c;
  c.boot_id = boot_id();
  c.actor = who_am_i();
  return c;
}

}  // namespace

Desk::Desk(Session& session)
    : session_{session}, clock_{session.io()}, log_{session, clock_, context()} {}

Result<std::unique_ptr<Desk>> Desk::open(Session& session) {
  std::unique_ptr<Desk> desk{new Desk{session}};
  if (const auto opened = desk->log_.open(); !opened) return opened.error();
  return desk;
}

Result<> Desk::note(std::string_view action, Json data) {
  journal::Draft draft;
  draft.action = action;
  draft.data = std::move(data);
  return log_.note(std::move(draft));
}

Result<> Desk::note(std::string_view action, Json data, ports::Put row) {
  journal::Write all;
  all.drafts.emplace_back();
  all.drafts.back().action = action;
  all.drafts.back().data = std::move(data);
  all.puts.push_back(std::move(row));
  return log_.note(std::move(all));
}

Result<> Desk::signer() {
  if (signer_) return {};
  signer_.emplace(session_, clock_, log_, [](const std::string& line) { say(line); });
  return signer_->open();
}

Result<> Desk::sign() {
  if (const auto opened = signer(); !opened) return opened;
  return signer_->sign();
}

Result<> Desk::sign_all(const std::vector<RunRow>& runs) {
  if (const auto opened = signer(); !opened) return opened;
  for (const auto& row : runs) {
    if (row.pruned && row.pruned->whole) continue;
    const auto id = journal::run_log(row.run);
    const auto* newest = signer_->checkpoints().newest(id);
    if (newest && row.witness && newest->checkpoint.head == *row.witness) continue;
    signer_->follow(id);
    if (const auto done = signer_->sign(); !done) return done;
  }
  return signer_->sign();
}

Result<> Desk::sign_and_tell() {
  if (const auto done = sign(); !done) return done;
  tell_witnesses(session_, log_, *signer_, [](const std::string& line) { say(line); });
  return {};
}

int with_record(const Where& where, const std::function<int(Session&)>& act) {
  const auto workspace = find_workspace(where);
  if (!workspace) return complain(workspace.error(), kUsage);
  auto session = Session::open(*workspace);
  if (!session) return complain(session.error(), kFail);
  return act(**session);
}

}  // namespace muster::cli
