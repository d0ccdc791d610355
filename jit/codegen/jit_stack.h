#pragma once
// Machine code in memory: an optimised module in, a callable entry out.
//
//   std::string error;
//   std::shared_ptr<JitStack> jit = JitStack::create(3, error);
//   std::unique_ptr<CompiledModule> code = jit->add(std::move(context), std::move(module), entry, error);
//   code->entry()(&ctx, args, &result);

#include <memory>
#include <string>

#include "runtime/abi.h"

namespace llvm {
class LLVMContext;
class MemoryBuffer;
class Module;
}  // namespace llvm

namespace kjit {

// Owns the machine code of one module and frees it when destroyed; nothing may be running in it then. Keeps its JitStack alive.
class CompiledModule {
 public:
  virtual ~CompiledModule() = default;
  virtual kjit_entry entry() const = 0;
};

// Thread rule: any member may be called from any thread at any time.
class JitStack {
 public:
  // Null and a text in `error` when code cannot be generated here (no target, memory may not be executable).
  static std::shared_ptr<JitStack> create(int opt_level, std::string& error);
  virtual ~JitStack() = default;

  // Compiles the (already optimised) module and links it with the runtime. Null and a text in `error` on failure.
  virtual std::unique_ptr<CompiledModule> add(std::unique_ptr<llvm::LLVMContext> context, std::unique_ptr<llvm::Module> module,
                                              const std::string& entry, std::string& error) = 0;
};

}  // namespace kjit
