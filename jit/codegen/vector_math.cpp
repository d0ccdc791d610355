// The table of libmvec functions, probed by name. Entry: vector_functions. LLVM 19 knows six of them itself; glibc exports up to
// 27 for each vector width, under names of the vector function ABI: _ZGV<isa>N<width><one v for each argument>_<name>.

#include "codegen/vector_math.h"

#include <dlfcn.h>

#include <llvm/TargetParser/Host.h>

namespace kjit {
namespace {

struct Name {
  const char* scalar;
  int arity;
};

constexpr Name kNames[] = {{"sin", 1},   {"cos", 1},   {"tan", 1},   {"exp", 1},   {"log", 1},   {"pow", 2},  {"asin", 1},
                           {"acos", 1},  {"atan", 1},  {"atan2", 2}, {"sinh", 1},  {"cosh", 1},  {"tanh", 1}, {"asinh", 1},
                           {"acosh", 1}, {"atanh", 1}, {"exp2", 1},  {"exp10", 1}, {"expm1", 1}, {"log2", 1}, {"log10", 1},
                           {"log1p", 1}, {"cbrt", 1},  {"erf", 1},   {"erfc", 1},  {"hypot", 2}};

struct Isa {
  char letter;
  unsigned doubles;  // elements in a register
  const char* feature;
};
constexpr Isa kIsas[] = {{'b', 2, "sse4.2"}, {'d', 4, "avx2"}, {'e', 8, "avx512f"}};

void add(std::vector<VectorFunction>& table, void* library, const Name& name, const Isa& isa, bool single) {
  VectorFunction row;
  row.scalar = std::string(name.scalar) + (single ? "f" : "");
  row.width = isa.doubles * (single ? 2 : 1);
  std::string shape = "N" + std::to_string(row.width) + std::string(static_cast<std::size_t>(name.arity), 'v');
  row.vector = std::string("_ZGV") + isa.letter + shape + "_" + row.scalar;
  row.abi = "_ZGV_LLVM_" + shape;
  row.address = dlsym(library, row.vector.c_str());
  if (row.address) table.push_back(std::move(row));
}

// The library stays loaded: compiled code may call it until the process ends.
std::vector<VectorFunction> probe() {
  std::vector<VectorFunction> table;
  void* library = dlopen("libmvec.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) return table;
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  for (const Isa& isa : kIsas) {
    if (!features.lookup(isa.feature)) continue;
    for (const Name& name : kNames) {
      add(table, library, name, isa, false);
      add(table, library, name, isa, true);
    }
  }
  return table;
}

}  // namespace

const std::vector<VectorFunction>& vector_functions() {
  static const std::vector<VectorFunction> table = probe();
  return table;
}

}  // namespace kjit
