#pragma once
// Values of the public interface <-> the memory in which kernels take arguments and leave results (runtime/abi.h).

#include <optional>

#include "kjit/result.h"
#include "kjit/value.h"
#include "runtime/abi.h"
#include "typing/type.h"

namespace kjit {

// The type a kernel is specialised for: int -> i64, float -> f64, complex -> complex128, an array -> its dtype and rank,
// and whether it has gaps.
Type type_of(const Value& value);

// False for functions and element types: a kernel may return them, but outside they mean nothing.
bool has_value(const Type& type);

// Writes `value` into memory of type's layout. The type may be another one than type_of(value) where an annotation says so, if it
// holds the number exactly. Text is borrowed from `value`; an array's elements are shared, with a reference of their own unless
// the memory is borrowed: pair with release_value.
std::optional<Error> store_value(const Value& value, const Type& type, void* memory);
// Gives back the references that the memory holds.
void release_value(const Type& type, void* memory);
// Takes the value out of the memory, references and all. Arrays that are C-contiguous share their elements; others are copied.
Value take_value(const Type& type, void* memory);

}  // namespace kjit
