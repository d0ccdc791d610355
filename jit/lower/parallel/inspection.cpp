// The inspection of a parallel loop: the part of its body that computes subscripts, as a function of its own that leaves marks
// (runtime/inspection.h). Entry: make_inspection_body. Which part that is stands in the plan (analysis/races/inspection.h).
//
// It may run iterations that the loop itself would not reach, after an error: whatever fails here ends the inspection, and the
// loop runs in order.

#include "lower/features.h"
#include "lower/loops/lower_loop.h"
#include "lower/parallel/parallel_closure.h"
#include "typing/tree/typed_walk.h"

namespace kjit {
namespace {

using namespace typed;

class InspectionBody {
 public:
  InspectionBody(FunctionLowering& starter, const Stmt& stmt, const ParallelPlan& plan, const ClosureLayout& layout)
      : f_(starter.m, starter.function, declare_loop_body(starter, ".inspection")),
        b_(f_.b),
        stmt_(stmt),
        loop_(std::get<ForRange>(stmt.node)),
        plan_(plan),
        inspection_(*plan.inspection),
        layout_(layout) {
    f_.is_outlined = true;
  }

  llvm::Function* build() {
    open();
    number_ = f_.entry_alloca(f_.m.i64(), "number");
    b_.CreateStore(f_.llvm_function->getArg(2), number_);
    emit_counted(number_, f_.llvm_function->getArg(3), stmt_.site, [this] {
      llvm::Value* step = load_field(layout_.nest[0].step);
      f_.store_local(loop_.variable, b_.CreateAdd(load_field(layout_.nest[0].start), b_.CreateMul(number(), step)));
      begin_iteration();
      run(loop_.body);
    });
    f_.succeed();
    f_.close_frame();
    return f_.llvm_function;
  }

 private:
  llvm::Value* field(unsigned number) { return b_.CreateStructGEP(layout_.type, f_.llvm_function->getArg(1), number); }
  llvm::Value* load_field(unsigned number) { return b_.CreateLoad(layout_.type->getElementType(number), field(number)); }
  llvm::Value* number() { return b_.CreateLoad(f_.m.i64(), number_); }

  // ---- the frame: as the loop's own body has it (outline.cpp), without what that accumulates ----

  void open() {
    f_.subprogram = f_.m.debug_subprogram(f_.function);
    if (f_.subprogram) f_.llvm_function->setSubprogram(f_.subprogram);
    f_.open_frame();
    std::vector<bool> borrowed = f_.borrowed_locals();
    for (LocalId local : plan_.captures) borrowed[local] = true;
    f_.add_locals(borrowed);
    f_.preload_globals();
    for (const auto& [global, number] : layout_.globals) f_.replace_global_copy(global, load_field(number));
    f_.locate(stmt_.span);
    for (std::size_t i = 0; i < plan_.captures.size(); ++i) {
      const LocalFields& fields = layout_.captures[i];
      b_.CreateStore(load_field(fields.value), f_.locals[plan_.captures[i]].place);
      if (fields.flag) b_.CreateStore(load_field(*fields.flag), f_.locals[plan_.captures[i]].set_flag);
    }
  }

  void begin_iteration() {
    for (std::size_t i = 0; i < plan_.privates.size(); ++i) {
      const LocalId local = plan_.privates[i].local;
      if (const auto& in = layout_.privates[i].in) {
        llvm::Value* value = load_field(in->value);
        f_.retain(value, f_.function.locals[local].type);
        f_.assign_local(local, value);
        if (in->flag) b_.CreateStore(load_field(*in->flag), f_.locals[local].set_flag);
      } else if (f_.locals[local].set_flag && local != loop_.variable) {
        b_.CreateStore(b_.getFalse(), f_.locals[local].set_flag);
      }
    }
  }

  // ---- statements ----

  void run(const Block& block) {
    for (const StmtPtr& stmt : block) {
      if (f_.terminated()) return;
      if (inspection_.statements.contains(stmt->site)) run(*stmt);
    }
  }

  void run(const Stmt& stmt) {
    f_.locate(stmt.span);
    if (!std::holds_alternative<While>(stmt.node)) mark_reads(stmt);
    if (const auto* n = std::get_if<StoreElement>(&stmt.node)) {
      mark_write(stmt, {n->id, n->array.get(), &n->indices, &n->in_bounds, stmt.site});
    } else if (const auto* n = std::get_if<UpdateElement>(&stmt.node)) {
      mark_write(stmt, {n->id, n->array.get(), &n->indices, &n->in_bounds, stmt.site});
    } else if (const auto* n = std::get_if<AssignView>(&stmt.node)) {
      mark_view(stmt, *n);
    } else if (const auto* n = std::get_if<If>(&stmt.node)) {
      run_if(stmt, *n);
    } else if (const auto* n = std::get_if<While>(&stmt.node)) {
      run_while(stmt, *n);
    } else if (const auto* n = std::get_if<ForRange>(&stmt.node)) {
      run_for(stmt, *n);
    } else if (is_evaluated(stmt)) {
      lower_stmt(f_, stmt);
    }
    f_.release_temporaries();
  }

  // Others run only for the reads in them.
  static bool is_evaluated(const Stmt& stmt) {
    return std::holds_alternative<Break>(stmt.node) || std::holds_alternative<Continue>(stmt.node) ||
           std::holds_alternative<AssignLocal>(stmt.node);
  }

  void run_if(const Stmt& stmt, const If& n) {
    if (inspection_.both_ways.contains(stmt.site)) {
      run(n.body);
      return run(n.otherwise);
    }
    llvm::Value* condition = lower_expr(f_, *n.condition);
    f_.release_temporaries();
    llvm::BasicBlock *then = f_.new_block("if"), *otherwise = f_.new_block("else"), *join = f_.new_block("endif");
    b_.CreateCondBr(condition, then, otherwise);
    for (const auto& [block, body] : {std::pair(then, &n.body), std::pair(otherwise, &n.otherwise)}) {
      f_.start_block(block);
      run(*body);
      f_.jump(join);
    }
    f_.start_block(join);
  }

  void run_while(const Stmt& stmt, const While& n) {
    llvm::BasicBlock *again = f_.new_block("while"), *body = f_.new_block("while_body"), *finished = f_.new_block("while_done"),
                     *after = f_.new_block("while_after");
    b_.CreateBr(again);
    f_.start_block(again);
    f_.poll(stmt.site);
    mark_reads(stmt);
    llvm::Value* condition = lower_expr(f_, *n.condition);
    f_.release_temporaries();
    b_.CreateCondBr(condition, body, finished);
    f_.start_block(body);
    f_.loops.push_back({after, again});
    run(n.body);
    f_.loops.pop_back();
    f_.jump(again);
    f_.start_block(finished);
    run(n.otherwise);
    f_.jump(after);
    f_.start_block(after);
  }

  void run_for(const Stmt& stmt, const ForRange& n) {
    const LoopRange range = lower_range(f_, stmt, n);
    f_.release_temporaries();
    llvm::AllocaInst* round = f_.entry_alloca(f_.m.i64(), "round");
    b_.CreateStore(f_.int64(0), round);
    llvm::BasicBlock* after = f_.new_block("for_after");
    emit_counted(
        round, range.trips, stmt.site,
        [&] {
          llvm::Value* distance = b_.CreateMul(b_.CreateLoad(f_.m.i64(), round), range.step);
          f_.store_local(n.variable, b_.CreateAdd(range.start, distance));
          if (f_.locals[n.variable].set_flag) b_.CreateStore(b_.getTrue(), f_.locals[n.variable].set_flag);
          run(n.body);
        },
        after);
    run(n.otherwise);
    f_.jump(after);
    f_.start_block(after);
  }

  // `body` while the counter is below `end`; goes on behind it. Null `on_break`: nothing breaks.
  template <typename Body>
  void emit_counted(llvm::AllocaInst* counter, llvm::Value* end, SiteId site, const Body& body,
                    llvm::BasicBlock* on_break = nullptr) {
    llvm::BasicBlock *again = f_.new_block("again"), *inside = f_.new_block("inside"), *next = f_.new_block("next"),
                     *done = f_.new_block("done");
    const auto value = [&] { return b_.CreateLoad(f_.m.i64(), counter); };
    b_.CreateBr(again);
    f_.start_block(again);
    b_.CreateCondBr(b_.CreateICmpULT(value(), end), inside, done);
    f_.start_block(inside);
    f_.loops.push_back({on_break, next});
    body();
    f_.loops.pop_back();
    f_.jump(next);
    f_.start_block(next);
    f_.poll(site);
    b_.CreateStore(b_.CreateAdd(value(), f_.int64(1)), counter);
    b_.CreateBr(again);
    f_.start_block(done);
  }

  // ---- marks ----

  void mark_reads(const Stmt& stmt) {
    const auto mark = [this](const Expr& expr) {
      const auto* n = std::get_if<Element>(&expr.node);
      if (n && inspection_.marks.contains(expr.site))
        leave("kjit_inspect_read", expr.site,
              element_address(f_, {n->id, n->array.get(), &n->indices, &n->in_bounds, expr.site}));
    };
    for_each_child(stmt, [&](const Expr& operand) { for_each_expr(operand, mark); }, [](const Block&) {});
  }

  void mark_write(const Stmt& stmt, const Subscripts& at) {
    if (inspection_.marks.contains(stmt.site)) leave("kjit_inspect_write", stmt.site, element_address(f_, at));
  }

  void mark_view(const Stmt& stmt, const AssignView& n) {
    if (!inspection_.marks.contains(stmt.site)) return;
    const Type& type = n.view->type;
    llvm::Value* view = f_.spill(lower_expr(f_, *n.view), type);
    leave_if(
        f_.call_runtime("kjit_inspect_write_view", {inspection(), array_at(stmt.site), f_.int32(type.rank()), view, number()}));
  }

  llvm::Value* inspection() { return load_field(*layout_.inspection); }
  llvm::Value* array_at(SiteId site) { return f_.int64(inspection_.marks.at(site)); }

  void leave(const char* function, SiteId site, llvm::Value* address) {
    leave_if(f_.call_runtime(function, {inspection(), array_at(site), address, number()}));
  }

  // Two iterations have met: that is all there was to find out.
  void leave_if(llvm::Value* met) {
    llvm::BasicBlock *leave = f_.new_block("met"), *next = f_.new_block("apart");
    f_.branch_unlikely(b_.CreateICmpNE(met, f_.int32(0)), leave, next);
    f_.start_block(leave);
    f_.fail();
    f_.start_block(next);
  }

  FunctionLowering f_;
  llvm::IRBuilder<>& b_;
  const Stmt& stmt_;
  const ForRange& loop_;
  const ParallelPlan& plan_;
  const Inspection& inspection_;
  const ClosureLayout& layout_;
  llvm::AllocaInst* number_ = nullptr;  // of the iteration
};

}  // namespace

llvm::Function* make_inspection_body(FunctionLowering& starter, const Stmt& stmt, const ParallelPlan& plan,
                                     const ClosureLayout& layout) {
  return InspectionBody(starter, stmt, plan, layout).build();
}

}  // namespace kjit
