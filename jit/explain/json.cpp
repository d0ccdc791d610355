// Entry: to_json. A file of its own, because the JSON library is heavy.

#include <nlohmann/json.hpp>

#include "explain/explanation_json.h"

namespace kjit {

using nlohmann::ordered_json;

namespace {

ordered_json object_of(const Finding& finding) {
  ordered_json entry = {{"label", finding.label}, {"text", finding.text}};
  if (!finding.edit.empty()) entry["help"] = finding.edit;
  return entry;
}

ordered_json object_of(const ExplainedPlace& place) {
  ordered_json findings = ordered_json::array();
  for (const Finding& finding : place.findings) findings.push_back(object_of(finding));
  return {{"kind", place.kind == ExplainedPlace::Kind::Loop ? "loop" : "arrays"},
          {"file", place.file},
          {"line", place.line},
          {"column", place.column},
          {"source", place.source},
          {"function", place.function},
          {"findings", std::move(findings)}};
}

ordered_json object_of(const std::vector<CodeLine>& lines) {
  ordered_json list = ordered_json::array();
  for (const CodeLine& line : lines) list.push_back(ordered_json::array({line.line, line.text}));
  return list;
}

ordered_json object_of(const Explanation& explanation) {
  ordered_json places = ordered_json::array();
  for (const ExplainedPlace& place : explanation.places) places.push_back(object_of(place));
  return {{"file", explanation.file}, {"kernel", explanation.kernel}, {"cpu", explanation.target}, {"places", std::move(places)}};
}

// Text that is not UTF-8 is shown with replacement characters: the output must stay JSON.
std::string dump(const ordered_json& object, int indent) {
  return object.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string to_json(const Explanation& explanation) { return dump(object_of(explanation), 2) + "\n"; }

std::string page_data(const Explanation& explanation, const CodeViews& views) {
  ordered_json object = object_of(explanation);
  object["views"] = {{"source", object_of(views.source)},
                     {"typed", object_of(views.typed)},
                     {"llvm", object_of(views.llvm)},
                     {"assembly", object_of(views.assembly)}};
  return dump(object, -1);
}

}  // namespace kjit
