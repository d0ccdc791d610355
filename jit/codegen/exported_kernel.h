#pragma once
// What the glue of a library that `kjit build` made says of a kernel, for kjit_rt_call (standalone/rt.cpp). Plain C layouts.

#include "runtime/abi.h"

namespace kjit {

inline constexpr std::int32_t kExportedAbi =
    1;  // to be raised with every change of what such libraries and their runtime agree on

struct ExportedVersion {
  kjit_entry entry;
  std::int32_t cpu;  // what it needs: 0 nothing, 1..4 x86-64, x86-64-v2, ...
};

struct ExportedKernel {
  std::int32_t abi;    // kExportedAbi
  std::int32_t draws;  // random numbers: each call takes a stream
  const char* image;   // a KernelImage without code, as bytes: signature and the texts of its sites
  std::int64_t image_bytes;
  std::int64_t* next_stream;        // of the library; changed atomically
  const ExportedVersion* versions;  // the most demanding first
  std::int64_t version_count;
  kjit_entry chosen;  // by the first call; changed atomically
};

}  // namespace kjit
