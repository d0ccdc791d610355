#pragma once
// Kernels whose types are known at run time only: for bindings, and hosts that read both kernels and data. Who knows the types
// when the program is compiled wants function.h.
//
//   auto f = module->function("f", {"f64[:, :]", "i64"});      // compiled and checked here, once
//   std::puts(f->signature().text().c_str());                  // f(x: f64[:, :], k: i64) -> f64
//   kjit::CallResult y = f->call({{kjit::ArrayValue::borrow(kjit::DType::F64, data, {3, 4})}, {std::int64_t{1}}});

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kjit/engine.h"
#include "kjit/export.h"
#include "kjit/value.h"

namespace kjit::inline KJIT_ABI {

struct KernelParameter {
  std::string name;
  std::string type;      // "f64[:, ::1]", "i64", "(str, bool)"
  bool written = false;  // the kernel may change the elements of its arrays
};

struct KJIT_EXPORT KernelSignature {
  std::string name;
  std::vector<KernelParameter> parameters;
  std::string result;  // as the parameters' types; "None"

  std::string text() const;
};

// Thread rule: may be called from any number of threads at once. Keeps the code alive, also when module and engine are gone.
class KJIT_EXPORT AnyFunction {
 public:
  const KernelSignature& signature() const { return signature_; }

  // Arguments are converted where the type holds the value exactly, else the call fails with TypeError: integers to wider ones
  // and to floats, contiguous arrays to strided ones. Arrays are passed without a copy; strings and arrays must live during the
  // call.
  CallResult call(const std::vector<Value>& args, const CallOptions& options = {}) const;

  // For Module::function.
  explicit AnyFunction(std::shared_ptr<const detail::Compiled> code);

 private:
  KernelSignature signature_;
  std::shared_ptr<const detail::Compiled> code_;
};

}  // namespace kjit::inline KJIT_ABI
