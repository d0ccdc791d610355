// Tokens and trees as text. Entry: print_ast, print_tokens.

#include "syntax/ast_printer.h"

#include <fmt/format.h>

namespace kjit {

namespace {

std::string_view spelling(ast::UnaryOp op) {
  constexpr std::string_view kNames[] = {"plus", "minus", "invert", "not"};
  return kNames[static_cast<std::size_t>(op)];
}

std::string_view spelling(ast::BinaryOp op) {
  constexpr std::string_view kNames[] = {"add",    "sub", "mul", "truediv", "floordiv", "mod",   "pow",
                                         "matmul", "shl", "shr", "bitand",  "bitor",    "bitxor"};
  return kNames[static_cast<std::size_t>(op)];
}

std::string_view spelling(ast::CompareOp op) {
  constexpr std::string_view kNames[] = {"==", "!=", "<", "<=", ">", ">=", "in", "not-in", "is", "is-not"};
  return kNames[static_cast<std::size_t>(op)];
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append("\\").push_back(c);
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

class AstPrinter {
 public:
  std::string module(const ast::Module& module) {
    line("(module");
    ++depth_;
    docstring(module.docstring);
    block(module.body);
    --depth_;
    close();
    return std::move(out_);
  }

  std::string expression(const ast::Expr& expr) {
    return std::visit([this](const auto& node) { return text(node); }, expr.node);
  }

 private:
  // ---- lines: a closing bracket goes to the end of the last line ----
  void line(std::string_view text) {
    if (!out_.empty()) out_ += '\n';
    out_.append(static_cast<std::size_t>(depth_) * 2, ' ').append(text);
  }
  void close() {
    out_ += ')';
    if (depth_ == 0) out_ += '\n';
  }
  void docstring(const std::string& text) {
    if (!text.empty()) line(fmt::format("(docstring {})", quoted(text)));
  }
  void block(const ast::Block& block) {
    for (const ast::StmtPtr& statement : block) {
      std::visit([this](const auto& node) { print(node); }, statement->node);
    }
  }
  void labelled(std::string_view label, const ast::Block& body) {
    if (body.empty()) return;
    ++depth_;
    line(fmt::format("({}", label));
    ++depth_;
    block(body);
    --depth_;
    out_ += ')';
    --depth_;
  }

  // ---- expressions ----
  std::string maybe(const ast::ExprPtr& expr) { return expr ? expression(*expr) : "_"; }
  std::string all(const std::vector<ast::ExprPtr>& exprs) {
    std::string out;
    for (const ast::ExprPtr& expr : exprs) out += " " + expression(*expr);
    return out;
  }

  std::string text(const ast::NoneLiteral&) { return "(none)"; }
  std::string text(const ast::EllipsisLiteral&) { return "(ellipsis)"; }
  std::string text(const ast::BoolLiteral& node) { return node.value ? "(true)" : "(false)"; }
  std::string text(const ast::IntLiteral& node) { return fmt::format("(int {})", node.value); }
  std::string text(const ast::FloatLiteral& node) { return fmt::format("(float {})", node.value); }
  std::string text(const ast::ImaginaryLiteral& node) { return fmt::format("(imaginary {})", node.value); }
  std::string text(const ast::StringLiteral& node) { return fmt::format("(string {})", quoted(node.value)); }
  std::string text(const ast::Name& node) { return fmt::format("(name {})", node.id); }
  std::string text(const ast::Unary& node) { return fmt::format("({} {})", spelling(node.op), expression(*node.operand)); }
  std::string text(const ast::Binary& node) {
    return fmt::format("({} {} {})", spelling(node.op), expression(*node.lhs), expression(*node.rhs));
  }
  std::string text(const ast::BoolOperation& node) {
    return fmt::format("({}{})", node.op == ast::BoolOp::And ? "and" : "or", all(node.values));
  }
  std::string text(const ast::Conditional& node) {
    return fmt::format("(conditional {} {} {})", expression(*node.condition), expression(*node.then),
                       expression(*node.otherwise));
  }
  std::string text(const ast::Attribute& node) { return fmt::format("(attribute {} {})", expression(*node.value), node.name); }
  std::string text(const ast::Slice& node) {
    return fmt::format("(slice {} {} {})", maybe(node.lower), maybe(node.upper), maybe(node.step));
  }
  std::string text(const ast::Tuple& node) { return fmt::format("(tuple{})", all(node.elements)); }
  std::string text(const ast::List& node) { return fmt::format("(list{})", all(node.elements)); }
  std::string text(const ast::Subscript& node) {
    const std::string_view name = node.is_tuple && node.indices.size() == 1 ? "subscript-tuple" : "subscript";
    return fmt::format("({} {}{})", name, expression(*node.value), all(node.indices));
  }
  std::string text(const ast::ListComprehension& node) {
    std::string out =
        fmt::format("(listcomp {} (for {} {})", expression(*node.element), expression(*node.target), expression(*node.iterable));
    for (const ast::ExprPtr& condition : node.conditions) out += fmt::format(" (if {})", expression(*condition));
    return out + ")";
  }
  std::string text(const ast::Compare& node) {
    std::string out = fmt::format("(compare {}", expression(*node.first));
    for (std::size_t i = 0; i < node.ops.size(); ++i)
      out += fmt::format(" {} {}", spelling(node.ops[i]), expression(*node.rest[i]));
    return out + ")";
  }
  std::string text(const ast::Call& node) {
    std::string out = fmt::format("(call {}{}", expression(*node.callee), all(node.args));
    for (const ast::Keyword& keyword : node.keywords)
      out += fmt::format(" (keyword {} {})", keyword.name, expression(*keyword.value));
    return out + ")";
  }
  std::string text(const ast::FString& node) {
    std::string out = "(fstring";
    for (const ast::FStringPart& part : node.parts) out += part.value ? " " + field(part) : " " + quoted(part.text);
    return out + ")";
  }
  std::string text(const ast::Lambda& node) {
    const auto* result = std::get_if<ast::Return>(&node.function->body.front()->node);
    return fmt::format("(lambda ({}) {})", parameters(*node.function), expression(*result->value));
  }

  std::string field(const ast::FStringPart& part) {
    std::string out = fmt::format("(field {}", expression(*part.value));
    if (!part.debug.empty()) out += fmt::format(" debug={}", quoted(part.debug));
    if (part.conversion != 0) out += fmt::format(" !{}", part.conversion);
    if (!part.spec.empty()) out += fmt::format(" :{}", quoted(part.spec));
    return out + ")";
  }

  std::string parameters(const ast::FunctionDef& function) {
    std::string out;
    for (const ast::Parameter& parameter : function.parameters) {
      if (!out.empty()) out += ' ';
      out += parameter_text(parameter);
    }
    return out;
  }

  std::string parameter_text(const ast::Parameter& parameter) {
    const std::string_view kind = parameter.keyword_only ? "keyword-only " : parameter.positional_only ? "positional-only " : "";
    std::string out = fmt::format("({}{}", kind, parameter.name);
    if (parameter.annotation) out += " : " + expression(*parameter.annotation);
    if (parameter.default_value) out += " = " + expression(*parameter.default_value);
    return out + ")";
  }

  // ---- statements ----
  void print(const ast::Define& node) {
    const ast::FunctionDef& function = *node.function;
    line(fmt::format("(def {} ({})", function.name, parameters(function)));
    if (function.returns) out_ += " -> " + expression(*function.returns);
    ++depth_;
    for (const ast::ExprPtr& decorator : function.decorators) line(fmt::format("(decorator {})", expression(*decorator)));
    docstring(function.docstring);
    block(function.body);
    --depth_;
    out_ += ')';
  }
  void print(const ast::ExpressionStatement& node) { line(fmt::format("(expr {})", expression(*node.value))); }
  void print(const ast::Assign& node) { line(fmt::format("(assign{} {})", all(node.targets), expression(*node.value))); }
  void print(const ast::AugAssign& node) {
    line(fmt::format("(augassign {} {} {})", spelling(node.op), expression(*node.target), expression(*node.value)));
  }
  void print(const ast::AnnAssign& node) {
    line(fmt::format("(annassign {} : {} {})", expression(*node.target), expression(*node.annotation), maybe(node.value)));
  }
  void print(const ast::If& node) {
    line(fmt::format("(if {}", expression(*node.condition)));
    labelled("then", node.body);
    labelled("else", node.otherwise);
    out_ += ')';
  }
  void print(const ast::While& node) {
    line(fmt::format("(while {}", expression(*node.condition)));
    labelled("do", node.body);
    labelled("else", node.otherwise);
    out_ += ')';
  }
  void print(const ast::For& node) {
    line(fmt::format("(for {} {}", expression(*node.target), expression(*node.iterable)));
    labelled("do", node.body);
    labelled("else", node.otherwise);
    out_ += ')';
  }
  void print(const ast::Break&) { line("(break)"); }
  void print(const ast::Continue&) { line("(continue)"); }
  void print(const ast::Pass&) { line("(pass)"); }
  void print(const ast::Return& node) { line(node.value ? fmt::format("(return {})", expression(*node.value)) : "(return)"); }
  void print(const ast::Assert& node) { line(fmt::format("(assert {} {})", expression(*node.condition), maybe(node.message))); }
  void print(const ast::Raise& node) {
    line(node.exception ? fmt::format("(raise {})", expression(*node.exception)) : "(raise)");
  }
  void print(const ast::Import& node) { line(fmt::format("(import{})", names(node.names))); }
  void print(const ast::ImportFrom& node) { line(fmt::format("(from {} import{})", node.module, names(node.names))); }

  std::string names(const std::vector<ast::ImportedName>& list) {
    std::string out;
    for (const ast::ImportedName& imported : list) {
      out += imported.alias.empty() ? " " + imported.name : fmt::format(" ({} as {})", imported.name, imported.alias);
    }
    return out;
  }

  std::string out_;
  int depth_ = 0;
};

std::string token_text(const Token& token, const SourceFile& source) {
  switch (token.kind) {
    case TokenKind::Int: return fmt::format(" {}", token.integer);
    case TokenKind::Float:
    case TokenKind::Imaginary: return fmt::format(" {}", token.number);
    case TokenKind::String: return " " + quoted(token.text);
    case TokenKind::Name: return " " + token.text;
    case TokenKind::FString:
    case TokenKind::Invalid: return " " + quoted(source.text().substr(token.span.begin, token.span.end - token.span.begin));
    default: return {};
  }
}

}  // namespace

std::string print_tokens(const std::vector<Token>& tokens, const SourceFile& source) {
  std::string out;
  for (const Token& token : tokens) {
    const LineColumn place = source.locate(token.span.begin);
    out += fmt::format("{}:{} {}{}\n", place.line, place.column, token_name(token.kind), token_text(token, source));
  }
  return out;
}

std::string print_ast(const ast::Module& module) { return AstPrinter().module(module); }
std::string print_ast(const ast::Expr& expr) { return AstPrinter().expression(expr); }

}  // namespace kjit
