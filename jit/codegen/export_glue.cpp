// Glue of libraries that are built ahead of time. Entry: make_export_glue.

#include "codegen/export_glue.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Target/TargetMachine.h>

#include "codegen/emit.h"
#include "codegen/exported_kernel.h"
#include "runtime/abi.h"
#include "runtime/runtime.h"
#include "support/assert.h"

namespace kjit {

namespace {

using Form = ExportedValue::Form;

// What the library's own names for the runtime's questions stand for: "<prefix>_error" is kjit_rt_error. So two libraries with a
// runtime each can be in one program.
struct Forward {
  const char* suffix;
  const char* target;
  bool takes_pointer;
};
constexpr Forward kForwards[] = {{"_error", "kjit_rt_error", false},
                                 {"_message", "kjit_rt_message", false},
                                 {"_traceback", "kjit_rt_traceback", false},
                                 {"_release", "kjit_rt_release", true}};

class Glue {
 public:
  Glue(llvm::Module& module, const ExportedLibrary& library) : m_(module), c_(module.getContext()), b_(c_), library_(library) {}

  void build() {
    next_stream_ = variable(llvm::ConstantInt::get(i64(), 0), "next_stream", false);
    for (const Forward& forward : kForwards) build_forward(forward);
    for (const ExportedFunction& function : library_.functions) build_function(function);
  }

 private:
  llvm::PointerType* ptr() { return llvm::PointerType::getUnqual(c_); }
  llvm::IntegerType* i32() { return llvm::Type::getInt32Ty(c_); }
  llvm::IntegerType* i64() { return llvm::Type::getInt64Ty(c_); }

  llvm::Type* word(int dtype) {
    switch (dtype) {
      case KJIT_F32:
      case KJIT_C64: return llvm::Type::getFloatTy(c_);
      case KJIT_F64:
      case KJIT_C128: return llvm::Type::getDoubleTy(c_);
      default: return llvm::Type::getIntNTy(c_, 8 * static_cast<unsigned>(kjit_dtype_size(dtype)));
    }
  }

  llvm::GlobalVariable* variable(llvm::Constant* value, const std::string& name, bool constant) {
    return new llvm::GlobalVariable(m_, value->getType(), constant, llvm::GlobalValue::InternalLinkage, value, name);
  }

  llvm::FunctionCallee runtime(const char* name, llvm::Type* result, const std::vector<llvm::Type*>& parameters) {
    return m_.getOrInsertFunction(name, llvm::FunctionType::get(result, parameters, false));
  }

  void begin(const std::string& symbol, llvm::Type* result, const std::vector<llvm::Type*>& parameters) {
    auto* type = llvm::FunctionType::get(result, parameters, false);
    function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, symbol, m_);
    b_.SetInsertPoint(llvm::BasicBlock::Create(c_, "entry", function_));
    next_argument_ = 0;
  }

  void build_forward(const Forward& forward) {
    const std::vector<llvm::Type*> parameters(forward.takes_pointer ? 1 : 0, ptr());
    llvm::Type* result = forward.takes_pointer ? llvm::Type::getVoidTy(c_) : static_cast<llvm::Type*>(ptr());
    begin(library_.prefix + forward.suffix, result, parameters);
    std::vector<llvm::Value*> args;
    for (llvm::Argument& argument : function_->args()) args.push_back(&argument);
    llvm::Value* value = b_.CreateCall(runtime(forward.target, result, parameters), args);
    forward.takes_pointer ? b_.CreateRetVoid() : b_.CreateRet(value);
  }

  void add_words(const ExportedValue& value, std::vector<llvm::Type*>& words) {
    switch (value.form) {
      case Form::Scalar: words.push_back(word(value.dtype)); break;
      case Form::Complex: words.insert(words.end(), 2, word(value.dtype)); break;
      case Form::Text: words.insert(words.end(), {ptr(), i64()}); break;
      case Form::Array:
        words.push_back(ptr());
        words.insert(words.end(), static_cast<std::size_t>(value.contiguous ? value.rank : 2 * value.rank), i64());
        break;
    }
  }

  // Parameters, places for the results, options.
  std::vector<llvm::Type*> words_of(const ExportedFunction& function) {
    std::vector<llvm::Type*> words;
    for (const ExportedMemory& parameter : function.parameters) {
      for (const ExportedValue& value : parameter.values) add_words(value, words);
    }
    words.insert(words.end(), function.result.values.size() + 1, ptr());
    return words;
  }

  llvm::Value* next_argument() { return function_->getArg(next_argument_++); }

  llvm::Value* at(llvm::Value* memory, std::int64_t offset) {
    return b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), memory, static_cast<std::uint64_t>(offset));
  }

  llvm::AllocaInst* memory_for(const ExportedMemory& memory) {
    auto* type = llvm::ArrayType::get(b_.getInt8Ty(), static_cast<std::uint64_t>(std::max<std::int64_t>(memory.bytes, 1)));
    llvm::AllocaInst* place = b_.CreateAlloca(type);
    place->setAlignment(llvm::Align(static_cast<std::uint64_t>(memory.alignment)));
    return place;
  }

  void store(llvm::Value* memory, const ExportedValue& value) {
    switch (value.form) {
      case Form::Scalar: b_.CreateStore(next_argument(), at(memory, value.offset)); break;
      case Form::Complex:
        b_.CreateStore(next_argument(), at(memory, value.offset));
        b_.CreateStore(next_argument(), at(memory, value.offset + kjit_dtype_size(value.dtype) / 2));
        break;
      case Form::Text:
        b_.CreateStore(next_argument(), at(memory, value.offset + std::int64_t{offsetof(kjit_str, data)}));
        b_.CreateStore(next_argument(), at(memory, value.offset + std::int64_t{offsetof(kjit_str, size)}));
        b_.CreateStore(llvm::ConstantPointerNull::get(ptr()), at(memory, value.offset + std::int64_t{offsetof(kjit_str, owner)}));
        break;
      case Form::Array: store_array(memory, value); break;
    }
  }

  void store_array(llvm::Value* memory, const ExportedValue& value) {
    b_.CreateStore(next_argument(), at(memory, value.offset + std::int64_t{offsetof(kjit_array, data)}));
    b_.CreateStore(llvm::ConstantPointerNull::get(ptr()), at(memory, value.offset + std::int64_t{offsetof(kjit_array, owner)}));
    const auto dim = [&](int index) {
      return at(memory, value.offset + std::int64_t{offsetof(kjit_array, dims)} + std::int64_t{8} * index);
    };
    std::vector<llvm::Value*> shape;
    for (int axis = 0; axis < value.rank; ++axis) shape.push_back(next_argument());
    llvm::Value* item = llvm::ConstantInt::get(i64(), static_cast<std::uint64_t>(kjit_dtype_size(value.dtype)));
    llvm::Value* dense = item;
    for (int axis = value.rank; axis-- > 0;) {
      const auto k = static_cast<std::size_t>(axis);
      b_.CreateStore(shape[k], dim(axis));
      if (!value.contiguous) continue;
      b_.CreateStore(dense, dim(value.rank + axis));
      dense = b_.CreateMul(dense, shape[k]);
    }
    if (value.contiguous) return;
    for (int axis = 0; axis < value.rank; ++axis) b_.CreateStore(b_.CreateMul(next_argument(), item), dim(value.rank + axis));
  }

  llvm::Constant* bytes(const std::string& text, const std::string& name) {
    return variable(llvm::ConstantDataArray::getString(c_, text, false), name, true);
  }

  llvm::Constant* versions_of(const ExportedFunction& function) {
    auto* row = llvm::StructType::get(c_, {ptr(), i32()});
    auto* type = llvm::FunctionType::get(i32(), {ptr(), ptr(), ptr()}, false);
    std::vector<llvm::Constant*> rows;
    for (const ExportedFunction::Version& version : function.versions) {
      auto* entry = llvm::cast<llvm::Constant>(m_.getOrInsertFunction(version.entry, type).getCallee());
      rows.push_back(llvm::ConstantStruct::get(row, {entry, llvm::ConstantInt::get(i32(), static_cast<unsigned>(version.cpu))}));
    }
    return variable(llvm::ConstantArray::get(llvm::ArrayType::get(row, rows.size()), rows), function.symbol + ".versions", true);
  }

  // An ExportedKernel.
  llvm::GlobalVariable* describe(const ExportedFunction& function) {
    const auto number = [](llvm::IntegerType* type, std::size_t value) { return llvm::ConstantInt::get(type, value); };
    llvm::Constant* fields[] = {number(i32(), kExportedAbi),
                                number(i32(), function.draws ? 1 : 0),
                                bytes(function.image, function.symbol + ".image"),
                                number(i64(), function.image.size()),
                                next_stream_,
                                versions_of(function),
                                number(i64(), function.versions.size()),
                                llvm::ConstantPointerNull::get(ptr())};
    return variable(llvm::ConstantStruct::getAnon(c_, fields), function.symbol + ".kernel", false);
  }

  void build_function(const ExportedFunction& function) {
    begin(function.symbol, i32(), words_of(function));
    llvm::AllocaInst* pointers = b_.CreateAlloca(llvm::ArrayType::get(ptr(), function.parameters.size() + 1));
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
      llvm::Value* memory = memory_for(function.parameters[i]);
      for (const ExportedValue& value : function.parameters[i].values) store(memory, value);
      b_.CreateStore(memory, b_.CreateConstInBoundsGEP1_64(ptr(), pointers, i));
    }
    llvm::AllocaInst* result = memory_for(function.result);
    std::vector<llvm::Value*> places;
    for (std::size_t i = 0; i < function.result.values.size(); ++i) places.push_back(next_argument());
    llvm::Value* options = next_argument();
    llvm::Value* status = b_.CreateCall(runtime("kjit_rt_call", i32(), {ptr(), ptr(), ptr(), ptr()}),
                                        {describe(function), options, pointers, result});
    return_results(function.result, result, places, status);
  }

  void return_results(const ExportedMemory& memory, llvm::Value* result, const std::vector<llvm::Value*>& places,
                      llvm::Value* status) {
    llvm::BasicBlock* done = llvm::BasicBlock::Create(c_, "done", function_);
    llvm::BasicBlock* copy = llvm::BasicBlock::Create(c_, "copy", function_, done);
    b_.CreateCondBr(b_.CreateICmpEQ(status, llvm::ConstantInt::get(i32(), KJIT_OK)), copy, done);
    llvm::BasicBlock* failed = b_.GetInsertBlock();
    b_.SetInsertPoint(copy);
    llvm::Value* owned = llvm::ConstantInt::get(i32(), KJIT_OK);
    for (std::size_t i = 0; i < places.size(); ++i) owned = b_.CreateOr(owned, give(memory.values[i], result, places[i]));
    llvm::BasicBlock* copied = b_.GetInsertBlock();
    b_.CreateBr(done);
    b_.SetInsertPoint(done);
    llvm::PHINode* all = b_.CreatePHI(i32(), 2);
    all->addIncoming(status, failed);
    all->addIncoming(owned, copied);
    b_.CreateRet(all);
  }

  static std::int64_t size_of(const ExportedValue& value) {
    switch (value.form) {
      case Form::Scalar:
      case Form::Complex: return kjit_dtype_size(value.dtype);
      case Form::Text: return sizeof(kjit_str);
      case Form::Array: return std::int64_t{offsetof(kjit_array, dims)} + std::int64_t{16} * value.rank;
    }
    KJIT_UNREACHABLE("no such form");
  }

  // One value of the result to its place; arrays become the caller's own. The status.
  llvm::Value* give(const ExportedValue& value, llvm::Value* result, llvm::Value* place) {
    const llvm::MaybeAlign unknown(1);
    b_.CreateMemCpy(place, unknown, at(result, value.offset), unknown, static_cast<std::uint64_t>(size_of(value)));
    if (value.form != Form::Array) return llvm::ConstantInt::get(i32(), KJIT_OK);
    const auto number = [&](int n) { return llvm::ConstantInt::get(i32(), static_cast<unsigned>(n)); };
    return b_.CreateCall(runtime("kjit_rt_own_array", i32(), {i32(), i32(), ptr()}),
                         {number(value.dtype), number(value.rank), place});
  }

  llvm::Module& m_;
  llvm::LLVMContext& c_;
  llvm::IRBuilder<> b_;
  const ExportedLibrary& library_;
  llvm::GlobalVariable* next_stream_ = nullptr;
  llvm::Function* function_ = nullptr;
  unsigned next_argument_ = 0;
};

}  // namespace

std::optional<std::string> make_export_glue(const ExportedLibrary& library, const CodeTarget& target, std::string& error) {
  const std::unique_ptr<llvm::TargetMachine> machine = make_target_machine(target, 2, error);
  if (!machine) return std::nullopt;
  llvm::LLVMContext context;
  llvm::Module module("glue", context);
  module.setDataLayout(machine->createDataLayout());
  module.setTargetTriple(machine->getTargetTriple().str());
  module.setPICLevel(llvm::PICLevel::BigPIC);
  Glue(module, library).build();
  KJIT_ASSERT(!llvm::verifyModule(module), "the glue is no valid module");
  auto object = emit_object(module, *machine);
  if (!object) error = "LLVM writes no object files for " + target.triple;
  return object;
}

std::vector<std::string> exported_symbols(const ExportedLibrary& library) {
  std::vector<std::string> symbols;
  for (const Forward& forward : kForwards) symbols.push_back(library.prefix + forward.suffix);
  for (const ExportedFunction& function : library.functions) symbols.push_back(function.symbol);
  return symbols;
}

}  // namespace kjit
