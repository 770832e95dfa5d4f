// One function a command: adds its words to the command line and says what to call. Each stands in
// a file of its own name. `code` gets the exit code (exit.hpp).
#pragma once
#include <CLI/CLI.hpp>

#include "cli/workspace.hpp"

namespace muster::cli {

void add_init(CLI::App& app, Where& where, int& code);
void add_schema(CLI::App& app, Where& where, int& code);
void add_check(CLI::App& app, Where& where, int& code);
void add_plan(CLI::App& app, Where& where, int& code);
void add_approve(CLI::App& app, Where& where, int& code);
void add_run(CLI::App& app, Where& where, int& code);
void add_due(CLI::App& app, Where& where, int& code);
void add_serve(CLI::App& app, Where& where, int& code);
void add_runs(CLI::App& app, Where& where, int& code);
void add_show(CLI::App& app, Where& where, int& code);
void add_report(CLI::App& app, Where& where, int& code);
void add_step(CLI::App& app, Where& where, int& code);
void add_abort(CLI::App& app, Where& where, int& code);
void add_recover(CLI::App& app, Where& where, int& code);
void add_sweep(CLI::App& app, Where& where, int& code);
void add_sudoers(CLI::App& app, Where& where, int& code);
void add_audit(CLI::App& app, Where& where, int& code);
void add_schedule(CLI::App& app, Where& where, int& code);
void add_hosts(CLI::App& app, Where& where, int& code);
void add_token(CLI::App& app, Where& where, int& code);
void add_completion(CLI::App& app, Where& where, int& code);
void add_man_page(CLI::App& app, Where& where, int& code);
void add_notify(CLI::App& app, Where& where, int& code);
void add_lab(CLI::App& app, Where& where, int& code);

}  // namespace muster::cli
