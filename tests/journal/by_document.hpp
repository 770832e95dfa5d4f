// The slow way to read an entry, to hold the fast one against: the bytes become a document, the
// document an entry, the entry is sealed again, and must give the same bytes. Whatever is unknown,
// missing, or of another type or spelling is lost on that way, and so refused.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "journal/entry.hpp"

namespace muster::test {

/// The bytes that seal() makes of it; nullopt when it makes none.
std::optional<std::string> sealed_again(const journal::Entry& entry);

std::optional<journal::Entry> read_by_document(std::string_view bytes);

}  // namespace muster::test
