// The explicit registry of probes: one function a kind, one line each in probe_kinds().
#include <limits>

#include "base/quantity.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "catalogue/probe.hpp"
#include "embedded/muster_catalogue.hpp"

namespace muster::catalogue {
namespace {

using enum ParameterType;

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

Parameter ca_file() {
  return {.name = "ca_file",
          .type = path,
          .help = "PEM certificates on the controller that are trusted, instead of the system's"};
}
Parameter verify() {
  return {.name = "verify",
          .type = boolean,
          .fallback = "true",
          .help = "the chain, the times and the name of the certificate must be right"};
}
Parameter server_name() {
  return {.name = "server_name",
          .help = "asked for (SNI), and what the certificate must be for; the host when not given"};
}
Parameter tls_wanted() {
  return {.name = "tls", .type = boolean, .fallback = "false", .help = "encrypt the connection"};
}
Parameter password() {
  return {.name = "password", .help = "as ${secret.NAME}", .secrecy = Secrecy::whole};
}

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
       .help = "http://HOST[:PORT]/PATH, or https://",
       .secrecy = Secrecy::url},
      {.name = "status",
       .type = integer,
       .help = "the right status; any 2xx when not given",
       .least = 100,
       .most = 599},
      {.name = "contains",
       .help = "text that the body must hold; a body above 1 MiB is not searched, and fails"},
      {.name = "method", .fallback = "GET", .help = "GET or HEAD", .words = {"GET", "HEAD"}},
      {.name = "headers",
       .type = list,
       .help = "'Name: value', sent with the request",
       .secrecy = Secrecy::whole},
      ca_file(),
      verify(),
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

/// The script with its arguments. A size or a time that is still open is left as it is, and refused
/// where it is used.
std::vector<std::string> file_command(const ProbeSpec& spec) {
  const auto bytes = parse_size(spec.text("min_size"));
  const auto age = parse_duration(spec.text("newer_than"));
  const auto seconds = [&] {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(*age).count());
  };
  return {"sh",
          "-c",
          std::string{embedded::k_file_sh},
          "muster-file",
          spec.text("path"),
          bytes ? std::to_string(*bytes) : spec.text("min_size"),
          age ? seconds() : spec.text("newer_than"),
          spec.text("contains"),
          spec.text("sha256")};
}

ProbeKind file_kind() {
  ProbeKind kind;
  kind.name = "file";
  kind.title = "a file";
  kind.up = "it is there, and all that is said of it is true";
  kind.shorthand = "path";
  kind.parameters = {
      {.name = "path", .type = path, .required = true, .help = "an absolute path"},
      {.name = "min_size", .type = size, .help = "bytes that it has at least"},
      {.name = "newer_than", .type = duration, .help = "changed within this time"},
      {.name = "contains", .help = "a text, on one line, in its first MiB"},
      {.name = "sha256", .help = "of the whole file, 64 small hexadecimal digits"},
  };
  kind.command = file_command;
  return kind;
}

ProbeKind dns_kind() {
  ProbeKind kind;
  kind.name = "dns";
  kind.title = "a question to a name server";
  kind.up = "there is an answer, and what is expected is among it";
  kind.shorthand = "name";
  kind.parameters = {
      {.name = "name", .required = true, .help = "the name; for PTR an address will do"},
      {.name = "type",
       .fallback = "A",
       .help = "of the record",
       .words = {"A", "AAAA", "CNAME", "MX", "NS", "PTR", "SRV", "TXT"}},
      {.name = "server",
       .type = address,
       .help = "host:port; the first of the controller's /etc/resolv.conf when not given"},
      {.name = "expect",
       .type = list,
       .help = "all of these are among the answers; or nxdomain: there is no such name"},
  };
  return kind;
}

ProbeKind tls_kind() {
  ProbeKind kind;
  kind.name = "tls";
  kind.title = "a TLS server's certificate";
  kind.up = "the certificate is right, and good for some days yet";
  kind.shorthand = "address";
  kind.parameters = {
      {.name = "address", .type = address, .required = true, .help = "host:port"},
      {.name = "days_left",
       .type = integer,
       .fallback = "14",
       .help = "whole days for which it must still be good",
       .least = 0,
       .most = kNoLimit},
      server_name(),
      ca_file(),
      verify(),
  };
  return kind;
}

ProbeKind redis_kind() {
  ProbeKind kind;
  kind.name = "redis";
  kind.title = "a command to Redis";
  kind.up = "the reply is no error, and the one that is expected";
  kind.shorthand = "address";
  kind.parameters = {
      {.name = "address", .type = address, .required = true, .help = "host:port"},
      {.name = "command",
       .type = list,
       .fallback = "PING",
       .help = "the command and its arguments; one that changes nothing"},
      {.name = "expect", .help = "what the reply must be, as text"},
      {.name = "role",
       .help = "master or replica: what ROLE must say; instead of a command",
       .words = {"master", "replica"}},
      {.name = "username", .help = "of an ACL"},
      password(),
      tls_wanted(),
      server_name(),
      ca_file(),
      verify(),
  };
  return kind;
}

ProbeKind mariadb_kind() {
  ProbeKind kind;
  kind.name = "mariadb";
  kind.title = "a query to MariaDB or MySQL";
  kind.up = "the query ends well; when it has one column, its first row is neither 0 nor null";
  kind.shorthand = "address";
  kind.question = "query";
  kind.parameters = {
      {.name = "address", .type = address, .help = "host:port"},
      {.name = "socket", .type = path, .help = "of a server on the controller, instead"},
      {.name = "query", .fallback = "select 1", .help = "one SQL statement"},
      {.name = "user", .required = true, .help = "who asks"},
      password(),
      {.name = "database", .help = "none when not given"},
      tls_wanted(),
      ca_file(),
      verify(),
  };
  return kind;
}

}  // namespace

const std::vector<ProbeKind>& probe_kinds() {
  static const std::vector<ProbeKind> kinds{postgres_kind(), mariadb_kind(), redis_kind(),
                                            tcp_kind(),      tls_kind(),     http_kind(),
                                            dns_kind(),      file_kind(),    command_kind()};
  return kinds;
}

}  // namespace muster::catalogue
