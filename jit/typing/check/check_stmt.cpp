// Statements other than assignments and for loops. Entry: FunctionChecker::check_block.

#include "runtime/abi.h"
#include "typing/check/checker.h"

namespace kjit {

namespace {

bool leaves_block(const typed::Stmt& stmt) {
  return std::holds_alternative<typed::Return>(stmt.node) || std::holds_alternative<typed::Raise>(stmt.node) ||
         std::holds_alternative<typed::Break>(stmt.node) || std::holds_alternative<typed::Continue>(stmt.node);
}

}  // namespace

void BodyChecker::check_block(BlockRef block) {
  for (const ast::StmtPtr& stmt : block) {
    check_stmt(*stmt);
    // After `if x is None: return ...`, decided at compile time, the rest is never reached, and need not have types.
    if (std::holds_alternative<ast::If>(stmt->node) && !out_->empty() && leaves_block(*out_->back())) return;
  }
}

void BodyChecker::check_stmt(const ast::Stmt& stmt) {
  assignment_ = Span{};
  std::visit(
      [&](const auto& node) {
        using Node = std::decay_t<decltype(node)>;
        if constexpr (std::is_same_v<Node, ast::ExpressionStatement>) {
          check_expression_statement(stmt, node);
        } else if constexpr (std::is_same_v<Node, ast::Assign>) {
          assignment_ = stmt.span;
          check_assign(stmt, node);
        } else if constexpr (std::is_same_v<Node, ast::AugAssign>) {
          assignment_ = stmt.span;
          check_aug_assign(stmt, node);
        } else if constexpr (std::is_same_v<Node, ast::AnnAssign>) {
          assignment_ = stmt.span;
          check_ann_assign(stmt, node);
        } else if constexpr (std::is_same_v<Node, ast::If>) {
          check_if(stmt, node);
        } else if constexpr (std::is_same_v<Node, ast::While>) {
          check_while(stmt, node);
        } else if constexpr (std::is_same_v<Node, ast::For>) {
          check_for(stmt, node);
        } else if constexpr (std::is_same_v<Node, ast::Break>) {
          emit(stmt.span, typed::Break{});
        } else if constexpr (std::is_same_v<Node, ast::Continue>) {
          emit(stmt.span, typed::Continue{});
        } else if constexpr (std::is_same_v<Node, ast::Return>) {
          check_return(stmt, node);
        } else if constexpr (std::is_same_v<Node, ast::Assert>) {
          check_assert(stmt, node);
        } else if constexpr (std::is_same_v<Node, ast::Raise>) {
          check_raise(stmt, node);
        }
        // Pass, Define, Import and ImportFrom do nothing when they are reached: names were bound by build_scopes.
      },
      stmt.node);
}

// A condition known from types alone (`x is None`, `__name__ == "__main__"`) decides at compile time: the other branch need not
// even have types.
void BodyChecker::check_if(const ast::Stmt& stmt, const ast::If& node) {
  ExprPtr condition = check_condition(*node.condition);
  if (std::optional<bool> known = bool_value(*condition)) {
    check_block(*known ? node.body : node.otherwise);
    return;
  }
  typed::Block body = in_block([&] { check_block(node.body); });
  typed::Block otherwise = in_block([&] { check_block(node.otherwise); });
  emit(stmt.span, typed::If{std::move(condition), std::move(body), std::move(otherwise)});
}

void BodyChecker::check_while(const ast::Stmt& stmt, const ast::While& node) {
  ++loop_depth_;
  ExprPtr condition = check_condition(*node.condition);
  typed::Block body = in_block([&] { check_block(node.body); });
  --loop_depth_;
  typed::Block otherwise = in_block([&] { check_block(node.otherwise); });
  emit(stmt.span, typed::While{std::move(condition), std::move(body), std::move(otherwise)});
}

void BodyChecker::check_return(const ast::Stmt& stmt, const ast::Return& node) {
  ExprPtr value = node.value ? check(*node.value) : none_constant(stmt.span);
  spec_.returns_value = true;
  // A result may be None beside its annotation (`-> float | None`): E0503 tells where the two meet.
  if (result_annotation_ && !value->type.is_unknown() && !value->type.is(Kind::None)) {
    value = apply_annotation(*result_annotation_, "return", std::move(value), scope_.definition->returns->span);
  }
  spec_.origins.result_failed |= value->type.is_unknown();
  std::optional<Type> joined = join(spec_.result, value->type);
  if (!joined) {
    Diagnostic& diag = report<DiagId::E0503>(stmt.span, to_string(value->type), to_string(spec_.result));
    if (spec_.origins.has_result) diag.note(spec_.origins.result, "this return gives " + to_string(spec_.result));
    diag.suggest(value->type.is(Kind::None) || spec_.result.is(Kind::None)
                     ? "a kernel returns values of one type: return a value that stands for 'nothing', such as -1, or raise an "
                       "exception"
                     : "a kernel returns values of one type; return a tuple, or convert one of them");
    return;
  }
  if (!(*joined == spec_.result) || joined->is_numpy_scalar() != spec_.result.is_numpy_scalar()) {
    spec_.result = *joined;
    spec_.changed = true;
    spec_.origins.result = stmt.span;
    spec_.origins.has_result = true;
  }
  emit(stmt.span, typed::Return{convert(std::move(value), spec_.result)});
}

void BodyChecker::check_assert(const ast::Stmt& stmt, const ast::Assert& node) {
  ExprPtr condition = check_condition(*node.condition);
  ExprPtr message;
  if (node.message) {
    message = check(*node.message);
    if (!message->type.is(Kind::Str) && !message->type.is_unknown()) {
      if (is_printable(message->type)) {
        std::vector<typed::FormatPiece> pieces;
        Span span = message->span;
        pieces.push_back({"", std::move(message), 's', ""});
        message = make(Kind::Str, span, typed::Format{std::move(pieces)});
      } else {
        report<DiagId::E0517>(message->span, to_string(message->type));
      }
    }
  } else {
    message = str_constant(program_.text(node.condition->span), node.condition->span);  // Python says nothing
  }
  emit(stmt.span, typed::Assert{std::move(condition), std::move(message)});
}

namespace {

// Exceptions that a kernel may raise; the last rows of errors.def belong to the host.
std::optional<int> error_kind(std::string_view name) {
#define KJIT_ERROR(id) \
  if (name == #id) return KJIT_##id;
#include "runtime/errors.def"
#undef KJIT_ERROR
  return std::nullopt;
}

bool raisable(int kind) { return kind < KJIT_SystemExit || kind == KJIT_KeyboardInterrupt || kind == KJIT_TimeoutError; }

std::vector<std::string_view> error_names() {
  return {
#define KJIT_ERROR(id) #id,
#include "runtime/errors.def"
#undef KJIT_ERROR
  };
}

}  // namespace

void BodyChecker::check_raise(const ast::Stmt& stmt, const ast::Raise& node) {
  if (!node.exception) {
    report<DiagId::E0613>(stmt.span, "raise").suggest("name the exception: raise ValueError(\"...\")");
    return;
  }
  const auto* call = std::get_if<ast::Call>(&node.exception->node);
  const ast::Expr& callee = call ? *call->callee : *node.exception;
  const auto* name = std::get_if<ast::Name>(&callee.node);
  std::optional<int> kind = name ? error_kind(name->id) : std::nullopt;
  if (!kind || !raisable(*kind)) {
    Diagnostic& diag = report<DiagId::E0613>(callee.span, program_.text(callee.span));
    std::string_view near = name ? did_you_mean(name->id, error_names()) : "";
    diag.suggest(near.empty() ? "use one of Python's own, such as ValueError" : "did you mean '" + std::string(near) + "'?");
    return;
  }
  ExprPtr message;
  if (call && call->args.size() + call->keywords.size() > 1) {
    report<DiagId::E0601>(call->args.back()->span, name->id, "at most 1", call->args.size() + call->keywords.size())
        .suggest("put the values into one f-string: " + name->id + "(f\"... {value}\")");
  } else if (call && call->args.size() == 1) {
    message = check(*call->args[0]);
    if (message->type.is_unknown()) return;
    if (!message->type.is(Kind::Str)) {
      Span span = message->span;
      if (!is_printable(message->type)) {
        report<DiagId::E0517>(span, to_string(message->type));
        return;
      }
      std::vector<typed::FormatPiece> pieces;
      pieces.push_back({"", std::move(message), 's', ""});
      message = make(Kind::Str, span, typed::Format{std::move(pieces)});
    }
  }
  emit(stmt.span, typed::Raise{*kind, std::move(message)});
}

void BodyChecker::check_expression_statement(const ast::Stmt& stmt, const ast::ExpressionStatement& node) {
  bool literal = std::holds_alternative<ast::StringLiteral>(node.value->node) ||
                 std::holds_alternative<ast::EllipsisLiteral>(node.value->node);
  if (literal) return;  // a docstring further down, or `...` as a body
  if (const auto* call = std::get_if<ast::Call>(&node.value->node); call && path_of(*call->callee) == "builtins.print") {
    return check_print({*node.value, *call, "builtins.print", "print"});
  }
  ExprPtr value = check(*node.value);
  if (!value->type.is_unknown()) emit(stmt.span, typed::Evaluate{std::move(value)});
}

}  // namespace kjit
