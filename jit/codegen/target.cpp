// Compilation targets. Entry: make_target_machine.

#include "codegen/target.h"

#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/SubtargetFeature.h>

#include <mutex>

namespace kjit {
namespace {

CodeTarget detect() {
  CodeTarget host;
  host.triple = llvm::sys::getProcessTriple();
  host.cpu = llvm::sys::getHostCPUName().str();
  llvm::SubtargetFeatures features;
  for (const auto& feature : llvm::sys::getHostCPUFeatures()) features.AddFeature(feature.first(), feature.second);
  host.features = features.getString();
  return host;
}

void initialise_llvm() {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
}

#ifdef KJIT_HAS_AARCH64
// Not with the native one: this costs time, which only those who build for such machines should pay.
void initialise_aarch64() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
  });
}
#else
void initialise_aarch64() {}
#endif

const llvm::Target* find_target(const std::string& triple, std::string& error) {
  initialise_llvm();
  if (llvm::Triple(triple).isAArch64()) initialise_aarch64();
  return llvm::TargetRegistry::lookupTarget(triple, error);
}

// LLVM itself would print a warning on stderr and take another one.
bool knows_cpu(const llvm::Target& target, const CodeTarget& wanted, std::string& error) {
  if (wanted.cpu == host_target().cpu) return true;
  const std::unique_ptr<llvm::MCSubtargetInfo> cpus(target.createMCSubtargetInfo(wanted.triple, "", ""));
  if (cpus && cpus->isCPUStringValid(wanted.cpu)) return true;
  error = "LLVM knows no CPU " + wanted.cpu + " of " + wanted.triple;
  return false;
}

llvm::CodeGenOptLevel codegen_level(int opt_level) {
  switch (opt_level) {
    case 0: return llvm::CodeGenOptLevel::None;
    case 1: return llvm::CodeGenOptLevel::Less;
    case 2: return llvm::CodeGenOptLevel::Default;
    default: return llvm::CodeGenOptLevel::Aggressive;
  }
}

}  // namespace

const CodeTarget& host_target() {
  static const CodeTarget host = detect();
  return host;
}

std::string to_string(const CodeTarget& target) { return target.triple + " " + target.cpu + " " + target.features; }

std::unique_ptr<llvm::TargetMachine> make_target_machine(const CodeTarget& wanted, int opt_level, std::string& error) {
  const llvm::Target* target = find_target(wanted.triple, error);
  if (!target || !knows_cpu(*target, wanted, error)) return nullptr;
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  options.EnableFastISel = opt_level == 0;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(wanted.triple, wanted.cpu, wanted.features, options,
                                                                           llvm::Reloc::PIC_, llvm::CodeModel::Small,
                                                                           codegen_level(opt_level), /*JIT=*/true));
  if (!machine) error = "LLVM has no code generator for " + wanted.triple;
  return machine;
}

bool has_fma(const llvm::TargetMachine& machine) {
  return machine.getTargetTriple().isAArch64() || machine.getMCSubtargetInfo()->checkFeatures("+fma");
}

}  // namespace kjit
