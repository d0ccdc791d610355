// A host with an LLVM of its own, of the same version and in the same process: both compile, in turn, and neither sees the other.

#include <kjit/kjit.h>
#include <llvm-c/Analysis.h>
#include <llvm-c/Core.h>
#include <llvm-c/ExecutionEngine.h>
#include <llvm-c/Target.h>

#include <cstdint>
#include <cstdio>

namespace {

// 3 * x, compiled by the host's LLVM.
std::int64_t triple(std::int64_t x) {
  LLVMContextRef context = LLVMContextCreate();
  LLVMModuleRef module = LLVMModuleCreateWithNameInContext("host", context);
  LLVMTypeRef number = LLVMInt64TypeInContext(context);
  LLVMValueRef function = LLVMAddFunction(module, "triple", LLVMFunctionType(number, &number, 1, 0));
  LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
  LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, function, ""));
  LLVMBuildRet(builder, LLVMBuildMul(builder, LLVMGetParam(function, 0), LLVMConstInt(number, 3, 0), ""));
  LLVMDisposeBuilder(builder);
  LLVMExecutionEngineRef engine = nullptr;
  char* problem = nullptr;
  if (LLVMCreateJITCompilerForModule(&engine, module, 2, &problem) != 0) return -1;
  const auto compiled = reinterpret_cast<std::int64_t (*)(std::int64_t)>(LLVMGetFunctionAddress(engine, "triple"));
  const std::int64_t result = compiled(x);
  LLVMDisposeExecutionEngine(engine);
  LLVMContextDispose(context);
  return result;
}

}  // namespace

int main() {
  LLVMLinkInMCJIT();
  LLVMInitializeNativeTarget();
  LLVMInitializeNativeAsmPrinter();
  std::printf("host: %lld\n", static_cast<long long>(triple(7)));
  kjit::Engine engine;
  for (int i = 1; i <= 3; ++i) {
    auto f = engine.load_source("def f(n):\n    return n * " + std::to_string(i) + "\n", "f.k")
                 .value()
                 .function<std::int64_t(std::int64_t)>("f")
                 .value();
    std::printf("kjit: %lld, host: %lld\n", static_cast<long long>(f(100).value()), static_cast<long long>(triple(i)));
  }
}
