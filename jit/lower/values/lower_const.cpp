// Constants. Entry: lower_constant.

#include "lower/features.h"
#include "support/assert.h"

namespace kjit {
namespace {

llvm::Constant* real_constant(llvm::Type* type, double value) { return llvm::ConstantFP::get(type, value); }

struct Make {
  FunctionLowering& f;
  const Type& type;

  llvm::Constant* operator()(std::monostate) const { return f.none(); }
  llvm::Constant* operator()(bool value) const { return f.b.getInt1(value); }
  llvm::Constant* operator()(std::int64_t value) const {
    return llvm::ConstantInt::getSigned(f.m.scalar_type(type.kind()), value);
  }
  llvm::Constant* operator()(std::uint64_t value) const { return llvm::ConstantInt::get(f.m.scalar_type(type.kind()), value); }
  llvm::Constant* operator()(double value) const { return real_constant(f.m.scalar_type(type.kind()), value); }
  llvm::Constant* operator()(std::complex<double> value) const {
    auto* pair = llvm::cast<llvm::StructType>(f.m.scalar_type(type.kind()));
    llvm::Type* part = pair->getElementType(0);
    return llvm::ConstantStruct::get(pair, {real_constant(part, value.real()), real_constant(part, value.imag())});
  }
  llvm::Constant* operator()(const std::string& text) const {
    llvm::Constant* size = f.int64(static_cast<std::int64_t>(text.size()));
    return llvm::ConstantStruct::get(f.m.str_type(), {f.m.text_data(text), size, llvm::ConstantPointerNull::get(f.m.ptr())});
  }
};

}  // namespace

llvm::Constant* lower_constant(FunctionLowering& f, const Type& type, const typed::Constant& node) {
  return std::visit(Make{f, type}, node.value);
}

}  // namespace kjit
