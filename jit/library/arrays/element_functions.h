#pragma once
// NumPy's element functions: what a row of their table says, and the handlers that make the result of one element out of numbers
// that stand for the elements (element_bodies.cpp). Private to library/arrays.

#include <string_view>
#include <vector>

#include "library/arrays/array_forms.h"

namespace kjit {

struct ElementRow;

struct ElementCall {
  const CallSite& site;
  const ElementRow& row;
  std::vector<ExprPtr> bodies;  // numbers
  std::vector<bool> given;      // by the parameters of the row, if it has some: whether one of the bodies is it

  Span span() const { return site.span(); }
};

using ElementHandler = ExprPtr (*)(FunctionChecker& c, ElementCall call);

enum class Keeps { Nothing, Bools, Integers, Both };  // elements that come back as they are

struct ElementRow {
  std::string_view path;
  std::size_t arity;  // 0: what the function of numbers takes
  ElementHandler handler;
  int op = 0;  // BinaryOp or CompareOp, where the handler serves several names
  Keeps keeps = Keeps::Nothing;
  std::vector<std::string_view> parameters = {};  // where they may be named, or be None
  bool has_array_form = false;                    // one argument alone is a row of array_functions.cpp
};

ExprPtr element_operator(FunctionChecker& c, ElementCall call);    // the row's BinaryOp
ExprPtr element_comparison(FunctionChecker& c, ElementCall call);  // the row's CompareOp
ExprPtr element_logic(FunctionChecker& c, ElementCall call);       // logical_and and the like
ExprPtr element_not(FunctionChecker& c, ElementCall call);
ExprPtr element_reciprocal(FunctionChecker& c, ElementCall call);
ExprPtr element_where(FunctionChecker& c, ElementCall call);
ExprPtr element_clip(FunctionChecker& c, ElementCall call);
ExprPtr element_lifted(FunctionChecker& c, ElementCall call);  // the function of numbers, with NumPy's types
ExprPtr element_fmod(FunctionChecker& c, ElementCall call);
ExprPtr element_divisor(FunctionChecker& c, ElementCall call);  // gcd and lcm
ExprPtr element_round(FunctionChecker& c, ElementCall call);

}  // namespace kjit
