#pragma once
// Whether iterations of a parallel loop meet, found out in front of it: an inspector, as in J. Saltz, R. Mirchandaney, K.
// Crowley, Run-time parallelization and scheduling of loops (IEEE Transactions on Computers, 1991).
//
// The inspected part of the loop's body (analysis/races/inspection.h) runs for all iterations, on all threads, and leaves the
// iteration's number at each element that it would write; one that finds another's number there has met it. Elements that are
// read are looked up in a second pass. Costs four bytes an element (memory that no mark falls on is not touched), and an
// indivisible exchange for each write.

#include "runtime/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { KJIT_MAX_INSPECTED = 4 };

typedef struct kjit_inspected {
  char* base;       // lowest address of an element
  int64_t bytes;    // from there to the end of the highest one
  int64_t size;     // of an element; addresses are multiples of it apart
  uint32_t* marks;  // 0, or 1 + the number of the iteration that writes the element
} kjit_inspected;

typedef struct kjit_inspection {
  int32_t count;
  int32_t pass;        // 0: writes leave marks; 1: reads look for them
  int32_t impossible;  // some array is of no use: its strides are no multiples of its elements
  kjit_inspected arrays[KJIT_MAX_INSPECTED];
} kjit_inspection;

void kjit_inspection_begin(kjit_inspection* inspection);
void kjit_inspection_add(kjit_inspection* inspection, int32_t dtype, int32_t rank, const kjit_array* array);
// Runs `loop`, whose body makes the calls below. 1: iterations meet, or it cannot be told (an error on the way, no memory), or
// one thread runs the loop anyway, which is seen before anything is done. 0: they never meet. Errors are forgotten: whoever then
// runs the loop itself in order gets them again.
int32_t kjit_inspect(kjit_context* ctx, const kjit_loop* loop, kjit_inspection* inspection, int32_t has_reads);

// From any thread. The iteration touches an element, or all those of a view, of arrays[array]. 1: it has met another iteration.
int32_t kjit_inspect_write(kjit_inspection* inspection, int64_t array, const void* address, int64_t iteration);
int32_t kjit_inspect_read(kjit_inspection* inspection, int64_t array, const void* address, int64_t iteration);
int32_t kjit_inspect_write_view(kjit_inspection* inspection, int64_t array, int32_t rank, const kjit_array* view,
                                int64_t iteration);

#ifdef __cplusplus
}
#endif
