#include "c_types.h"

#include <clang/AST/Decl.h>
#include <clang/AST/DeclCXX.h>
#include <clang/AST/DeclTemplate.h>
#include <fmt/format.h>

namespace kjit::import {

using clang::BuiltinType;

namespace {

// Numbers, and arrays, structs and unions of them.
bool holds_numbers(clang::QualType type, const clang::ASTContext& context) {
  const clang::QualType element = array_shape(type, context).element;
  const auto* record = element.getCanonicalType()->getAs<clang::RecordType>();
  if (!record) return scalar_of(element, context).has_value();
  for (const clang::FieldDecl* field : record->getDecl()->fields()) {
    if (field->isBitField() || !holds_numbers(field->getType(), context)) return false;
  }
  return true;
}

// A union that an integer can stand for.
bool is_bits(const clang::RecordType& type, const clang::ASTContext& context) {
  const clang::RecordDecl* record = type.getDecl()->getDefinition();
  if (!record || !record->isUnion()) return false;
  const auto size = context.getTypeSize(&type);
  return (size == 8 || size == 16 || size == 32 || size == 64) && holds_numbers(clang::QualType(&type, 0), context);
}

}  // namespace

std::optional<Scalar> scalar_of(clang::QualType type, const clang::ASTContext& context) {
  type = type.getCanonicalType().getUnqualifiedType();
  if (const auto* reference = type->getAs<clang::ReferenceType>()) type = reference->getPointeeType().getCanonicalType();
  if (const auto* declared = type->getAs<clang::EnumType>()) type = declared->getDecl()->getIntegerType().getCanonicalType();
  if (const auto* record = type->getAs<clang::RecordType>(); record && is_bits(*record, context)) {
    const int bits = static_cast<int>(context.getTypeSize(type));
    return Scalar{bits == 64 ? Rep::U64 : Rep::Int, bits, false};
  }
  const auto* builtin = type->getAs<BuiltinType>();
  if (!builtin) return std::nullopt;
  if (builtin->getKind() == BuiltinType::Bool) return Scalar{Rep::Bool, 1, false};
  const bool is_short = builtin->getKind() == BuiltinType::LongDouble && context.getTypeSize(type) == 64;  // -mlong-double-64
  if (builtin->getKind() == BuiltinType::Double || is_short) return Scalar{Rep::F64, 64, true};
  if (builtin->getKind() == BuiltinType::Float) return Scalar{Rep::F32, 32, true};
  if (!builtin->isInteger() || context.getTypeSize(type) > 64) return std::nullopt;
  const int bits = static_cast<int>(context.getTypeSize(type));
  const bool is_signed = builtin->isSignedInteger();
  return Scalar{bits == 64 && !is_signed ? Rep::U64 : Rep::Int, bits, is_signed};
}

std::string annotation_of(const Scalar& scalar) {
  switch (scalar.rep) {
    case Rep::Bool: return "bool";
    case Rep::U64: return "u64";
    case Rep::F32: return "f32";
    case Rep::F64: return "float";
    default: return "int";
  }
}

std::string element_name(const Scalar& scalar) {
  if (scalar.rep == Rep::Bool) return "bool";
  if (scalar.rep == Rep::F32 || scalar.rep == Rep::F64) return fmt::format("f{}", scalar.bits);
  return fmt::format("{}{}", scalar.is_signed ? 'i' : 'u', scalar.bits);
}

std::string dtype_of(const Scalar& scalar) {
  if (scalar.rep == Rep::Bool) return "np.bool_";
  if (scalar.rep == Rep::F32 || scalar.rep == Rep::F64) return fmt::format("np.float{}", scalar.bits);
  return fmt::format("np.{}int{}", scalar.is_signed ? "" : "u", scalar.bits);
}

ArrayShape array_shape(clang::QualType type, const clang::ASTContext& context) {
  ArrayShape shape{type, 0};
  while (const auto* array = context.getAsArrayType(shape.element)) {
    shape.element = array->getElementType();
    ++shape.rank;
  }
  return shape;
}

std::optional<clang::QualType> container_element(clang::QualType type) {
  const auto* record = type.getNonReferenceType().getCanonicalType()->getAs<clang::RecordType>();
  const auto* instance = record ? dyn_cast<clang::ClassTemplateSpecializationDecl>(record->getDecl()) : nullptr;
  if (!instance || !instance->isInStdNamespace() || instance->getTemplateArgs().size() == 0) return std::nullopt;
  const llvm::StringRef name = instance->getName();
  if (name != "vector" && name != "span" && name != "array") return std::nullopt;
  return instance->getTemplateArgs()[0].getAsType();
}

const clang::RecordDecl* record_of(clang::QualType type) {
  const auto* record = type.getCanonicalType()->getAs<clang::RecordType>();
  if (!record || is_bits(*record, record->getDecl()->getASTContext())) return nullptr;
  return record->getDecl()->getDefinition();
}

Value float_constant(llvm::APFloat value, Rep rep) {
  bool loses = false;
  value.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &loses);
  return float_constant(value.convertToDouble(), rep);
}

}  // namespace kjit::import
