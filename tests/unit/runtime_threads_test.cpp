#include <gtest/gtest.h>

#include <sched.h>
#include <stdlib.h>

#include <string>

#include "runtime/runtime.h"
#include "runtime/threads.h"

namespace {

// Sets a variable of the environment for one test.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* old = getenv(name)) old_ = old, had_ = true;
    value ? setenv(name, value, 1) : unsetenv(name);
  }
  ~Environment() { had_ ? setenv(name_, old_.c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::string old_;
  bool had_ = false;
};

TEST(RuntimeThreads, TheEnvironmentDecidesFirst) {
  Environment omp("OMP_NUM_THREADS", "5");
  Environment kjit("KJIT_NUM_THREADS", "3");
  char reason[200];
  EXPECT_EQ(kjit_thread_budget(reason, sizeof reason), 3);
  EXPECT_STREQ(reason, "as KJIT_NUM_THREADS says");
}

TEST(RuntimeThreads, TheFirstOfAListOfOpenMPCounts) {
  Environment kjit("KJIT_NUM_THREADS", nullptr);
  Environment omp("OMP_NUM_THREADS", "5,2");
  EXPECT_EQ(kjit_thread_budget(nullptr, 0), 5);
}

TEST(RuntimeThreads, NonsenseIsIgnored) {
  Environment omp("OMP_NUM_THREADS", nullptr);
  for (const char* nonsense : {"", "many", "-2", "0", "3x"}) {
    Environment kjit("KJIT_NUM_THREADS", nonsense);
    cpu_set_t set;
    ASSERT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
    EXPECT_LE(kjit_thread_budget(nullptr, 0), CPU_COUNT(&set)) << nonsense;
    EXPECT_GE(kjit_thread_budget(nullptr, 0), 1);
  }
}

TEST(RuntimeThreads, AffinityLimitsTheBudget) {
  Environment kjit("KJIT_NUM_THREADS", nullptr);
  Environment omp("OMP_NUM_THREADS", nullptr);
  cpu_set_t before, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  CPU_ZERO(&one);
  for (size_t cpu = 0; CPU_COUNT(&one) == 0; cpu++) {
    if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(kjit_thread_budget(nullptr, 0), 1);
  sched_setaffinity(0, sizeof before, &before);
}

TEST(RuntimeThreads, LoopsShareWhatThereIs) {
  using namespace kjit::runtime;
  int32_t machine = kjit_thread_budget(nullptr, 0);
  int32_t first = acquire_threads(machine);
  int32_t second = acquire_threads(machine);
  EXPECT_EQ(first, machine);
  EXPECT_EQ(second, 1);
  release_threads(second);
  release_threads(first);
  EXPECT_EQ(acquire_threads(machine), machine);
  release_threads(machine);
}

TEST(RuntimeThreads, ALoopAloneMayAskForMore) {
  using namespace kjit::runtime;
  int32_t wanted = kjit_thread_budget(nullptr, 0) + 7;
  EXPECT_EQ(acquire_threads(wanted), wanted);
  release_threads(wanted);
}

// What an iteration is told.
kjit_status note_threads(kjit_context* ctx, void* told, int64_t, int64_t, void*) {
  __atomic_store_n(static_cast<int64_t*>(told), kjit_get_num_threads(ctx), __ATOMIC_RELAXED);
  return KJIT_OK;
}

TEST(RuntimeThreads, TheNumberOfACallIsTheSameInsideItsLoops) {
  kjit_context ctx;
  kjit_context_init(&ctx, nullptr, nullptr, 0);
  EXPECT_EQ(kjit_get_num_threads(&ctx), kjit::runtime::machine_threads());
  EXPECT_EQ(kjit_set_num_threads(&ctx, 1, 3), KJIT_OK);
  int64_t told = 0;
  kjit_loop loop = {};
  loop.trip_count = 100;
  loop.body = note_threads;
  loop.closure = &told;
  EXPECT_EQ(kjit_parallel_for(&ctx, &loop), KJIT_OK);
  EXPECT_EQ(told, 3);
  EXPECT_EQ(kjit_set_num_threads(&ctx, 1, INT64_MAX), KJIT_OK);
  EXPECT_EQ(kjit_get_num_threads(&ctx), 1024);
  EXPECT_EQ(kjit_set_num_threads(&ctx, 1, 0), KJIT_FAILED);
  EXPECT_EQ(kjit_get_num_threads(&ctx), 1024);
  kjit_context_destroy(&ctx);
}

}  // namespace
