#pragma once
// In whose memory the array is that a builtin gives: it follows from the row.

#include "typing/tree/typed_tree.h"

namespace kjit {

enum class ResultMemory : std::uint8_t {
  Own,       // new in each call: nothing that was there before shares it
  Argument,  // the first argument itself
  Shared,    // an argument, a view of one, or new
  Unknown,   // any array that there is
};

// Of a call whose result is an array.
ResultMemory result_memory(const typed::BuiltinCall& call);
// Does such a result have the shape of the first argument?
bool has_shape_of_argument(const typed::BuiltinCall& call);

}  // namespace kjit
