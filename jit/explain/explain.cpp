#include "explain/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "analysis/facts/plan_text.h"
#include "explain/findings.h"
#include "typing/tree/node_ids.h"
#include "typing/tree/typed_walk.h"

namespace kjit {

using namespace typed;

namespace {

ExplainedPlace place_of(const ProgramFacts& facts, ExplainedPlace::Kind kind, Span span, const Function& function) {
  const LineColumn at = facts.sources.locate(span);
  return {kind,      facts.sources.file(span.file).name(), at.line,
          at.column, source_line(span, facts.sources),     function.is_script() ? "the script" : function.symbol,
          {}};
}

// Functions of the library's prelude are not the user's.
bool is_users(const Function& function) { return function.has_frame(); }

void explain_loops(const ProgramFacts& facts, std::vector<ExplainedPlace>& places) {
  const std::vector<const Stmt*> loops = loops_by_id(facts.program);
  for (const LoopPlan& plan : facts.loops.all()) {
    const Function& function = facts.program.functions[plan.function];
    if (!is_users(function)) continue;
    const Stmt& stmt = *loops[plan.loop];
    ExplainedPlace place = place_of(facts, ExplainedPlace::Kind::Loop, plan.span, function);
    find_parallel(facts, stmt, place.findings);
    find_bounds(facts, plan, place.findings);
    find_vectors(facts, plan, stmt, place.findings);
    find_allocations(facts, stmt, place.findings);
    find_calls(facts, stmt, place.findings);
    if (plan.is_innermost) find_work(stmt, place.findings);
    find_polling(plan, place.findings);
    if (place.findings.empty()) place.findings.push_back({"loop", "its work is in the loops inside"});
    places.push_back(std::move(place));
  }
}

// The statement of a temporary that is not made may be gone.
void explain_temporaries(const ProgramFacts& facts, std::vector<ExplainedPlace>& places) {
  for (const ArrayTemporary& temporary : facts.temporaries) {
    const Function& function = facts.program.functions[temporary.function];
    if (!is_users(function) || function.locals[temporary.local].name.empty()) continue;
    ExplainedPlace place = place_of(facts, ExplainedPlace::Kind::Arrays, temporary.span, function);
    find_temporary(facts, temporary, place.findings);
    places.push_back(std::move(place));
  }
}

bool is_same_place(const ExplainedPlace& a, const ExplainedPlace& b) {
  return std::tie(a.kind, a.file, a.line, a.column, a.function) == std::tie(b.kind, b.file, b.line, b.column, b.function);
}

void explain_arrays(const ProgramFacts& facts, std::vector<ExplainedPlace>& places) {
  for (const Function& function : facts.program.functions) {
    if (!is_users(function)) continue;
    for_each_stmt(function.body, [&](const Stmt& stmt) {
      ExplainedPlace place = place_of(facts, ExplainedPlace::Kind::Arrays, stmt.span, function);
      find_array_loops(facts, stmt, place.findings);
      if (place.findings.empty()) return;
      const auto known =
          std::find_if(places.begin(), places.end(), [&](const auto& other) { return is_same_place(place, other); });
      if (known == places.end()) return places.push_back(std::move(place));
      known->findings.insert(known->findings.end(), place.findings.begin(), place.findings.end());
    });
  }
}

}  // namespace

std::vector<ExplainedPlace> explain_places(const ProgramFacts& facts) {
  std::vector<ExplainedPlace> places;
  explain_loops(facts, places);
  explain_temporaries(facts, places);
  explain_arrays(facts, places);
  // A function that was compiled for several types comes once for each.
  const auto order = [](const ExplainedPlace& place) {
    return std::tie(place.file, place.line, place.column, place.function, place.kind);
  };
  std::sort(places.begin(), places.end(), [&](const auto& a, const auto& b) { return order(a) < order(b); });
  return places;
}

void add_once(std::vector<Finding>& findings, Finding finding) {
  const auto is_same = [&](const Finding& other) { return other.label == finding.label && other.text == finding.text; };
  if (std::none_of(findings.begin(), findings.end(), is_same)) findings.push_back(std::move(finding));
}

std::string counted(std::int64_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

const Block& body_of(const Stmt& stmt) {
  if (const auto* loop = std::get_if<While>(&stmt.node)) return loop->body;
  return std::get<ForRange>(stmt.node).body;
}

}  // namespace kjit
