#pragma once
// Every access to an array element that an iteration of a parallel loop can make, with its subscripts as polynomials in the loop
// counters.
//
// The collector evaluates the function symbolically from its start to the loop, then the loop's body once, walking into the
// functions that it calls as if they were written in place. Views are resolved to the array that they are views of.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/facts/affine.h"
#include "analysis/facts/summaries.h"
#include "analysis/races/parallel_plan.h"

namespace kjit {

using RootId = std::uint32_t;

// Memory that accesses are compared in. Two roots are taken for distinct; where that is not certain the plan gets an OverlapTest.
struct Root {
  std::string name;
  bool fresh = false;   // allocated by the function itself
  bool opaque = false;  // it may be any array
  bool inside = false;  // made or found inside the iteration
  std::vector<Poly> dims;
};

// A subscript of one axis of the root. `value` is the element if it is not negative as written; else `wrapped` (value + size of
// the axis).
struct AxisIndex {
  bool any = false;  // no knowledge
  Poly value;
  bool may_wrap = false;
  Poly written;  // as in the source, before wrapping: its sign decides between value and wrapped
  Poly wrapped;
  std::vector<Poly> operands;   // what the kernel computed for it, here and in the slices in between
  std::vector<AtomId> assumed;  // taken for >= 0 without proof
};

// A condition under which the access happens: difference (op) 0; not decidable if the condition is no comparison of integers.
struct Guard {
  bool decidable = false;
  typed::CompareOp op = typed::CompareOp::Eq;
  Poly difference;
  std::vector<Poly> operands{};  // the two sides
};

enum class AccessKind : std::uint8_t { Read, Write, Update };

struct Access {
  AccessKind kind;
  RootId root;
  std::optional<ArrayHandle> handle;  // by which the loop reaches the root
  bool handle_is_whole = false;       // it shows the root as it is, with the same axes
  std::vector<AxisIndex> indices;     // by axis of the root
  std::vector<Guard> guards;
  std::vector<AtomId> counters;  // of the loops around it, the analysed one first
  const typed::UpdateElement* update = nullptr;
  const typed::StoreElement* store = nullptr;
  std::optional<ReduceOp> update_op;  // Update: Add for + and -, ...
  bool is_atomic = false;             // kjit.atomic_*
  Kind dtype = Kind::Unknown;
  Span span;       // of the access
  Span loop_span;  // of the place in the loop: the call, if the access is in a callee
};

struct LoopAccesses {
  // Elements that the loop itself reads: are all their indices in range whenever they are evaluated?
  std::map<typed::AccessId, bool> in_range;
  Atoms atoms;
  std::vector<Root> roots;
  std::vector<Access> accesses;
  AtomId counter = 0;  // of the analysed loop: 0, 1, ...
  Poly variable;       // its variable, in terms of the counter
  Poly step;
  Facts facts;                                  // that hold inside the loop
  std::vector<Poly> fact_operands;              // what they compare
  std::vector<Poly> variables;                  // of all loops: numbers that never overflow
  std::map<AtomId, StartValue> start_values{};  // atoms that are at hand when the loop starts
};

LoopAccesses collect_accesses(const typed::Program& program, const std::vector<Summary>& summaries, const SourceMap& sources,
                              const typed::Function& function, const typed::ForRange& loop);

}  // namespace kjit
