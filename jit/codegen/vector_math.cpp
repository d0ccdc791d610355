// The tables of vector functions. Entries: own_vector_functions; vector_functions, libmvec's, probed by name. LLVM 19 knows six
// of them itself; glibc exports up to 27 for each vector width, under names of the vector function ABI: _ZGV<isa>N<width><one v
// for each argument>_<name>.

#include "codegen/vector_math.h"

#include <dlfcn.h>

#include <llvm/TargetParser/Host.h>

#include "library/libm_table.h"
#include "runtime/vector_math/vector_math.h"

namespace kjit {
namespace {

struct Isa {
  char letter;
  unsigned doubles;  // elements in a register
  const char* feature;
};
constexpr Isa kIsas[] = {{'b', 2, "sse4.2"}, {'d', 4, "avx2"}, {'e', 8, "avx512f"}};

void add(std::vector<VectorFunction>& table, void* library, const LibmFunction& function, const Isa& isa, bool single) {
  VectorFunction row;
  row.scalar = std::string(function.name) + (single ? "f" : "");
  row.width = isa.doubles * (single ? 2 : 1);
  std::string shape = "N" + std::to_string(row.width) + std::string(static_cast<std::size_t>(function.arity), 'v');
  row.vector = std::string("_ZGV") + isa.letter + shape + "_" + row.scalar;
  row.abi = "_ZGV_LLVM_" + shape;
  row.feature = isa.feature;
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
    for_each_libm_function([&](const LibmFunction& function) {
      if (function.own) return;
      add(table, library, function, isa, false);
      add(table, library, function, isa, true);
    });
  }
  return table;
}

std::vector<VectorFunction> own_forms() {
  std::vector<VectorFunction> table;
  std::int32_t count = 0;
  const kjit_vector_form* forms = kjit_vector_forms(&count);
  for (std::int32_t k = 0; k < count; ++k) {
    table.push_back({forms[k].scalar, forms[k].vector, static_cast<unsigned>(forms[k].width),
                     std::string("_ZGV_LLVM_") + forms[k].shape, forms[k].feature, forms[k].address});
  }
  return table;
}

}  // namespace

const std::vector<VectorFunction>& own_vector_functions() {
  static const std::vector<VectorFunction> table = own_forms();
  return table;
}

const std::vector<VectorFunction>& vector_functions() {
  static const std::vector<VectorFunction> table = probe();
  return table;
}

}  // namespace kjit
