#include "journal/lines.hpp"

#include <fmt/format.h>

namespace muster::journal {
namespace {

std::string field(std::string_view text) {
  std::string out = "\"";
  // What spreadsheets calculate: =…, +…, -…, @…, also behind a tab or a line end.
  if (!text.empty() && std::string_view{"=+-@\t\r\n"}.find(text.front()) != std::string_view::npos)
    out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

/// A parameter's value in structured data. A record that somebody else wrote may hold any name: it
/// must not begin a line of its own.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == ']') out += '\\';
    out += static_cast<unsigned char>(c) < ' ' ? '?' : c;
  }
  return out;
}

/// RFC 5424, MSGID: at most 32 characters of printable ASCII, no blanks. A kind of entry that we do
/// not know may be anything.
std::string message_id(std::string_view action) {
  std::string id{action.substr(0, 32)};
  for (char& c : id)
    if (c <= ' ' || c > '~') c = '?';
  return id;
}

}  // namespace

std::string csv_header() {
  return "log,seq,ts,principal,method,on_behalf_of,action,drill,run,step,host,intent_ref,outcome,"
         "data,leaf\r\n";
}

std::string csv_line(const ports::LogId& log, const Entry& e, const Digest& leaf) {
  const std::string data = e.data.empty() ? std::string{} : e.data.dump();
  std::string line = fmt::format("{},{}", field(log), e.seq);
  for (const std::string& text :
       {format_utc(e.ts), e.actor.principal, e.actor.method, e.actor.on_behalf_of, e.action,
        e.drill, e.run, e.step, e.target.host, e.intent_ref, e.outcome, data, hex(leaf)})
    line += "," + field(text);
  return line + "\r\n";
}

std::string syslog_line(const ports::LogId& log, const Entry& e, std::string_view bytes,
                        std::string_view host) {
  constexpr int kAuditNotice = 13 * 8 + 5;
  // 32473 is the number that RFC 5612 keeps for whoever has none of their own.
  return fmt::format(
      "<{}>1 {} {} muster - {} [muster@32473 log=\"{}\" seq=\"{}\" leaf=\"{}\"] {}\n", kAuditNotice,
      format_utc(e.ts), host.empty() ? "-" : host.substr(0, 255), message_id(e.action),
      escaped(log), e.seq, hex(ports::leaf_hash(bytes)), bytes);
}

}  // namespace muster::journal
