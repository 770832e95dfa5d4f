// Where an entry names persons: the one table of it. Whoever writes replaces what stands there by
// commitments, whoever reads replaces commitments wherever they stand. Pure but for the book's new
// persons. docs/personal.md has the table for people.
#pragma once
#include "journal/entry.hpp"
#include "journal/person_book.hpp"

namespace muster::journal {

/// The actor, and the fields of `data` that hold nothing but a person: first, of all drafts that
/// are written together, so that texts are searched for everybody whom they name.
void name_fields(Draft& draft, const Context& context, PersonBook& book);

enum class TextForm {
  names,  ///< names within texts are replaced, the rest stays
  whole,  ///< a text that names somebody is replaced as one: for an entry that would be too large
  kept    ///< they stay: for one that would be too large even so
};
/// Then the texts.
void name_texts(Draft& draft, PersonBook& book, TextForm form);

}  // namespace muster::journal
