#pragma once
// Values from and to their memory layout (typing/memory_layout.h).

#include "interpret/value.h"
#include "runtime/abi.h"
#include "typing/type.h"

namespace kjit::interpreter {

// Borrow: the memory keeps its reference. Adopt: the value takes it over; the memory must not be released again.
enum class Ownership { Borrow, Adopt };

Value load(const Type& type, const void* memory, Ownership ownership);
Value load_scalar(Kind kind, const void* memory);

// Writes the value; text and arrays in it get a reference of their own. False after the runtime failed to allocate, which is
// recorded in the context; nothing that was written is owned then.
[[nodiscard]] bool store(const Type& type, const Value& value, void* memory, kjit_context& ctx);
void store_scalar(Kind kind, const Value& value, void* memory);

}  // namespace kjit::interpreter
