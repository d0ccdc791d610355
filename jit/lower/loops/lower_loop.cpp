// Loops. Entry: lower_while, lower_for.
//
// A counted loop is emitted with its test at the end, guarded by one test in front, which is the form that LLVM's loop passes
// want. Polls for interrupts and versions are laid around it, as the loop's plan says (analysis/loops/loop_plan.h):
//
//   guard -> [ strip: ] body ... latch -> body            latch: the variable advances
//                       latch -> strip_end -> poll -> strip
//                       strip_end -> finished -> else block -> after;  break -> after

#include "lower/loops/lower_loop.h"

#include "analysis/loops/loop_shape.h"
#include "lower/features.h"

namespace kjit {
namespace {

using namespace typed;

// ---- range values --------------------------------------------------------------------------------------------------------

// ceil((high - low) / stride) for low < high, at least 0; the distance of two i64 fits a u64.
llvm::Value* trip_count(FunctionLowering& f, llvm::Value* low, llvm::Value* high, llvm::Value* stride) {
  auto& b = f.b;
  const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(stride);
  llvm::Value* count = b.CreateSub(high, low);
  if (constant == nullptr || !constant->isOne())
    count = b.CreateAdd(b.CreateUDiv(b.CreateSub(count, f.int64(1)), stride), f.int64(1));
  return b.CreateSelect(b.CreateICmpSLT(low, high), count, f.int64(0));
}

llvm::Value* trip_count(FunctionLowering& f, const LoopRange& r) {
  auto& b = f.b;
  if (r.constant_step && *r.constant_step > 0) return trip_count(f, r.start, r.stop, r.step);
  if (r.constant_step && *r.constant_step < 0) return trip_count(f, r.stop, r.start, b.CreateNeg(r.step));
  llvm::Value* upwards = b.CreateICmpSGT(r.step, f.int64(0));
  llvm::Value* low = b.CreateSelect(upwards, r.start, r.stop);
  llvm::Value* high = b.CreateSelect(upwards, r.stop, r.start);
  return trip_count(f, low, high, b.CreateSelect(upwards, r.step, b.CreateNeg(r.step)));
}

// ---- one version of a loop -----------------------------------------------------------------------------------------------

// What ends the loop is compared with the variable itself where it moves by one, so that one register counts and addresses: with
// a count of its own, the code of each short inner loop would begin by adding the first index to every array's address.
class RangeLoop {
 public:
  RangeLoop(FunctionLowering& f, const Stmt& stmt, const ForRange& node, const LoopRange& range, const LoopVersion& version)
      : f_(f),
        b_(f.b),
        stmt_(stmt),
        node_(node),
        range_(range),
        version_(version),
        moves_by_one_((range.constant_step == 1 || range.constant_step == -1) && !version.half_step) {}

  // From the current block to `finished`, or by break to `on_break`.
  void emit(llvm::BasicBlock* finished, llvm::BasicBlock* on_break) {
    llvm::BasicBlock* before = f_.new_block("loop_begin");
    body_ = f_.new_block("loop");
    latch_ = f_.new_block("latch");
    strip_end_ = f_.new_block("strip_end");
    version_.runs ? b_.CreateBr(before) : b_.CreateCondBr(b_.CreateICmpNE(range_.trips, f_.int64(0)), before, finished);
    f_.start_block(before);
    const Counters first{range_.start, moves_by_one_ ? nullptr : f_.int64(0)};
    const Counters end = after(first, range_.trips);
    if (version_.polling == Polling::Strips) {
      emit_strips(first, end, finished, on_break);
    } else {
      emit_body(first, end, on_break);
      f_.start_block(strip_end_);
      b_.CreateBr(finished);
    }
  }

 private:
  // The variable's value and the number of the iteration; the latter is null where the variable moves by one.
  struct Counters {
    llvm::Value* value;
    llvm::Value* number;
    llvm::Value* compared() const { return number ? number : value; }
  };
  struct CounterPhis {
    llvm::PHINode* value;
    llvm::PHINode* number;
    Counters values() const { return {value, number}; }
    void add(const Counters& incoming, llvm::BasicBlock* from) const {
      value->addIncoming(incoming.value, from);
      if (number) number->addIncoming(incoming.number, from);
    }
  };

  CounterPhis make_phis() {
    llvm::PHINode* value = b_.CreatePHI(f_.m.i64(), 2, "i");
    return {value, moves_by_one_ ? nullptr : b_.CreatePHI(f_.m.i64(), 2, "k")};
  }

  bool moves_up() const { return *range_.constant_step > 0; }
  // `iterations` later. The value is one that the loop ends with at most: no overflow.
  Counters after(const Counters& at, llvm::Value* iterations) {
    if (!moves_by_one_) return {at.value, b_.CreateAdd(at.number, iterations, "", true)};
    return {moves_up() ? b_.CreateAdd(at.value, iterations) : b_.CreateSub(at.value, iterations), nullptr};
  }
  llvm::Value* iterations_between(const Counters& first, const Counters& end) {
    if (!moves_by_one_) return b_.CreateSub(end.number, first.number, "", true);
    return moves_up() ? b_.CreateSub(end.value, first.value) : b_.CreateSub(first.value, end.value);
  }
  llvm::Value* number_of(const Counters& at) {
    return moves_by_one_ ? iterations_between({range_.start, nullptr}, at) : at.number;
  }

  void emit_strips(const Counters& first, const Counters& end, llvm::BasicBlock* finished, llvm::BasicBlock* on_break) {
    llvm::BasicBlock* before = b_.GetInsertBlock();
    llvm::BasicBlock* strip = f_.new_block("strip");
    llvm::BasicBlock* again = f_.new_block("next_strip");
    b_.CreateBr(strip);
    f_.start_block(strip);
    CounterPhis phis = make_phis();
    phis.add(first, before);
    llvm::Value* left = iterations_between(phis.values(), end);
    llvm::Value* length = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, left, f_.int64(kStripLength));
    Counters next = emit_body(phis.values(), after(phis.values(), length), on_break);
    f_.start_block(strip_end_);
    f_.branch_unlikely(b_.CreateICmpNE(next.compared(), end.compared()), again, finished);
    f_.start_block(again);
    f_.poll(stmt_.site);
    phis.add(next, b_.GetInsertBlock());
    b_.CreateBr(strip);
  }

  // Iterations from `first` on, up to `end`. Ends in strip_end_; the result is the counters there.
  Counters emit_body(const Counters& first, const Counters& end, llvm::BasicBlock* on_break) {
    llvm::BasicBlock* before = b_.GetInsertBlock();
    b_.CreateBr(body_);
    f_.start_block(body_);
    CounterPhis phis = make_phis();
    phis.add(first, before);
    if (version_.half_step) {
      llvm::BasicBlock* second = f_.new_block("second_half");
      emit_iteration(phis.values(), {on_break, second});
      f_.start_block(second);
      emit_iteration({b_.CreateAdd(phis.value, version_.half_step, "", false, true), phis.number}, {on_break, latch_});
    } else {
      emit_iteration(phis.values(), {on_break, latch_});
    }
    return emit_latch(phis, end);
  }

  void emit_iteration(const Counters& at, LoopFrame frame) {
    frame.fast = version_.fast;
    frame.draws = version_.draws;
    frame.is_rare = version_.is_fallback;
    f_.store_local(node_.variable, at.value);
    f_.loops.push_back(frame);
    if (version_.each_iteration) version_.each_iteration(number_of(at));
    lower_block(f_, node_.body);
    f_.jump(frame.on_continue);
    f_.loops.pop_back();
  }

  // The sum overflows at most after the last iteration of a larger step, and then it is not used: nsw is no promise about the
  // program.
  Counters emit_latch(const CounterPhis& phis, const Counters& end) {
    f_.start_block(latch_);
    f_.locate(stmt_.span);
    Counters next{b_.CreateAdd(phis.value, range_.step, "", false, true),
                  moves_by_one_ ? nullptr : b_.CreateAdd(phis.number, f_.int64(1), "", true)};
    // Not "less than": from "not equal" LLVM knows the trip count without asking whether the loop begins behind its end.
    llvm::Value* more = b_.CreateICmpNE(next.compared(), end.compared());
    llvm::BasicBlock* back = body_;
    if (version_.polling == Polling::EveryIteration) back = f_.new_block("poll");
    llvm::Instruction* branch = b_.CreateCondBr(more, back, strip_end_);
    if (back != body_) {
      f_.start_block(back);
      f_.poll(stmt_.site);
      branch = b_.CreateBr(body_);
    }
    add_hints(branch);
    phis.add(next, b_.GetInsertBlock());
    return next;
  }

  // The version for the rare case is not worth LLVM's time.
  void add_hints(llvm::Instruction* branch) {
    auto& context = f_.m.context;
    std::vector<llvm::Metadata*> hints{nullptr};
    auto hint = [&](const char* name, llvm::Constant* value) {
      hints.push_back(llvm::MDNode::get(context, {llvm::MDString::get(context, name), llvm::ConstantAsMetadata::get(value)}));
    };
    if (version_.is_fallback) {
      hint("llvm.loop.vectorize.enable", b_.getFalse());
      hints.push_back(llvm::MDNode::get(context, {llvm::MDString::get(context, "llvm.loop.unroll.disable")}));
    }
    if (version_.interleave > 0) hint("llvm.loop.interleave.count", b_.getInt32(version_.interleave));
    if (hints.size() == 1) return;
    llvm::MDNode* loop = llvm::MDNode::getDistinct(context, hints);
    loop->replaceOperandWith(0, loop);
    branch->setMetadata(llvm::LLVMContext::MD_loop, loop);
  }

  FunctionLowering& f_;
  llvm::IRBuilder<>& b_;
  const Stmt& stmt_;
  const ForRange& node_;
  const LoopRange& range_;
  const LoopVersion& version_;
  const bool moves_by_one_;
  llvm::BasicBlock* body_ = nullptr;
  llvm::BasicBlock* latch_ = nullptr;
  llvm::BasicBlock* strip_end_ = nullptr;
};

}  // namespace

LoopRange lower_range(FunctionLowering& f, const Stmt& stmt, const ForRange& node) {
  LoopRange r;
  r.start = lower_expr(f, *node.start);
  r.stop = lower_expr(f, *node.stop);
  r.step = lower_expr(f, *node.step);
  f.locate(stmt.span);
  f.trap_if(f.b.CreateICmpEQ(r.step, f.int64(0)), KJIT_TRAP_RangeStepZero, stmt.site);
  r.constant_step = constant_int(*node.step);
  r.trips = trip_count(f, r);
  return r;
}

void emit_range_loop(FunctionLowering& f, const Stmt& stmt, const ForRange& node, const LoopRange& range,
                     const LoopVersion& version, const LoopExits& exits) {
  RangeLoop(f, stmt, node, range, version).emit(exits.finished, exits.on_break);
}

void lower_for(FunctionLowering& f, const Stmt& stmt, const ForRange& node) {
  LoopRange range = lower_range(f, stmt, node);
  f.release_temporaries();
  LoopExits exits{f.new_block("finished"), f.new_block("after")};
  if (node.parallel) {
    lower_parallel_loop(f, stmt, node, range, exits);
  } else {
    emit_loop_versions(f, stmt, node, range, exits);
  }
  f.start_block(exits.finished);
  lower_block(f, node.otherwise);
  f.jump(exits.on_break);
  f.start_block(exits.on_break);
}

namespace {

// The polls of a `while` loop:
//
//   [ strip: countdown = n -> ] test ... again -> test         again: countdown - 1
//                                        again -> poll -> strip
//
// A strip is a loop of its own, of a constant number of rounds at most: what polls change is no concern of it, and where it is
// unrolled one round in several counts.
class WhilePolls {
 public:
  WhilePolls(FunctionLowering& f, const Stmt& stmt, Polling polling) : f_(f), stmt_(stmt), polling_(polling) {
    if (polling_ != Polling::Countdown) return;
    countdown_ = f_.entry_alloca(f_.m.i32(), "countdown");
    strip_ = f_.new_block("strip");
    f_.b.CreateBr(strip_);
    f_.start_block(strip_);
    f_.b.CreateStore(f_.int32(kWhileStride), countdown_);
  }

  // At the end of a round, to the next one.
  void go_on(llvm::BasicBlock* test) {
    if (polling_ == Polling::Countdown) return count_down(test);
    if (polling_ != Polling::Never) f_.poll(stmt_.site);
    f_.b.CreateBr(test);
  }

 private:
  void count_down(llvm::BasicBlock* test) {
    llvm::BasicBlock* poll = f_.new_block("poll");
    llvm::Value* left = f_.b.CreateSub(f_.b.CreateLoad(f_.m.i32(), countdown_), f_.int32(1));
    f_.b.CreateStore(left, countdown_);
    f_.branch_unlikely(f_.b.CreateICmpEQ(left, f_.int32(0)), poll, test);
    f_.start_block(poll);
    f_.poll(stmt_.site);
    f_.b.CreateBr(strip_);
  }

  FunctionLowering& f_;
  const Stmt& stmt_;
  const Polling polling_;
  llvm::AllocaInst* countdown_ = nullptr;
  llvm::BasicBlock* strip_ = nullptr;
};

}  // namespace

void lower_while(FunctionLowering& f, const Stmt& stmt, const While& node) {
  WhilePolls polls(f, stmt, f.m.loops.of(node.id).polling);
  llvm::BasicBlock* test = f.new_block("while");
  llvm::BasicBlock* body = f.new_block("while_body");
  llvm::BasicBlock* again = f.new_block("while_again");
  llvm::BasicBlock* finished = f.new_block("finished");
  llvm::BasicBlock* after = f.new_block("after");
  f.b.CreateBr(test);
  f.start_block(test);
  llvm::Value* condition = lower_expr(f, *node.condition);
  f.release_temporaries();
  f.b.CreateCondBr(condition, body, finished);
  f.start_block(body);
  f.loops.push_back({after, again});
  lower_block(f, node.body);
  f.jump(again);
  f.loops.pop_back();
  f.start_block(again);
  f.locate(stmt.span);
  polls.go_on(test);
  f.start_block(finished);
  lower_block(f, node.otherwise);
  f.jump(after);
  f.start_block(after);
}

}  // namespace kjit
