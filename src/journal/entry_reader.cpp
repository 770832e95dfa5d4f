// read_entry: one pass over the bytes, straight into the Entry (base/canonical_reader.hpp holds
// their spelling against the canonical one). What could be spelt in a second way above JSON is
// refused here: a field that is there but empty, a time in another zone, a number with leading
// zeros, a required field that is missing.
#include <fmt/format.h>

#include <array>
#include <optional>

#include "base/json_builder.hpp"
#include "base/text.hpp"
#include "journal/entry.hpp"

namespace muster::journal {
namespace {

template <class Of>
struct TextField {
  std::string_view key;
  std::string Of::*member;
};
constexpr std::array<TextField<Entry>, 8> kTexts{{{"action", &Entry::action},
                                                  {"boot_id", &Entry::boot_id},
                                                  {"drill", &Entry::drill},
                                                  {"intent_ref", &Entry::intent_ref},
                                                  {"outcome", &Entry::outcome},
                                                  {"revert", &Entry::revert},
                                                  {"run", &Entry::run},
                                                  {"step", &Entry::step}}};
constexpr std::array<TextField<Actor>, 4> kActor{{{"assurance", &Actor::assurance},
                                                  {"method", &Actor::method},
                                                  {"on_behalf_of", &Actor::on_behalf_of},
                                                  {"principal", &Actor::principal}}};
constexpr std::array<TextField<Target>, 2> kTarget{
    {{"host", &Target::host}, {"hostkey_fp", &Target::hostkey_fp}}};

/// Required fields that no value of the Entry tells from missing ones.
struct Seen {
  bool seq = false, ts = false, mono_ns = false, epoch = false, prev = false;
};

class EntryReader final : public JsonEvents {
 public:
  void object_begins() override {
    if (in_ == In::data) return data_.object_begins();
    if (aside_ > 0)
      ++aside_;
    else if (in_ == In::nothing)
      in_ = In::entry;
    else if (in_ == In::entry && key_ == "actor")
      in_ = In::actor;
    else if (in_ == In::entry && key_ == "target")
      in_ = In::target;
    else if (in_ == In::entry && key_ == "data")
      in_ = In::data, data_.object_begins();
    else
      begin_aside();
  }
  void array_begins() override {
    if (in_ == In::data) return data_.array_begins();
    begin_aside();
  }
  void ends() override {
    if (in_ == In::data) {
      data_.ends();
      if (data_.is_whole()) take_data();
    } else if (aside_ > 0) {
      --aside_;
    } else {
      if (in_ == In::target && entry_.target == Target{}) complain(kEmpty);
      in_ = In::entry;
    }
  }
  void key(std::string_view name) override {
    if (in_ == In::data) return data_.key(name);
    key_ = name;
  }
  void text(std::string_view value) override {
    if (in_ == In::data) return data_.text(value);
    if (aside_ > 0) return;
    if (value.empty()) return complain(kEmpty);
    if (in_ == In::actor) return set(entry_.actor, kActor, value);
    if (in_ == In::target) return set(entry_.target, kTarget, value);
    if (in_ != In::entry || !set_special(value)) set(entry_, kTexts, value);
  }
  void number(std::int64_t value) override {
    if (in_ == In::data) return data_.number(value);
    if (aside_ > 0) return;
    if (in_ != In::entry || value < 0) return complain(kUnknown);
    if (key_ == "v")
      version_ = value;
    else if (key_ == "seq")
      entry_.seq = static_cast<std::uint64_t>(value), seen_.seq = true;
    else if (key_ == "epoch")
      entry_.epoch = static_cast<std::uint64_t>(value), seen_.epoch = true;
    else
      complain(kUnknown);
  }
  void boolean(bool value) override {
    if (in_ == In::data) return data_.boolean(value);
    complain(kUnknown);
  }
  void null() override {
    if (in_ == In::data) return data_.null();
    complain(kEmpty);
  }

  Result<Entry> take() {
    if (version_ != kEntryVersion)
      return Error{"the entry is of another version than 1", "use the muster that wrote it"};
    if (!problem_.empty()) return Error{problem_};
    const std::initializer_list<std::pair<bool, const char*>> needed{
        {seen_.seq, "seq"},
        {seen_.ts, "ts"},
        {seen_.mono_ns, "mono_ns"},
        {seen_.epoch, "epoch"},
        {seen_.prev, "prev"},
        {!entry_.boot_id.empty(), "boot_id"},
        {!entry_.action.empty(), "action"},
        {!entry_.actor.principal.empty(), "actor.principal"}};
    for (const auto& [there, field] : needed)
      if (!there) return Error{fmt::format("the entry needs '{}'", field)};
    return std::move(entry_);
  }

 private:
  enum class In { nothing, entry, actor, target, data };
  static constexpr std::string_view kEmpty = "is there though it is empty";
  static constexpr std::string_view kUnknown = "is unknown, or of another type";

  /// Something that has no place here: what is in it is passed over.
  void begin_aside() {
    ++aside_;
    complain(kUnknown);
  }
  void take_data() {
    entry_.data = data_.take();
    if (entry_.data.empty()) complain(kEmpty);
    in_ = In::entry;
  }
  void complain(std::string_view what) {
    if (problem_.empty())
      problem_ = fmt::format("the entry's field '{}' {}", printable(key_), what);
  }
  template <class Of, std::size_t N>
  void set(Of& object, const std::array<TextField<Of>, N>& fields, std::string_view value) {
    for (const auto& field : fields)
      if (field.key == key_) return (object.*field.member).assign(value), void();
    complain(kUnknown);
  }
  /// Fields that are text and mean something else.
  bool set_special(std::string_view value) {
    if (key_ == "ts") {
      if (const auto t = time(value)) entry_.ts = *t, seen_.ts = true;
    } else if (key_ == "deadline") {
      entry_.deadline = time(value);
    } else if (key_ == "mono_ns") {
      const auto at = ns_from_json(Json(value));
      if (at) entry_.at = instant(*at), seen_.mono_ns = true;
    } else if (key_ == "prev") {
      const auto prev = digest_from_hex(value);
      if (prev) entry_.prev = *prev, seen_.prev = true;
    } else {
      return false;
    }
    return true;
  }
  std::optional<WallTime> time(std::string_view value) {
    const auto t = parse_utc(value);
    if (t && format_utc(*t) == value) return *t;
    complain("is no time in UTC, to the microsecond");
    return std::nullopt;
  }

  In in_ = In::nothing;
  std::size_t aside_ = 0;
  std::string key_;
  Entry entry_;
  Seen seen_;
  std::int64_t version_ = 0;
  JsonBuilder data_;
  std::string problem_;
};

}  // namespace

Result<Entry> read_entry(std::string_view bytes) {
  if (bytes.size() > kEntryBytesMax)
    return Error{
        fmt::format("an entry of {} bytes is above the limit of {}", bytes.size(), kEntryBytesMax)};
  EntryReader reader;
  if (auto read = read_canonical(bytes, reader); !read) return read.error();
  return reader.take();
}

}  // namespace muster::journal
