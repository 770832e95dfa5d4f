#include "api/target.hpp"

#include <fmt/format.h>

namespace muster::api {

std::string escaped(std::string_view segment) {
  std::string out;
  for (const char c : segment) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string status_target() {
  return "/v1/status";
}

std::string tip_target(const ports::LogId& log) {
  return fmt::format("/v1/logs/{}/tip", escaped(log));
}

std::string entries_target(const ports::LogId& log, std::uint64_t from, std::size_t bytes_max) {
  return fmt::format("/v1/logs/{}/entries?from={}&bytes={}", escaped(log), from, bytes_max);
}

std::string blob_target(const Digest& name) {
  return "/v1/blobs/" + hex(name);
}

std::string person_target(std::string_view commitment) {
  return "/v1/persons/" + escaped(commitment);
}

std::string drill_target(std::string_view drill, std::string_view what) {
  return "/v1/drills/" + escaped(drill) + "/" + std::string{what};
}

std::string drills_target(std::string_view at) {
  return at.empty() ? "/v1/drills" : "/v1/drills?at=" + escaped(at);
}

std::string times_target(std::string_view drill, std::string_view at, std::size_t count) {
  return fmt::format("/v1/drills/{}/times?count={}{}{}", escaped(drill), count,
                     at.empty() ? "" : "&at=", escaped(at));
}

std::string tokens_target() {
  return "/v1/tokens";
}

std::string revoke_target(std::string_view token) {
  return fmt::format("/v1/tokens/{}/revoke", escaped(token));
}

std::string abort_target(std::string_view run) {
  return fmt::format("/v1/runs/{}/abort", escaped(run));
}

std::string gone_target(std::string_view run, std::string_view host) {
  return fmt::format("/v1/runs/{}/hosts/{}/gone", escaped(run), escaped(host));
}

std::string people_target(std::string_view run) {
  return fmt::format("/v1/runs/{}/people", escaped(run));
}

std::string notes_target(std::string_view run) {
  return fmt::format("/v1/runs/{}/notes", escaped(run));
}

std::string detected_target(std::string_view run) {
  return fmt::format("/v1/runs/{}/detected", escaped(run));
}

std::string role_target(std::string_view run, std::string_view role, std::string_view what) {
  return fmt::format("/v1/runs/{}/roles/{}/{}", escaped(run), escaped(role), what);
}

std::string approvals_target() {
  return "/v1/approvals";
}

std::string step_target(std::string_view run, std::string_view step, std::string_view what) {
  return fmt::format("/v1/runs/{}/steps/{}/{}", escaped(run), escaped(step), what);
}

}  // namespace muster::api
