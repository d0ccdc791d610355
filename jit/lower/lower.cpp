// Entry: lower(), lower_unit(). Declares all functions, lowers each, and wraps functions[0] in the uniform kjit_entry interface,
// and in the one of kDirectSymbol where that is possible.

#include "lower/lower.h"

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Verifier.h>

#include "analysis/facts/clock.h"
#include "analysis/facts/quick_functions.h"
#include "lower/features.h"
#include "lower/module_lowering.h"
#include "support/assert.h"
#include "support/ir_marks.h"

namespace kjit {
namespace {

constexpr const char* kUnitName = "kjit_unit";

void add_option_attributes(llvm::Function& function, const typed::FunctionOptions& options) {
  function.addFnAttr(llvm::Attribute::NoUnwind);
  if (options.inlining == typed::FunctionOptions::Inline::Always) function.addFnAttr(llvm::Attribute::AlwaysInline);
  if (options.inlining == typed::FunctionOptions::Inline::Never) function.addFnAttr(llvm::Attribute::NoInline);
}

llvm::Function* declare(ModuleLowering& m, const typed::Function& function) {
  std::vector<llvm::Type*> parameters{m.ptr()};
  for (std::uint32_t i = 0; i < function.parameter_count; ++i) parameters.push_back(m.value_type(function.locals[i].type));
  auto* type = llvm::FunctionType::get(m.result_type(function.result), parameters, false);
  auto* declared = llvm::Function::Create(type, llvm::Function::InternalLinkage, function.symbol, m.module);
  declared->setCallingConv(llvm::CallingConv::Fast);
  llvm::AttrBuilder context(m.context);
  context.addAttribute(llvm::Attribute::NoAlias)
      .addAttribute(llvm::Attribute::NonNull)
      .addDereferenceableAttr(sizeof(kjit_context));
  declared->addParamAttrs(0, context);
  declared->getArg(0)->setName("ctx");
  add_option_attributes(*declared, function.options);
  return declared;
}

// The script's variables that functions read live in the frame of the entry, for the time of the call.
class EntryWrapper {
 public:
  EntryWrapper(ModuleLowering& m, const typed::Function& kernel) : m_(m), kernel_(kernel), b_(m.context) {}

  void build() {
    auto* type = llvm::FunctionType::get(m_.i32(), {m_.ptr(), m_.ptr(), m_.ptr()}, false);
    function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, kEntrySymbol, m_.module);
    function_->addFnAttr(llvm::Attribute::NoUnwind);
    if (m_.functions[0]->hasFnAttribute(kQuickAttribute)) function_->addFnAttr(kQuickAttribute);
    b_.SetInsertPoint(llvm::BasicBlock::Create(m_.context, "entry", function_));
    if (!m_.program.globals.empty()) create_globals();
    llvm::CallInst* call = b_.CreateCall(m_.functions[0], arguments());
    call->setCallingConv(llvm::CallingConv::Fast);
    if (globals_) release_globals();
    return_result(call);
  }

 private:
  llvm::Value* context() { return function_->getArg(0); }
  llvm::Value* globals_field() { return b_.CreateConstGEP1_64(m_.i8(), context(), offsetof(kjit_context, globals)); }

  void create_globals() {
    globals_ = b_.CreateAlloca(m_.globals_type());
    b_.CreateStore(llvm::Constant::getNullValue(m_.globals_type()), globals_);
    b_.CreateStore(globals_, globals_field());
  }

  void release_globals() {
    for (unsigned id = 0; id < m_.program.globals.size(); ++id) {
      const Type& type = m_.program.globals[id].type;
      llvm::Value* value = nullptr;
      for (const auto& path : owner_paths(type)) {
        if (!value) value = b_.CreateLoad(m_.memory_type(type), b_.CreateStructGEP(m_.globals_type(), globals_, 2 * id));
        b_.CreateCall(m_.runtime("kjit_release"), {b_.CreateExtractValue(value, path)});
      }
    }
  }

  std::vector<llvm::Value*> arguments() {
    std::vector<llvm::Value*> args{context()};
    for (std::uint32_t i = 0; i < kernel_.parameter_count; ++i) {
      const Type& type = kernel_.locals[i].type;
      llvm::Value* address = b_.CreateLoad(m_.ptr(), b_.CreateConstGEP1_64(m_.ptr(), function_->getArg(1), i));
      llvm::Value* value = b_.CreateLoad(m_.memory_type(type), address);
      args.push_back(type.is(Kind::Bool) ? b_.CreateICmpNE(value, b_.getInt8(0)) : value);
    }
    return args;
  }

  void return_result(llvm::Value* call) {
    llvm::BasicBlock* done = llvm::BasicBlock::Create(m_.context, "done", function_);
    llvm::BasicBlock* store = llvm::BasicBlock::Create(m_.context, "store", function_);
    llvm::Value* status = b_.CreateExtractValue(call, 1);
    b_.CreateCondBr(b_.CreateICmpEQ(status, b_.getInt32(KJIT_OK)), store, done);
    b_.SetInsertPoint(store);
    llvm::Value* value = b_.CreateExtractValue(call, 0);
    if (kernel_.result.is(Kind::Bool)) value = b_.CreateZExt(value, m_.i8());
    if (!kernel_.result.is(Kind::None)) b_.CreateStore(value, function_->getArg(2));
    b_.CreateBr(done);
    b_.SetInsertPoint(done);
    b_.CreateRet(status);
  }

  ModuleLowering& m_;
  const typed::Function& kernel_;
  llvm::IRBuilder<> b_;
  llvm::Function* function_ = nullptr;
  llvm::AllocaInst* globals_ = nullptr;
};

// functions[0] as a C function: see kDirectSymbol.
class DirectWrapper {
 public:
  DirectWrapper(ModuleLowering& m, const typed::Function& kernel) : m_(m), kernel_(kernel), b_(m.context) {}

  void build() {
    const bool returns_value = in_register(kernel_.result);
    std::vector<llvm::Type*> parameters{m_.ptr(), m_.ptr()};
    if (!returns_value) parameters.push_back(m_.ptr());
    const std::size_t first = parameters.size();
    for (std::uint32_t i = 0; i < kernel_.parameter_count; ++i) parameters.push_back(passed_type(type_of(i)));
    llvm::Type* returned = returns_value ? m_.value_type(kernel_.result) : llvm::Type::getVoidTy(m_.context);
    auto* type = llvm::FunctionType::get(returned, parameters, false);
    function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, kDirectSymbol, m_.module);
    function_->addFnAttr(llvm::Attribute::NoUnwind);
    if (m_.functions[0]->hasFnAttribute(kQuickAttribute)) function_->addFnAttr(kQuickAttribute);
    if (const auto widening = c_widening(kernel_.result)) function_->addRetAttr(*widening);
    b_.SetInsertPoint(llvm::BasicBlock::Create(m_.context, "entry", function_));
    llvm::CallInst* call = b_.CreateCall(m_.functions[0], arguments(first));
    call->setCallingConv(llvm::CallingConv::Fast);
    b_.CreateStore(b_.CreateExtractValue(call, 1), function_->getArg(1));
    if (returns_value) return void(b_.CreateRet(b_.CreateExtractValue(call, 0)));
    if (!kernel_.result.is(Kind::None)) b_.CreateStore(b_.CreateExtractValue(call, 0), function_->getArg(2));
    b_.CreateRetVoid();
  }

 private:
  const Type& type_of(std::uint32_t parameter) const { return kernel_.locals[parameter].type; }
  static bool in_register(const Type& type) { return type.is(Kind::Bool) || type.is_integer() || type.is_float(); }
  llvm::Type* passed_type(const Type& type) { return in_register(type) ? m_.value_type(type) : m_.ptr(); }

  std::vector<llvm::Value*> arguments(std::size_t first) {
    std::vector<llvm::Value*> args{function_->getArg(0)};
    for (std::uint32_t i = 0; i < kernel_.parameter_count; ++i) {
      llvm::Argument* given = function_->getArg(static_cast<unsigned>(first) + i);
      if (const auto widening = c_widening(type_of(i))) given->addAttr(*widening);
      const bool is_value = in_register(type_of(i));
      args.push_back(is_value ? static_cast<llvm::Value*>(given) : b_.CreateLoad(m_.memory_type(type_of(i)), given));
    }
    return args;
  }

  ModuleLowering& m_;
  const typed::Function& kernel_;
  llvm::IRBuilder<> b_;
  llvm::Function* function_ = nullptr;
};

void verify(const llvm::Module& module) {
  std::string problem;
  llvm::raw_string_ostream stream(problem);
  bool broken = llvm::verifyModule(module, &stream);
  KJIT_ASSERT(!broken, stream.str().c_str());
}

}  // namespace

LoweredModule::LoweredModule() = default;
LoweredModule::LoweredModule(LoweredModule&&) noexcept = default;
LoweredModule& LoweredModule::operator=(LoweredModule&& other) noexcept {
  module = std::move(other.module);  // before its context
  context = std::move(other.context);
  entry = std::move(other.entry);
  return *this;
}
LoweredModule::~LoweredModule() = default;

ModuleLowering::ModuleLowering(llvm::Module& module, const typed::Program& program, const ParallelPlans& plans,
                               const LoopPlans& loops, const SourceMap& sources, const LowerOptions& options)
    : module(module),
      context(module.getContext()),
      program(program),
      plans(plans),
      loops(loops),
      sources(sources),
      options(options),
      clock_readers(kjit::clock_readers(program)) {}

namespace {

LoweredModule empty_module(const LowerOptions& options) {
  LoweredModule result;
  result.context = std::make_unique<llvm::LLVMContext>();
  result.context->setDiscardValueNames(!options.debug_info);
  result.module = std::make_unique<llvm::Module>("kernel", *result.context);
  KJIT_ASSERT(!options.data_layout.empty(), "a module is made for some machine");
  result.module->setDataLayout(options.data_layout);
  result.module->setTargetTriple(options.triple);
  return result;
}

void mark_quick_functions(ModuleLowering& m, const CodeUnit& unit) {
  const std::vector<bool> quick = quick_functions(m.program);
  for (const typed::FunctionId id : unit.bodies) {
    if (quick[id]) m.functions[id]->addFnAttr(kQuickAttribute);
  }
}

// Called from other units.
void open_to_others(llvm::Function& function) {
  function.setLinkage(llvm::Function::ExternalLinkage);
  function.setName(kUnitName);
}

// Functions with the same code are one unit, and have one symbol.
llvm::Function* declare_other_unit(ModuleLowering& m, const typed::Function& function, const std::string& symbol) {
  if (llvm::Function* declared = m.module.getFunction(symbol)) return declared;
  llvm::Function* declared = declare(m, function);
  declared->setLinkage(llvm::Function::ExternalLinkage);
  declared->setName(symbol);
  return declared;
}

}  // namespace

LoweredModule lower_unit(const typed::Program& program, const ParallelPlans& plans, const LoopPlans& loops,
                         const SourceMap& sources, const LowerOptions& options, const CodeUnit& unit,
                         const UnitSymbols& symbols) {
  LoweredModule result = empty_module(options);
  ModuleLowering m(*result.module, program, plans, loops, sources, options);
  m.functions.resize(program.functions.size());
  for (const typed::FunctionId id : unit.bodies) m.functions[id] = declare(m, program.functions[id]);
  for (const typed::FunctionId id : unit.calls) m.functions[id] = declare_other_unit(m, program.functions[id], symbols.at(id));
  mark_quick_functions(m, unit);
  for (const typed::FunctionId id : unit.bodies) FunctionLowering(m, program.functions[id], m.functions[id]).run();
  if (unit.bodies[0] == 0) {
    EntryWrapper(m, program.functions[0]).build();
    const bool can_be_direct = program.globals.empty() && !program.functions[0].is_script();
    if (options.direct_entry && can_be_direct) DirectWrapper(m, program.functions[0]).build();
    result.entry = kEntrySymbol;
  } else {
    open_to_others(*m.functions[unit.bodies[0]]);
    result.entry = kUnitName;
  }
  m.finish_debug_info();
  if (options.verify) verify(*result.module);
  return result;
}

LoweredModule lower(const typed::Program& program, const ParallelPlans& plans, const LoopPlans& loops, const SourceMap& sources,
                    const LowerOptions& options) {
  CodeUnit everything;
  for (typed::FunctionId id = 0; id < program.functions.size(); ++id) everything.bodies.push_back(id);
  return lower_unit(program, plans, loops, sources, options, everything, {});
}

}  // namespace kjit
