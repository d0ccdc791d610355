#pragma once
// The machine that kernels are compiled for: this one.

#include <memory>
#include <string>

namespace llvm {
class TargetMachine;
}  // namespace llvm

namespace kjit {

struct HostTarget {
  std::string triple;
  std::string cpu;
  std::string features;  // "+avx2,+fma,..."
};

const HostTarget& host_target();  // detected once

// opt_level as -O0..-O3. Never fused multiply-add unless an instruction asks for it: results must not depend on the CPU.
// Null and a text in `error` if LLVM has no such target.
std::unique_ptr<llvm::TargetMachine> make_target_machine(int opt_level, std::string& error);

}  // namespace kjit
