#include "journal/person_fields.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "journal/data.hpp"
#include "journal/kinds.hpp"

namespace muster::journal {
namespace {

/// Fields of `data`, at any depth, that are one person: an id of people.yaml, a principal, a name.
constexpr std::array<std::string_view, 9> kPersons{"person",     "holder",     "deputy",
                                                   "before",     "who",        "principal",
                                                   "carried_by", "stopped_by", "escalated_from"};
/// A person or a team: texts are not searched for it, since teams are called like services.
constexpr std::string_view kOwner = "owner";
/// Texts that Muster or somebody else wrote, which may name persons; all that is below them too.
constexpr std::array<std::string_view, 20> kNamingTexts{
    "why",   "reason", "reasons", "say",    "text",     "not_checked", "problems",
    "title", "change", "signed",  "note",   "headline", "left",        "workspace",
    "asked", "said",   "answers", "report", "output",   "evidence"};
/// What machines say: names in there are those of other things.
constexpr std::array<std::string_view, 3> kMachines{"values", "labels", "commands"};
/// What a host knows of the run that has its lock, or left an effect there.
constexpr std::string_view kLockedBy = "lock.who", kLeftBy = "who.";

template <class List>
bool in(const List& list, std::string_view key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

/// What others verify with tools of their own, and what names nobody.
constexpr std::array kUntouched{kinds::kCheckpoint, kinds::kKeyMade, kinds::kKeyRotated,
                                kinds::kWitnessTold, kinds::kRecordPruned};

enum class Part { person, owner, text, machine, plain };

struct Walk {
  PersonBook& book;
  bool is_notice;  ///< of notify/: `by` is who did it, and the id names who is asked
  bool texts;      ///< the second time
  TextForm form = TextForm::names;

  Part part_of(std::string_view key, Part around) const {
    if (around == Part::text || around == Part::machine) return around;
    if (in(kMachines, key)) return Part::machine;
    if (key == kOwner) return Part::owner;
    if (in(kPersons, key) || key == kLockedBy || key.starts_with(kLeftBy)) return Part::person;
    if (is_notice && key == "by") return Part::person;
    if (in(kNamingTexts, key) || (is_notice && key == "id")) return Part::text;
    return Part::plain;
  }

  static Part below(Part part) {
    return part == Part::person || part == Part::owner ? Part::plain : part;
  }

  void visit(Json& j, Part part) const {
    if (j.is_string()) return replace(j.get_ref<std::string&>(), part);
    if (j.is_array())
      for (auto& one : j) visit(one, below(part));
    if (j.is_object())
      for (auto& [key, value] : j.items()) visit(value, part_of(key, below(part)));
  }

  void replace(std::string& s, Part part) const {
    if (part == Part::person || part == Part::owner) {
      if (!texts) s = part == Part::person ? book.field(s) : book.whole(s);
    } else if (texts) {
      if (part != Part::text || form == TextForm::kept)
        s = book.plain(s);
      else if (form == TextForm::whole && book.names_somebody(s))
        s = book.whole(s);
      else
        s = book.text(s);
    }
  }
};

bool is_of_notices(const Draft& d) {
  return d.action == kinds::kNoticeQueued || d.action == kinds::kNoticeDelivered ||
         d.action == kinds::kNoticeFailed;
}

/// It calls somebody by the name that only the plan knows.
void name_headline(Draft& d, PersonBook& book) {
  if (d.action != kinds::kNoticeQueued || !d.data.contains("notice")) return;
  auto& notice = d.data.at("notice");
  if (text_in(notice, "event") == "needs_person" && !text_in(notice, "headline").empty())
    notice["headline"] = book.whole(text_in(notice, "headline"));
}

/// "unix:ana", "person:ana", "token:ana-laptop"; "muster" and "schedule" are nobody.
std::string named(const std::string& principal, PersonBook& book) {
  return principal.find(':') == std::string::npos ? principal : book.field(principal);
}

}  // namespace

void name_fields(Draft& d, const Context& c, PersonBook& book) {
  if (d.actor.principal.empty()) d.actor = c.actor;
  d.actor.principal = named(d.actor.principal, book);
  d.actor.on_behalf_of = named(d.actor.on_behalf_of, book);
  if (in(kUntouched, d.action)) return;
  Walk{book, is_of_notices(d), false}.visit(d.data, Part::plain);
}

void name_texts(Draft& d, PersonBook& book, TextForm form) {
  if (in(kUntouched, d.action)) return;
  Walk{book, is_of_notices(d), true, form}.visit(d.data, Part::plain);
  name_headline(d, book);
}

}  // namespace muster::journal
