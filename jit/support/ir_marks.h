#pragma once
// What the lowering tells the code generator about a module, besides what LLVM has words for. Neither includes the other.

namespace kjit {

// A call of this function, which no one defines, begins code that runs rarely and is never worth LLVM's time: all that only it
// leads to is compiled apart, without optimisation. The code generator erases the calls.
inline constexpr const char* kRareCodeMark = "kjit.rare";

// An attribute of functions that run a few times in a program and have no loops: they are compiled quickly.
inline constexpr const char* kQuickAttribute = "kjit-quick";

}  // namespace kjit
