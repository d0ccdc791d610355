#pragma once
// The findings of one place, by subject. Each function appends to `findings`.

#include <string>
#include <vector>

#include "explain/explain.h"

namespace kjit {

// ---- loops: `stmt` is the While or ForRange of `plan` ----

void find_parallel(const ProgramFacts& facts, const typed::Stmt& stmt, std::vector<Finding>& findings);
void find_vectors(const ProgramFacts& facts, const LoopPlan& plan, const typed::Stmt& stmt, std::vector<Finding>& findings);
void find_bounds(const ProgramFacts& facts, const LoopPlan& plan, std::vector<Finding>& findings);
void find_allocations(const ProgramFacts& facts, const typed::Stmt& stmt, std::vector<Finding>& findings);
void find_calls(const ProgramFacts& facts, const typed::Stmt& stmt, std::vector<Finding>& findings);
void find_polling(const LoopPlan& plan, std::vector<Finding>& findings);
// Operations and bytes of one iteration of an innermost loop.
void find_work(const typed::Stmt& stmt, std::vector<Finding>& findings);

// ---- statements with whole arrays ----

void find_array_loops(const ProgramFacts& facts, const typed::Stmt& stmt, std::vector<Finding>& findings);
void find_temporary(const ProgramFacts& facts, const ArrayTemporary& temporary, std::vector<Finding>& findings);

// ---- for all of them ----

// Remarks of this pass at this place.
std::vector<const Remark*> remarks_at(const ProgramFacts& facts, std::string_view pass, Span span);
// "4 lanes, 2 vectors at a time", if LLVM made vectors of the loop there; else empty.
std::string vector_shape(const ProgramFacts& facts, Span span);
void add_once(std::vector<Finding>& findings, Finding finding);
std::string counted(std::int64_t number, std::string_view what);  // "1 loop", "2 loops"
// The body of a loop, its `else` apart.
const typed::Block& body_of(const typed::Stmt& stmt);

}  // namespace kjit
