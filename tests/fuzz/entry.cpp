// One entry of a record. Exactly what seal() writes is read, and says the same; the reader that
// goes by a whole document (tests/journal/by_document.hpp) has the same opinion of all bytes.
#include "tests/fuzz/target.hpp"
#include "tests/journal/by_document.hpp"

namespace muster::fuzz {

void entry(std::string_view bytes) {
  const auto read = journal::read_entry(bytes);
  const auto by_document = test::read_by_document(bytes);
  promise(read.has_value() == by_document.has_value(),
          read ? "read, though the document's reader refuses it"
               : "refused, though the document's reader takes it: " + read.error().what);
  if (read) promise(test::sealed_again(*read) == bytes, "it was read as another entry");
  if (!read) promise_printable(to_string(read.error()), "why it was refused");
}

}  // namespace muster::fuzz
