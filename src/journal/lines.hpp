// An entry as one line of what other tools read: CSV (RFC 4180) for a table, RFC 5424 for a log
// collector. Copies for readers; what is hashed is the entry's own bytes (JSON lines). Pure.
#pragma once
#include <string>
#include <string_view>

#include "journal/entry.hpp"
#include "ports/store.hpp"

namespace muster::journal {

/// With their line end, which is CRLF. No field begins with what a spreadsheet would take for a
/// formula: those get an apostrophe in front.
std::string csv_header();
std::string csv_line(const ports::LogId& log, const Entry& entry, const Digest& leaf);

/// `host`: of the controller, printable without blanks; "" = unknown. Facility 13 (log audit),
/// severity notice; ends with \n. The message is the entry as it was hashed.
std::string syslog_line(const ports::LogId& log, const Entry& entry, std::string_view bytes,
                        std::string_view host);

}  // namespace muster::journal
