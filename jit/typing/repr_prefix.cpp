// Entries: repr_prefix, format_kind.

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

Kind format_kind(Kind scalar) {
  if (scalar == Kind::F32) return Kind::F64;
  return scalar == Kind::C64 ? Kind::C128 : scalar;
}

}  // namespace kjit
