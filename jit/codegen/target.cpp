// The host as a compilation target. Entry: make_target_machine.

#include "codegen/target.h"

#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Target/TargetMachine.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/SubtargetFeature.h>

#include <mutex>

namespace kjit {
namespace {

HostTarget detect() {
  HostTarget host;
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

llvm::CodeGenOptLevel codegen_level(int opt_level) {
  switch (opt_level) {
    case 0: return llvm::CodeGenOptLevel::None;
    case 1: return llvm::CodeGenOptLevel::Less;
    case 2: return llvm::CodeGenOptLevel::Default;
    default: return llvm::CodeGenOptLevel::Aggressive;
  }
}

}  // namespace

const HostTarget& host_target() {
  static const HostTarget host = detect();
  return host;
}

std::unique_ptr<llvm::TargetMachine> make_target_machine(int opt_level, std::string& error) {
  initialise_llvm();
  const HostTarget& host = host_target();
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(host.triple, error);
  if (!target) return nullptr;
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  options.EnableFastISel = opt_level == 0;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(host.triple, host.cpu, host.features, options,
                                                                           llvm::Reloc::PIC_, llvm::CodeModel::Small,
                                                                           codegen_level(opt_level), /*JIT=*/true));
  if (!machine) error = "LLVM has no code generator for " + host.triple;
  return machine;
}

}  // namespace kjit
