// np.einsum with its text written in the call: products over named axes, and sums over those that the result has not. Entry:
// call_einsum.

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "library/arrays/array_rows.h"
#include "library/arrays/kernel_functions.h"
#include "runtime/abi.h"
#include "typing/arrays/np_promotion.h"

namespace kjit {

namespace {

struct Operand {
  std::string letters;  // of its axes
  ExprPtr array;
};

struct Contraction {
  std::vector<std::string> operands;
  std::string result;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Without an arrow: the letters that occur once, in order.
std::string implied_result(const std::vector<std::string>& operands) {
  std::map<char, int> counts;
  for (const std::string& letters : operands) {
    for (const char letter : letters) ++counts[letter];
  }
  std::string result;
  for (const auto& [letter, count] : counts) {
    if (count == 1) result += letter;
  }
  return result;
}

// Empty: no text of this form.
std::optional<Contraction> parse(std::string text) {
  std::erase(text, ' ');
  const std::size_t arrow = text.find("->");
  Contraction contraction;
  contraction.operands.emplace_back();
  for (const char c : text.substr(0, arrow)) {
    if (c == ',') {
      contraction.operands.emplace_back();
    } else if (is_letter(c)) {
      contraction.operands.back() += c;
    } else {
      return std::nullopt;
    }
  }
  contraction.result = arrow == std::string::npos ? implied_result(contraction.operands) : text.substr(arrow + 2);
  std::string all;
  for (const std::string& letters : contraction.operands) all += letters;
  for (std::size_t i = 0; i < contraction.result.size(); ++i) {
    const char c = contraction.result[i];
    if (!is_letter(c) || all.find(c) == std::string::npos || contraction.result.find(c, i + 1) != std::string::npos)
      return std::nullopt;
  }
  return contraction;
}

// A letter that stands twice is one axis: the diagonal, which is the last.
void take_diagonals(FunctionChecker& c, Operand& operand, Span span) {
  for (std::size_t i = 0; i < operand.letters.size(); ++i) {
    const std::size_t other = operand.letters.find(operand.letters[i], i + 1);
    if (other == std::string::npos) continue;
    const Type type = Type::array(operand.array->type.dtype(), operand.array->type.rank() - 1, Layout::Strided);
    std::vector<ExprPtr> args;
    args.push_back(std::move(operand.array));
    args.push_back(c.int_constant(0, span));
    args.push_back(c.int_constant(static_cast<std::int64_t>(i), span));
    args.push_back(c.int_constant(static_cast<std::int64_t>(other), span));
    operand.array = array_call(c, KJIT_ARRAY_Diagonal, type, span, std::move(args));
    const char letter = operand.letters[i];
    operand.letters.erase(other, 1);
    operand.letters.erase(i, 1);
    operand.letters += letter;
    return take_diagonals(c, operand, span);
  }
}

// The axes in the order of the letters; those that the operand has not have length 1.
ExprPtr in_order(FunctionChecker& c, Operand operand, const std::string& letters, Span span) {
  std::vector<std::int64_t> axes;
  for (const char letter : letters) {
    const std::size_t at = operand.letters.find(letter);
    axes.push_back(at == std::string::npos ? -1 : static_cast<std::int64_t>(at));
  }
  return axes_view(c, std::move(operand.array), axes, span);
}

// Two operands with one common axis, over which is summed, and at most one other each: a product of matrices. Null: not the case.
ExprPtr as_matrix_product(FunctionChecker& c, std::vector<Operand>& operands, const std::string& result, Span span) {
  if (operands.size() != 2) return nullptr;
  std::string &a = operands[0].letters, &b = operands[1].letters;
  std::string common, rest_a, rest_b;
  for (const char letter : a) (b.find(letter) == std::string::npos ? rest_a : common) += letter;
  for (const char letter : b) {
    if (a.find(letter) == std::string::npos) rest_b += letter;
  }
  const bool fits = common.size() == 1 && rest_a.size() <= 1 && rest_b.size() <= 1 && result.find(common) == std::string::npos &&
                    result.size() == rest_a.size() + rest_b.size();
  if (!fits) return nullptr;
  ExprPtr left = in_order(c, std::move(operands[0]), rest_a + common, span);
  ExprPtr right = in_order(c, std::move(operands[1]), common + rest_b, span);
  ExprPtr product = matrix_product(c, std::move(left), std::move(right), span);
  return result == rest_a + rest_b || !product->type.is_array() ? std::move(product) : transpose(c, std::move(product), span);
}

}  // namespace

namespace {

// The products of the arrays over the axes with these letters, summed over those that the result has not.
ExprPtr contracted(FunctionChecker& c, const CallSite& site, const Contraction& contraction, std::vector<ExprPtr> arrays) {
  const Span span = site.span();
  std::vector<Operand> operands;
  std::optional<NpOperand> common;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const Type type = arrays[i]->type;
    const std::string& letters = contraction.operands[i];
    const bool fits = type.is_array() && type.rank() == static_cast<int>(letters.size()) && type.dtype() != Kind::Bool;
    if (!fits) return c.bad_argument(site, "an array of numbers with the axes \"" + letters + "\"", type, arrays[i]->span);
    const NpOperand own = np_operand(type);
    common = common ? NpOperand{np_common(*common, own), false} : own;
    operands.push_back({letters, std::move(arrays[i])});
    take_diagonals(c, operands.back(), span);
  }
  if (ExprPtr product = as_matrix_product(c, operands, contraction.result, span)) return product;
  std::string letters = contraction.result;
  for (const Operand& operand : operands) {
    for (const char letter : operand.letters) {
      if (letters.find(letter) == std::string::npos) letters += letter;
    }
  }
  ExprPtr product;
  for (Operand& operand : operands) {
    ExprPtr factor = in_order(c, std::move(operand), letters, span);
    if (factor->type.is_unknown()) return factor;
    product = product ? c.array_binary(typed::BinaryOp::Mul, std::move(product), std::move(factor), span) : std::move(factor);
  }
  if (letters.size() == contraction.result.size()) return product;
  std::vector<int> summed;
  for (std::size_t axis = contraction.result.size(); axis < letters.size(); ++axis) summed.push_back(static_cast<int>(axis));
  return sum_axes(c, std::move(product), std::move(summed), common->kind, span);
}

}  // namespace

ExprPtr call_einsum(FunctionChecker& c, const CallSite& site) {
  const Span span = site.span();
  if (!site.call.keywords.empty()) {
    c.report<DiagId::E0602>(site.call.keywords[0].name_span, site.name, site.call.keywords[0].name);
    return c.invalid(span);
  }
  const auto* text = site.call.args.empty() ? nullptr : std::get_if<ast::StringLiteral>(&site.call.args[0]->node);
  const std::optional<Contraction> contraction = text ? parse(text->value) : std::nullopt;
  if (!contraction) return c.bad_argument(site, "a text such as \"ij,jk->ik\", written here,", Kind::None, span);
  if (contraction->operands.size() + 1 != site.call.args.size()) {
    c.report<DiagId::E0601>(span, site.name, contraction->operands.size() + 1, site.call.args.size());
    return c.invalid(span);
  }
  std::vector<ExprPtr> arrays;
  for (std::size_t i = 1; i < site.call.args.size(); ++i) {
    arrays.push_back(value_or_list(c, *site.call.args[i]));
    if (arrays.back()->type.is_unknown()) return c.invalid(span);
  }
  return contracted(c, site, *contraction, std::move(arrays));
}

namespace {

// A constant, or constants in a list or tuple, as axes of the array. Empty: reported.
std::optional<std::vector<int>> listed_axes(FunctionChecker& c, const ast::Expr& expr, int rank) {
  return is_none(&expr) ? std::nullopt : constant_axes(c, &expr, rank);
}

// Which axes of the two arrays np.tensordot sums over. Empty: reported.
std::optional<std::array<std::vector<int>, 2>> summed_axes(FunctionChecker& c, const CallSite& site, const ast::Expr* axes,
                                                           int rank_a, int rank_b) {
  const std::vector<ast::ExprPtr>* parts = nullptr;
  if (const auto* list = axes ? std::get_if<ast::List>(&axes->node) : nullptr) parts = &list->elements;
  if (const auto* tuple = axes ? std::get_if<ast::Tuple>(&axes->node) : nullptr) parts = &tuple->elements;
  std::array<std::vector<int>, 2> both;
  if (parts && parts->size() == 2) {
    std::optional<std::vector<int>> a = listed_axes(c, *(*parts)[0], rank_a), b = listed_axes(c, *(*parts)[1], rank_b);
    if (!a || !b) return std::nullopt;
    both = {*a, *b};
  } else {
    ExprPtr value = axes ? c.check(*axes) : c.int_constant(2, site.span());
    const std::optional<std::int64_t> count = c.int_value(*value);
    if (value->type.is_unknown()) return std::nullopt;
    if (!count || *count < 0 || *count > std::min(rank_a, rank_b)) {
      c.bad_argument(site, "a number of axes, or two lists of them, written here,", value->type, value->span);
      return std::nullopt;
    }
    for (int i = 0; i < *count; ++i) {
      both[0].push_back(rank_a - static_cast<int>(*count) + i);
      both[1].push_back(i);
    }
  }
  if (both[0].size() == both[1].size()) return both;
  c.bad_argument(site, "as many axes of one array as of the other", Kind::None, site.span());
  return std::nullopt;
}

}  // namespace

ExprPtr call_tensordot(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 2, {"a", "b", "axes"});
  if (!taken) return c.invalid(site.span());
  std::vector<ExprPtr> arrays;
  for (std::size_t i = 0; i < 2; ++i) {
    arrays.push_back(value_or_list(c, *(*taken)[i]));
    if (arrays.back()->type.is_unknown()) return c.invalid(site.span());
    if (!arrays.back()->type.is_array()) return c.bad_argument(site, "an array", arrays.back()->type, arrays.back()->span);
  }
  const int rank_a = arrays[0]->type.rank(), rank_b = arrays[1]->type.rank();
  if (rank_a + rank_b > 52) return c.bad_argument(site, "arrays of fewer axes", arrays[0]->type, site.span());
  const auto summed = summed_axes(c, site, (*taken)[2], rank_a, rank_b);
  if (!summed) return c.invalid(site.span());
  const auto letter = [](int k) { return static_cast<char>(k < 26 ? 'a' + k : 'A' + (k - 26)); };
  Contraction contraction{{"", ""}, ""};
  for (int k = 0; k < rank_a; ++k) contraction.operands[0] += letter(k);
  for (int k = 0; k < rank_b; ++k) contraction.operands[1] += letter(rank_a + k);
  for (std::size_t i = 0; i < (*summed)[0].size(); ++i) {
    contraction.operands[1][static_cast<std::size_t>((*summed)[1][i])] = letter((*summed)[0][i]);
  }
  for (const std::size_t own : {0, 1}) {
    const std::string& other = contraction.operands[1 - own];
    for (const char axis : contraction.operands[own]) {
      if (other.find(axis) == std::string::npos) contraction.result += axis;
    }
  }
  return contracted(c, site, contraction, std::move(arrays));
}

// From left to right.
ExprPtr call_multi_dot(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, 1, {"arrays"});
  if (!taken) return c.invalid(site.span());
  const auto* list = std::get_if<ast::List>(&(*taken)[0]->node);
  const auto* tuple = std::get_if<ast::Tuple>(&(*taken)[0]->node);
  const std::vector<ast::ExprPtr>* parts = list ? &list->elements : tuple ? &tuple->elements : nullptr;
  if (!parts || parts->size() < 2)
    return c.bad_argument(site, "a list of two or more arrays, written here,", Kind::None, site.span());
  ExprPtr product;
  for (const ast::ExprPtr& part : *parts) {
    ExprPtr next = value_or_list(c, *part);
    if (next->type.is_unknown()) return c.invalid(site.span());
    if (!next->type.is_array() || next->type.rank() > 2)
      return c.bad_argument(site, "vectors or matrices", next->type, next->span);
    product = product ? matrix_product(c, std::move(product), std::move(next), site.span()) : std::move(next);
    if (!product->type.is_array() && !product->type.is_unknown() && &part != &parts->back())
      return c.bad_argument(site, "matrices between the first and the last", product->type, site.span());
    if (product->type.is_unknown()) return product;
  }
  return product;
}

}  // namespace kjit
