// Types as text and back: parse_type is the inverse of to_string.

#include <gtest/gtest.h>

#include "runtime/abi.h"
#include "typing/type_text.h"

namespace kjit {
namespace {

std::vector<Type> scalars() {
  std::vector<Type> types;
  for (int kind = static_cast<int>(Kind::None); kind <= static_cast<int>(Kind::Str); ++kind) {
    types.emplace_back(static_cast<Kind>(kind));
  }
  return types;
}

TEST(TypeText, EveryTypeWithAValueOutsideComesBack) {
  std::vector<Type> types = scalars();
  const std::size_t scalar_count = types.size();
  for (int dtype = static_cast<int>(Kind::Bool); dtype <= static_cast<int>(Kind::C128); ++dtype) {
    types.push_back(Type::dtype_value(static_cast<Kind>(dtype)));
    for (int rank = 1; rank <= KJIT_MAX_RANK; ++rank) {
      for (const Layout layout : {Layout::C, Layout::Strided})
        types.push_back(Type::array(static_cast<Kind>(dtype), rank, layout));
    }
  }
  types.push_back(Type::array(Kind::F32, 0, Layout::C));
  types.push_back(Type::tuple({}));
  types.push_back(Type::tuple(std::vector<Type>(types.begin(), types.begin() + static_cast<std::ptrdiff_t>(scalar_count))));
  for (const Type& type : std::vector<Type>(types)) {
    types.push_back(Type::tuple({type}));
    types.push_back(Type::tuple({type, Type::tuple({Type::tuple({type, type}), Kind::I64})}));
  }
  for (const Type& type : types) {
    const auto parsed = parse_type(to_string(type));
    ASSERT_TRUE(parsed) << to_string(type);
    EXPECT_EQ(*parsed, type) << to_string(type);
  }
}

TEST(TypeText, NothingElseIsAType) {
  for (const char* text :
       {"",      " ",       "i65",         "I64",         "i64 ",     " i64",        "f64[",       "f64]",
        "f64[:", "f64[::1", "f64[::1, :]", "f64[:,:]",    "f64[::2]", "f64[:][:]",   "(",          ")",
        "(i64",  "(i64)",   "(i64,",       "(i64,, i64)", "(,)",      "(i64, f64,)", "function f", "(function f,)",
        "dtype", "dtype ",  "dtype str",   "unknown",     "tuple",    "array",       "None,"}) {
    EXPECT_FALSE(parse_type(text)) << text;
  }
  const std::string too_many_axes = "f64[" + std::string(3 * KJIT_MAX_RANK, ' ') + ":]";
  EXPECT_FALSE(parse_type(too_many_axes));
}

TEST(TypeText, DeepNestingIsRefused) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += '(';
  EXPECT_FALSE(parse_type(deep));
}

}  // namespace
}  // namespace kjit
