// Image -> runnable kernel. Entry: link_kernel.

#include "driver/linked_kernel.h"

#include <map>
#include <string_view>
#include <utility>

#include "codegen/target.h"
#include "driver/marshal.h"
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

Result<LinkedParts> link_parts(const KernelImage& image, JitStack& jit, PartStore& parts) {
  std::map<std::string_view, std::shared_ptr<LinkedCode>> linked;
  const auto codes_of = [&](const std::vector<std::string>& keys) {
    LinkedParts codes;
    for (const std::string& key : keys) codes.push_back(linked.at(key));
    return codes;
  };
  for (const std::shared_ptr<const CodePart>& part : image.parts) {
    std::string problem;
    linked[part->key] = parts.link(part, codes_of(part->uses), jit, problem);
    if (!linked[part->key]) return Error{problem};
  }
  return codes_of(image.uses);
}

std::optional<Error> link_object(LinkedKernel& kernel, JitStack& jit, PartStore& parts) {
  KernelImage& image = kernel.image;
  if (image.target != to_string(host_target())) return Error{"the kernel image is for another machine: " + image.target};
  const Result<LinkedParts> used = link_parts(image, jit, parts);
  if (!used) return used.error();
  std::string problem;
  kernel.code = jit.link(image.object, image.entry, *used, problem);
  if (!kernel.code) return Error{problem};
  kernel.entry = reinterpret_cast<kjit_entry>(kernel.code->address());
  std::string().swap(image.object);
  return std::nullopt;
}

}  // namespace

Result<LinkedKernel> describe_kernel(KernelImage image) {
  LinkedKernel kernel;
  kernel.image = std::move(image);
  if (auto error = read_signature(kernel)) return std::move(*error);
  return kernel;
}

Result<LinkedKernel> link_kernel(KernelImage image, JitStack& jit, PartStore& parts) {
  Result<LinkedKernel> kernel = describe_kernel(std::move(image));
  if (!kernel) return kernel;
  if (auto error = link_object(*kernel, jit, parts)) return std::move(*error);
  return kernel;
}

}  // namespace kjit
