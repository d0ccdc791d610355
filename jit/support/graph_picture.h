#pragma once
// Pictures of directed graphs without cycles: DOT for Graphviz, and SVG drawn here.

#include <cstddef>
#include <string>
#include <vector>

namespace kjit {

struct PictureNode {
  std::string label;                        // one line
  std::string detail = {};                  // a second one; empty: none
  const char* color = "#ffffff";            // of the box
  std::vector<std::size_t> waits_for = {};  // earlier nodes, ascending: the edges that end here
};

// Edges that follow from others are left out.
std::string to_dot(const std::vector<PictureNode>& nodes);
std::string to_svg(const std::vector<PictureNode>& nodes);

}  // namespace kjit
