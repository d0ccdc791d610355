// Random numbers. Entry: kjit_rng_random and its siblings. Streams: abi.h. With kjit_rng::twister the same functions give
// CPython's numbers.

#include <cmath>
#include <new>
#include <utility>

#include "runtime/element.h"
#include "runtime/guard.h"
#include "runtime/philox.h"
#include "runtime/pieces.h"
#include "runtime/runtime.h"
#include "runtime/twister.h"

namespace {

using namespace kjit::runtime;

constexpr uint64_t kStreamStep = 0x9E3779B97F4A7C15;  // 2**64 / golden ratio: keys of neighbouring streams share no pattern
constexpr int kRegionShift = 40;                      // iterations of a region
constexpr uint64_t kNestedKey = 1ull << 63;           // block number (high word 1 << 31) that no draw reaches

Twister* twister(kjit_rng* rng) { return static_cast<Twister*>(rng->twister); }

double unit_interval(uint64_t draw) { return static_cast<double>(draw >> 11) * 0x1p-53; }

void rewind(kjit_rng* rng) {
  rng->block = 0;
  rng->spare = 0;
  rng->has_spare = 0;
  rng->regions = 0;
}

kjit_status empty_range(kjit_context* ctx, uint32_t site, int64_t a, int64_t b) {
  return kjit_trap(ctx, KJIT_TRAP_EmptyRandomRange, site, a, b, 0);
}

// a + below(b - a + 1); all 2**64 values when that wraps to 0.
int64_t between(kjit_rng* rng, int64_t a, int64_t b) {
  uint64_t count = static_cast<uint64_t>(b) - static_cast<uint64_t>(a) + 1;
  uint64_t offset = count == 0 ? kjit_rng_u64(rng) : kjit_rng_below(rng, count);
  return static_cast<int64_t>(static_cast<uint64_t>(a) + offset);
}

void swap_bytes(char* a, char* b, int64_t count) {
  for (int64_t i = 0; i < count; i++) std::swap(a[i], b[i]);
}

// Exchanges two sub-arrays that start at a and b.
void swap_items(int64_t item, int32_t rank, const int64_t* shape, const int64_t* strides, char* a, char* b) {
  if (rank == 0) return swap_bytes(a, b, item);
  for (int64_t i = 0; i < shape[0]; i++)
    swap_items(item, rank - 1, shape + 1, strides + 1, a + i * strides[0], b + i * strides[0]);
}

template <typename T, typename Draw>
kjit_status fill(kjit_context* ctx, uint32_t site, int64_t count, T* data, Draw draw) {
  in_pieces(ctx, count, kPieceElements, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) data[i] = draw();
  });
  return kjit_poll(ctx, site);
}

}  // namespace

extern "C" {

void kjit_rng_init(kjit_rng* rng, uint64_t seed, uint64_t stream) {
  rng->key = seed + stream * kStreamStep;
  rng->lane = 0;
  rng->twister = nullptr;
  rewind(rng);
}

int32_t kjit_rng_use_twister(kjit_rng* rng, int64_t seed) {
  if (!rng->twister) rng->twister = new (std::nothrow) Twister;
  if (!rng->twister) return 0;
  twister(rng)->seed(seed);
  return 1;
}

void kjit_rng_destroy(kjit_rng* rng) {
  delete twister(rng);
  rng->twister = nullptr;
}

void kjit_rng_seed(kjit_rng* rng, int64_t seed) {
  if (rng->twister) twister(rng)->seed(seed);
  rng->key = static_cast<uint64_t>(seed);
  rng->lane = 0;
  rewind(rng);
}

void kjit_rng_enter_region(kjit_rng* rng, kjit_rng_region* out) {
  uint64_t region = rng->regions++;
  if (rng->lane == 0) {
    *out = {rng->key, (region + 1) << kRegionShift};
  } else {
    *out = {philox_block(rng->key, rng->lane, region | kNestedKey).first, 1ull << kRegionShift};
  }
}

void kjit_rng_iteration(kjit_rng* rng, const kjit_rng_region* region, int64_t index) {
  rng->key = region->key;
  rng->lane = region->lane + static_cast<uint64_t>(index);
  rewind(rng);
}

uint64_t kjit_rng_u64(kjit_rng* rng) {
  if (rng->twister) return twister(rng)->bits(64);
  if (rng->has_spare) {
    rng->has_spare = 0;
    return rng->spare;
  }
  PhiloxDraws draws = philox_block(rng->key, rng->lane, rng->block++);
  rng->spare = draws.second;
  rng->has_spare = 1;
  return draws.first;
}

uint64_t kjit_rng_below(kjit_rng* rng, uint64_t n) {
  if (rng->twister) return twister(rng)->below(n);
  return static_cast<uint64_t>(static_cast<unsigned __int128>(kjit_rng_u64(rng)) * n >> 64);
}

double kjit_rng_random(kjit_rng* rng) { return rng->twister ? twister(rng)->random() : unit_interval(kjit_rng_u64(rng)); }
double kjit_rng_uniform(kjit_rng* rng, double a, double b) { return a + (b - a) * kjit_rng_random(rng); }

double kjit_rng_gauss(kjit_rng* rng, double mu, double sigma) {
  if (rng->twister) return twister(rng)->gauss(mu, sigma);
  double u1 = kjit_rng_random(rng), u2 = kjit_rng_random(rng);
  double z = std::sqrt(-2.0 * std::log(1.0 - u1)) * std::cos(2.0 * 3.141592653589793 * u2);
  return mu + z * sigma;
}

double kjit_rng_normalvariate(kjit_rng* rng, double mu, double sigma) {
  return rng->twister ? twister(rng)->normalvariate(mu, sigma) : kjit_rng_gauss(rng, mu, sigma);
}

kjit_status kjit_rng_expovariate(kjit_context* ctx, uint32_t site, double lambd, double* out) {
  double numerator = -std::log(1.0 - kjit_rng_random(&ctx->rng));
  if (lambd == 0) return kjit_trap(ctx, KJIT_TRAP_FloatDivisionByZero, site, 0, 0, 0);
  *out = numerator / lambd;
  return KJIT_OK;
}

kjit_status kjit_rng_randint(kjit_context* ctx, uint32_t site, int64_t a, int64_t b, int64_t* out) {
  if (a > b) return empty_range(ctx, site, a, b);
  *out = between(&ctx->rng, a, b);
  return KJIT_OK;
}

kjit_status kjit_rng_randrange(kjit_context* ctx, uint32_t site, int64_t start, int64_t stop, int64_t step, int64_t* out) {
  if (step == 0) return kjit_trap(ctx, KJIT_TRAP_RangeStepZero, site, 0, 0, 0);
  if (step > 0 ? start >= stop : start <= stop) return empty_range(ctx, site, start, stop);
  uint64_t low = static_cast<uint64_t>(step > 0 ? start : stop), high = static_cast<uint64_t>(step > 0 ? stop : start);
  uint64_t stride = step > 0 ? static_cast<uint64_t>(step) : -static_cast<uint64_t>(step);
  uint64_t count = (high - low - 1) / stride + 1;
  uint64_t pick = kjit_rng_below(&ctx->rng, count);
  *out = static_cast<int64_t>(static_cast<uint64_t>(start) + pick * static_cast<uint64_t>(step));
  return KJIT_OK;
}

kjit_status kjit_rng_getrandbits(kjit_context* ctx, uint32_t site, int64_t bits, int64_t* out) {
  if (bits < 0) return raise_text(ctx, KJIT_ValueError, site, "number of bits must be non-negative");
  if (bits > 64) return raise_text(ctx, KJIT_OverflowError, site, "getrandbits() of more than 64 bits does not fit an integer");
  if (ctx->rng.twister) {
    *out = static_cast<int64_t>(twister(&ctx->rng)->bits(static_cast<int>(bits)));
  } else {
    uint64_t draw = kjit_rng_u64(&ctx->rng);
    *out = bits == 0 ? 0 : static_cast<int64_t>(draw >> (64 - bits));
  }
  return KJIT_OK;
}

kjit_status kjit_rng_fill_random(kjit_context* ctx, uint32_t site, int64_t count, double* data) {
  return fill(ctx, site, count, data, [&] { return kjit_rng_random(&ctx->rng); });
}

kjit_status kjit_rng_fill_uniform(kjit_context* ctx, uint32_t site, int64_t count, double* data, double a, double b) {
  return fill(ctx, site, count, data, [&] { return kjit_rng_uniform(&ctx->rng, a, b); });
}

kjit_status kjit_rng_fill_gauss(kjit_context* ctx, uint32_t site, int64_t count, double* data, double mu, double sigma) {
  return fill(ctx, site, count, data, [&] { return kjit_rng_gauss(&ctx->rng, mu, sigma); });
}

kjit_status kjit_rng_fill_integers(kjit_context* ctx, uint32_t site, int64_t count, int64_t* data, int64_t low, int64_t high) {
  if (low >= high) return empty_range(ctx, site, low, high);
  return fill(ctx, site, count, data, [&] { return between(&ctx->rng, low, high - 1); });
}

void kjit_rng_shuffle(kjit_context* ctx, int32_t dtype, int32_t rank, const kjit_array* array) {
  const int64_t* strides = strides_of(rank, array);
  auto* data = static_cast<char*>(array->data);
  const int64_t item = kjit_dtype_size(dtype), last = array->dims[0] - 1;
  int64_t row = 1;
  for (int32_t axis = 1; axis < rank; axis++) row *= array->dims[axis];
  const int64_t piece = std::max<int64_t>(1, kPieceElements / std::max<int64_t>(1, row));
  in_pieces(ctx, last, piece, [&](int64_t begin, int64_t end) {
    for (int64_t i = last - begin; i > last - end; i--) {
      auto j = static_cast<int64_t>(kjit_rng_below(&ctx->rng, static_cast<uint64_t>(i) + 1));
      swap_items(item, rank - 1, array->dims + 1, strides + 1, data + i * strides[0], data + j * strides[0]);
    }
  });
}

}  // extern "C"
