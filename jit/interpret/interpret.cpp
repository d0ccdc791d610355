// interpret(): functions and statements.

#include "interpret/interpret.h"

#include <cstring>
#include <new>
#include <utility>

#include "interpret/machine.h"
#include "interpret/memory.h"
#include "runtime/runtime.h"

namespace kjit {

kjit_status interpret(const typed::Program& program, const ParallelPlans& plans, const InterpretOptions& options,
                      kjit_context& ctx, void* const* args, void* result) {
  try {
    return interpreter::Machine(program, plans, options, ctx).run(args, result);
  } catch (const std::bad_alloc&) {
    return kjit_trap(&ctx, KJIT_TRAP_OutOfMemory, 0, 0, 0, 0);
  }
}

namespace interpreter {

namespace {

// Between two checks, which happen at calls, an expression may nest as deep as the parser allows.
constexpr std::uintptr_t kStackReserve = 256 << 10;

Rules rules_of(const typed::Function& function, const InterpretOptions& options) {
  return {.checked = options.checked, .quiet = function.options.numpy_error_model};
}

// Makes `frame` the innermost call while it lives.
class FrameScope {
 public:
  FrameScope(Frame*& current, Frame& frame) : current_(current), outer_(std::exchange(current, &frame)) {}
  ~FrameScope() { current_ = outer_; }
  FrameScope(const FrameScope&) = delete;
  FrameScope& operator=(const FrameScope&) = delete;

 private:
  Frame*& current_;
  Frame* outer_;
};

}  // namespace

Machine::Machine(const typed::Program& program, const ParallelPlans& plans, const InterpretOptions& options, kjit_context& ctx)
    : program_(program), plans_(plans), options_(options), ctx_(ctx), globals_(program.globals.size()) {}

kjit_status Machine::run(void* const* args, void* result) {
  const typed::Function& entry = program_.functions[0];
  std::vector<Variable> arguments;
  for (std::uint32_t i = 0; i < entry.parameter_count; ++i) {
    arguments.push_back(load(entry.locals[i].type, args[i], Ownership::Borrow));
  }
  const MaybeValue value = call(0, std::move(arguments));
  return value && store(entry.result, *value, result, ctx_) ? KJIT_OK : KJIT_FAILED;
}

// ---- functions ---------------------------------------------------------------------------------------------------------

bool Machine::stack_is_left() const {
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  return ctx_.stack_limit == 0 || here > ctx_.stack_limit + kStackReserve;
}

MaybeValue Machine::call(typed::FunctionId callee, std::vector<Variable> arguments) {
  const typed::Function& function = program_.functions[callee];
  Frame frame{function, rules_of(function, options_), std::move(arguments), nullptr, {}};
  frame.locals.resize(function.locals.size());
  const FrameScope scope(frame_, frame);
  if (execute(function.body) == Flow::Error) {
    return std::nullopt;
  }
  return std::move(frame.result);
}

// ---- statements --------------------------------------------------------------------------------------------------------

Flow Machine::execute(const typed::Block& block) {
  for (const typed::StmtPtr& stmt : block) {
    if (const Flow flow = execute(*stmt); flow != Flow::Normal) {
      return flow;
    }
  }
  return Flow::Normal;
}

Flow Machine::execute(const typed::Stmt& stmt) {
  return std::visit([&](const auto& node) { return run_statement(stmt, node); }, stmt.node);
}

Flow Machine::run_statement(const typed::Stmt&, const typed::AssignLocal& node) {
  MaybeValue value = evaluate(*node.value);
  if (!value) {
    return Flow::Error;
  }
  frame_->locals[node.local] = std::move(value);
  return Flow::Normal;
}

Flow Machine::run_statement(const typed::Stmt&, const typed::AssignGlobal& node) {
  MaybeValue value = evaluate(*node.value);
  if (!value) {
    return Flow::Error;
  }
  globals_[node.global] = std::move(value);
  return Flow::Normal;
}

Flow Machine::run_statement(const typed::Stmt&, const typed::Evaluate& node) {
  return evaluate(*node.value) ? Flow::Normal : Flow::Error;
}

std::optional<bool> Machine::condition(const typed::Expr& expr) {
  const MaybeValue value = evaluate(expr);
  return value ? std::optional(value->boolean()) : std::nullopt;
}

Flow Machine::run_statement(const typed::Stmt&, const typed::If& node) {
  const std::optional<bool> holds = condition(*node.condition);
  if (!holds) {
    return Flow::Error;
  }
  return execute(*holds ? node.body : node.otherwise);
}

Flow Machine::run_statement(const typed::Stmt&, const typed::Return& node) {
  if (!node.value) {
    return Flow::Return;
  }
  MaybeValue value = evaluate(*node.value);
  if (!value) {
    return Flow::Error;
  }
  frame_->result = *std::move(value);
  return Flow::Return;
}

Flow Machine::run_statement(const typed::Stmt& stmt, const typed::Raise& node) {
  return raise(node.kind, node.message.get(), stmt.site);
}

Flow Machine::run_statement(const typed::Stmt& stmt, const typed::Assert& node) {
  const std::optional<bool> holds = condition(*node.condition);
  if (holds && *holds) {
    return Flow::Normal;
  }
  return holds ? raise(KJIT_AssertionError, node.message.get(), stmt.site) : Flow::Error;
}

// ---- errors ------------------------------------------------------------------------------------------------------------

Flow Machine::raise(int kind, const typed::Expr* message, typed::SiteId site) {
  if (!message) {
    kjit_raise(&ctx_, kind, site, nullptr);
    return Flow::Error;
  }
  const MaybeValue value = evaluate(*message);
  if (value) {
    const std::string& text = value->text();
    const kjit_str borrowed = {text.data(), static_cast<std::int64_t>(text.size()), nullptr};
    kjit_raise(&ctx_, kind, site, &borrowed);
  }
  return Flow::Error;
}

bool Machine::fail(const Trap& trap, typed::SiteId site) {
  kjit_trap(&ctx_, trap.code, site, trap.values[0], trap.values[1], trap.values[2]);
  return false;
}

}  // namespace interpreter
}  // namespace kjit
