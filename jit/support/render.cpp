// Diagnostics as text: place, message, source line with the span underlined, notes, help. Entry: render.

#include "support/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "support/utf8.h"

namespace kjit {

namespace {

constexpr int kTabWidth = 4;        // how far a tab is expanded in the shown line
constexpr int kMaxColumns = 160;    // longer lines are shown in part, around the span
constexpr int kColumnsBefore = 60;  // of which at most these before the span

struct Style {
  std::string_view error, warning, note, help, bold, gutter, off;
};

constexpr Style kPlain{};
constexpr Style kColored{"\x1b[1;31m", "\x1b[1;35m", "\x1b[1;36m", "\x1b[1;32m", "\x1b[1m", "\x1b[34m", "\x1b[0m"};

// Controls, and the marks that reorder text (which could make a line look like another one).
bool is_hidden(char32_t value) {
  if (value < 0x20 || (value >= 0x7F && value < 0xA0)) return true;
  return value == 0x061C || (value >= 0x200B && value <= 0x200F) || (value >= 0x2028 && value <= 0x202E) ||
         (value >= 0x2066 && value <= 0x2069) || value == 0xFEFF;
}

struct Cell {
  std::string text;
  int width;
};

// How one code point is shown at the screen column `at`.
Cell show(CodePoint point, std::string_view bytes, int at) {
  if (!point.valid) return {fmt::format("\\x{:02x}", static_cast<std::uint32_t>(point.value)), 4};
  if (point.value == '\t') {
    const int width = kTabWidth - at % kTabWidth;
    return {std::string(static_cast<std::size_t>(width), ' '), width};
  }
  if (!is_hidden(point.value)) return {std::string(bytes), terminal_width(point.value)};
  const auto value = static_cast<std::uint32_t>(point.value);
  std::string text = value < 0x100 ? fmt::format("\\x{:02x}", value) : fmt::format("\\u{:04x}", value);
  const int width = static_cast<int>(text.size());
  return {std::move(text), width};
}

// Text from the program inside a message. Newlines and tabs go too: a message is one line.
std::string escape(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const std::string_view bytes = text.substr(at, point.length);
    out += point.value == '\t' ? " " : show(point, bytes, 0).text;
    at += point.length;
  }
  return out;
}

// A source line as it is shown, and where in it the span lies, in screen columns.
struct ShownLine {
  std::string text;
  int begin = 0;
  int end = 0;
};

// `first` and `last` are byte offsets in the line. A long line is cut on both sides; "..." marks the cuts.
ShownLine lay_out(std::string_view line, std::size_t first, std::size_t last) {
  ShownLine full;
  std::vector<std::pair<Cell, int>> cells;  // with their columns
  int column = 0;
  for (std::size_t at = 0; at < line.size();) {
    if (at <= first) full.begin = column;
    const CodePoint point = decode_utf8(line, at);
    Cell cell = show(point, line.substr(at, point.length), column);
    const int width = cell.width;
    cells.emplace_back(std::move(cell), column);
    column += width;
    at += point.length;
    if (at <= last) full.end = column;
  }
  if (first >= line.size()) full.begin = column;
  full.end = std::max(full.end, full.begin);
  const int from = column <= kMaxColumns ? 0 : std::max(0, full.begin - kColumnsBefore);
  const int to = column <= kMaxColumns ? column : from + kMaxColumns;
  const std::string_view cut_mark = "...";
  const int shift = from > 0 ? from - static_cast<int>(cut_mark.size()) : 0;
  if (from > 0) full.text = cut_mark;
  for (const auto& [cell, at] : cells) {
    if (at >= from && at + cell.width <= to) full.text += cell.text;
  }
  if (to < column) full.text += cut_mark;
  return {std::move(full.text), full.begin - shift, std::min(full.end, to) - shift};
}

class Renderer {
 public:
  Renderer(const SourceMap& sources, const RenderOptions& options)
      : sources_(sources), style_(options.color ? kColored : kPlain) {}

  std::string run(const Diagnostic& diagnostic) {
    const bool error = diagnostic.severity == Severity::Error;
    const std::string label = fmt::format("{}[{}]", error ? "error" : "warning", diag_name(diagnostic.id));
    headline(diagnostic.span, label, error ? style_.error : style_.warning, diagnostic.message);
    snippet(diagnostic.span, error ? style_.error : style_.warning);
    for (const Note& note : diagnostic.notes) {
      headline(note.span, "note", style_.note, note.message);
      snippet(note.span, style_.note);
    }
    if (!diagnostic.help.empty()) out_ += fmt::format("{}help:{} {}\n", style_.help, style_.off, escape(diagnostic.help));
    return std::move(out_);
  }

 private:
  bool known(Span span) const { return span.file < sources_.size(); }

  void headline(Span span, std::string_view label, std::string_view color, std::string_view message) {
    if (known(span)) {
      const LineColumn place = sources_.locate(span);
      const std::string name = escape(sources_.file(span.file).name());
      out_ += fmt::format("{}{}:{}:{}:{} ", style_.bold, name, place.line, place.column, style_.off);
    }
    out_ += fmt::format("{}{}:{} {}{}{}\n", color, label, style_.off, style_.bold, escape(message), style_.off);
  }

  void snippet(Span span, std::string_view color) {
    if (!known(span)) return;
    const SourceFile& file = sources_.file(span.file);
    const std::uint32_t line = file.locate(span.begin).line;
    const std::string_view text = file.line_text(line);
    const std::uint32_t start = file.line_start(line);
    const std::size_t first = std::min<std::size_t>(span.begin - std::min(span.begin, start), text.size());
    const std::size_t last = std::min<std::size_t>(span.end - std::min(span.end, start), text.size());
    const ShownLine shown = lay_out(text, first, std::max(first, last));
    const std::string number = fmt::format("{:>4}", line);
    out_ += fmt::format("{}{} |{} {}\n", style_.gutter, number, style_.off, shown.text);
    out_ += fmt::format("{}{} |{} {}{}{}{}\n", style_.gutter, std::string(number.size(), ' '), style_.off,
                        std::string(static_cast<std::size_t>(shown.begin), ' '), color, underline(shown), style_.off);
  }

  static std::string underline(const ShownLine& shown) {
    const int tail = std::max(0, shown.end - shown.begin - 1);
    return "^" + std::string(static_cast<std::size_t>(tail), '~');
  }

  const SourceMap& sources_;
  const Style& style_;
  std::string out_;
};

// Stages append in the order in which they notice; people read from top to bottom.
std::vector<const Diagnostic*> in_order(const std::vector<Diagnostic>& list) {
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& diagnostic : list) sorted.push_back(&diagnostic);
  // The addresses follow the order of the reports: they break the ties.
  const auto place = [](const Diagnostic* entry) { return std::tuple(entry->span.file, entry->span.begin, entry); };
  std::sort(sorted.begin(), sorted.end(), [&](const auto* a, const auto* b) { return place(a) < place(b); });
  return sorted;
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const SourceMap& sources, const RenderOptions& options) {
  return Renderer(sources, options).run(diagnostic);
}

std::string render_all(const Diagnostics& diagnostics, const SourceMap& sources, const RenderOptions& options) {
  std::string out;
  for (const Diagnostic* diagnostic : in_order(diagnostics.all())) out += render(*diagnostic, sources, options) + "\n";
  if (diagnostics.error_count() > Diagnostics::kMaxErrors) {
    out += fmt::format("{} more errors are not shown\n", diagnostics.error_count() - Diagnostics::kMaxErrors);
  }
  return out;
}

}  // namespace kjit
