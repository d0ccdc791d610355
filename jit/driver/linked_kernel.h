#pragma once
// An image in runnable form.

#include <memory>
#include <optional>
#include <vector>

#include "codegen/jit_stack.h"
#include "driver/part_store.h"
#include "image/kernel_image.h"
#include "kjit/result.h"
#include "typing/type.h"

namespace kjit {

// Never changed, so that any number of threads may run it.
struct LinkedKernel {
  KernelImage image;  // without the object's bytes once they are linked
  std::vector<Type> parameters;
  std::optional<Type> result;        // nullopt: what it returns has no value outside of kernels
  std::shared_ptr<LinkedCode> code;  // null: the image has no object
  kjit_entry entry = nullptr;        // in `code`
};

// Needs neither the front end nor the compiler. An error if the image is for another machine or cannot be linked. Parts that
// `parts` has linked already are shared.
Result<LinkedKernel> link_kernel(KernelImage image, JitStack& jit, PartStore& parts);
// Of an image without an object, for the interpreter.
Result<LinkedKernel> describe_kernel(KernelImage image);

}  // namespace kjit
