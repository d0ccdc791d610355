// Annotations and element types. Entries: read_annotation, apply_annotation, dtype_of.
//
// Python's own names (int, float, complex, bool) describe and never convert: `x: float` takes an int as it is, as type checkers
// for Python allow. Machine types (f64, np.float32, i32) convert: they ask for a representation.

#include "typing/check/checker.h"

namespace kjit {

namespace {

std::optional<Kind> python_name(std::string_view path) {
  if (path == "builtins.int") return Kind::I64;
  if (path == "builtins.float") return Kind::F64;
  if (path == "builtins.complex") return Kind::C128;
  if (path == "builtins.bool") return Kind::Bool;
  if (path == "builtins.str") return Kind::Str;
  return std::nullopt;
}

// NumPy's strings for element types.
std::optional<Kind> dtype_text(const std::string& text) {
  static const std::map<std::string, Kind> kNames = {
      {"bool", Kind::Bool},       {"int8", Kind::I8},     {"int16", Kind::I16},   {"int32", Kind::I32},
      {"int64", Kind::I64},       {"uint8", Kind::U8},    {"uint16", Kind::U16},  {"uint32", Kind::U32},
      {"uint64", Kind::U64},      {"float32", Kind::F32}, {"float64", Kind::F64}, {"complex64", Kind::C64},
      {"complex128", Kind::C128}, {"int", Kind::I64},     {"float", Kind::F64},   {"complex", Kind::C128},
      {"i1", Kind::I8},           {"i2", Kind::I16},      {"i4", Kind::I32},      {"i8", Kind::I64},
      {"u1", Kind::U8},           {"u2", Kind::U16},      {"u4", Kind::U32},      {"u8", Kind::U64},
      {"f4", Kind::F32},          {"f8", Kind::F64},      {"c8", Kind::C64},      {"c16", Kind::C128},
      {"?", Kind::Bool}};
  auto found = kNames.find(text);
  return found == kNames.end() ? std::nullopt : std::optional<Kind>(found->second);
}

}  // namespace

std::optional<kjit::Kind> FunctionChecker::dtype_of(const ast::Expr& expr) {
  if (const auto* text = std::get_if<ast::StringLiteral>(&expr.node)) {
    if (std::optional<kjit::Kind> kind = dtype_text(text->value)) return kind;
  } else if (!path_of(expr).empty() || !std::holds_alternative<ast::NoneLiteral>(expr.node)) {
    ExprPtr value = check(expr);
    if (value->type.is_unknown()) return std::nullopt;
    if (value->type.is(kjit::Kind::Dtype)) return value->type.dtype();
  }
  report<DiagId::E0711>(expr.span).suggest("use np.float64, np.int32, ..., or the dtype of another array");
  return std::nullopt;
}

std::optional<FunctionChecker::Annotation> FunctionChecker::read_annotation(const ast::Expr& expr) {
  using enum Annotation::Kind;
  if (std::holds_alternative<ast::NoneLiteral>(expr.node)) return Annotation{Exact, kjit::Kind::None};
  if (const auto* subscript = std::get_if<ast::Subscript>(&expr.node)) {
    std::string path = path_of(*subscript->value);
    if (path == "builtins.tuple") {
      std::vector<Type> elements;
      for (const ast::ExprPtr& index : subscript->indices) {
        std::optional<Annotation> element = read_annotation(*index);
        if (!element) return std::nullopt;
        elements.push_back(element->type);
      }
      return Annotation{Exact, Type::tuple(std::move(elements))};
    }
    const PathRow* row = library().find(path);
    if (row && row->category == PathCategory::Dtype) return array_annotation(*subscript, row->dtype);
    if (std::optional<kjit::Kind> kind = python_name(path)) return array_annotation(*subscript, *kind);
    if (path == "numpy.ndarray") return Annotation{AnyArray, Type()};
  }
  if (const auto* binary = std::get_if<ast::Binary>(&expr.node); binary && binary->op == ast::BinaryOp::BitOr) {
    // `float | None`: the alternative that is not None describes the value.
    bool none = std::holds_alternative<ast::NoneLiteral>(binary->rhs->node);
    if (none) return read_annotation(*binary->lhs);
  }
  std::string path = path_of(expr);
  if (std::optional<kjit::Kind> kind = python_name(path)) return Annotation{AtMost, *kind};
  if (path == "numpy.ndarray") return Annotation{AnyArray, Type()};
  if (path == "builtins.tuple") return Annotation{Any, Type()};
  const PathRow* row = library().find(path);
  if (row && row->category == PathCategory::Dtype) return Annotation{Exact, row->dtype};
  report<DiagId::E0508>(expr.span).suggest(
      "write int, float, complex, bool, str, f64, i32, f64[:], f64[:, ::1], tuple[int, float], ...");
  return std::nullopt;
}

// f64[:], f64[:, :], f64[:, ::1]: one slice per axis; a step of 1 in the last one asks for C order.
std::optional<FunctionChecker::Annotation> FunctionChecker::array_annotation(const ast::Subscript& subscript, kjit::Kind dtype) {
  Layout layout = Layout::Strided;
  for (const ast::ExprPtr& index : subscript.indices) {
    const auto* slice = std::get_if<ast::Slice>(&index->node);
    if (!slice || slice->lower || slice->upper) {
      report<DiagId::E0508>(index->span).suggest("give one `:` per dimension, as in f64[:, :]");
      return std::nullopt;
    }
    if (slice->step && index == subscript.indices.back()) layout = Layout::C;
  }
  return Annotation{Annotation::Kind::Exact, Type::array(dtype, static_cast<int>(subscript.indices.size()), layout)};
}

FunctionChecker::ExprPtr FunctionChecker::apply_annotation(const Annotation& annotation, const std::string& name, ExprPtr value,
                                                           Span where) {
  const Type& given = value->type;
  const Type& wanted = annotation.type;
  auto mismatch = [&](const std::string& advice) {
    std::string text = annotation.kind == Annotation::Kind::AnyArray ? "np.ndarray" : to_string(wanted);
    Diagnostic& diag = report<DiagId::E0507>(value->span, name, text, to_string(given));
    if (!(where == value->span)) diag.note(where, "annotated here");
    if (!advice.empty()) diag.suggest(advice);
    return invalid(value->span);
  };
  switch (annotation.kind) {
    case Annotation::Kind::Any: return value;
    case Annotation::Kind::AnyArray: return given.is_array() ? std::move(value) : mismatch("");
    case Annotation::Kind::AtMost: {
      if (given == wanted) return value;
      bool fits = given.is_scalar() && wanted.is_scalar() && promote(given.kind(), wanted.kind()) == wanted.kind();
      bool small_int = wanted.is(kjit::Kind::I64) && given.is_integer();
      return fits || small_int ? std::move(value)
                               : mismatch(given.is_float() && wanted.is_integer() ? "write int(...) at the call" : "");
    }
    case Annotation::Kind::Exact: break;
  }
  if (given == wanted) return value;
  if (wanted.is_array()) {
    bool fits = given.is_array() && given.dtype() == wanted.dtype() && given.rank() == wanted.rank();
    bool layout = fits && (wanted.layout() == Layout::Strided || given.is_contiguous());
    if (layout) return value;  // a contiguous array keeps its better type
    return mismatch(fits ? "pass a contiguous array: .copy()" : "");
  }
  if (wanted.is_tuple()) {
    bool fits = given.is_tuple() && join(given, wanted) == wanted;
    return fits ? convert(std::move(value), wanted) : mismatch("");
  }
  bool number = wanted.is_scalar() && given.is_scalar() && !given.is(kjit::Kind::Bool) && storable(given.kind(), wanted.kind());
  bool truncates = given.is_float() && wanted.is_integer();
  if (!number || truncates || wanted.is(kjit::Kind::Bool)) return mismatch(truncates ? "write int(...) at the call" : "");
  return convert(std::move(value), wanted);
}

}  // namespace kjit
