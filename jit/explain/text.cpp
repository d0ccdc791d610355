// Entry: to_text.

#include <fmt/format.h>

#include "explain/explanation.h"

namespace kjit {

namespace {

constexpr std::size_t kLineWidth = 120;
constexpr std::size_t kTextColumn = 12;

// `text` in lines, the first of which follows what stands there already.
std::string wrapped(std::string_view text, std::size_t column) {
  std::string result;
  std::size_t used = column;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    if (used > column && used + 1 + word.size() > kLineWidth) {
      result += "\n" + std::string(column, ' ');
      used = column;
    } else if (used > column) {
      result += ' ', ++used;
    }
    result += word, used += word.size();
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
  }
  return result;
}

std::string to_text(const ExplainedPlace& place) {
  std::string text = fmt::format("{}:{}: {}\n  {:<9} {}\n", place.file, place.line, place.source, "in", place.function);
  std::string_view label;
  for (const Finding& finding : place.findings) {
    const std::string_view shown = finding.label == label ? "" : std::string_view(finding.label);
    text += fmt::format("  {:<9} {}\n", shown, wrapped(finding.text, kTextColumn));
    if (!finding.edit.empty()) text += fmt::format("  {:<9} {}\n", "", wrapped("help: " + finding.edit, kTextColumn));
    label = finding.label;
  }
  return text;
}

}  // namespace

std::string to_text(const Explanation& explanation) {
  std::string text;
  for (const ExplainedPlace& place : explanation.places) text += (text.empty() ? "" : "\n") + to_text(place);
  return text.empty() ? "no loops in what is called here; name a kernel and its arguments for another one\n" : text;
}

}  // namespace kjit
