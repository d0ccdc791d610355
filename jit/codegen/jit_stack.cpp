// ORC: LLJIT with JITLink, one ResourceTracker for each module. Entry: JitStack::create.

#include "codegen/jit_stack.h"

#include <llvm/ExecutionEngine/Orc/CompileUtils.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <atomic>
#include <mutex>
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
  AllowedSymbols() {
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
    if (!name.starts_with("_ZGV")) return nullptr;
    for (const VectorFunction& row : vector_functions()) {
      if (row.vector == name) return row.address;
    }
    return nullptr;
  }

  std::unordered_map<std::string_view, void*> table_;  // the names are literals
};

class OrcModule final : public CompiledModule {
 public:
  OrcModule(std::shared_ptr<void> stack, llvm::orc::ResourceTrackerSP tracker, kjit_entry entry)
      : stack_(std::move(stack)), tracker_(std::move(tracker)), entry_(entry) {}
  ~OrcModule() override { llvm::consumeError(tracker_->remove()); }
  kjit_entry entry() const override { return entry_; }

 private:
  std::shared_ptr<void> stack_;  // outlives the tracker
  llvm::orc::ResourceTrackerSP tracker_;
  kjit_entry entry_;
};

class OrcStack final : public JitStack, public std::enable_shared_from_this<OrcStack> {
 public:
  OrcStack(std::unique_ptr<llvm::orc::LLJIT> jit, std::unique_ptr<llvm::TargetMachine> machine, int opt_level)
      : jit_(std::move(jit)), opt_level_(opt_level) {
    give_back(std::move(machine));
  }

  std::unique_ptr<CompiledModule> add(std::unique_ptr<llvm::LLVMContext> context, std::unique_ptr<llvm::Module> module,
                                      const std::string& entry, std::string& error) override {
    std::string name = entry + "." + std::to_string(next_module_++);
    llvm::Function* function = module->getFunction(entry);
    if (!function) return fail(error, "the module has no function " + entry);
    function->setName(name);
    std::unique_ptr<llvm::MemoryBuffer> object = compile(*module, error);
    module.reset();
    context.reset();
    return object ? link(std::move(object), name, error) : nullptr;
  }

 private:
  static std::nullptr_t fail(std::string& error, std::string text) {
    error = std::move(text);
    return nullptr;
  }

  // Outside ORC: on the calling thread, with a target machine of its own, and without a lock.
  std::unique_ptr<llvm::MemoryBuffer> compile(llvm::Module& module, std::string& error) {
    std::unique_ptr<llvm::TargetMachine> machine = take_machine(error);
    if (!machine) return nullptr;
    llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> object = llvm::orc::SimpleCompiler(*machine)(module);
    give_back(std::move(machine));
    if (!object) return fail(error, llvm::toString(object.takeError()));
    return std::move(*object);
  }

  // Target machines cost a millisecond to make and serve one thread at a time.
  std::unique_ptr<llvm::TargetMachine> take_machine(std::string& error) {
    std::lock_guard lock(idle_mutex_);
    if (idle_.empty()) return make_target_machine(opt_level_, error);
    std::unique_ptr<llvm::TargetMachine> machine = std::move(idle_.back());
    idle_.pop_back();
    return machine;
  }
  void give_back(std::unique_ptr<llvm::TargetMachine> machine) {
    std::lock_guard lock(idle_mutex_);
    idle_.push_back(std::move(machine));
  }

  std::unique_ptr<CompiledModule> link(std::unique_ptr<llvm::MemoryBuffer> object, const std::string& name, std::string& error) {
    llvm::orc::ResourceTrackerSP tracker = jit_->getMainJITDylib().createResourceTracker();
    if (llvm::Error problem = jit_->addObjectFile(tracker, std::move(object)))
      return fail(error, llvm::toString(std::move(problem)));
    llvm::Expected<ExecutorAddr> address = jit_->lookup(name);
    if (!address) {
      llvm::consumeError(tracker->remove());
      return fail(error, llvm::toString(address.takeError()));
    }
    return std::make_unique<OrcModule>(shared_from_this(), std::move(tracker), address->toPtr<kjit_entry>());
  }

  std::unique_ptr<llvm::orc::LLJIT> jit_;
  int opt_level_;
  std::atomic<std::uint64_t> next_module_{0};
  std::mutex idle_mutex_;
  std::vector<std::unique_ptr<llvm::TargetMachine>> idle_;
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

std::shared_ptr<JitStack> JitStack::create(int opt_level, std::string& error) {
  std::unique_ptr<llvm::TargetMachine> machine = make_target_machine(opt_level, error);
  if (!machine) return nullptr;
  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> jit = build_jit(*machine);
  if (!jit) {
    error = llvm::toString(jit.takeError());
    return nullptr;
  }
  (*jit)->getExecutionSession().setErrorReporter(keep_quiet);
  (*jit)->getMainJITDylib().addGenerator(std::make_unique<AllowedSymbols>());
  return std::make_shared<OrcStack>(std::move(*jit), std::move(machine), opt_level);
}

}  // namespace kjit
