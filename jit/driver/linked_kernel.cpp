// Image -> runnable kernel. Entry: link_kernel.

#include "driver/linked_kernel.h"

#include <utility>

#include "codegen/target.h"
#include "driver/marshal.h"
#include "support/assert.h"
#include "typing/type_text.h"

namespace kjit {

namespace {

std::optional<Error> read_signature(LinkedKernel& kernel) {
  for (const Parameter& parameter : kernel.image.signature.parameters) {
    auto type = parse_type(parameter.type);
    if (!type || !has_value(*type)) return Error{"the kernel image is damaged: " + parameter.type + " is no type of an argument"};
    kernel.parameters.push_back(std::move(*type));
  }
  kernel.result = parse_type(kernel.image.signature.result);
  if (kernel.result && !has_value(*kernel.result)) kernel.result.reset();
  return std::nullopt;
}

std::optional<Error> link_object(LinkedKernel& kernel, JitStack* jit) {
  KernelImage& image = kernel.image;
  if (image.target != target_text()) return Error{"the kernel image is for another machine: " + image.target};
  KJIT_ASSERT(jit != nullptr, "an image with code is linked without a linker");
  std::string problem;
  kernel.code = jit->link(image.object, image.entry, problem);
  if (!kernel.code) return Error{problem};
  std::string().swap(image.object);
  return std::nullopt;
}

}  // namespace

Result<LinkedKernel> link_kernel(KernelImage image, JitStack* jit) {
  LinkedKernel kernel{std::move(image), {}, {}, {}};
  if (auto error = read_signature(kernel)) return std::move(*error);
  if (kernel.image.object.empty()) return kernel;
  if (auto error = link_object(kernel, jit)) return std::move(*error);
  return kernel;
}

std::string target_text() {
  const HostTarget& host = host_target();
  return host.triple + " " + host.cpu + " " + host.features;
}

}  // namespace kjit
