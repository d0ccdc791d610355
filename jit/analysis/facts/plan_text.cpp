// Places in the texts of plans. Entries: heading, function_name.

#include "analysis/facts/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace kjit {

namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == text.npos ? std::string_view() : text.substr(first, last - first + 1);
}

}  // namespace

std::string file_name_of(Span span, const SourceMap& sources) {
  const std::string& path = sources.file(span.file).name();
  return path.substr(path.rfind('/') + 1);
}

std::string source_line(Span span, const SourceMap& sources) {
  return std::string(trimmed(sources.file(span.file).line_text(sources.locate(span).line)));
}

std::string heading(Span span, const SourceMap& sources) {
  const LineColumn place = sources.locate(span);
  return fmt::format("{}:{}: {}", file_name_of(span, sources), place.line, source_line(span, sources));
}

std::string subscript_text(Span span, const SourceMap& sources) {
  std::string text(sources.text(span));
  text = text.substr(0, text.find('\n'));
  if (text.find('[') == text.npos) return text + "[...]";  // of a loop over the array
  const bool is_open = std::count(text.begin(), text.end(), '[') > std::count(text.begin(), text.end(), ']');
  return is_open ? text + "]" : text;
}

std::string function_name(const typed::Function& function) { return function.is_script() ? "the script" : function.name; }

}  // namespace kjit
