#pragma once
// Typed trees made by hand, and runs of them in the interpreter: for tests of what the tree means, without a parser or type
// checker in between.
//
//   TreeBuilder t;                               // begins the entry function
//   t.result(Kind::I64);
//   t.add(t.ret(t.binary(BinaryOp::Add, t.i64(1), t.i64(2))));
//   EXPECT_EQ(run(t).value.integer(), 3);

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "interpret/interpret.h"
#include "interpret/memory.h"
#include "interpret/value.h"
#include "runtime/runtime.h"
#include "typing/memory_layout.h"
#include "typing/tree/typed_tree.h"
#include "typing/tree/verify.h"

namespace kjit::testing {

using namespace typed;  // NOLINT: the vocabulary of these tests

class TreeBuilder {
 public:
  TreeBuilder() {
    program.sites.emplace_back();
    begin_function("main");
  }

  // Functions. What follows belongs to the function begun last.
  FunctionId begin_function(const std::string& name) {
    current_ = static_cast<FunctionId>(program.functions.size());
    program.functions.emplace_back();
    function().id = current_;
    function().name = function().symbol = name;
    function().result = Kind::None;
    return current_;
  }
  void select(FunctionId id) { current_ = id; }
  typed::Function& function() { return program.functions[current_]; }
  void result(Type type) { function().result = std::move(type); }
  LocalId parameter(const std::string& name, Type type) {
    ++function().parameter_count;
    return local(name, std::move(type));
  }
  LocalId local(const std::string& name, Type type) {
    function().locals.push_back({name, std::move(type), {}, false});
    return static_cast<LocalId>(function().locals.size() - 1);
  }
  void add(StmtPtr stmt) { function().body.push_back(std::move(stmt)); }

  // Expressions.
  template <typename Node>
  ExprPtr expr(Type type, Node node) {
    auto expr = std::make_unique<Expr>();
    expr->type = std::move(type);
    expr->site = new_site();
    if constexpr (std::is_same_v<Node, Element>) node.id = program.access_count++;
    expr->node = std::move(node);
    return expr;
  }
  template <typename Value>
  ExprPtr constant(Type type, Value value) {
    return expr(std::move(type), Constant{value});
  }
  ExprPtr i64(std::int64_t value) { return constant(Kind::I64, value); }
  ExprPtr f64(double value) { return constant(Kind::F64, value); }
  ExprPtr boolean(bool value) { return constant(Kind::Bool, value); }
  ExprPtr str(const std::string& value) { return constant(Kind::Str, value); }
  ExprPtr read(LocalId id, bool check_set = false) { return expr(function().locals[id].type, ReadLocal{id, check_set}); }
  ExprPtr binary(BinaryOp op, ExprPtr lhs, ExprPtr rhs) {
    const Type type = op == BinaryOp::TrueDiv && lhs->type.is_integer() ? Type(Kind::F64) : lhs->type;
    return expr(type, Binary{op, std::move(lhs), std::move(rhs)});
  }
  ExprPtr compare(CompareOp op, ExprPtr lhs, ExprPtr rhs) {
    return expr(Kind::Bool, Compare{op, std::move(lhs), std::move(rhs)});
  }
  ExprPtr convert(Type type, ExprPtr operand) { return expr(std::move(type), Convert{std::move(operand)}); }
  ExprPtr call(FunctionId callee, std::vector<ExprPtr> args) {
    return expr(program.functions[callee].result, Call{callee, std::move(args)});
  }
  ExprPtr builtin(Type type, Builtin builtin, std::vector<ExprPtr> args, bool checked = false) {
    return expr(std::move(type), BuiltinCall{builtin, std::move(args), checked});
  }
  ExprPtr element(ExprPtr array, std::vector<ExprPtr> indices, std::vector<bool> in_bounds = {}) {
    const Type type = array->type.dtype();
    return expr(type, Element{std::move(array), std::move(indices), std::move(in_bounds)});
  }
  ExprPtr zeros(Kind dtype, std::vector<ExprPtr> shape) {
    const Type type = Type::array(dtype, static_cast<int>(shape.size()), Layout::C);
    return expr(type, NewArray{Fill::Zeros, std::move(shape), nullptr});
  }

  // Statements.
  template <typename Node>
  StmtPtr stmt(Node node) {
    auto stmt = std::make_unique<Stmt>();
    stmt->site = new_site();
    constexpr bool is_loop = std::is_same_v<Node, ForRange> || std::is_same_v<Node, While>;
    if constexpr (is_loop) {
      node.id = program.loop_count++;
    } else if constexpr (requires { node.id; }) {
      node.id = program.access_count++;
    }
    stmt->node = std::move(node);
    return stmt;
  }
  StmtPtr assign(LocalId id, ExprPtr value) { return stmt(AssignLocal{id, std::move(value)}); }
  StmtPtr ret(ExprPtr value) { return stmt(Return{std::move(value)}); }
  StmtPtr store(ExprPtr array, std::vector<ExprPtr> indices, ExprPtr value) {
    return stmt(StoreElement{std::move(value), std::move(array), std::move(indices), {}});
  }
  StmtPtr for_range(LocalId variable, ExprPtr start, ExprPtr stop, ExprPtr step, Block body, Block otherwise = {}) {
    return stmt(
        ForRange{variable, std::move(start), std::move(stop), std::move(step), std::move(body), std::move(otherwise), {}});
  }

  Program program;

 private:
  SiteId new_site() {
    program.sites.push_back({current_, {}});
    return static_cast<SiteId>(program.sites.size() - 1);
  }

  FunctionId current_ = 0;
};

// A vector of move-only elements.
template <typename T, typename... Items>
std::vector<T> list(Items... items) {
  std::vector<T> all;
  (all.push_back(std::move(items)), ...);
  return all;
}
template <typename... Items>
std::vector<ExprPtr> exprs(Items... items) {
  return list<ExprPtr>(std::move(items)...);
}
template <typename... Items>
Block block(Items... items) {
  return list<StmtPtr>(std::move(items)...);
}

// How a run ended.
struct Outcome {
  bool ok = false;
  interpreter::Value value;  // of a run that succeeded
  kjit_error error{};        // of one that failed; without the message's memory
  std::string message;
  std::string output;
  std::int64_t most_buffers = 0;  // alive at the moment of a print
};

struct RunSettings {
  InterpretOptions options;
  std::int32_t interrupt = KJIT_RUNNING;
};

inline void capture(void* user, const char* data, std::int64_t size) {
  auto* outcome = static_cast<Outcome*>(user);
  outcome->output.append(data, static_cast<std::size_t>(size));
  outcome->most_buffers = std::max(outcome->most_buffers, kjit_live_buffers());
}

// Verifies the tree and runs its first function.
inline Outcome run(const TreeBuilder& tree, const std::vector<interpreter::Value>& arguments = {},
                   const RunSettings& settings = {}) {
  verify(tree.program);
  const typed::Function& entry = tree.program.functions[0];
  Outcome outcome;
  const kjit_host host{&outcome, capture, 0, nullptr, nullptr, nullptr, nullptr};
  const std::int32_t interrupt = settings.interrupt;
  kjit_context ctx;
  kjit_context_init(&ctx, &host, &interrupt, 1);
  std::vector<std::vector<std::max_align_t>> cells;
  std::vector<void*> pointers;
  const auto new_cell = [&](const Type& type) {
    cells.emplace_back(static_cast<std::size_t>(memory_layout(type).size) / sizeof(std::max_align_t) + 1);
    return static_cast<void*>(cells.back().data());
  };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    pointers.push_back(new_cell(entry.locals[i].type));
    static_cast<void>(interpreter::store(entry.locals[i].type, arguments[i], pointers[i], ctx));
  }
  void* result = new_cell(entry.result);
  outcome.ok = interpret(tree.program, ParallelPlans(), settings.options, ctx, pointers.data(), result) == KJIT_OK;
  if (outcome.ok) {
    outcome.value = interpreter::load(entry.result, result, interpreter::Ownership::Adopt);
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    interpreter::load(entry.locals[i].type, pointers[i], interpreter::Ownership::Adopt);
  }
  outcome.error = ctx.error;
  outcome.message.assign(ctx.error.message.data ? ctx.error.message.data : "", static_cast<std::size_t>(ctx.error.message.size));
  kjit_error_clear(&ctx);
  kjit_context_destroy(&ctx);
  return outcome;
}

// The value of one expression that make(tree) builds.
template <typename Make>
Outcome evaluate(Make make, const RunSettings& settings = {}) {
  TreeBuilder tree;
  ExprPtr value = make(tree);
  tree.result(value->type);
  tree.add(tree.ret(std::move(value)));
  return run(tree, {}, settings);
}

}  // namespace kjit::testing
