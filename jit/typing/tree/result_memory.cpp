// Entries: result_memory, has_shape_of_argument. They read the signature's letter for the result (library/builtins.def) and the
// column of runtime/array_functions.def.

#include "typing/tree/result_memory.h"

#include "support/assert.h"

namespace kjit {

namespace {

namespace memory {
constexpr ResultMemory own = ResultMemory::Own, shared = ResultMemory::Shared, none = ResultMemory::Unknown;
}  // namespace memory

constexpr ResultMemory kArrayFunctions[] = {
#define KJIT_ARRAY_FUNCTION(name, of) memory::of,
#include "runtime/array_functions.def"
#undef KJIT_ARRAY_FUNCTION
};

ResultMemory of_array_function(const typed::BuiltinCall& call) {
  const auto* number = std::get_if<typed::Constant>(&call.args.back()->node);
  KJIT_ASSERT(number != nullptr, "a call of an array function does not name it");
  return kArrayFunctions[std::get<std::int64_t>(number->value)];
}

char result_letter(const typed::BuiltinCall& call) {
  const std::string_view signature = builtin_row(call.builtin).signature;
  return signature[signature.rfind('>') + 1];
}

}  // namespace

ResultMemory result_memory(const typed::BuiltinCall& call) {
  if (is_array_call(call.builtin)) return of_array_function(call);
  switch (result_letter(call)) {
    case '[':
    case 'K':
    case 'Q':
    case 'M': return ResultMemory::Own;
    case 'A': return ResultMemory::Argument;
    default: return ResultMemory::Unknown;
  }
}

bool has_shape_of_argument(const typed::BuiltinCall& call) { return result_letter(call) == 'K' || result_letter(call) == 'Q'; }

}  // namespace kjit
