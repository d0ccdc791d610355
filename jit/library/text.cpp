// Text: str, repr, format, and the methods of strings.

#include "library/handlers.h"
#include "typing/repr_prefix.h"

namespace kjit {

namespace {

// str(x) and repr(x): one argument, or none.
ExprPtr text_of(FunctionChecker& c, const CallSite& site, bool repr) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 0, 1);
  if (!args) return c.invalid(site.span());
  if (args->empty()) return c.str_constant("", site.span());
  ExprPtr value = std::move((*args)[0]);
  if (value->type.is(Kind::Str) && !repr) return value;
  if (ExprPtr text = c.shown_dtype(*site.call.args[0], *value, repr)) return text;
  if (!c.check_format(*value, "", 0, site.span())) return c.invalid(site.span());
  std::vector<typed::FormatPiece> pieces;
  pieces.push_back({"", std::move(value), repr ? 'r' : 's', ""});
  return c.make(Kind::Str, site.span(), typed::Format{std::move(pieces)});
}

}  // namespace

ExprPtr call_str(FunctionChecker& c, const CallSite& site) { return text_of(c, site, false); }
ExprPtr call_repr(FunctionChecker& c, const CallSite& site) { return text_of(c, site, true); }

// format(value, "spec") with a literal specification.
ExprPtr call_format(FunctionChecker& c, const CallSite& site) {
  std::optional<std::vector<ExprPtr>> args = c.check_args(site, 1, 2);
  if (!args) return c.invalid(site.span());
  std::string spec;
  if (args->size() == 2) {
    const auto* constant = std::get_if<typed::Constant>(&(*args)[1]->node);
    const auto* text = constant ? std::get_if<std::string>(&constant->value) : nullptr;
    if (!text) return c.bad_argument(site, "a literal format specification", (*args)[1]->type, (*args)[1]->span);
    spec = *text;
  }
  if (!c.check_format(*(*args)[0], spec, 0, site.span())) return c.invalid(site.span());
  ExprPtr value = std::move((*args)[0]);
  if (spec.empty() && value->type.is_scalar()) {
    const Kind shown = format_kind(value->type.kind());
    value = c.convert(std::move(value), shown);
  }
  std::vector<typed::FormatPiece> pieces;
  pieces.push_back({"", std::move(value), 0, spec});
  return c.make(Kind::Str, site.span(), typed::Format{std::move(pieces)});
}

// ---- methods ----

ExprPtr text_method(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr text) {
  if (!c.check_args(site, 0, 0)) return c.invalid(site.span());
  std::vector<ExprPtr> args;
  args.push_back(std::move(text));
  return c.builtin_call(row.builtin, row.result, site.span(), std::move(args));
}

// Methods that take another text.
ExprPtr text_search(FunctionChecker& c, const CallSite& site, const MethodRow& row, ExprPtr text) {
  std::optional<std::vector<ExprPtr>> given = c.check_args(site, 1, 1);
  if (!given) return c.invalid(site.span());
  ExprPtr part = std::move((*given)[0]);
  if (!part->type.is(Kind::Str)) return c.bad_argument(site, "a string", part->type, part->span);
  std::vector<ExprPtr> args;
  args.push_back(std::move(text));
  args.push_back(std::move(part));
  return c.builtin_call(row.builtin, row.result, site.span(), std::move(args));
}

}  // namespace kjit
