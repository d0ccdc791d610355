#pragma once
// The machines that kernels are compiled for: this one, or others ahead of time.

#include <memory>
#include <string>

namespace llvm {
class TargetMachine;
}  // namespace llvm

namespace kjit {

struct CodeTarget {
  std::string triple;
  std::string cpu;
  std::string features;  // "+avx2,+fma,..."
};

const CodeTarget& host_target();  // detected once
// "triple cpu features": what code that was compiled for it runs on.
std::string to_string(const CodeTarget& target);

// opt_level as -O0..-O3. Never fused multiply-add unless an instruction asks for it: results must not depend on the CPU.
// Null and a text in `error` if LLVM has no such target, or the target no such CPU.
std::unique_ptr<llvm::TargetMachine> make_target_machine(const CodeTarget& target, int opt_level, std::string& error);

// Is a fused multiply-add one instruction?
bool has_fma(const llvm::TargetMachine& machine);

}  // namespace kjit
