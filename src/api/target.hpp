// The targets of the API, for who asks. Every name is one segment of the path, percent-encoded
// (RFC 3986) but for letters, digits, "-", ".", "_", "~": the log "run/ID" is
// ".../logs/run%2FID/...".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "ports/store.hpp"

namespace muster::api {

std::string escaped(std::string_view segment);

std::string status_target();
std::string tip_target(const ports::LogId& log);
std::string entries_target(const ports::LogId& log, std::uint64_t from, std::size_t bytes_max);
std::string blob_target(const Digest& name);
std::string person_target(std::string_view commitment);
/// `what`: start, hold, resume.
std::string drill_target(std::string_view drill, std::string_view what);
/// `at`: as if it were then; "" for now.
std::string drills_target(std::string_view at);
std::string times_target(std::string_view drill, std::string_view at, std::size_t count);
std::string tokens_target();
std::string revoke_target(std::string_view token);
std::string abort_target(std::string_view run);
std::string gone_target(std::string_view run, std::string_view host);
std::string people_target(std::string_view run);
std::string notes_target(std::string_view run);
std::string detected_target(std::string_view run);
/// `what`: take, hand.
std::string role_target(std::string_view run, std::string_view role, std::string_view what);
std::string approvals_target();
/// `what`: ack, answer, done, skip, fail, approve.
std::string step_target(std::string_view run, std::string_view step, std::string_view what);

}  // namespace muster::api
