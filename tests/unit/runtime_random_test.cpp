#include <gtest/gtest.h>

#include <cmath>

#include "runtime/philox.h"
#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;
using kjit::runtime::philox4x32_10;
using kjit::runtime::PhiloxCounter;

// The known answers that Random123 publishes for philox4x32-10 (kat_vectors).
static_assert(philox4x32_10({0, 0, 0, 0}, {0, 0}) == PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(philox4x32_10({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
              PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

TEST(RuntimeRandom, StreamsOfASeedFollowTheLayout) {
  kjit_rng rng;
  kjit_rng_init(&rng, 7, 3);
  for (uint64_t expected :
       {0x72066407fa6a04cu, 0x714992a4ac15dfc6u, 0x6d048a86982d259u, 0xe05198de68503919u, 0x37964a8761e8bcb3u})
    EXPECT_EQ(kjit_rng_u64(&rng), expected);
}

TEST(RuntimeRandom, IterationsHaveStreamsOfTheirOwn) {
  kjit_rng rng;
  kjit_rng_init(&rng, 7, 0);
  kjit_rng_region region;
  for (int loop = 0; loop < 3; loop++) kjit_rng_enter_region(&rng, &region);
  kjit_rng_iteration(&rng, &region, 5);
  EXPECT_EQ(kjit_rng_u64(&rng), 0xa94a950ff5ab2a18u);
}

TEST(RuntimeRandom, LoopsInsideIterationsGetAKeyOfTheirOwn) {
  kjit_rng rng;
  kjit_rng_init(&rng, 7, 0);
  kjit_rng_region region;
  kjit_rng_enter_region(&rng, &region);
  kjit_rng_iteration(&rng, &region, 4);
  kjit_rng_enter_region(&rng, &region);
  kjit_rng_enter_region(&rng, &region);
  kjit_rng_iteration(&rng, &region, 9);
  EXPECT_EQ(kjit_rng_u64(&rng), 0xbe9571e07c0c3bfcu);
}

TEST(RuntimeRandom, EnteringALoopDrawsNothing) {
  kjit_rng rng, other;
  kjit_rng_init(&rng, 1, 0);
  kjit_rng_init(&other, 1, 0);
  kjit_rng_u64(&rng);
  kjit_rng_u64(&other);
  kjit_rng_region region;
  kjit_rng_enter_region(&rng, &region);
  EXPECT_EQ(kjit_rng_u64(&rng), kjit_rng_u64(&other));
}

TEST(RuntimeRandom, DistributionsAreFunctionsOfTheDraws) {
  Context context;
  kjit_rng plain;
  kjit_rng_init(context.rng(), 5, 0);
  kjit_rng_init(&plain, 5, 0);
  uint64_t draw = kjit_rng_u64(&plain);
  EXPECT_EQ(kjit_rng_random(context.rng()), static_cast<double>(draw >> 11) * 0x1p-53);
  double u = kjit_rng_random(&plain);
  EXPECT_EQ(kjit_rng_uniform(context.rng(), -1, 3), -1 + 4 * u);
  draw = kjit_rng_u64(&plain);
  int64_t value;
  ASSERT_EQ(kjit_rng_randint(context, 0, -5, 5, &value), KJIT_OK);
  EXPECT_EQ(value, -5 + static_cast<int64_t>(static_cast<unsigned __int128>(draw) * 11 >> 64));
  double u1 = kjit_rng_random(&plain), u2 = kjit_rng_random(&plain);
  EXPECT_EQ(kjit_rng_gauss(context.rng(), 2, 3), 2 + std::sqrt(-2 * std::log(1 - u1)) * std::cos(2 * M_PI * u2) * 3);
  double e = kjit_rng_random(&plain), exponential;
  ASSERT_EQ(kjit_rng_expovariate(context, 0, 2, &exponential), KJIT_OK);
  EXPECT_EQ(exponential, -std::log(1 - e) / 2);
}

TEST(RuntimeRandom, WholeRangesAreReachable) {
  Context context;
  int64_t value;
  EXPECT_EQ(kjit_rng_randint(context, 0, INT64_MIN, INT64_MAX, &value), KJIT_OK);
  EXPECT_EQ(kjit_rng_randint(context, 0, 3, 3, &value), KJIT_OK);
  EXPECT_EQ(value, 3);
}

TEST(RuntimeRandom, EmptyRangesAreRefused) {
  Context context;
  int64_t value;
  EXPECT_EQ(kjit_rng_randint(context, 0, 2, 1, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error(), "ValueError: empty range for a random integer: 2 to 1");
  EXPECT_EQ(kjit_rng_randrange(context, 0, 0, 5, -1, &value), KJIT_FAILED);
  context.take_error();
  EXPECT_EQ(kjit_rng_randrange(context, 0, 0, 5, 0, &value), KJIT_FAILED);
  EXPECT_EQ(context.take_error(), "ValueError: range() arg 3 must not be zero");
  EXPECT_EQ(kjit_rng_fill_integers(context, 0, 1, &value, 4, 4), KJIT_FAILED);
}

TEST(RuntimeRandom, SeedingRewinds) {
  kjit_rng rng, fresh;
  kjit_rng_init(&rng, 1, 2);
  kjit_rng_u64(&rng);
  kjit_rng_seed(&rng, 9);
  kjit_rng_init(&fresh, 9, 0);
  EXPECT_EQ(kjit_rng_u64(&rng), kjit_rng_u64(&fresh));
}

TEST(RuntimeRandom, FillsEqualSingleDraws) {
  Context context;
  kjit_rng single;
  kjit_rng_init(context.rng(), 3, 0);
  kjit_rng_init(&single, 3, 0);
  double values[5];
  kjit_rng_fill_uniform(context, 0, 5, values, -1, 1);
  for (double value : values) EXPECT_EQ(value, kjit_rng_uniform(&single, -1, 1));
  kjit_rng_fill_gauss(context, 0, 5, values, 0, 1);
  for (double value : values) EXPECT_EQ(value, kjit_rng_gauss(&single, 0, 1));
}

TEST(RuntimeRandom, ShuffleMovesWholeRows) {
  Context context;
  kjit_rng_init(context.rng(), 3, 0);
  std::vector<int64_t> values = {0, 0, 1, 10, 2, 20, 3, 30};
  kjit_array matrix = view_of(values.data(), 8, {4, 2});
  kjit_rng_shuffle(context, KJIT_I64, 2, &matrix);
  int64_t sum = 0;
  for (size_t row = 0; row < 4; row++) {
    EXPECT_EQ(values[2 * row + 1], values[2 * row] * 10);
    sum += values[2 * row];
  }
  EXPECT_EQ(sum, 6);
}

// --rng=cpython. Recorded: random(), uniform(-1, 1), gauss(1, 2) twice, normalvariate(0.5, 2), expovariate(1.5), randint(1, 6),
// randint(-10**15, 10**15), randrange(10, -50, -7), getrandbits(40), random(); then, newly seeded, shuffle(list(range(10))).
struct Recorded {
  int64_t seed;
  double values[11];
  std::vector<int64_t> shuffled;
};

const Recorded kRecorded[] = {
    {0,
     {0.8444218515250481, 0.515908805880605, -0.35942889615684215, 1.7410071349213196, 0.5650082581551636, 1.0210298983964552,
      3.0, 73204814790023.0, -25.0, 981758150271.0, 0.9081128851953352},
     {7, 8, 1, 5, 3, 4, 2, 0, 9, 6}},
    {42,
     {0.6394267984578837, -0.9499784895546661, 0.777368276864675, 2.403967450197726, 3.0095718621149254, 1.4848587330342538, 1.0,
      -49916338240407.0, 10.0, 98912225902.0, 0.21863797480360336},
     {7, 3, 2, 8, 5, 6, 9, 4, 0, 1}},
    {-5,
     {0.6229016948897019, 0.4835739785214588, 2.338937828771939, -3.587820189263822, -2.5240975482481227, 1.9139879124506969, 6.0,
      -745084427376499.0, -25.0, 955497375906.0, 0.24657283261983032},
     {2, 3, 1, 0, 8, 7, 6, 5, 4, 9}},
    {1099511627783,
     {0.6137037779936511, 0.6298325946618974, 3.4461786440398767, 0.11952130718049114, -1.0926545001482308, 0.09035617415574161,
      4.0, 620768277808094.0, -25.0, 487019997921.0, 0.4494249810532691},
     {0, 5, 2, 3, 6, 1, 8, 4, 7, 9}}};

TEST(RuntimeTwister, GivesCPythonsNumbers) {
  for (const Recorded& row : kRecorded) {
    Context context;
    ASSERT_TRUE(kjit_rng_use_twister(context.rng(), row.seed));
    int64_t integer;
    double exponential;
    EXPECT_EQ(kjit_rng_random(context.rng()), row.values[0]);
    EXPECT_EQ(kjit_rng_uniform(context.rng(), -1, 1), row.values[1]);
    EXPECT_EQ(kjit_rng_gauss(context.rng(), 1, 2), row.values[2]);
    EXPECT_EQ(kjit_rng_gauss(context.rng(), 1, 2), row.values[3]);
    EXPECT_EQ(kjit_rng_normalvariate(context.rng(), 0.5, 2), row.values[4]);
    kjit_rng_expovariate(context, 0, 1.5, &exponential);
    EXPECT_EQ(exponential, row.values[5]);
    kjit_rng_randint(context, 0, 1, 6, &integer);
    EXPECT_EQ(static_cast<double>(integer), row.values[6]);
    kjit_rng_randint(context, 0, -1000000000000000, 1000000000000000, &integer);
    EXPECT_EQ(static_cast<double>(integer), row.values[7]);
    kjit_rng_randrange(context, 0, 10, -50, -7, &integer);
    EXPECT_EQ(static_cast<double>(integer), row.values[8]);
    kjit_rng_getrandbits(context, 0, 40, &integer);
    EXPECT_EQ(static_cast<double>(integer), row.values[9]);
    EXPECT_EQ(kjit_rng_random(context.rng()), row.values[10]);
  }
}

TEST(RuntimeTwister, ShufflesAsCPythonDoes) {
  for (const Recorded& row : kRecorded) {
    Context context;
    ASSERT_TRUE(kjit_rng_use_twister(context.rng(), row.seed));
    std::vector<int64_t> values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    kjit_array array = view_of(values);
    kjit_rng_shuffle(context, KJIT_I64, 1, &array);
    EXPECT_EQ(values, row.shuffled) << row.seed;
  }
}

TEST(RuntimeTwister, SeedingForgetsTheSecondGauss) {
  Context context;
  ASSERT_TRUE(kjit_rng_use_twister(context.rng(), 1));
  double first = kjit_rng_gauss(context.rng(), 0, 1);
  kjit_rng_seed(context.rng(), 1);
  EXPECT_EQ(kjit_rng_gauss(context.rng(), 0, 1), first);
}

}  // namespace
