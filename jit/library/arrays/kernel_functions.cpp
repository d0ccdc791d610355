// NumPy's functions that are written in the kernel language (library/prelude), as they are called: their parameters, and the axis
// along which they work, which is the last one there. Entry: call_kernel_function.

#include <algorithm>

#include "library/arrays/array_rows.h"
#include "library/arrays/kernel_functions.h"
#include "support/assert.h"

namespace kjit {

namespace {

enum class Along {
  Nothing,  // no axis
  Last,     // axis=-1 unless another is given
  First,
  Flat,  // of all elements in a row, unless an axis is given
};

enum class Gives {
  Value,  // whatever the function returns
  Lines,  // an array with the axis still there
  Fold,   // without it; keepdims= keeps it with length 1
};

// Parameters as NumPy's users name them. A `?` behind one: a constant that is True or False; the function gets None for False, so
// that the choice is made at compile time. A `!`: the same, True unless it is given. A `#`: no array. A `~`: real numbers. A `+`:
// integers. A `&`: an array of the same rank as the first one has its axis moved as well. A `|`: an array is a vector; a `=`: a
// matrix; a `<`: one of them. Several of these may stand behind a name.
struct KernelRow {
  std::string_view path;
  std::string_view function;
  std::vector<std::string_view> parameters;
  std::size_t least;
  Along along = Along::Nothing;
  Gives gives = Gives::Value;
};

const std::vector<KernelRow>& rows() {
  using enum Along;
  using enum Gives;
  static const std::vector<KernelRow> kRows = {
#define KJIT_KERNEL_FUNCTION(...) {__VA_ARGS__},
#include "library/arrays/kernel_functions.def"
#undef KJIT_KERNEL_FUNCTION
  };
  return kRows;
}

// What one parameter is called, and what is said about it.
struct Parameter {
  std::string_view name, marks;
  bool has(char mark) const { return marks.find(mark) != std::string_view::npos; }
  bool is_flag() const { return has('?') || has('!'); }
};

Parameter parameter_of(std::string_view text) {
  const std::size_t end = std::min(text.find_first_of("?!#~+&|=<"), text.size());
  return {text.substr(0, end), text.substr(end)};
}

// What a value of this type is not, and must be; empty: nothing.
std::string_view missing_from(const Parameter& parameter, const Type& type) {
  const Type element = type.is_array() ? Type(type.dtype()) : type;
  if (parameter.has('#') && type.is_array()) return "a number or a tuple of numbers";
  if (parameter.has('~') && element.is_complex()) return "real numbers";
  if (parameter.has('+') && !element.is_integer() && !type.is_tuple()) return "integers";
  const bool of_rank = parameter.has('|') || parameter.has('=') || parameter.has('<');
  if (!of_rank || type.is(Kind::None)) return {};
  if (!type.is_array()) return "an array";
  if (parameter.has('|') && type.rank() != 1) return "a vector";
  if (parameter.has('=') && type.rank() != 2) return "a matrix";
  return parameter.has('<') && type.rank() > 2 ? "a vector or a matrix" : "";
}

// None for False: see KernelRow. Null: reported.
ExprPtr flag_value(FunctionChecker& c, const CallSite& site, const ast::Expr& expr) {
  ExprPtr value = c.check_condition(expr);
  if (value->type.is_unknown()) return nullptr;
  const std::optional<bool> known = c.bool_value(*value);
  if (known) return *known ? std::move(value) : c.none_constant(expr.span);
  c.bad_argument(site, "True or False, written here,", value->type, expr.span);
  return nullptr;
}

struct Checked {
  std::vector<ExprPtr> values;  // of the function's parameters
  const ast::Expr* axis = nullptr;
  bool keepdims = false;
};

// Empty: reported.
std::optional<Checked> check_parameters(FunctionChecker& c, const CallSite& site, const KernelRow& row) {
  std::vector<std::string_view> names;
  for (const std::string_view text : row.parameters) names.push_back(parameter_of(text).name);
  std::optional<std::vector<const ast::Expr*>> taken = c.take_args(site, row.least, names);
  if (!taken) return std::nullopt;
  Checked checked;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const ast::Expr* given = (*taken)[i];
    if (names[i] == "axis") {
      checked.axis = given;
      continue;
    }
    const Parameter parameter = parameter_of(row.parameters[i]);
    const bool is_flag = parameter.is_flag() || names[i] == "keepdims";
    ExprPtr value = !given && parameter.has('!') ? c.bool_constant(true, site.span())
                    : is_none(given)             ? c.none_constant(site.span())
                    : is_flag                    ? flag_value(c, site, *given)
                                                 : value_or_list(c, *given);
    if (!value || value->type.is_unknown()) return std::nullopt;
    if (const std::string_view missing = missing_from(parameter, value->type); !missing.empty()) {
      c.bad_argument(site, missing, value->type, value->span);
      return std::nullopt;
    }
    if (names[i] == "keepdims") {
      checked.keepdims = !value->type.is(Kind::None);
    } else {
      checked.values.push_back(std::move(value));
    }
  }
  return checked;
}

// Those of the row's parameters that are passed on.
std::vector<Parameter> passed_on(const KernelRow& row) {
  std::vector<Parameter> parameters;
  for (const std::string_view text : row.parameters) {
    const Parameter parameter = parameter_of(text);
    if (parameter.name != "axis" && parameter.name != "keepdims") parameters.push_back(parameter);
  }
  return parameters;
}

// Empty: reported.
std::optional<int> chosen_axis(FunctionChecker& c, const KernelRow& row, const Checked& checked, int rank) {
  if (!is_none(checked.axis)) return constant_axis(c, *checked.axis, rank);
  return row.along == Along::First ? 0 : rank - 1;
}

ExprPtr call_along_axis(FunctionChecker& c, const CallSite& site, const KernelRow& row, Checked checked) {
  const Span span = site.span();
  std::vector<ExprPtr>& values = checked.values;
  if (!values[0]->type.is_array()) return c.bad_argument(site, "an array", values[0]->type, values[0]->span);
  const bool flat = is_none(checked.axis) && (row.along == Along::Flat || checked.axis);  // axis=None
  const int given_rank = values[0]->type.rank();
  const std::vector<Parameter> parameters = passed_on(row);
  if (flat) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool moves = i == 0 || (parameters[i].has('&') && values[i]->type.is_array());
      if (moves) values[i] = flatten(c, std::move(values[i]), span);
    }
  }
  const int rank = values[0]->type.rank();
  const std::optional<int> axis = chosen_axis(c, row, checked, rank);
  if (!axis) return c.invalid(span);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool moves = i == 0 || (parameters[i].has('&') && values[i]->type.is_array() && values[i]->type.rank() == rank);
    if (moves) values[i] = with_axis_moved(c, std::move(values[i]), *axis, rank - 1, span);
  }
  ExprPtr result = call_prelude_function(c, row.function, std::move(values), span);
  if (result->type.is_unknown()) return result;
  if (row.gives == Gives::Lines && result->type.is_array()) return with_axis_moved(c, std::move(result), rank - 1, *axis, span);
  if (!checked.keepdims) return result;
  return keep_folded_axis(c, std::move(result), flat ? given_rank : rank, flat ? -1 : *axis, span);
}

}  // namespace

ExprPtr value_or_list(FunctionChecker& c, const ast::Expr& expr) {
  const bool list = std::holds_alternative<ast::List>(expr.node);
  return list ? array_literal(c, expr, std::nullopt) : c.check(expr);
}

ExprPtr with_trivial(FunctionChecker& c, std::vector<ExprPtr>& values, const std::function<ExprPtr()>& use, std::size_t first) {
  while (first < values.size() && (!values[first] || c.is_trivial(*values[first]))) ++first;
  if (first == values.size()) return use();
  ExprPtr value = std::move(values[first]);
  return c.with_value(std::move(value), [&](const typed::Expr& named) {
    values[first] = c.clone(named);
    return with_trivial(c, values, use, first + 1);
  });
}

ExprPtr with_axis_moved(FunctionChecker& c, ExprPtr array, int from, int to, Span span) {
  if (from == to) return array;
  std::vector<std::int64_t> axes;
  for (int axis = 0; axis < array->type.rank(); ++axis) axes.push_back(axis);
  axes.erase(axes.begin() + from);
  axes.insert(axes.begin() + to, from);
  return axes_view(c, std::move(array), axes, span);
}

ExprPtr call_prelude_function(FunctionChecker& c, std::string_view function, std::vector<ExprPtr> args, Span span) {
  ExprPtr result = c.call_specialised(c.prelude_function(function), std::move(args), span);
  result->type = result->type.as_numpy();
  return result;
}

ExprPtr keep_folded_axis(FunctionChecker& c, ExprPtr result, int rank, int axis, Span span) {
  if (!result->type.is_array()) {  // a number: an array of one element
    std::vector<ExprPtr> shape;
    for (int i = 0; i < rank; ++i) shape.push_back(c.int_constant(1, span));
    const Kind kind = result->type.kind();
    return new_array(c, typed::Fill::Value, kind, std::move(shape), c.convert(std::move(result), kind), span);
  }
  const int extra = result->type.rank() - (axis < 0 ? 0 : rank - 1);  // in front: of several results for each line
  if (axis >= 0) return insert_axis(c, std::move(result), axis + extra, span);
  for (int i = 0; i < rank; ++i) result = insert_axis(c, std::move(result), extra, span);
  return result;
}

ExprPtr call_kernel_function(FunctionChecker& c, const CallSite& site) {
  const auto row = std::find_if(rows().begin(), rows().end(), [&](const KernelRow& r) { return r.path == site.path; });
  KJIT_ASSERT(row != rows().end(), "a name of a kernel function has a row");
  std::optional<Checked> checked = check_parameters(c, site, *row);
  if (!checked) return c.invalid(site.span());
  if (row->along != Along::Nothing) return call_along_axis(c, site, *row, std::move(*checked));
  return call_prelude_function(c, row->function, std::move(checked->values), site.span());
}

}  // namespace kjit
