#pragma once
// What LLVM's passes say about a module while they optimise it: which loops became vectors, which calls were inlined, and why
// not.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace llvm {
class LLVMContext;
}

namespace kjit {

struct Remark {
  enum class Kind : std::uint8_t { Done, Missed, Analysis } kind;  // Analysis: why it was missed
  std::string pass;                                                // "loop-vectorize"
  std::string name;                                                // "Vectorized", "CantReorderFPOps"
  std::string function;                                            // symbol
  std::string file;                                                // as in the debug information: without its folders
  std::uint32_t line = 0, column = 0;                              // 0: unknown
  std::map<std::string, std::string> values;                       // "VectorizationFactor": "4"
  std::string text;                                                // LLVM's own words
};

// From now on the context's passes append to `remarks`, which must outlive them. Only modules with line tables have places.
void collect_remarks(llvm::LLVMContext& context, std::vector<Remark>& remarks);

}  // namespace kjit
