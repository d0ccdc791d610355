#pragma once
// A compiled kernel as a value: everything that is needed to link and run it, to say where it failed, and to repeat its warnings.
// No syntax tree, no LLVM. It can be stored as bytes and linked in another process on the same kind of machine.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "image/site_table.h"
#include "kjit/result.h"
#include "support/diagnostics.h"

namespace kjit {

struct Parameter {
  std::string name;
  std::string type;      // as to_string(Type) writes it: "f64[:, ::1]"
  bool written = false;  // the kernel may change the elements of its arrays

  bool operator==(const Parameter&) const = default;
};

struct Signature {
  std::string name;  // "<module>" for the script
  std::vector<Parameter> parameters;
  std::string result;  // type; that of a function ("function f") has no value outside of kernels

  bool operator==(const Signature&) const = default;
};

// "f(n: i64, x: f64[::1]) -> f64"
std::string to_string(const Signature& signature);

// Machine code that several images may share: one function and what was compiled into it. Never changed.
struct CodePart {
  std::string key;                // of its content: parts with one key are interchangeable
  std::string object;             // bytes of a relocatable object file that defines part_symbol(key)
  std::vector<std::string> uses;  // keys of the parts whose functions it calls
};
std::string part_symbol(const std::string& key);
std::string part_key(const std::string& symbol);

struct KernelImage {
  Signature signature;
  bool draws = false;             // random numbers: each call needs a stream of its own
  bool nogil = false;             // runs without the host's lock
  std::string target;             // triple, CPU and features that `object` is for
  std::string entry;              // symbol of the kjit_entry (runtime/abi.h) in `object`
  std::string object;             // bytes of a relocatable object file; empty: nothing to link, the interpreter runs the program
  std::vector<std::string> uses;  // keys of the parts whose functions `object` calls
  std::vector<std::shared_ptr<const CodePart>> parts;  // used by `object`, directly or not; each behind those that it uses
  SiteTable sites;
  std::vector<Diagnostic> warnings;  // their spans are places of the source text that the image was made from
};

// The form in which images are stored: magic, version, length, checksum, fields (image_bytes.cpp). Integers are little-endian.
std::string to_bytes(const KernelImage& image);
// An error for anything but bytes that to_bytes of this release made: another version, a length or a checksum that is not right,
// indices that lead nowhere.
Result<KernelImage> image_from_bytes(std::string_view bytes);

}  // namespace kjit
