// ORC: LLJIT with JITLink, one JITDylib for each object. Entry: JitStack::create.

#include "codegen/jit_stack.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Target/TargetMachine.h>

#include <atomic>
#include <unordered_map>

#include "codegen/runtime_symbols.h"
#include "codegen/target.h"
#include "codegen/vector_math.h"

namespace kjit {
namespace {

using llvm::orc::ExecutorAddr;
using llvm::orc::ExecutorSymbolDef;

// Answers for allowed names only, and only when they are asked for: defining hundreds of symbols in advance would cost each
// start.
class AllowedSymbols : public llvm::orc::DefinitionGenerator {
 public:
  explicit AllowedSymbols(JitStack::Resolve resolve) : resolve_(std::move(resolve)) {
    for_each_allowed_symbol([&](std::string_view name, void* address) { table_.try_emplace(name, address); });
  }

  llvm::Error tryToGenerate(llvm::orc::LookupState&, llvm::orc::LookupKind, llvm::orc::JITDylib& dylib,
                            llvm::orc::JITDylibLookupFlags, const llvm::orc::SymbolLookupSet& wanted) override {
    llvm::orc::SymbolMap found;
    for (const auto& [name, flags] : wanted) {
      if (void* address = find((*name).str())) {
        found[name] =
            ExecutorSymbolDef(ExecutorAddr::fromPtr(address), llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable);
      }
    }
    return found.empty() ? llvm::Error::success() : dylib.define(llvm::orc::absoluteSymbols(std::move(found)));
  }

 private:
  void* find(const std::string& name) const {
    if (auto row = table_.find(name); row != table_.end()) return row->second;
    if (name.starts_with("_ZGV")) return find_vector_function(name);
    return resolve_ ? resolve_(name) : nullptr;
  }

  static void* find_vector_function(const std::string& name) {
    for (auto* table : {&own_vector_functions, &vector_functions}) {
      for (const VectorFunction& row : table()) {
        if (row.vector == name) return row.address;
      }
    }
    return nullptr;
  }

  std::unordered_map<std::string_view, void*> table_;  // the names are literals
  JitStack::Resolve resolve_;
};

class OrcCode final : public LinkedCode {
 public:
  OrcCode(std::shared_ptr<llvm::orc::LLJIT> jit, LinkedParts used, llvm::orc::JITDylib& library, void* address)
      : jit_(std::move(jit)), used_(std::move(used)), library_(library), address_(address) {}
  ~OrcCode() override { llvm::consumeError(jit_->getExecutionSession().removeJITDylib(library_)); }
  void* address() const override { return address_; }
  void* find(const std::string& function) const override {
    llvm::Expected<ExecutorAddr> address = jit_->lookup(library_, function);
    if (address) return address->toPtr<void*>();
    llvm::consumeError(address.takeError());
    return nullptr;
  }
  llvm::orc::JITDylib& library() const { return library_; }

 private:
  std::shared_ptr<llvm::orc::LLJIT> jit_;
  LinkedParts used_;
  llvm::orc::JITDylib& library_;
  void* address_;
};

class OrcStack final : public JitStack {
 public:
  explicit OrcStack(std::shared_ptr<llvm::orc::LLJIT> jit) : jit_(std::move(jit)) {}

  std::shared_ptr<LinkedCode> link(std::string_view object, const std::string& function, const LinkedParts& used,
                                   std::string& error) override {
    llvm::orc::JITDylib& library = new_library(used);
    llvm::Expected<ExecutorAddr> address = link_into(library, object, function);
    if (address) return std::make_shared<OrcCode>(jit_, used, library, address->toPtr<void*>());
    error = llvm::toString(address.takeError());
    llvm::consumeError(jit_->getExecutionSession().removeJITDylib(library));
    return nullptr;
  }

 private:
  // Its name means nothing outside of this session.
  llvm::orc::JITDylib& new_library(const LinkedParts& used) {
    auto& library = jit_->getExecutionSession().createBareJITDylib("image " + std::to_string(next_library_++));
    for (const std::shared_ptr<LinkedCode>& code : used) library.addToLinkOrder(static_cast<OrcCode&>(*code).library());
    library.addToLinkOrder(jit_->getMainJITDylib());
    return library;
  }

  llvm::Expected<ExecutorAddr> link_into(llvm::orc::JITDylib& library, std::string_view object, const std::string& function) {
    auto buffer = llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef(object), "kernel");
    if (llvm::Error problem = jit_->addObjectFile(library, std::move(buffer))) return std::move(problem);
    return jit_->lookup(library, function);
  }

  std::shared_ptr<llvm::orc::LLJIT> jit_;  // shared with the code that it has linked
  std::atomic<std::uint64_t> next_library_{0};
};

// Errors come back as the result of add(); ORC would print a second copy.
void keep_quiet(llvm::Error problem) { llvm::consumeError(std::move(problem)); }

llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> build_jit(const llvm::TargetMachine& machine) {
  llvm::orc::LLJITBuilder builder;
  builder.setJITTargetMachineBuilder(llvm::orc::JITTargetMachineBuilder(machine.getTargetTriple()));
  builder.setDataLayout(machine.createDataLayout());
  builder.setLinkProcessSymbolsByDefault(false);
  builder.setPlatformSetUp(llvm::orc::setUpInactivePlatform);
  builder.setObjectLinkingLayerCreator([](llvm::orc::ExecutionSession& session, const llvm::Triple&) {
    return std::make_unique<llvm::orc::ObjectLinkingLayer>(session);
  });
  return builder.create();
}

}  // namespace

std::shared_ptr<JitStack> JitStack::create(std::string& error, Resolve resolve) {
  const std::unique_ptr<llvm::TargetMachine> machine = make_target_machine(host_target(), 0, error);
  if (!machine) return nullptr;
  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> jit = build_jit(*machine);
  if (!jit) {
    error = llvm::toString(jit.takeError());
    return nullptr;
  }
  (*jit)->getExecutionSession().setErrorReporter(keep_quiet);
  (*jit)->getMainJITDylib().addGenerator(std::make_unique<AllowedSymbols>(std::move(resolve)));
  return std::make_shared<OrcStack>(std::move(*jit));
}

}  // namespace kjit
