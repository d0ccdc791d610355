// Types of the language -> LLVM types. Entry: ModuleLowering::value_type and memory_type. Layouts are those of runtime/abi.h.

#include "lower/module_lowering.h"
#include "support/assert.h"

namespace kjit {

llvm::Type* ModuleLowering::scalar_type(Kind kind) {
  switch (kind) {
    case Kind::Bool: return i1();
    case Kind::I8:
    case Kind::U8: return i8();
    case Kind::I16:
    case Kind::U16: return llvm::Type::getInt16Ty(context);
    case Kind::I32:
    case Kind::U32: return i32();
    case Kind::I64:
    case Kind::U64: return i64();
    case Kind::F32: return llvm::Type::getFloatTy(context);
    case Kind::F64: return f64();
    case Kind::C64:
    case Kind::C128: {
      llvm::Type* part = scalar_type(real_part_kind(kind));
      return llvm::StructType::get(context, {part, part});
    }
    default: KJIT_UNREACHABLE("not a scalar");
  }
}

llvm::Type* ModuleLowering::element_type(Kind dtype) { return dtype == Kind::Bool ? i8() : scalar_type(dtype); }

llvm::StructType* ModuleLowering::array_type(int rank) {
  llvm::Type* dims = llvm::ArrayType::get(i64(), 2 * static_cast<unsigned>(rank));
  return llvm::StructType::get(context, {ptr(), ptr(), dims});
}

llvm::StructType* ModuleLowering::str_type() { return llvm::StructType::get(context, {ptr(), i64(), ptr()}); }

llvm::Type* ModuleLowering::memory_type(const Type& type) {
  switch (type.kind()) {
    case Kind::None:
    case Kind::Dtype: return llvm::StructType::get(context);
    case Kind::Str: return str_type();
    case Kind::Array: return array_type(type.rank());
    case Kind::Tuple:
    case Kind::Function: {
      std::vector<llvm::Type*> elements;
      for (const Type& element : type.elements()) elements.push_back(memory_type(element));
      return llvm::StructType::get(context, elements);
    }
    default: return element_type(type.kind());
  }
}

llvm::Type* ModuleLowering::value_type(const Type& type) { return type.is(Kind::Bool) ? i1() : memory_type(type); }

llvm::StructType* ModuleLowering::result_type(const Type& type) {
  return llvm::StructType::get(context, {value_type(type), i32()});
}

llvm::StructType* ModuleLowering::globals_type() {
  std::vector<llvm::Type*> fields;
  for (const typed::Global& global : program.globals) {
    fields.push_back(memory_type(global.type));
    fields.push_back(i8());
  }
  return llvm::StructType::get(context, fields);
}

std::optional<llvm::Attribute::AttrKind> c_widening(const Type& type) {
  if (type.is(Kind::Bool)) return llvm::Attribute::ZExt;
  if (!type.is_integer() || bit_width(type.kind()) >= 32) return std::nullopt;
  return type.is_signed() ? llvm::Attribute::SExt : llvm::Attribute::ZExt;
}

}  // namespace kjit
