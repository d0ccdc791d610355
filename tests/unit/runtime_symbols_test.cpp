// symbols.def against the declarations of runtime.h: compiled code is linked by these letters alone.

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "runtime/inspection.h"
#include "runtime/runtime.h"

namespace {

template <typename T>
struct Letter;
#define KJIT_LETTER(type, letter)         \
  template <>                             \
  struct Letter<type> {                   \
    static constexpr char value = letter; \
  };
KJIT_LETTER(void, 'v')
KJIT_LETTER(int32_t, 'i')
KJIT_LETTER(uint32_t, 'i')
KJIT_LETTER(int64_t, 'l')
KJIT_LETTER(uint64_t, 'u')
KJIT_LETTER(double, 'd')
KJIT_LETTER(float, 'f')
#undef KJIT_LETTER
template <typename T>
struct Letter<T*> {
  static constexpr char value = 'p';
};
template <>
struct Letter<kjit_context*> {
  static constexpr char value = 'x';
};

template <typename Result, typename... Parameters>
std::string letters_of(Result (*)(Parameters...)) {
  return {Letter<Result>::value, Letter<Parameters>::value...};
}

// A status is an int32 to the compiler that compiles this.
std::string plain(std::string letters) {
  if (letters[0] == 'S') letters[0] = 'i';
  return letters;
}

TEST(RuntimeSymbols, LettersMatchTheDeclarations) {
#define KJIT_SYMBOL(name, letters) EXPECT_EQ(letters_of(&name), plain(letters)) << #name;
#include "runtime/symbols.def"
#undef KJIT_SYMBOL
}

TEST(RuntimeSymbols, NoNameIsListedTwice) {
  std::set<std::string> seen;
#define KJIT_SYMBOL(name, letters) EXPECT_TRUE(seen.insert(#name).second) << #name;
#include "runtime/symbols.def"
#undef KJIT_SYMBOL
}

TEST(RuntimeSymbols, FallibleFunctionsTakeContextAndSiteFirst) {
#define KJIT_SYMBOL(name, letters) \
  if (std::string(letters)[0] == 'S') EXPECT_EQ(std::string(letters).substr(1, 1), "x") << #name;
#include "runtime/symbols.def"
#undef KJIT_SYMBOL
}

}  // namespace
