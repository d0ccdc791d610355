// Entries: repr_prefix, numpy_name, format_kind.

#include "typing/repr_prefix.h"

namespace kjit {

std::string_view repr_prefix(Kind scalar) {
  switch (scalar) {
    case Kind::I8: return "np.int8";
    case Kind::I16: return "np.int16";
    case Kind::I32: return "np.int32";
    case Kind::U8: return "np.uint8";
    case Kind::U16: return "np.uint16";
    case Kind::U32: return "np.uint32";
    case Kind::U64: return "np.uint64";
    case Kind::F32: return "np.float32";
    default: return "";
  }
}

std::string_view numpy_name(Kind scalar) {
  switch (scalar) {
    case Kind::Bool: return "bool";
    case Kind::I64: return "int64";
    case Kind::F64: return "float64";
    case Kind::C64: return "complex64";
    case Kind::C128: return "complex128";
    default: return repr_prefix(scalar).substr(3);
  }
}

Kind format_kind(Kind scalar) {
  if (scalar == Kind::F32) return Kind::F64;
  return scalar == Kind::C64 ? Kind::C128 : scalar;
}

}  // namespace kjit
