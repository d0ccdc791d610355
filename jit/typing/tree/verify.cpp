// verify(): programs, functions and statements.

#include "typing/tree/verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/assert.h"
#include "typing/tree/verifier.h"

namespace kjit {

void verify(const typed::Program& program) { typed::Verifier(program).check_program(); }

namespace typed {

namespace {

constexpr int kMaxRank = 32;  // KJIT_MAX_RANK

constexpr int kErrorKinds = 1  // KJIT_NO_ERROR
#define KJIT_ERROR(name) +1    // NOLINT(bugprone-macro-parentheses): a part of the sum
#include "runtime/errors.def"
#undef KJIT_ERROR
    ;

}  // namespace

void Verifier::fail(std::string_view invariant) const {
  const std::string where = function_ ? function_->symbol : "the program";
  const Span span = site_ < program_.sites.size() ? program_.sites[site_].span : Span{};
  const std::string text = fmt::format("the typed tree is not valid in {} at site {} (file {}, bytes {} to {})", where, site_,
                                       span.file, span.begin, span.end);
  fail_assertion(std::string(invariant).c_str(), text.c_str(), __FILE__, __LINE__);
}

void Verifier::check_program() {
  expect(!program_.functions.empty(), "a program has a function");
  for (const Site& site : program_.sites) {
    expect(site.function < program_.functions.size(), "a site belongs to a function of the program");
  }
  for (const Global& global : program_.globals) {
    check_type(global.type);
  }
  seen_loops_.assign(program_.loop_count, false);
  seen_accesses_.assign(program_.access_count, false);
  for (const Function& function : program_.functions) {
    expect(&program_.functions[function.id] == &function, "the id of a function is its number");
    check_function(function);
  }
}

void Verifier::check_function(const Function& function) {
  function_ = &function;
  site_ = 0;
  expect(function.parameter_count <= function.locals.size(), "parameters are locals");
  for (const Local& local : function.locals) {
    check_type(local.type);
  }
  check_type(function.result);
  check_block(function.body, 0);
}

void Verifier::check_type(const Type& type) {
  expect(!type.is_unknown(), "every type is known");
  if (type.is_array()) {
    expect(Type(type.dtype()).is_scalar(), "the elements of an array are scalars");
    expect(type.rank() >= 0 && type.rank() <= kMaxRank, "the rank of an array is at most 32");
  }
  if (type.is_tuple() || type.is_function()) {
    std::for_each(type.elements().begin(), type.elements().end(), [&](const Type& element) { check_type(element); });
  }
}

void Verifier::check_site(SiteId site) {
  site_ = site;
  expect(site != 0 && site < program_.sites.size(), "every statement and expression has a site");
  expect(&program_.functions[program_.sites[site].function] == function_, "a site belongs to the function it is used in");
}

// Program::loop_count and access_count are their ends, so that tables by id need no check.
void Verifier::check_id(std::uint32_t id, std::vector<bool>& seen) {
  expect(id < seen.size() && !seen[id], "loops and accesses have ids of their own");
  seen[id] = true;
}

const Local& Verifier::local(LocalId id) {
  expect(id < function_->locals.size(), "the number of a local is in range");
  return function_->locals[id];
}

const Global& Verifier::global(GlobalId id) {
  expect(id < program_.globals.size(), "the number of a global is in range");
  return program_.globals[id];
}

// ---- statements --------------------------------------------------------------------------------------------------------

void Verifier::check_block(const Block& block, int loop_depth) {
  for (const StmtPtr& stmt : block) {
    expect(stmt != nullptr, "a block holds statements");
    check_site(stmt->site);
    std::visit([&](const auto& node) { check_statement(node, loop_depth); }, stmt->node);
  }
}

void Verifier::check_statement(const AssignLocal& node, int) {
  check_as(node.value, local(node.local).type, "an assigned value has the local's type");
}

void Verifier::check_statement(const AssignGlobal& node, int) {
  check_as(node.value, global(node.global).type, "an assigned value has the global's type");
}

void Verifier::check_statement(const StoreElement& node, int) {
  check(node.value);
  const Kind dtype = check_place(node);
  expect(node.value->type.is(dtype), "a stored value has the element type");
}

void Verifier::check_statement(const UpdateElement& node, int) {
  const Kind dtype = check_place(node);
  check(node.value);
  const Type& operand = node.value->type;
  expect(operand.is(dtype) || is_conversion(dtype, operand), "the element converts to the type of the operand");
  expect(!node.result.is_unknown() && binary_result(node.op, operand) == node.result,
         "the result of an update is the operator's");
  expect(node.result.is(dtype) || is_conversion(node.result, dtype), "the result of an update converts to the element type");
}

void Verifier::check_statement(const AssignView& node, int) {
  check(node.value);
  check(node.view);
  expect_array(node.view->type, false);
  const Type& value = node.value->type;
  const Kind kind = value.is_array() ? value.dtype() : value.kind();
  expect(kind == node.view->type.dtype(), "what is assigned to a view has its element type");
}

void Verifier::check_statement(const Evaluate& node, int) { check(node.value); }

void Verifier::check_statement(const If& node, int loop_depth) {
  check_as(node.condition, Kind::Bool, "a condition is a bool");
  check_block(node.body, loop_depth);
  check_block(node.otherwise, loop_depth);
}

void Verifier::check_statement(const While& node, int loop_depth) {
  check_id(node.id, seen_loops_);
  check_as(node.condition, Kind::Bool, "a condition is a bool");
  check_block(node.body, loop_depth + 1);
  check_block(node.otherwise, loop_depth);
}

void Verifier::check_statement(const ForRange& node, int loop_depth) {
  check_id(node.id, seen_loops_);
  expect(local(node.variable).type.is(Kind::I64), "a loop variable is an i64");
  for (const ExprPtr* bound : {&node.start, &node.stop, &node.step}) {
    check_as(*bound, Kind::I64, "the bounds of a range are i64");
  }
  if (node.parallel) {
    for (const ExprPtr* option : {&node.parallel->chunk, &node.parallel->threads}) {
      if (*option) {
        check_as(*option, Kind::I64, "the options of prange are i64");
      }
    }
  }
  check_block(node.body, loop_depth + 1);
  check_block(node.otherwise, loop_depth);
}

void Verifier::check_statement(const Return& node, int) {
  if (node.value) {
    check_as(node.value, function_->result, "a returned value has the function's result type");
  } else {
    expect(function_->result.is(Kind::None), "a return without a value is in a function that returns None");
  }
}

void Verifier::check_statement(const Raise& node, int) {
  expect(node.kind > 0 && node.kind < kErrorKinds, "raise names an exception");
  if (node.message) {
    check_as(node.message, Kind::Str, "a message is a str");
  }
}

void Verifier::check_statement(const Assert& node, int) {
  check_as(node.condition, Kind::Bool, "a condition is a bool");
  if (node.message) {
    check_as(node.message, Kind::Str, "a message is a str");
  }
}

void Verifier::check_statement(const Print& node, int) { check_pieces(node.pieces); }

}  // namespace typed
}  // namespace kjit
