#include <gtest/gtest.h>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;

TEST(RuntimeTrap, TheFirstErrorStands) {
  Context context;
  EXPECT_EQ(kjit_trap(context, KJIT_TRAP_IndexOutOfRange, 3, 10, 0, 5), KJIT_FAILED);
  EXPECT_EQ(kjit_trap(context, KJIT_TRAP_OutOfMemory, 4, 0, 0, 0), KJIT_FAILED);
  EXPECT_EQ(context->error.site, 3u);
  EXPECT_EQ(context.take_error("a[i]"), "IndexError: a[i]: index 10 is out of range for axis 0 with size 5");
}

TEST(RuntimeTrap, MessagesExpandTheirValues) {
  char text[200];
  const int64_t values[] = {-1, 0, 0, 0};
  kjit_format_trap(KJIT_TRAP_ArrayTooLarge, values, "f()", 3, text, sizeof text);
  EXPECT_STREQ(text, "f(): cannot allocate 18446744073709551615 bytes");
}

TEST(RuntimeTrap, WithoutSourceTextAMessageStartsBehindIt) {
  Context context;
  kjit_trap(context, KJIT_TRAP_SliceStepZero, 0, 0, 0, 0);
  EXPECT_EQ(context.take_error(), "ValueError: slice step cannot be zero");
}

TEST(RuntimeTrap, TheLengthIsThatOfTheWholeText) {
  char text[6];
  const int64_t values[] = {0, 0, 0, 0};
  EXPECT_EQ(kjit_format_trap(KJIT_TRAP_Interrupted, values, "", 0, text, sizeof text), 11);
  EXPECT_STREQ(text, "inter");
}

TEST(RuntimeTrap, RaiseCopiesItsMessage) {
  Context context;
  std::string message = "not positive";
  kjit_str text = text_of(message);
  EXPECT_EQ(kjit_raise(context, KJIT_ValueError, 9, &text), KJIT_FAILED);
  message.assign("overwritten!");
  EXPECT_EQ(context.take_error(), "ValueError: not positive");
}

TEST(RuntimeTrap, RaiseWithoutMessageHasNone) {
  Context context;
  kjit_raise(context, KJIT_AssertionError, 0, nullptr);
  EXPECT_EQ(context.take_error(), "AssertionError: ");
}

TEST(RuntimeTrap, MessagesAreReleasedWithTheError) {
  int64_t before = kjit_live_buffers();
  {
    Context context;
    kjit_str text = text_of("lost");
    kjit_raise(context, KJIT_ValueError, 0, &text);
    kjit_raise(context, KJIT_ValueError, 0, &text);
  }
  EXPECT_EQ(kjit_live_buffers(), before);
}

TEST(RuntimeTrap, ExitKeepsItsCode) {
  Context context;
  EXPECT_EQ(kjit_exit(context, 0, -3), KJIT_FAILED);
  EXPECT_EQ(context->error.values[0], -3);
  EXPECT_EQ(context.take_error(), "SystemExit: -3");
}

TEST(RuntimeTrap, TracebackListsSitesFromTheInside) {
  Context context;
  kjit_trap(context, KJIT_TRAP_OutOfMemory, 1, 0, 0, 0);
  EXPECT_EQ(kjit_traceback(context, 2), KJIT_FAILED);
  kjit_traceback(context, 3);
  EXPECT_EQ(context->error.traceback_size, 2u);
  EXPECT_EQ(context->error.traceback[0], 2u);
  EXPECT_EQ(context->error.traceback[1], 3u);
}

TEST(RuntimeTrap, LongTracebacksKeepTheOuterSites) {
  Context context;
  kjit_trap(context, KJIT_TRAP_RecursionTooDeep, 1, 0, 0, 0);
  for (uint32_t site = 0; site < 1000; site++) kjit_traceback(context, site);
  EXPECT_EQ(context->error.traceback_size, 1000u);
  EXPECT_EQ(context->error.traceback[KJIT_MAX_TRACEBACK - 1], 999u);
  EXPECT_EQ(context->error.traceback[0], 1000u - KJIT_MAX_TRACEBACK);
}

TEST(RuntimeTrap, TheInnermostIterationIsKept) {
  Context context;
  kjit_trap(context, KJIT_TRAP_OutOfMemory, 1, 0, 0, 0);
  const int64_t inner[] = {7, 8}, outer[] = {2};
  kjit_iteration_failed(context, 30, 2, inner);
  kjit_iteration_failed(context, 31, 1, outer);
  EXPECT_EQ(context->error.iteration_site, 30u);
  EXPECT_EQ(context->error.iteration_depth, 2);
  EXPECT_EQ(context->error.iteration[0], 7);
  EXPECT_EQ(context->error.iteration[1], 8);
}

TEST(RuntimeTrap, AStopHasNoIteration) {
  Context context;
  context.interrupt() = KJIT_INTERRUPT;
  kjit_poll(context, 0);
  const int64_t variable = 5;
  kjit_iteration_failed(context, 30, 1, &variable);
  EXPECT_EQ(context->error.iteration_depth, 0);
}

TEST(RuntimeTrap, PollSeesThatALowerIterationFailed) {
  Context context;
  const int32_t cancelled = 1;
  context->cancel = &cancelled;
  EXPECT_EQ(kjit_poll(context, 0), KJIT_FAILED);
  EXPECT_EQ(context.take_error(), "Cancelled: cancelled");
}

TEST(RuntimeTrap, PollTellsWhyItStops) {
  Context context;
  EXPECT_EQ(kjit_poll(context, 0), KJIT_OK);
  const std::pair<int32_t, const char*> reasons[] = {{KJIT_INTERRUPT, "KeyboardInterrupt: interrupted"},
                                                     {KJIT_CANCEL, "Cancelled: cancelled"},
                                                     {KJIT_DEADLINE, "TimeoutError: the time limit has passed"}};
  for (auto [reason, text] : reasons) {
    context.interrupt() = reason;
    EXPECT_EQ(kjit_poll(context, 0), KJIT_FAILED);
    EXPECT_EQ(context.take_error(), text);
  }
}

TEST(RuntimeTrap, EveryTrapHasAKindAndAMessage) {
  for (int32_t code = 0; code < KJIT_TRAP_COUNT; code++) {
    EXPECT_STRNE(kjit_error_name(kjit_trap_kind(code)), "") << code;
    EXPECT_STRNE(kjit_trap_message(code), "") << code;
  }
}

TEST(RuntimeContext, ArgumentsCountFromBothEnds) {
  Context context;
  const kjit_str arguments[] = {text_of("prog"), text_of("last")};
  context.host().argc = 2;
  context.host().argv = arguments;
  kjit_str value;
  ASSERT_EQ(kjit_argv(context, 0, -1, &value), KJIT_OK);
  EXPECT_EQ(Context::take(value), "last");
  EXPECT_EQ(kjit_argv(context, 0, 2, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error("sys.argv[2]"), "IndexError: sys.argv[2]: index 2 is out of range: sys.argv has 2 elements");
}

TEST(RuntimeContext, TheStackLimitIsBelowThisFrame) {
  auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  EXPECT_LT(kjit_current_stack_limit(), here);
  EXPECT_GT(kjit_current_stack_limit() + (64 << 20), here);
}

TEST(RuntimeContext, ClocksGoForward) {
  int64_t before = kjit_perf_counter_ns();
  Context context;
  EXPECT_EQ(kjit_sleep(context, 7, 0.002), KJIT_OK);
  EXPECT_GE(kjit_perf_counter_ns() - before, 2'000'000);
  EXPECT_GT(kjit_time(), 1.6e9);
}

TEST(RuntimeContext, AnInterruptEndsASleep) {
  Context context;
  context.interrupt() = KJIT_INTERRUPT;
  double before = kjit_perf_counter();
  EXPECT_EQ(kjit_sleep(context, 7, 30), KJIT_FAILED);
  EXPECT_LT(kjit_perf_counter() - before, 5);
}

}  // namespace
