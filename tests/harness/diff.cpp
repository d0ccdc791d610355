// Unified diffs by longest common subsequence. Entry: unified_diff().
//
// Quadratic in the lines between the common head and tail; past kMaxCells that middle is shown as removed and added as a whole.

#include "diff.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace kjit::harness {
namespace {

constexpr std::size_t kMaxCells = 4'000'000;
constexpr std::size_t kContext = 3;

using Lines = std::vector<std::string_view>;

struct Edit {
  char kind;  // ' ', '-' or '+'
  std::string_view line;
};

Lines split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));  // with its '\n', so that its absence at the end is a difference
    text.remove_prefix(end);
  }
  return lines;
}

// lengths[i][j]: longest common subsequence of a[i..] and b[j..].
std::vector<std::vector<std::uint32_t>> subsequence_lengths(const Lines& a, const Lines& b) {
  std::vector lengths(a.size() + 1, std::vector<std::uint32_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      lengths[i][j] = a[i] == b[j] ? lengths[i + 1][j + 1] + 1 : std::max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

void append_middle(const Lines& a, const Lines& b, std::vector<Edit>& edits) {
  std::size_t i = 0, j = 0;
  if ((a.size() + 1) * (b.size() + 1) <= kMaxCells) {
    const auto lengths = subsequence_lengths(a, b);
    while (i < a.size() && j < b.size()) {
      if (a[i] == b[j]) {
        edits.push_back({' ', a[i]}), ++i, ++j;
      } else if (lengths[i + 1][j] >= lengths[i][j + 1]) {
        edits.push_back({'-', a[i++]});
      } else {
        edits.push_back({'+', b[j++]});
      }
    }
  }
  while (i < a.size()) edits.push_back({'-', a[i++]});
  while (j < b.size()) edits.push_back({'+', b[j++]});
}

std::vector<Edit> edit_script(const Lines& a, const Lines& b) {
  const auto head = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  std::size_t tail = 0;
  while (tail < std::min(a.size(), b.size()) - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;

  std::vector<Edit> edits;
  for (std::size_t i = 0; i < head; ++i) edits.push_back({' ', a[i]});
  append_middle(Lines(a.begin() + head, a.end() - tail), Lines(b.begin() + head, b.end() - tail), edits);
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) edits.push_back({' ', a[i]});
  return edits;
}

void append_line(std::string& out, const Edit& edit) {
  out += edit.kind;
  out += edit.line;
  if (!edit.line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name) {
  if (before == after) return "";
  const std::vector<Edit> edits = edit_script(split(before), split(after));

  std::string out = "--- " + std::string(before_name) + "\n+++ " + std::string(after_name) + "\n";
  std::size_t shown = 0;  // edits[0 .. shown) are printed or skipped
  std::size_t line = 1;   // of `before`, at edits[shown]
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].kind == ' ') continue;
    std::size_t begin = std::max(shown, i < kContext ? 0 : i - kContext);
    if (begin > shown || shown == 0) {
      for (std::size_t k = shown; k < begin; ++k) line += edits[k].kind != '+';
      out += "@@ line " + std::to_string(line) + " @@\n";
    }
    std::size_t end = i;  // up to kContext equal lines after the last change of the hunk
    while (end < edits.size() && edits[end].kind != ' ') ++end;
    const std::size_t stop = std::min(edits.size(), end + kContext);
    while (end < stop && edits[end].kind == ' ') ++end;
    for (; begin < end; ++begin) append_line(out, edits[begin]), line += edits[begin].kind != '+';
    shown = end;
    i = end - 1;
  }
  return out;
}

}  // namespace kjit::harness
