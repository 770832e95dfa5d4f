// The one way from bytes to nodes, strict: duplicates, anchors, aliases, tags, further documents,
// tabs as indentation, control characters and text that is not UTF-8 are errors at their exact
// place. (yaml-cpp by itself accepts most of them, and an alias bomb explodes in it; reference:
// cpp, "yaml-cpp".)
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "config/diagnostics.hpp"
#include "config/node.hpp"

namespace muster::config {

inline constexpr std::size_t kFileBytesMax = 1u << 20;
inline constexpr std::size_t kInventoryBytesMax = 16u << 20;
inline constexpr std::size_t kDepthMax = 32;
inline constexpr std::size_t kNodesMax = 200'000;
inline constexpr std::size_t kInventoryNodesMax = 1'000'000;
inline constexpr std::size_t kExpandedNodesMax = 100'000;

enum class Dialect {
  strict,     ///< Muster's own files.
  inventory,  ///< Other tools' files: anchors, aliases and `<<` are expanded, to kExpandedNodesMax
              ///< at most; `!vault` and `!unsafe` are known.
  ini         ///< Same size; only make_source and read_source know it: tabs may indent.
};

/// A byte order mark is skipped; CRLF is a line's end. `name` is for messages. Nothing when the
/// bytes are no text that could be parsed (then `out` has it).
std::shared_ptr<const Source> make_source(std::string name, std::string bytes, Dialect dialect,
                                          Diagnostics& out);

/// Reads a regular file of bounded size, in bounded memory: a larger one is refused unread, and so
/// are pipes, devices and a file that somebody changes meanwhile. Blocking.
std::shared_ptr<const Source> read_source(const std::filesystem::path& file, std::string name,
                                          Dialect dialect, Diagnostics& out);

/// The document; a null node at 1:1 for an empty one. Nothing when the syntax or a limit ended it
/// early. Duplicates, anchors and tags are reported without ending it, so that later errors show as
/// well.
std::optional<Node> parse_yaml(const std::shared_ptr<const Source>& source, Dialect dialect,
                               Diagnostics& out);

}  // namespace muster::config
