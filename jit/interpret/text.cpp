// Text: print and formatted strings. The pieces go through the runtime, which knows how CPython and NumPy write values.

#include <utility>

#include "interpret/machine.h"
#include "interpret/memory.h"
#include "runtime/runtime.h"
#include "typing/repr_prefix.h"

namespace kjit::interpreter {

namespace {

kjit_str borrow(const std::string& text) { return {text.data(), static_cast<std::int64_t>(text.size()), nullptr}; }

void put_literal(kjit_context& ctx, std::string_view text) {
  kjit_put_text(&ctx, text.data(), static_cast<std::int64_t>(text.size()));
}

void put_string(kjit_context& ctx, const std::string& text, char conversion) {
  const kjit_str borrowed = borrow(text);
  switch (conversion) {
    case 'r': return kjit_put_repr_str(&ctx, &borrowed);
    case 'a': return kjit_put_ascii_str(&ctx, &borrowed);
    default: return kjit_put_str(&ctx, &borrowed);
  }
}

void put_complex(kjit_context& ctx, Kind kind, const Complex& value, bool repr) {
  const kjit_complex parts = {value.real(), value.imag()};
  if (kind == Kind::C128) {
    return kjit_put_complex(&ctx, &parts);
  }
  const auto put = repr ? kjit_put_repr_complex64 : kjit_put_complex64;
  put(&ctx, static_cast<float>(parts.re), static_cast<float>(parts.im));
}

void put_number(kjit_context& ctx, Kind kind, const Value& value, bool repr) {
  switch (kind) {
    case Kind::Bool: return kjit_put_bool(&ctx, value.boolean());
    case Kind::F32: return kjit_put_f32(&ctx, static_cast<float>(value.real()));
    case Kind::F64: return kjit_put_f64(&ctx, value.real());
    case Kind::C64:
    case Kind::C128: return put_complex(ctx, kind, value.as<Complex>(), repr);
    default: break;
  }
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
    kjit_put_i64(&ctx, *number);
  } else {
    kjit_put_u64(&ctx, value.as<std::uint64_t>());
  }
}

// repr, str; ascii is repr.
void put_scalar(kjit_context& ctx, Kind kind, const Value& value, char conversion) {
  const bool repr = conversion == 'r' || conversion == 'a';
  const std::string_view prefix = repr ? repr_prefix(kind) : std::string_view();
  if (prefix.empty()) {
    return put_number(ctx, kind, value, repr);
  }
  put_literal(ctx, prefix);
  put_literal(ctx, "(");
  put_number(ctx, kind, value, repr);
  put_literal(ctx, ")");
}

void put(kjit_context& ctx, const Type& type, const Value& value, char conversion);

// The elements of a tuple appear as repr writes them, whatever the tuple's own conversion is.
void put_tuple(kjit_context& ctx, const Type& type, const std::vector<Value>& elements, char conversion) {
  put_literal(ctx, "(");
  for (std::size_t i = 0; i < elements.size(); ++i) {
    put_literal(ctx, i == 0 ? "" : ", ");
    put(ctx, type.elements()[i], elements[i], conversion == 'a' ? 'a' : 'r');
  }
  put_literal(ctx, elements.size() == 1 ? ",)" : ")");
}

// str(value), repr(value) for 'r', ascii(value) for 'a'.
void put(kjit_context& ctx, const Type& type, const Value& value, char conversion) {
  switch (type.kind()) {
    case Kind::None: return kjit_put_none(&ctx);
    case Kind::Str: return put_string(ctx, value.text(), conversion);
    case Kind::Tuple: return put_tuple(ctx, type, value.elements(), conversion);
    case Kind::Array: {
      const bool repr = conversion == 'r' || conversion == 'a';
      return kjit_put_array(&ctx, dtype_code(type.dtype()), type.rank(), value.array().descriptor(), repr);
    }
    default: return put_scalar(ctx, type.kind(), value, conversion);
  }
}

// format(value, spec)
kjit_status put_with_spec(kjit_context& ctx, Kind kind, const Value& value, const std::string& spec, typed::SiteId site) {
  const char* text = spec.data();
  const auto size = static_cast<std::int64_t>(spec.size());
  if (kind == Kind::Str) {
    const kjit_str borrowed = borrow(value.text());
    return kjit_format_str(&ctx, site, &borrowed, text, size);
  }
  if (kind == Kind::Bool) {
    return kjit_format_bool(&ctx, site, value.boolean(), text, size);
  }
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
    return kjit_format_i64(&ctx, site, *number, text, size);
  }
  if (const auto* number = std::get_if<std::uint64_t>(&value.data)) {
    return kjit_format_u64(&ctx, site, *number, text, size);
  }
  if (const auto* number = std::get_if<double>(&value.data)) {
    return kjit_format_f64(&ctx, site, *number, text, size);
  }
  const Complex& complex = value.as<Complex>();
  const kjit_complex parts = {complex.real(), complex.imag()};
  return kjit_format_complex(&ctx, site, &parts, text, size);
}

}  // namespace

std::optional<std::vector<Value>> Machine::evaluate_pieces(const std::vector<typed::FormatPiece>& pieces) {
  std::vector<Value> values;
  for (const typed::FormatPiece& piece : pieces) {
    MaybeValue value = piece.value ? evaluate(*piece.value) : Value{};
    if (!value) {
      return std::nullopt;
    }
    values.push_back(*std::move(value));
  }
  return values;
}

// A conversion makes text first, to which the specification then applies: f"{x!r:>10}".
bool Machine::put_piece(const typed::FormatPiece& piece, const Value& value, typed::SiteId site) {
  if (!piece.value) {
    put_literal(ctx_, piece.text);
    return true;
  }
  const Type& type = piece.value->type;
  if (piece.spec.empty()) {
    put(ctx_, type, value, piece.conversion);
    return true;
  }
  if (piece.conversion == 0) {
    return put_with_spec(ctx_, type.kind(), value, piece.spec, site) == KJIT_OK;
  }
  const std::int64_t mark = kjit_mark(&ctx_);
  put(ctx_, type, value, piece.conversion);
  const MaybeValue text = take_text(mark, site);
  return text && put_with_spec(ctx_, Kind::Str, *text, piece.spec, site) == KJIT_OK;
}

bool Machine::put_pieces(const std::vector<typed::FormatPiece>& pieces, const std::vector<Value>& values, typed::SiteId site) {
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (!put_piece(pieces[i], values[i], site)) {
      return false;
    }
  }
  return true;
}

MaybeValue Machine::take_text(std::int64_t mark, typed::SiteId site) {
  kjit_str text;
  if (kjit_take_string(&ctx_, site, mark, &text) != KJIT_OK) {
    return std::nullopt;
  }
  return load(Kind::Str, &text, Ownership::Adopt);
}

MaybeValue Machine::compute(const typed::Expr& expr, const typed::Format& node) {
  const auto values = evaluate_pieces(node.pieces);
  if (!values) {
    return std::nullopt;
  }
  const std::int64_t mark = kjit_mark(&ctx_);
  return put_pieces(node.pieces, *values, expr.site) ? take_text(mark, expr.site) : std::nullopt;
}

Flow Machine::run_statement(const typed::Stmt& stmt, const typed::Print& node) {
  const auto values = evaluate_pieces(node.pieces);
  if (!values) {
    return Flow::Error;
  }
  const std::int64_t mark = kjit_mark(&ctx_);
  const bool written = put_pieces(node.pieces, *values, stmt.site) && kjit_print_flush(&ctx_, stmt.site, mark) == KJIT_OK;
  return written ? Flow::Normal : Flow::Error;
}

}  // namespace kjit::interpreter
