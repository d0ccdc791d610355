// Names of the token kinds, from tokens.def. Entry: token_name, token_spelling.

#include "syntax/token.h"

namespace kjit {

namespace {

enum class Class { Other, Operator, Keyword };

struct Row {
  std::string_view name, spelling;
  Class cls;
};

constexpr Row kRows[] = {
#define KJIT_TOKEN(kind, spelling) {#kind, spelling, Class::Other},
#define KJIT_OPERATOR(kind, text) {#kind, text, Class::Operator},
#define KJIT_KEYWORD(kind, text) {#kind, text, Class::Keyword},
#include "syntax/tokens.def"
#undef KJIT_TOKEN
#undef KJIT_OPERATOR
#undef KJIT_KEYWORD
};

const Row& row(TokenKind kind) { return kRows[static_cast<std::size_t>(kind)]; }

}  // namespace

std::string_view token_name(TokenKind kind) { return row(kind).name; }
std::string_view token_spelling(TokenKind kind) { return row(kind).spelling; }
bool is_keyword(TokenKind kind) { return row(kind).cls == Class::Keyword; }

}  // namespace kjit
