// Who a report is for. Another edition is the same record with less in it: it is made before
// anything is summarised, so that every file of a report leaves the same out. Pure.
#pragma once
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "report/record.hpp"

namespace muster::report {

/// full: everything. participant: for who took part; names and people's words stay, what leads to
/// the machines (addresses, commands, outputs, evidence, facts) is left out. redacted: for who is
/// outside; names of people and hosts are pseudonyms as well, and people's words are left out.
/// Verdict, times, objectives, counts and digests are the same in all of them.
std::string_view name_of(Edition edition);
/// Nothing for a word that is none of them.
std::optional<Edition> edition_from(std::string_view word);
/// What an edition leaves out, in one sentence; "" for the full one.
std::string_view left_out_of(Edition edition);

/// What is not known to be harmless is left out: a text stays only when its place is named in
/// edition.cpp, so that a new kind of entry says nothing here until somebody has thought about it.
/// An error when the record cannot be folded any more.
Result<Record> for_edition(const Record& record, Edition edition);

}  // namespace muster::report
