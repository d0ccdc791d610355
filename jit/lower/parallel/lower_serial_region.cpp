// prange without a plan (in a function without parallel=True, or in the script). Entry: lower_serial_region. It runs on the
// calling thread, one iteration after the other, each on its own random stream as runtime/abi.h says; an error notes the
// iteration in which it happened.

#include "lower/features.h"
#include "lower/loops/lower_loop.h"
#include "runtime/runtime.h"

namespace kjit {
namespace {

using namespace typed;

class SerialRegion {
 public:
  SerialRegion(FunctionLowering& f, const Stmt& stmt, const ForRange& node, const LoopRange& range)
      : f_(f), stmt_(stmt), node_(node), range_(range) {}

  void emit(const LoopExits& exits) {
    LoopHooks hooks;
    enter_region(hooks);
    llvm::BasicBlock* outer_failure = f_.on_failure;
    iteration_ = f_.entry_alloca(f_.m.i64(), "iteration");
    f_.on_failure = f_.new_block("iteration_failed");
    hooks.each_iteration = [this](llvm::Value*) { f_.b.CreateStore(f_.read_local(node_.variable), iteration_); };
    LoopExits inner{f_.new_block("region_done"), f_.new_block("region_left")};
    f_.leave_actions.push_back([this] { leave_region(); });
    emit_loop_versions(f_, stmt_, node_, range_, inner, hooks);
    f_.leave_actions.pop_back();
    emit_failure(outer_failure);
    for (auto [from, to] : {std::pair(inner.finished, exits.finished), std::pair(inner.on_break, exits.on_break)}) {
      f_.start_block(from);
      leave_region();
      f_.b.CreateBr(to);
    }
  }

 private:
  llvm::Type* rng_type() { return llvm::ArrayType::get(f_.m.i64(), sizeof(kjit_rng) / sizeof(std::uint64_t)); }
  llvm::Value* rng() { return f_.context_field(offsetof(kjit_context, rng)); }

  // The region counts even if nothing in it draws. Otherwise the stream in front of it is kept aside, with the region already
  // counted.
  void enter_region(LoopHooks& hooks) {
    if (!program_draws(f_.m.program)) return;
    llvm::Type* type = llvm::ArrayType::get(f_.m.i64(), 2);
    static_assert(sizeof(kjit_rng_region) == 16 && offsetof(kjit_rng_region, lane) == 8);
    llvm::AllocaInst* region = f_.entry_alloca(type, "region");
    f_.call_runtime("kjit_rng_enter_region", {rng(), region});
    if (!f_.function.draws_random) return;
    saved_ = f_.entry_alloca(rng_type(), "stream");
    f_.b.CreateStore(f_.b.CreateLoad(rng_type(), rng()), saved_);
    llvm::Value* fields = f_.b.CreateLoad(type, region);
    hooks.lanes = LoopLanes{f_.b.CreateExtractValue(fields, 0), f_.b.CreateExtractValue(fields, 1)};
    hooks.begin_lane = [this, region](llvm::Value* number) { f_.call_runtime("kjit_rng_iteration", {rng(), region, number}); };
  }

  void leave_region() {
    if (saved_) f_.b.CreateStore(f_.b.CreateLoad(rng_type(), saved_), rng());
  }

  void emit_failure(llvm::BasicBlock* outer_failure) {
    f_.start_block(f_.on_failure);
    llvm::Value* variable = f_.spill(f_.b.CreateLoad(f_.m.i64(), iteration_), Kind::I64);
    f_.call_runtime("kjit_iteration_failed", {f_.ctx, f_.b.getInt32(stmt_.site), f_.int32(1), variable});
    f_.b.CreateBr(outer_failure);
    f_.on_failure = outer_failure;
  }

  FunctionLowering& f_;
  const Stmt& stmt_;
  const ForRange& node_;
  const LoopRange& range_;
  llvm::AllocaInst* iteration_ = nullptr;  // the loop variable's value, for errors
  llvm::AllocaInst* saved_ = nullptr;
};

}  // namespace

bool program_draws(const Program& program) {
  for (const Function& function : program.functions) {
    if (function.draws_random) return true;
  }
  return false;
}

void lower_serial_region(FunctionLowering& f, const Stmt& stmt, const ForRange& node, const LoopRange& range,
                         const LoopExits& exits) {
  SerialRegion(f, stmt, node, range).emit(exits);
}

}  // namespace kjit
