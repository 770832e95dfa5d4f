// Who is named in a record: rows of the store as somebody may have changed them, one a line, then a
// blank line, and a text. Whatever the rows hold, a text is read back as it was written, and
// nobody who is known by name stays in it.
#include "journal/persons.hpp"
#include "base/text.hpp"
#include "journal/person_book.hpp"
#include "tests/fuzz/target.hpp"

namespace muster::fuzz {
namespace {

/// Another salt each time, and the same ones for the same input.
journal::SaltSource counted_salts() {
  return [n = 0]() mutable { return sha256(std::to_string(++n)); };
}

void promise_one_spelling(const ports::Row& row) {
  const auto person = journal::read_person(row);
  if (!person) return promise_printable(to_string(person.error()), "why a row is no person");
  const auto again = journal::read_person(journal::person_row(*person));
  promise(again && *again == *person, "a row is written as another person");
}

/// What the book made of `said`, read with the rows that it asks the store to keep.
void promise_read_back(journal::PersonBook& book, journal::Persons persons, const std::string& said,
                       const std::string& kept) {
  ports::Batch batch;
  book.add_to(batch);
  for (const auto& put : batch.puts) {
    if (!put.key.starts_with(journal::kPersonRows)) continue;
    const auto commitment = digest_from_hex(put.key.substr(journal::kPersonRows.size()));
    const ports::Row row{put.key, *put.to};
    persons.add(*commitment, &row);
  }
  promise(persons.resolved(kept) == said, "a text is read as another one");
}

}  // namespace

void persons(std::string_view bytes) {
  const auto blank = bytes.find("\n\n");
  const auto rows = bytes.substr(0, blank);
  const std::string text{blank == bytes.npos ? "" : bytes.substr(blank + 2)};
  journal::PersonBook book{counted_salts()};
  journal::Persons persons;
  int lines = 0;
  for (const auto& line : split(rows, '\n')) {
    if (++lines > 50) break;
    ports::Row row{"person/", line};
    promise_one_spelling(row);
    // Under its own commitment it is taken; under another one it was changed, and is not.
    if (const auto person = journal::read_person(row)) {
      const auto commitment = journal::commitment_of(*person);
      row.key = journal::person_key(commitment);
      persons.add(commitment, &row);
      const auto* found = persons.find(commitment);
      promise(found && found->is == journal::Persons::Is::known, "a person's row is not taken");
      persons.add(sha256(line), &row);
      found = persons.find(sha256(line));
      promise(found && found->is == journal::Persons::Is::altered, "a changed row is taken");
    }
    book.learn(row);
  }
  persons.resolved(text);
  persons.resolved_json(text);
  if (!canonical_json(Json(text))) return;  // its entry is refused before it is written
  book.begin_batch();
  const auto kept = book.text(text);
  promise(!book.names_somebody(kept), "somebody is named in what is kept");
  promise_read_back(book, persons, text, kept);
  book.begin_batch();
  promise_read_back(book, persons, text, book.field(text));
  book.begin_batch();
  promise_read_back(book, persons, text, book.whole(text));
}

}  // namespace muster::fuzz
