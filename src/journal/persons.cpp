#include "journal/persons.hpp"

namespace muster::journal {
namespace {

std::string shown(const Digest& commitment, const Persons::Found* found) {
  if (!found || found->is == Persons::Is::gone) return erased(commitment);
  if (found->is == Persons::Is::known) return found->person.value;
  return "altered:" + hex(commitment).substr(0, 8);
}

void resolve_in(Json& j, const Persons& persons) {
  if (j.is_string()) {
    auto& text = j.get_ref<std::string&>();
    if (text.find(kCommitted) != text.npos) text = persons.resolved(text);
  } else if (j.is_structured()) {
    for (auto& one : j) resolve_in(one, persons);
  }
}

}  // namespace

void Persons::add(const Digest& commitment, const ports::Row* row) {
  Found found;
  if (row) {
    const auto person = read_person(*row);
    found.is = person && commitment_of(*person) == commitment ? Is::known : Is::altered;
    if (found.is == Is::known) found.person = *person;
  }
  found_[commitment] = std::move(found);
}

const Persons::Found* Persons::find(const Digest& commitment) const {
  const auto it = found_.find(commitment);
  return it == found_.end() ? nullptr : &it->second;
}

std::string Persons::resolved(std::string_view text) const {
  std::string out;
  std::size_t done = 0;
  each_commitment(text, [&](std::size_t at, const Digest& commitment) {
    out += text.substr(done, at - done);
    out += shown(commitment, find(commitment));
    done = at + kCommittedBytes;
  });
  out += text.substr(done);
  return out;
}

std::string Persons::resolved_json(std::string_view bytes) const {
  auto entry = parse_json(bytes);
  if (!entry) return std::string{bytes};
  resolve_in(*entry, *this);
  return entry->dump(-1, ' ', false, Json::error_handler_t::replace);
}

void Persons::resolve(Entry& e) const {
  e.actor.principal = resolved(e.actor.principal);
  e.actor.on_behalf_of = resolved(e.actor.on_behalf_of);
  resolve_in(e.data, *this);
}

Result<Entry> read_entry(const Recorded& recorded) {
  auto entry = read_entry(std::string_view{recorded.bytes});
  if (entry && recorded.persons) recorded.persons->resolve(*entry);
  return entry;
}

}  // namespace muster::journal
