#pragma once
// What an image says about its kernel, read off the typed tree: signature, texts of the sites, names of loop variables.

#include "image/kernel_image.h"
#include "support/source_file.h"
#include "typing/tree/typed_tree.h"

namespace kjit {

// The image of functions[0], without code and warnings.
KernelImage describe(const typed::Program& program, const SourceMap& sources);

}  // namespace kjit
