// Expressions as text: expression_text().

#include "typing/tree/typed_text.h"

#include <fmt/format.h>

#include <cmath>

namespace kjit::typed {

std::string_view operator_text(BinaryOp op) {
  switch (op) {
    case BinaryOp::Add: return "+";
    case BinaryOp::Sub: return "-";
    case BinaryOp::Mul: return "*";
    case BinaryOp::TrueDiv: return "/";
    case BinaryOp::FloorDiv: return "//";
    case BinaryOp::Mod: return "%";
    case BinaryOp::Pow: return "**";
    case BinaryOp::Shl: return "<<";
    case BinaryOp::Shr: return ">>";
    case BinaryOp::BitAnd: return "&";
    case BinaryOp::BitOr: return "|";
    case BinaryOp::BitXor: return "^";
  }
  return "";
}

std::string_view schedule_text(Schedule schedule) {
  switch (schedule) {
    case Schedule::Static: return "static";
    case Schedule::Dynamic: return "dynamic";
    case Schedule::Guided: return "guided";
    case Schedule::Auto: return "auto";
  }
  return "";
}

std::string local_text(const Function& function, LocalId id) {
  const std::string& name = function.locals[id].name;
  if (name.empty()) {
    return fmt::format("%{}", id);
  }
  for (LocalId earlier = 0; earlier < id; ++earlier) {
    if (function.locals[earlier].name == name) {
      return fmt::format("{}.{}", name, id);
    }
  }
  return name;
}

namespace {

std::string_view operator_text(CompareOp op) {
  switch (op) {
    case CompareOp::Eq: return "==";
    case CompareOp::Ne: return "!=";
    case CompareOp::Lt: return "<";
    case CompareOp::Le: return "<=";
    case CompareOp::Gt: return ">";
    case CompareOp::Ge: return ">=";
  }
  return "";
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += std::string("\\") + c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// Shortest digits that read back the same, always recognisable as a float.
std::string float_text(double value) {
  std::string text = fmt::format("{}", value);
  return std::isfinite(value) && text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

struct ConstantText {
  std::string operator()(std::monostate) const { return "None"; }
  std::string operator()(bool value) const { return value ? "True" : "False"; }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(std::uint64_t value) const { return fmt::format("{}", value); }
  std::string operator()(double value) const { return float_text(value); }
  std::string operator()(const std::complex<double>& value) const {
    return fmt::format("complex({}, {})", float_text(value.real()), float_text(value.imag()));
  }
  std::string operator()(const std::string& value) const { return quoted(value); }
};

std::string constant_text(const Type& type, const Constant& constant) {
  if (type.is(Kind::Dtype)) {
    return to_string(type);
  }
  const std::string text = std::visit(ConstantText{}, constant.value);
  const bool plain = !type.is_number() || type.is(Kind::I64) || type.is(Kind::F64) || type.is(Kind::C128);
  return plain ? text : text + ":" + to_string(type);
}

struct Printer {
  const Program& program;
  const Function& function;
  const Type* type = nullptr;  // of the expression whose node is printed

  std::string text(const ExprPtr& expr) const { return expr ? text(*expr) : std::string(); }
  std::string text(const Expr& expr) const { return std::visit(Printer{program, function, &expr.type}, expr.node); }
  std::string list(const std::vector<ExprPtr>& exprs) const { return list_text(program, function, exprs); }

  std::string operator()(const Constant& node) const { return constant_text(*type, node); }
  std::string operator()(const ReadLocal& node) const { return local_text(function, node.local) + (node.check_set ? "?" : ""); }
  std::string operator()(const ReadGlobal& node) const {
    return "@" + program.globals[node.global].name + (node.check_set ? "?" : "");
  }
  std::string operator()(const Let& node) const {
    return fmt::format("(let {} = {} in {})", local_text(function, node.local), text(node.value), text(node.body));
  }
  std::string operator()(const Conditional& node) const {
    return fmt::format("({} if {} else {})", text(node.then), text(node.condition), text(node.otherwise));
  }
  std::string operator()(const Convert& node) const { return fmt::format("{}({})", to_string(*type), text(node.operand)); }
  std::string operator()(const Unary& node) const {
    const std::string_view op = node.op == UnaryOp::Negate ? "-" : node.op == UnaryOp::Invert ? "~" : "not ";
    return fmt::format("({}{})", op, text(node.operand));
  }
  std::string operator()(const Binary& node) const {
    return fmt::format("({} {} {})", text(node.lhs), typed::operator_text(node.op), text(node.rhs));
  }
  std::string operator()(const Compare& node) const {
    return fmt::format("({} {} {})", text(node.lhs), operator_text(node.op), text(node.rhs));
  }
  std::string operator()(const Call& node) const {
    return fmt::format("{}({})", program.functions[node.callee].symbol, list(node.args));
  }
  std::string operator()(const BuiltinCall& node) const {
    return fmt::format("{}{}({})", builtin_row(node.builtin).name, node.checked ? "!" : "", list(node.args));
  }
  std::string operator()(const MakeTuple& node) const {
    return fmt::format("({}{})", list(node.elements), node.elements.size() == 1 ? "," : "");
  }
  std::string operator()(const TupleElement& node) const { return fmt::format("{}.{}", text(node.tuple), node.index); }
  std::string operator()(const TupleElementDynamic& node) const {
    return fmt::format("{}.[{}]", text(node.tuple), text(node.index));
  }
  std::string operator()(const Element& node) const {
    return text(node.array) + index_text(program, function, node.indices, node.in_bounds);
  }
  std::string operator()(const View& node) const;
  std::string operator()(const NewArray& node) const;
  std::string operator()(const ArrayLiteral& node) const {
    return fmt::format("array {} ({}) [{}]", to_string(*type), fmt::join(node.shape, ", "), list(node.elements));
  }
  std::string operator()(const ArrayLoop& node) const {
    return fmt::format("loop {} [{}] ({})", to_string(*type), list(node.operands), text(node.body));
  }
  std::string operator()(const LoopElement& node) const { return fmt::format("${}", node.operand); }
  std::string operator()(const ArrayDim& node) const { return fmt::format("{}.shape.{}", text(node.array), node.axis); }
  std::string operator()(const Format& node) const {
    return fmt::format("format({})", pieces_text(program, function, node.pieces));
  }
};

std::string Printer::operator()(const View& node) const {
  std::string parts;
  for (const Subscript& subscript : node.subscripts) {
    parts += parts.empty() ? "" : ", ";
    if (!subscript.is_slice) {
      parts += text(subscript.index);
      continue;
    }
    parts += text(subscript.lower) + ":" + text(subscript.upper) + (subscript.step ? ":" + text(subscript.step) : "");
  }
  return fmt::format("view {} ({}[{}])", to_string(*type), text(node.array), parts);
}

std::string Printer::operator()(const NewArray& node) const {
  constexpr std::string_view names[] = {"empty", "zeros", "ones", "full", "scratch"};
  const std::string value = node.value ? ", value=" + text(node.value) : "";
  return fmt::format("{} {} ({}{})", names[static_cast<std::size_t>(node.fill)], to_string(*type), list(node.shape), value);
}

}  // namespace

std::string expression_text(const Program& program, const Function& function, const Expr& expr) {
  return Printer{program, function}.text(expr);
}

std::string list_text(const Program& program, const Function& function, const std::vector<ExprPtr>& exprs) {
  std::string text;
  for (const ExprPtr& expr : exprs) {
    text += (text.empty() ? "" : ", ") + expression_text(program, function, *expr);
  }
  return text;
}

std::string index_text(const Program& program, const Function& function, const std::vector<ExprPtr>& indices,
                       const std::vector<bool>& in_bounds) {
  std::string text;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    text += (i == 0 ? "" : ", ") + expression_text(program, function, *indices[i]);
    text += !in_bounds.empty() && in_bounds[i] ? "!" : "";
  }
  return "[" + text + "]";
}

std::string pieces_text(const Program& program, const Function& function, const std::vector<FormatPiece>& pieces) {
  std::string text;
  for (const FormatPiece& piece : pieces) {
    text += text.empty() ? "" : ", ";
    if (!piece.value) {
      text += quoted(piece.text);
      continue;
    }
    text += expression_text(program, function, *piece.value);
    text += piece.conversion ? std::string("!") + piece.conversion : "";
    text += piece.spec.empty() ? "" : " as " + quoted(piece.spec);
  }
  return text;
}

}  // namespace kjit::typed
