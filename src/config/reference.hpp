// The reference of a kind of file as a page for people (Markdown), made from its shapes. Pure.
#pragma once
#include <span>
#include <string>

#include "config/shape.hpp"

namespace muster::config {

/// One section a kind, one table a shape; a shape that several kinds share stands once.
std::string reference_of(std::span<const FileKind> kinds);

}  // namespace muster::config
