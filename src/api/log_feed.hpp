// The entries of one log as server-sent events (WHATWG HTML, "Server-sent events"), as they become
// durable. Read from the store page by page as the client takes them: who is slow holds up nothing
// and fills nothing, and who was cut off goes on after the last event that it has.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/message.hpp"
#include "api/watched_store.hpp"

namespace muster::api {

/// "LOG:SEQ"
std::string event_id(const ports::LogId& log, std::uint64_t seq);
/// The number in an event's id of this log; nullopt: it is none of it.
std::optional<std::uint64_t> seq_of(std::string_view event_id, const ports::LogId& log);
/// One event: its id, and the entry's bytes as data. Bytes that are no text of one line (somebody
/// damaged them) come as an event `damaged`, in base64.
std::string event_of(const ports::LogId& log, const ports::Stored& stored);

/// From entry `from` on. `store` must outlive it.
std::shared_ptr<Feed> log_feed(WatchedStore& store, const ports::LogId& log, std::uint64_t from);

}  // namespace muster::api
