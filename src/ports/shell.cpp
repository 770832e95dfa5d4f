#include "ports/shell.hpp"

namespace muster::ports {

std::string_view name_of(Connection connection) {
  switch (connection) {
    case Connection::ssh:
      return "ssh";
    case Connection::openssh:
      return "openssh";
    case Connection::local:
      return "local";
  }
  return "?";
}

std::optional<Connection> connection_from(std::string_view word) {
  for (const auto one : {Connection::ssh, Connection::openssh, Connection::local})
    if (name_of(one) == word) return one;
  return std::nullopt;
}

std::string_view name_of(Verb verb) {
  switch (verb) {
    case Verb::facts:
      return "facts";
    case Verb::lock:
      return "lock";
    case Verb::unlock:
      return "unlock";
    case Verb::arm:
      return "arm";
    case Verb::inject:
      return "inject";
    case Verb::revert:
      return "revert";
    case Verb::hold:
      return "hold";
    case Verb::disarm:
      return "disarm";
    case Verb::renew:
      return "renew";
    case Verb::phase:
      return "phase";
    case Verb::command:
      return "command";
    case Verb::survey:
      return "survey";
    case Verb::sweep:
      return "sweep";
  }
  return "?";
}

std::string_view name_of(Said said) {
  switch (said) {
    case Said::yes:
      return "yes";
    case Said::no:
      return "no";
    case Said::could_not:
      return "could_not";
    case Said::expired:
      return "expired";
    case Said::exists:
      return "exists";
    case Said::fenced:
      return "fenced";
    case Said::unknown:
      return "unknown";
  }
  return "?";
}

}  // namespace muster::ports
