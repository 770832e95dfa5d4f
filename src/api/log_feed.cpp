#include "api/log_feed.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "journal/entry.hpp"

namespace muster::api {
namespace {

/// What waits in one client's connection.
constexpr std::size_t kPieceBytesMax = 256u << 10;

class LogFeed final : public Feed, public std::enable_shared_from_this<LogFeed> {
 public:
  LogFeed(WatchedStore& store, ports::LogId log, std::uint64_t from)
      : store_{store}, log_{std::move(log)}, from_{from} {}

  void watch() {
    watch_ = store_.watch(log_, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->grown();
    });
  }

  void next(std::function<void(std::string)> take) override {
    take_ = std::move(take);
    read();
  }

  /// A comment: no client's handler sees it.
  std::string heartbeat() const override { return ":\n\n"; }

 private:
  void grown() {
    has_grown_ = true;
    if (take_ && !is_reading_) read();
  }

  void read() {
    is_reading_ = true;
    has_grown_ = false;
    store_.entries(log_, from_, kPieceBytesMax,
                   [weak = weak_from_this()](const Result<std::vector<ports::Stored>>& page) {
                     if (const auto self = weak.lock()) self->give(page);
                   });
  }

  void give(const Result<std::vector<ports::Stored>>& page) {
    is_reading_ = false;
    if (page && page->empty()) {
      if (has_grown_) read();
      return;
    }
    std::string piece;  // empty after an error: the feed is over, and the client tries again
    if (page)
      for (const auto& stored : *page) {
        piece += event_of(log_, stored);
        from_ = stored.seq + 1;
      }
    if (const auto take = std::exchange(take_, nullptr)) take(std::move(piece));
  }

  WatchedStore& store_;
  const ports::LogId log_;
  std::uint64_t from_;
  WatchedStore::Watch watch_;
  std::function<void(std::string)> take_;  ///< who waits
  bool is_reading_ = false;
  bool has_grown_ = false;  ///< since the last reading began
};

}  // namespace

std::string event_id(const ports::LogId& log, std::uint64_t seq) {
  return fmt::format("{}:{}", log, seq);
}

std::optional<std::uint64_t> seq_of(std::string_view id, const ports::LogId& log) {
  if (!id.starts_with(log + ":")) return std::nullopt;
  id.remove_prefix(log.size() + 1);
  std::uint64_t seq = 0;
  const auto [end, ec] = std::from_chars(id.data(), id.data() + id.size(), seq);
  if (id.empty() || ec != std::errc{} || end != id.data() + id.size() ||
      seq >= journal::kIntegerEnd)
    return std::nullopt;
  return seq;
}

std::string event_of(const ports::LogId& log, const ports::Stored& stored) {
  const bool is_line = stored.bytes.find_first_of("\n\t") == std::string::npos &&
                       printable(stored.bytes) == stored.bytes;
  if (is_line) return fmt::format("id: {}\ndata: {}\n\n", event_id(log, stored.seq), stored.bytes);
  return fmt::format("id: {}\nevent: damaged\ndata: {}\n\n", event_id(log, stored.seq),
                     base64(stored.bytes));
}

std::shared_ptr<Feed> log_feed(WatchedStore& store, const ports::LogId& log, std::uint64_t from) {
  auto feed = std::make_shared<LogFeed>(store, log, from);
  feed->watch();
  return feed;
}

}  // namespace muster::api
