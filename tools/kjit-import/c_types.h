#pragma once
// C types as the translation sees them.

#include <clang/AST/ASTContext.h>
#include <clang/AST/Type.h>

#include <optional>
#include <string>

#include "value.h"

namespace kjit::import {

struct Scalar {
  Rep rep = Rep::Int;
  int bits = 32;
  bool is_signed = true;

  bool is_integer() const { return rep == Rep::Int || rep == Rep::U64 || rep == Rep::Bool; }
  Range range() const { return is_signed ? signed_range(bits) : unsigned_range(bits); }
};

// Numbers, enums and bool, and unions of up to 8 bytes as the unsigned integer of their size; nullopt for long double of 80 bits,
// 128-bit integers, complex numbers and everything that is no scalar.
std::optional<Scalar> scalar_of(clang::QualType type, const clang::ASTContext& context);
// "float", "int", "u64", "np.float32": the annotation of a parameter.
std::string annotation_of(const Scalar& scalar);
// "f64", "i32", ...: the element type of an array.
std::string element_name(const Scalar& scalar);
// "np.float64", ...: the dtype argument of np.zeros.
std::string dtype_of(const Scalar& scalar);

// The element behind array dimensions, and how many there are.
struct ArrayShape {
  clang::QualType element;
  int rank = 0;
};
ArrayShape array_shape(clang::QualType type, const clang::ASTContext& context);

const clang::RecordDecl* record_of(clang::QualType type);
// The element of std::vector, std::span and std::array (through references); nullopt for everything else.
std::optional<clang::QualType> container_element(clang::QualType type);
// A floating constant of C, also of long double, as one of `rep`.
Value float_constant(llvm::APFloat value, Rep rep);

}  // namespace kjit::import
