// The explicit registry of probes: one function a kind, one line each in probe_kinds().
#include "catalogue/probe.hpp"

namespace muster::catalogue {
namespace {

using enum ParameterType;

ProbeKind postgres_kind() {
  ProbeKind kind;
  kind.name = "postgres";
  kind.title = "a query to PostgreSQL";
  kind.up = "the query ends well; when it gives one boolean, that is true";
  kind.shorthand = "conninfo";
  kind.question = "query";
  kind.parameters = {
      {.name = "conninfo",
       .required = true,
       .help = "libpq's conninfo or URI, or service=…",
       .secrecy = Secrecy::conninfo},
      {.name = "query", .fallback = "select 1", .help = "SQL; asked with the simple protocol"},
  };
  return kind;
}

ProbeKind tcp_kind() {
  ProbeKind kind;
  kind.name = "tcp";
  kind.title = "a TCP connection";
  kind.up = "the connection is accepted";
  kind.shorthand = "address";
  kind.parameters = {{.name = "address", .type = address, .required = true, .help = "host:port"}};
  return kind;
}

ProbeKind http_kind() {
  ProbeKind kind;
  kind.name = "http";
  kind.title = "an HTTP request";
  kind.up = "the status is right, and the body holds the text";
  kind.shorthand = "url";
  kind.parameters = {
      {.name = "url",
       .type = url,
       .required = true,
       .help = "http://HOST[:PORT]/PATH",
       .secrecy = Secrecy::url},
      {.name = "status",
       .type = integer,
       .help = "the right status; any 2xx when not given",
       .least = 100,
       .most = 599},
      {.name = "contains", .help = "text that the body must hold"},
  };
  return kind;
}

ProbeKind command_kind() {
  ProbeKind kind;
  kind.name = "command";
  kind.title = "a command";
  kind.up = "it exits with 0";
  kind.shorthand = "argv";
  kind.may_be_down = false;  // write the command that says what must hold
  kind.parameters = {{.name = "argv",
                      .type = command,
                      .required = true,
                      .help = "[program, argument, …]; one text is run by a shell"}};
  kind.command = [](const ProbeSpec& spec) { return spec.list("argv"); };
  return kind;
}

}  // namespace

const std::vector<ProbeKind>& probe_kinds() {
  static const std::vector<ProbeKind> kinds{postgres_kind(), tcp_kind(), http_kind(),
                                            command_kind()};
  return kinds;
}

}  // namespace muster::catalogue
