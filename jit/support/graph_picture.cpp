// Entries: to_dot, to_svg.

#include "support/graph_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace kjit {

namespace {

std::string escaped(const std::string& text, std::string_view special, const std::vector<std::string_view>& instead) {
  std::string result;
  for (const char c : text) {
    const std::size_t at = special.find(c);
    at == std::string_view::npos ? void(result += c) : void(result += instead[at]);
  }
  return result;
}
std::string for_dot(const std::string& text) { return escaped(text, "\"\\\n", {"\\\"", "\\\\", "\\n"}); }
std::string for_svg(const std::string& text) { return escaped(text, "<>&\"", {"&lt;", "&gt;", "&amp;", "&quot;"}); }

// An edge that others imply is not drawn.
bool is_implied(const std::vector<PictureNode>& nodes, std::size_t later, std::size_t earlier) {
  const std::vector<std::size_t>& direct = nodes[later].waits_for;
  std::vector<bool> reached(later, false);
  for (std::size_t task = later; task-- > earlier;) {
    const bool is_direct = task != earlier && std::binary_search(direct.begin(), direct.end(), task);
    if (!is_direct && !reached[task]) continue;
    for (const std::size_t below : nodes[task].waits_for) reached[below] = true;
  }
  return reached[earlier];
}

template <typename F>
void for_each_edge(const std::vector<PictureNode>& nodes, const F& draw) {
  for (std::size_t later = 0; later < nodes.size(); ++later) {
    for (const std::size_t earlier : nodes[later].waits_for) {
      if (!is_implied(nodes, later, earlier)) draw(earlier, later);
    }
  }
}

// Boxes in rows: a task stands below all that it waits for.
struct Layout {
  static constexpr int kWidth = 170, kHeight = 44, kGapX = 30, kGapY = 46, kMargin = 12;

  explicit Layout(const std::vector<PictureNode>& nodes) : row(nodes.size()), column(nodes.size()) {
    std::vector<int> used;
    for (std::size_t task = 0; task < nodes.size(); ++task) {
      for (const std::size_t earlier : nodes[task].waits_for) row[task] = std::max(row[task], row[earlier] + 1);
      used.resize(std::max(used.size(), static_cast<std::size_t>(row[task]) + 1));
      column[task] = used[static_cast<std::size_t>(row[task])]++;
    }
    rows = static_cast<int>(used.size());
    columns = used.empty() ? 0 : *std::max_element(used.begin(), used.end());
  }
  int x(std::size_t task) const { return kMargin + column[task] * (kWidth + kGapX); }
  int y(std::size_t task) const { return kMargin + row[task] * (kHeight + kGapY); }

  std::vector<int> row, column;
  int rows = 0, columns = 0;
};

}  // namespace

std::string to_dot(const std::vector<PictureNode>& nodes) {
  std::string text = "digraph tasks {\n  node [shape=box, style=filled, fillcolor=\"#ffffff\"];\n";
  for (std::size_t task = 0; task < nodes.size(); ++task) {
    const PictureNode& node = nodes[task];
    text += fmt::format("  t{} [label=\"{}{}{}\", fillcolor=\"{}\"];\n", task, for_dot(node.label),
                        node.detail.empty() ? "" : "\\n", for_dot(node.detail), node.color);
  }
  for_each_edge(nodes, [&](std::size_t earlier, std::size_t later) { text += fmt::format("  t{} -> t{};\n", earlier, later); });
  return text + "}\n";
}

std::string to_svg(const std::vector<PictureNode>& nodes) {
  const Layout layout(nodes);
  const int width =
      2 * Layout::kMargin + layout.columns * (Layout::kWidth + Layout::kGapX) - (layout.columns > 0 ? Layout::kGapX : 0);
  const int height =
      2 * Layout::kMargin + layout.rows * (Layout::kHeight + Layout::kGapY) - (layout.rows > 0 ? Layout::kGapY : 0);
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" font-family=\"sans-serif\" "
      "font-size=\"13\" text-anchor=\"middle\">\n<defs><marker id=\"tip\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\" "
      "refY=\"4\" "
      "orient=\"auto\"><path d=\"M0,0 L8,4 L0,8 z\"/></marker></defs>\n",
      width, height);
  for_each_edge(nodes, [&](std::size_t earlier, std::size_t later) {
    text += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"black\" marker-end=\"url(#tip)\"/>\n",
                        layout.x(earlier) + Layout::kWidth / 2, layout.y(earlier) + Layout::kHeight,
                        layout.x(later) + Layout::kWidth / 2, layout.y(later));
  });
  for (std::size_t task = 0; task < nodes.size(); ++task) {
    const int x = layout.x(task), y = layout.y(task), middle = x + Layout::kWidth / 2;
    text += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\" fill=\"{}\" stroke=\"black\"/>\n", x, y,
                        Layout::kWidth, Layout::kHeight, nodes[task].color);
    text += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", middle, y + (nodes[task].detail.empty() ? 27 : 19),
                        for_svg(nodes[task].label));
    if (!nodes[task].detail.empty())
      text += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"11\">{}</text>\n", middle, y + 35, for_svg(nodes[task].detail));
  }
  return text + "</svg>\n";
}

}  // namespace kjit
