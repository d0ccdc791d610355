// Declarations of what compiled code calls: the runtime's functions (runtime/symbols.def) and C's math library. Entry:
// ModuleLowering::runtime and ModuleLowering::libm.

#include <algorithm>
#include <array>

#include "lower/module_lowering.h"
#include "support/assert.h"

namespace kjit {
namespace {

struct Row {
  std::string_view name;
  std::string_view signature;
};

constexpr auto make_rows() {
  auto rows = std::to_array<Row>({
#define KJIT_SYMBOL(name, signature) {#name, signature},
#include "runtime/symbols.def"
#undef KJIT_SYMBOL
  });
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.name < b.name; });
  return rows;
}

constexpr auto kRows = make_rows();

llvm::Type* letter_type(ModuleLowering& m, char letter) {
  switch (letter) {
    case 'v': return llvm::Type::getVoidTy(m.context);
    case 'b': return m.i8();
    case 'i':
    case 'S': return m.i32();
    case 'l':
    case 'u': return m.i64();
    case 'd': return m.f64();
    case 'f': return llvm::Type::getFloatTy(m.context);
    case 'p':
    case 'x': return m.ptr();
    default: KJIT_UNREACHABLE("unknown letter in symbols.def");
  }
}

bool is_error_path(std::string_view name) { return name == "kjit_trap" || name == "kjit_raise" || name == "kjit_traceback"; }

}  // namespace

std::string_view runtime_signature(std::string_view name) {
  const auto* row =
      std::lower_bound(kRows.begin(), kRows.end(), name, [](const Row& r, std::string_view n) { return r.name < n; });
  return row != kRows.end() && row->name == name ? row->signature : std::string_view{};
}

llvm::FunctionCallee ModuleLowering::runtime(std::string_view name) {
  if (llvm::Function* known = module.getFunction(name)) return known;
  std::string_view signature = runtime_signature(name);
  KJIT_ASSERT(!signature.empty(), "not in runtime/symbols.def");
  std::vector<llvm::Type*> parameters;
  for (char letter : signature.substr(1)) parameters.push_back(letter_type(*this, letter));
  auto* type = llvm::FunctionType::get(letter_type(*this, signature[0]), parameters, false);
  auto* function = llvm::Function::Create(type, llvm::Function::ExternalLinkage, llvm::StringRef(name), module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  if (is_error_path(name)) function->addFnAttr(llvm::Attribute::Cold);
  return function;
}

llvm::FunctionCallee ModuleLowering::libm(const std::string& name, llvm::Type* type, unsigned arity) {
  auto* signature = llvm::FunctionType::get(type, std::vector<llvm::Type*>(arity, type), false);
  llvm::FunctionCallee callee = module.getOrInsertFunction(name, signature);
  auto* function = llvm::cast<llvm::Function>(callee.getCallee());
  function->setDoesNotAccessMemory();
  function->setDoesNotThrow();
  function->addFnAttr(llvm::Attribute::WillReturn);
  return callee;
}

llvm::Constant* ModuleLowering::text_data(std::string_view text) {
  llvm::Constant*& known = texts_[std::string(text)];
  if (known) return known;
  llvm::Constant* bytes = llvm::ConstantDataArray::getString(context, llvm::StringRef(text), /*AddNull=*/false);
  auto* global = new llvm::GlobalVariable(module, bytes->getType(), true, llvm::GlobalValue::PrivateLinkage, bytes, "text");
  global->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  global->setAlignment(llvm::Align(1));
  return known = global;
}

}  // namespace kjit
