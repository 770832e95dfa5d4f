#include "config/tree_builder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace muster::config {
namespace {

constexpr std::size_t kKeyBytesMax = 256;
constexpr std::string_view kKeys =
    "keys are plain words; is a bracket left open, or a value not indented?";

struct Extent {
  std::size_t nodes = 1;
  std::size_t height = 1;
};

bool is_vault(std::string_view tag) {
  return tag == "!vault" || tag == "!vault-encrypted";
}

Extent extent(const Node& node) {
  Extent out;
  const auto add = [&](const Node& child) {
    const auto below = extent(child);
    out.nodes += below.nodes;
    out.height = std::max(out.height, below.height + 1);
  };
  for (const auto& item : node.items) add(item);
  for (const auto& entry : node.entries) add(entry.value);
  return out;
}

}  // namespace

TreeBuilder::TreeBuilder(std::shared_ptr<const Source> source, Dialect dialect, Diagnostics& out)
    : source_(std::move(source)), dialect_(dialect), out_(out) {}

std::optional<Node> TreeBuilder::take() {
  if (incomplete_) return std::nullopt;
  if (!root_) return Node{Node::Kind::null, Place{source_, 1, 1}, {}, true, {}, {}};
  return std::move(root_);
}

Place TreeBuilder::place(const YAML::Mark& mark) {
  const auto number = static_cast<std::uint32_t>(std::max(mark.line, 0) + 1);
  const auto line = source_->line(number);
  const auto bytes = std::min(line.size(), static_cast<std::size_t>(std::max(mark.column, 0)));
  // Counted on from the place before: a file of one long line would else take a time of its square.
  if (number != last_.line || bytes < last_bytes_) last_ = {source_, number, 1}, last_bytes_ = 0;
  for (; last_bytes_ < bytes; ++last_bytes_)
    if ((static_cast<unsigned char>(line[last_bytes_]) & 0xC0) != 0x80) ++last_.column;
  return last_;
}

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (documents_) {
    out_.error(place(mark), "a second document", "one file holds one document; remove the `---`");
    throw Stop{};
  }
  documents_ = true;
}

Node TreeBuilder::begin(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
                        YAML::anchor_t anchor) {
  Node node;
  node.kind = kind;
  node.place = place(mark);
  // yaml-cpp says "!" both for a quoted scalar and for an explicit `!`; the text tells them apart.
  const auto at = static_cast<std::size_t>(std::max(mark.pos, 0));
  const bool bang = at < source_->text().size() && source_->text()[at] == '!';
  const bool of_ansible = dialect_ == Dialect::inventory &&
                          (tag == "!unsafe" || (is_vault(tag) && kind == Node::Kind::scalar));
  if (!of_ansible && (bang || (!tag.empty() && tag != "?" && tag != "!")))
    out_.error(node.place, "a tag", "types come from what is expected; remove it");
  if (anchor != 0 && dialect_ == Dialect::strict)
    out_.error(node.place, "an anchor", "anchors and aliases are not read; repeat what is meant");
  const auto nodes_max = dialect_ == Dialect::strict ? kNodesMax : kInventoryNodesMax;
  if (++nodes_ > nodes_max) {
    out_.error(node.place, fmt::format("more than {} values in one file", nodes_max));
    throw Stop{};
  }
  return node;
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  auto node = begin(Node::Kind::null, mark, "", anchor);
  keep(node, anchor);
  attach(std::move(node));
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  auto node = begin(Node::Kind::scalar, mark, tag, anchor);
  node.encrypted = is_vault(tag);
  if (!node.encrypted) node.text = value;
  node.plain = tag.empty() || tag == "?";
  keep(node, anchor);
  attach(std::move(node));
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value) {
  open(begin(Node::Kind::sequence, mark, tag, anchor), anchor);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value) {
  open(begin(Node::Kind::map, mark, tag, anchor), anchor);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto at = place(mark);
  if (dialect_ == Dialect::strict) {
    out_.error(at, "an alias", "anchors and aliases are not read; repeat what is meant");
    incomplete_ = true;
    return attach(Node{Node::Kind::null, at, {}, true, {}, {}});
  }
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    out_.error(at, "an alias inside of what it stands for");
    throw Stop{};
  }
  count_expanded(found->second, at);
  attach(found->second);
}

void TreeBuilder::count_expanded(const Node& node, const Place& at) {
  const auto size = extent(node);
  expanded_ += size.nodes;
  if (expanded_ <= kExpandedNodesMax && open_.size() + size.height <= kDepthMax) return;
  out_.error(at, fmt::format("aliases expand to more than {} values or {} levels",
                             kExpandedNodesMax, kDepthMax));
  throw Stop{};
}

void TreeBuilder::keep(const Node& node, YAML::anchor_t anchor) {
  if (anchor == 0 || dialect_ == Dialect::strict) return;
  count_expanded(node, node.place);
  anchors_.insert_or_assign(anchor, node);
}

void TreeBuilder::open(Node node, YAML::anchor_t anchor) {
  if (open_.size() >= kDepthMax) {
    out_.error(node.place, fmt::format("nested deeper than {} levels", kDepthMax));
    throw Stop{};
  }
  if (!open_.empty() && open_.back().node.is_map() && !open_.back().pending) {
    out_.error(node.place, fmt::format("{} as a key", description(node)), std::string{kKeys});
    throw Stop{};
  }
  auto& frame = open_.emplace_back();
  frame.node = std::move(node);
  frame.anchor = anchor;
}

void TreeBuilder::close() {
  Frame frame = std::move(open_.back());
  open_.pop_back();
  merge(frame);
  keep(frame.node, frame.anchor);
  attach(std::move(frame.node));
}

void TreeBuilder::attach(Node node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& frame = open_.back();
  if (frame.node.is_sequence())
    frame.node.items.push_back(std::move(node));
  else if (frame.pending)
    set_value(frame, std::move(node));
  else
    set_key(frame, std::move(node));
}

void TreeBuilder::set_key(Frame& frame, Node node) {
  if (!node.is_scalar() || node.text.empty() || node.text.size() > kKeyBytesMax) {
    out_.error(node.place, fmt::format("{} as a key", description(node)), std::string{kKeys});
    throw Stop{};
  }
  frame.duplicate = false;
  if (node.plain && node.text == "<<" && dialect_ == Dialect::strict) {
    out_.error(node.place, "a merge key", "`<<` is not read; repeat what is meant");
    incomplete_ = true;
  } else if (!node.plain || node.text != "<<") {
    const auto [first, fresh] = frame.lines.try_emplace(node.text, node.place.line);
    frame.duplicate = !fresh;
    if (!fresh)
      out_.error(node.place, fmt::format("`{}` is here twice", node.text),
                 fmt::format("first in line {}", first->second));
  }
  frame.pending = Entry{std::move(node.text), std::move(node.place), Node{}};
}

void TreeBuilder::set_value(Frame& frame, Node value) {
  Entry entry = *std::move(frame.pending);
  frame.pending.reset();
  if (!frame.lines.contains(entry.key)) {
    frame.merges.push_back(std::move(value));
  } else if (!frame.duplicate) {
    entry.value = std::move(value);
    frame.node.entries.push_back(std::move(entry));
  }
}

void TreeBuilder::merge(Frame& frame) {
  const auto add = [&](const Node& from) {
    if (!from.is_map()) out_.error(from.place, "`<<` expects a map, found " + description(from));
    for (const auto& entry : from.entries)
      if (frame.lines.try_emplace(entry.key, 0).second) frame.node.entries.push_back(entry);
  };
  for (const auto& merged : frame.merges) {
    if (!merged.is_sequence()) {
      add(merged);
      continue;
    }
    for (const auto& item : merged.items) add(item);
  }
}

}  // namespace muster::config
