#include "schedule/rrule.hpp"

#include <libical/ical.h>

#include "schedule/ical.hpp"
#include "schedule/rrule_check.hpp"

namespace muster::schedule {

using namespace std::chrono;

struct Rrule::Rule {
  icalrecurrencetype type;
};

namespace {

struct FreeIterator {
  void operator()(icalrecur_iterator* one) const { icalrecur_iterator_free(one); }
};
using Iterator = std::unique_ptr<icalrecur_iterator, FreeIterator>;

}  // namespace

Result<Rrule> Rrule::parse(std::string_view text, LocalTime start) {
  if (text.starts_with("RRULE:")) text.remove_prefix(6);
  if (const auto checked = check_rrule(text); !checked) return checked.error();
  auto rule = std::make_shared<Rule>();
  icalerror_clear_errno();
  rule->type = icalrecurrencetype_from_string(std::string{text}.c_str());
  const Iterator probe{icalrecur_iterator_new(rule->type, ical_time(start))};
  if (rule->type.freq == ICAL_NO_RECURRENCE || !probe) {
    icalerror_clear_errno();
    return Error{"the rule contradicts itself, or never occurs", "RFC 5545, section 3.3.10"};
  }
  return Rrule{std::move(rule), start};
}

bool Rrule::once_a_day() const {
  const auto single = [](const short* list) {
    return list[0] == ICAL_RECURRENCE_ARRAY_MAX || list[1] == ICAL_RECURRENCE_ARRAY_MAX;
  };
  return single(rule_->type.by_hour) && single(rule_->type.by_minute);
}

std::optional<LocalTime> Rrule::next(LocalTime after) const {
  const Iterator iterator{icalrecur_iterator_new(rule_->type, ical_time(start_))};
  if (!iterator) return std::nullopt;
  // Counted ones must be counted from the beginning (at most kCountMax); the others begin near.
  if (rule_->type.count == 0 && after > start_ + days{366})
    icalrecur_iterator_set_start(iterator.get(), ical_time(after - days{1}));
  while (true) {
    const auto at = icalrecur_iterator_next(iterator.get());
    if (icaltime_is_null_time(at)) return std::nullopt;
    const auto local = local_time(at);
    if (local >= kEnd) return std::nullopt;
    if (local > after && local >= start_) return local;
  }
}

}  // namespace muster::schedule
