// Builds located nodes from yaml-cpp's events, and refuses what strict files may not hold. Private
// to config/: nobody else sees yaml-cpp.
#pragma once
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <map>
#include <optional>
#include <unordered_map>

#include "config/yaml.hpp"

namespace muster::config {

class TreeBuilder final : public YAML::EventHandler {
 public:
  /// Ends the parse early; what is wrong is in the Diagnostics.
  struct Stop {};

  TreeBuilder(std::shared_ptr<const Source> source, Dialect dialect, Diagnostics& out);

  /// The document; nothing when it holds aliases that were not expanded.
  std::optional<Node> take();
  Place place(const YAML::Mark& mark);

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    std::optional<Entry> pending;  ///< A key that waits for its value.
    bool duplicate = false;        ///< That key was there already: its value is dropped.
    std::unordered_map<std::string, std::uint32_t> lines;  ///< Of the keys.
    std::vector<Node> merges;
  };

  Node begin(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
             YAML::anchor_t anchor);
  void open(Node node, YAML::anchor_t anchor);
  void close();
  void attach(Node node);
  void set_key(Frame& frame, Node node);
  void set_value(Frame& frame, Node value);
  void keep(const Node& node, YAML::anchor_t anchor);
  void merge(Frame& frame);
  void count_expanded(const Node& node, const Place& at);

  std::shared_ptr<const Source> source_;
  Dialect dialect_;
  Diagnostics& out_;
  std::vector<Frame> open_;
  std::optional<Node> root_;
  std::map<YAML::anchor_t, Node> anchors_;
  Place last_;
  std::size_t last_bytes_ = 0;
  std::size_t nodes_ = 0;
  std::size_t expanded_ = 0;
  bool documents_ = false;
  bool incomplete_ = false;
};

}  // namespace muster::config
