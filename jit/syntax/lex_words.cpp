// Keywords, operators, and advice for characters that are neither. Entry: name_kind, operator_at.

#include "syntax/lex_words.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

namespace kjit {

namespace {

struct Operator {
  TokenKind kind;
  std::string_view text;
};

constexpr Operator kOperators[] = {
#define KJIT_TOKEN(kind, spelling)
#define KJIT_OPERATOR(kind, text) {TokenKind::kind, text},
#define KJIT_KEYWORD(kind, text)
#include "syntax/tokens.def"
#undef KJIT_TOKEN
#undef KJIT_OPERATOR
#undef KJIT_KEYWORD
};

}  // namespace

TokenKind name_kind(std::string_view text) {
  static const std::unordered_map<std::string_view, TokenKind> keywords = {
#define KJIT_TOKEN(kind, spelling)
#define KJIT_OPERATOR(kind, text)
#define KJIT_KEYWORD(kind, text) {text, TokenKind::kind},
#include "syntax/tokens.def"
#undef KJIT_TOKEN
#undef KJIT_OPERATOR
#undef KJIT_KEYWORD
  };
  const auto found = keywords.find(text);
  return found == keywords.end() ? TokenKind::Name : found->second;
}

std::optional<TokenKind> operator_at(std::string_view text) {
  const auto* found = std::find_if(std::begin(kOperators), std::end(kOperators),
                                   [text](const Operator& op) { return text.starts_with(op.text); });
  if (found == std::end(kOperators)) return std::nullopt;
  return found->kind;
}

bool only_in_statements(TokenKind kind) {
  switch (kind) {
    case TokenKind::Def:
    case TokenKind::Class:
    case TokenKind::Return:
    case TokenKind::While:
    case TokenKind::Import:
    case TokenKind::Pass:
    case TokenKind::Break:
    case TokenKind::Continue:
    case TokenKind::Raise:
    case TokenKind::Assert:
    case TokenKind::Del:
    case TokenKind::With:
    case TokenKind::Try:
    case TokenKind::Global:
    case TokenKind::Nonlocal:
    case TokenKind::Except:
    case TokenKind::Finally:
    case TokenKind::Elif: return true;
    default: return false;
  }
}

std::string_view advice_for_character(char32_t value) {
  switch (value) {
    case U'?': return "a choice between two values is written: a if condition else b";
    case U'!': return "negation is written: not x";
    case U'$': return "names consist of letters, digits and underscores";
    case U'`': return "strings are written with \" or '";
    case 0x2018:
    case 0x2019:
    case 0x201C:
    case 0x201D: return "replace the typographic quotes by \" or '";
    case 0x2013:
    case 0x2014:
    case 0x2212: return "replace it by the minus sign -";
    case 0xD7: return "multiplication is written: a * b";
    case 0xA0:
    case 0x3000:
    case 0x200B:
    case 0xFEFF: return "replace it by an ordinary space";
    case 0x2264: return "write <=";
    case 0x2265: return "write >=";
    case 0x2260: return "write !=";
    default: return "";
  }
}

}  // namespace kjit
