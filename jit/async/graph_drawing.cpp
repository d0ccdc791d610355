// Task graphs as pictures. Entries: TaskGraph::dot, TaskGraph::svg.

#include <fmt/format.h>

#include "async/task_graph.h"
#include "support/graph_picture.h"

namespace kjit::inline KJIT_ABI {

namespace {

using State = TaskGraph::State;
using Node = TaskGraph::Impl::Node;

const char* color_of(const Node& node) {
  switch (node.state) {
    case State::Done: return "#d5f0d5";
    case State::Failed: return "#f6c9c9";
    case State::Skipped: return "#e8e8e8";
    case State::Waiting:
    case State::Running: break;
  }
  return "#ffffff";
}

std::string times_of(const Node& node, bool was_run) {
  if (!was_run) return "";
  if (node.state == State::Skipped) return "skipped";
  return fmt::format("{:.2f} to {:.2f} ms{}", node.begin_ms, node.end_ms, node.state == State::Failed ? ", failed" : "");
}

std::vector<PictureNode> picture(const std::vector<Node>& nodes, bool was_run) {
  std::vector<PictureNode> result;
  for (const Node& node : nodes) result.push_back({node.name, times_of(node, was_run), color_of(node), node.waits_for});
  return result;
}

}  // namespace

std::string TaskGraph::dot() const { return to_dot(picture(impl_->nodes, impl_->was_run)); }
std::string TaskGraph::svg() const { return to_svg(picture(impl_->nodes, impl_->was_run)); }

}  // namespace kjit::inline KJIT_ABI
