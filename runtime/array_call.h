#pragma once
// Private to the runtime: a call of an array function (array_functions.def) as its implementation sees it.

#include <stdint.h>

#include <string>
#include <vector>

#include "runtime/element.h"
#include "runtime/pieces.h"
#include "runtime/runtime.h"

namespace kjit::runtime {

struct ArrayCall {
  kjit_context* ctx;
  uint32_t site;
  const kjit_operand* args;
  int32_t count;
  int32_t dtype;
  int32_t rank;
  void* out;

  const kjit_array* array(int32_t k) const { return static_cast<const kjit_array*>(args[k].data); }
  int32_t rank_of(int32_t k) const { return args[k].rank; }
  int32_t dtype_of(int32_t k) const { return args[k].dtype; }
  int64_t number(int32_t k) const { return load<int64_t>(static_cast<const char*>(args[k].data)); }
  kjit_array* result() const { return static_cast<kjit_array*>(out); }
};

// Long work looks at the stop flags this way, once for each element or so: thrown when the call is to stop, by StopLook, and
// caught by kjit_array_call, which releases the result and fails. What else the function holds must be released by a destructor.
struct Stopped {};

class StopLook {
 public:
  explicit StopLook(const ArrayCall& call) : ctx_(call.ctx) {}
  void operator()(int64_t work = 1) {
    if ((left_ -= work) > 0) return;
    left_ = kPieceElements;
    if (must_stop(ctx_)) throw Stopped{};
  }

 private:
  const kjit_context* ctx_;
  int64_t left_ = kPieceElements;
};

// "(3, 4)" as NumPy writes it: "(3,4)" in messages about broadcasting.
std::string shape_text(int32_t rank, const int64_t* shape);
kjit_status value_error(kjit_context* ctx, uint32_t site, const std::string& text);
// An array of one shape does not fit into a view of another.
kjit_status assignment_error(kjit_context* ctx, uint32_t site, int32_t from_rank, const int64_t* from, int32_t to_rank,
                             const int64_t* to);
kjit_status index_error(kjit_context* ctx, uint32_t site, const std::string& text);

// A new C array as the result of the call.
kjit_status new_result(const ArrayCall& call, const int64_t* shape);

// Steps through an index space in C order. False after the last place.
bool next_index(int32_t rank, const int64_t* shape, int64_t* index);

// One line of an array along an axis, for each setting of the others.
struct Lines {
  int64_t length, step;  // along the axis
  int64_t count;
  std::vector<int64_t> offsets;  // of the first element of each line, in bytes
};
Lines lines_along(int32_t rank, const kjit_array* array, int32_t axis);

#define KJIT_ARRAY_FUNCTION(name, memory) kjit_status array_##name(const ArrayCall& call);
#include "runtime/array_functions.def"
#undef KJIT_ARRAY_FUNCTION

}  // namespace kjit::runtime
