// Diagnostics as JSON. A file of its own, because the JSON library is heavy. Entry: render_json.

#include <nlohmann/json.hpp>

#include "support/render.h"

namespace kjit {

namespace {

using nlohmann::ordered_json;

ordered_json place(Span span, const SourceMap& sources) {
  if (span.file >= sources.size()) return ordered_json::object();
  const SourceFile& file = sources.file(span.file);
  const LineColumn begin = file.locate(span.begin);
  const LineColumn end = file.locate(span.end);
  return {
      {"file", file.name()}, {"line", begin.line}, {"column", begin.column}, {"end_line", end.line}, {"end_column", end.column}};
}

ordered_json notes_json(const std::vector<Note>& notes, const SourceMap& sources) {
  ordered_json list = ordered_json::array();
  for (const Note& note : notes) {
    ordered_json entry = {{"message", note.message}};
    entry.update(place(note.span, sources));
    list.push_back(std::move(entry));
  }
  return list;
}

ordered_json to_json(const Diagnostic& diagnostic, const SourceMap& sources) {
  ordered_json entry = {{"id", diag_name(diagnostic.id)},
                        {"severity", diagnostic.severity == Severity::Error ? "error" : "warning"},
                        {"message", diagnostic.message}};
  entry.update(place(diagnostic.span, sources));
  entry["notes"] = notes_json(diagnostic.notes, sources);
  entry["help"] = diagnostic.help;
  return entry;
}

}  // namespace

std::string render_json(const std::vector<Diagnostic>& diagnostics, const SourceMap& sources) {
  ordered_json list = ordered_json::array();
  for (const Diagnostic& diagnostic : diagnostics) list.push_back(to_json(diagnostic, sources));
  // Text that is not UTF-8 is shown with replacement characters: the output must stay JSON.
  return list.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace kjit
