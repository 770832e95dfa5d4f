// The commands below `muster audit`: one function and one file each, as in commands.hpp.
#pragma once
#include "cli/commands.hpp"

namespace muster::cli {

void add_audit_key(CLI::App& audit, Where& where, int& code);
void add_audit_verify(CLI::App& audit, Where& where, int& code);
void add_audit_proof(CLI::App& audit, Where& where, int& code);
void add_audit_export(CLI::App& audit, Where& where, int& code);
void add_audit_erase(CLI::App& audit, Where& where, int& code);
void add_audit_retain(CLI::App& audit, Where& where, int& code);
/// Both `hold` and `release`.
void add_audit_hold(CLI::App& audit, Where& where, int& code);

}  // namespace muster::cli
