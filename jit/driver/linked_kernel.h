#pragma once
// An image in runnable form.

#include <memory>
#include <optional>
#include <vector>

#include "codegen/jit_stack.h"
#include "image/kernel_image.h"
#include "kjit/result.h"
#include "typing/type.h"

namespace kjit {

// Never changed, so that any number of threads may run it.
struct LinkedKernel {
  KernelImage image;  // without the object's bytes once they are linked
  std::vector<Type> parameters;
  std::optional<Type> result;        // nullopt: what it returns has no value outside of kernels
  std::unique_ptr<LinkedCode> code;  // null: the image has no object
};

// Needs neither the front end nor the compiler. An error if the image is for another machine or cannot be linked. `jit` may be
// null if the image has no object.
Result<LinkedKernel> link_kernel(KernelImage image, JitStack* jit);

// What images of this machine have as their target.
std::string target_text();

}  // namespace kjit
