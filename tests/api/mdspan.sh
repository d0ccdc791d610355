#!/usr/bin/env bash
# mdspan.sh COMPILER HEADERS: kernels take std::mdspan; one that has no strides is refused when the host's program is compiled.
set -euo pipefail
compiler=$1 headers=$2

compile() {
  "$compiler" -std=c++23 "$library" -I"$headers" -Wall -Wextra -Werror -fsyntax-only -x c++ -
}
has_mdspan() {
  printf '#include <version>\n#ifndef __cpp_lib_mdspan\n#error\n#endif\n' | compile 2>/dev/null
}

library=-stdlib=libstdc++
has_mdspan || library=-stdlib=libc++
if ! has_mdspan; then
  echo "skipped: no C++ library here has std::mdspan (libc++-19-dev has)"
  exit 77
fi

compile <<'END'
#include <kjit/kjit.h>
using Rows = std::mdspan<double, std::dextents<int, 2>>;
using Columns = std::mdspan<const float, std::extents<std::size_t, 3, 4>, std::layout_left>;
using Strided = std::mdspan<int, std::dextents<long, 1>, std::layout_stride>;
double use(const kjit::Module& module, Rows rows, Columns columns, Strided strided) {
  return module.function<double(Rows, Columns, Strided)>("f").value()(rows, columns, strided);
}
END

if errors=$(compile 2>&1 <<'END'
#include <kjit/kjit.h>
struct Triangle {
  template <typename Extents>
  struct mapping {
    using extents_type = Extents;
    using index_type = typename Extents::index_type;
    using size_type = typename Extents::size_type;
    using rank_type = typename Extents::rank_type;
    using layout_type = Triangle;
    Extents shape;
    const Extents& extents() const { return shape; }
    index_type required_span_size() const { return 1; }
    index_type operator()(index_type i, index_type j) const { return i + j; }
    static constexpr bool is_always_unique() { return false; }
    static constexpr bool is_always_exhaustive() { return false; }
    static constexpr bool is_always_strided() { return false; }
    bool is_unique() const { return false; }
    bool is_exhaustive() const { return false; }
    bool is_strided() const { return false; }
  };
};
using Folded = std::mdspan<double, std::dextents<int, 2>, Triangle>;
double use(const kjit::Module& module, Folded folded) { return module.function<double(Folded)>("f").value()(folded); }
END
); then
  echo "a layout without strides was accepted"
  exit 1
fi
grep -q 'kernels read arrays with strides only' <<<"$errors"
