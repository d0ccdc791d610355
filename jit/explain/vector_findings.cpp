// Whether several iterations run in one vector. LLVM's remark is the truth; where it made none the plan knows reasons in words of
// the source, and LLVM's own are a last resort. Entries: find_vectors, vector_shape.

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>

#include "analysis/facts/plan_text.h"
#include "explain/findings.h"

namespace kjit {

using namespace typed;

namespace {

constexpr std::string_view kPrefix = "loop not vectorized: ";  // of LLVM's texts
constexpr std::int64_t kMostWrittenOut = 1 << 20;              // far more than LLVM unrolls

struct Words {
  std::string_view remark;
  const char *reason, *edit;
};

// LLVM's names of what hinders its loop vectoriser (lib/Transforms/Vectorize).
constexpr Words kWords[] = {
    {"CantReorderFPOps", "the order of float operations is kept", "fastmath=True lets it change"},
    {"UnsafeDep", "an iteration may read what one before it wrote", ""},
    {"UnsafeMemDep", "an iteration may read what one before it wrote", ""},
    {"CantIdentifyArrayBounds", "it is not clear before the loop which elements it touches", ""},
    {"TooManyMemoryRuntimeChecks", "too many of its arrays could overlap", ""},
    {"CantReorderMemOps", "too many of its arrays could overlap", ""},
    {"VectorizationNotBeneficial", "vectors would not be faster here", ""},
    {"CantComputeNumberOfIterations", "something in its body may leave it, so the number of iterations is not known before", ""},
    {"UnsupportedUncountableLoop", "something in its body may leave it, so the number of iterations is not known before", ""},
    {"NonReductionValueUsedOutsideLoop", "a variable goes from one iteration to the next, and is neither a sum nor an extremum",
     ""},
    {"CFGNotUnderstood", "its control flow has no form for vectors", ""},
    {"NoCFGForSelect", "a branch of it reads or writes elements that the others do not", ""},
    {"CantVectorizeCall", "it has a call without a vector form", ""},
    {"CantVectorizeLibcall", "it has a call without a vector form", "NumPy's functions (np.exp) have one"},
    {"CantVectorizeCallReturnType", "it has a call without a vector form", ""},
};

Finding in_words(const Remark& remark) {
  const auto* found =
      std::find_if(std::begin(kWords), std::end(kWords), [&](const Words& row) { return row.remark == remark.name; });
  if (found == std::end(kWords))
    return {"vectors", fmt::format("no: LLVM: {}", remark.text.substr(remark.text.starts_with(kPrefix) ? kPrefix.size() : 0))};
  return {"vectors", fmt::format("no: {}", found->reason), found->edit};
}

std::string value(const Remark& remark, const std::string& key) {
  const auto found = remark.values.find(key);
  return found == remark.values.end() ? "1" : found->second;
}

const Remark* find(const std::vector<const Remark*>& remarks, std::string_view name) {
  const auto found = std::find_if(remarks.begin(), remarks.end(), [&](const Remark* remark) { return remark->name == name; });
  return found == remarks.end() ? nullptr : *found;
}

// From its bounds in the source.
std::optional<std::int64_t> constant_trip_count(const Stmt& stmt) {
  const auto* loop = std::get_if<ForRange>(&stmt.node);
  if (!loop) return std::nullopt;
  std::int64_t bounds[3];
  const ExprPtr* parts[3] = {&loop->start, &loop->stop, &loop->step};
  for (int k = 0; k < 3; ++k) {
    const auto* constant = std::get_if<Constant>(&(*parts[k])->node);
    const auto* value = constant ? std::get_if<std::int64_t>(&constant->value) : nullptr;
    if (!value || std::abs(*value) > kMostWrittenOut) return std::nullopt;
    bounds[k] = *value;
  }
  const std::int64_t step = bounds[2];
  if (step == 0) return std::nullopt;
  return std::max<std::int64_t>(0, (bounds[1] - bounds[0] + step - (step > 0 ? 1 : -1)) / step);
}

// LLVM may name the place of a loop inside, where that became the first statement; so the number of iterations has to agree.
bool written_out(const ProgramFacts& facts, const LoopPlan& plan, const Stmt& stmt, std::vector<Finding>& findings) {
  const Remark* unrolled = find(remarks_at(facts, "loop-unroll", plan.span), "FullyUnrolled");
  const std::optional<std::int64_t> trip_count = constant_trip_count(stmt);
  if (!unrolled || !trip_count || value(*unrolled, "UnrollCount") != std::to_string(*trip_count)) return false;
  findings.push_back(
      {"unrolled", fmt::format("its {} iterations are written out: no loop is left", value(*unrolled, "UnrollCount"))});
  return true;
}

// Whether calls of `callee` in `caller` are: LLVM decides alike for all of them, but for those in rare code.
bool is_inlined(const ProgramFacts& facts, FunctionId caller, FunctionId callee) {
  const std::string &from = facts.program.functions[caller].symbol, &to = facts.program.functions[callee].symbol;
  return std::any_of(facts.remarks.begin(), facts.remarks.end(), [&](const Remark& remark) {
    return remark.pass == "inline" && remark.kind == Remark::Kind::Done && remark.function.starts_with(from) &&
           value(remark, "Callee") == to;
  });
}

}  // namespace

std::vector<const Remark*> remarks_at(const ProgramFacts& facts, std::string_view pass, Span span) {
  const LineColumn at = facts.sources.locate(span);
  const std::string file = file_name_of(span, facts.sources);
  std::vector<const Remark*> found;
  for (const Remark& remark : facts.remarks) {
    if (remark.pass == pass && remark.line == at.line && remark.column == at.column && remark.file == file)
      found.push_back(&remark);
  }
  return found;
}

std::string vector_shape(const ProgramFacts& facts, Span span) {
  const Remark* done = find(remarks_at(facts, "loop-vectorize", span), "Vectorized");
  if (!done) return {};
  const std::string lanes = value(*done, "VectorizationFactor"), vectors = value(*done, "InterleaveCount");
  return fmt::format("{} iterations in each vector{}", lanes,
                     vectors == "1" ? "" : fmt::format(", {} vectors at a time", vectors));
}

void find_vectors(const ProgramFacts& facts, const LoopPlan& plan, const Stmt& stmt, std::vector<Finding>& findings) {
  if (const std::string shape = vector_shape(facts, plan.span); !shape.empty()) {
    findings.push_back({"vectors", "yes: " + shape});
    for (const Hindrance& cost : plan.slow_vectors)
      findings.push_back({"vectors", "slower than it could be: " + cost.reason, cost.edit});
    return;
  }
  if (written_out(facts, plan, stmt, findings) || !plan.is_innermost) return;
  const std::size_t before = findings.size();
  for (const Hindrance& obstacle : plan.no_vectors) {
    if (obstacle.callee && is_inlined(facts, plan.function, *obstacle.callee)) continue;
    findings.push_back({"vectors", "no: " + obstacle.reason, obstacle.edit});
  }
  if (findings.size() > before) return;
  for (const Remark* remark : remarks_at(facts, "loop-vectorize", plan.span)) {
    if (remark->kind == Remark::Kind::Analysis) add_once(findings, in_words(*remark));
  }
  if (findings.size() == before) findings.push_back({"vectors", "no: LLVM gives no reason"});
}

}  // namespace kjit
