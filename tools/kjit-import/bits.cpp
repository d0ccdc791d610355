// Bits of a number read and written as another type: members of unions, *(int*)&x, memcpy between numbers, std::bit_cast.
// A union of up to 8 bytes is an unsigned integer; a Window is a part of a number's bits.

#include <clang/AST/RecordLayout.h>
#include <fmt/format.h>

#include "translator.h"

namespace kjit::import {

using namespace clang;

namespace {

Scalar unsigned_of(int bits) { return {bits == 64 ? Rep::U64 : Rep::Int, bits, false}; }

// "np.float64(x).view(np.uint64)" as a signed number of the same width.
std::optional<std::string> viewed_signed(const std::string& text, int bits) {
  const std::string unsigned_view = fmt::format(".view(np.uint{})", bits);
  const auto at = text.rfind(unsigned_view);
  if (at == std::string::npos || text.find_first_not_of(')', at + unsigned_view.size()) != std::string::npos) return std::nullopt;
  std::string result = text;
  result.replace(at, unsigned_view.size(), fmt::format(".view(np.int{})", bits));
  return result;
}

Value literal_of(std::uint64_t bits, int width) {
  return width == 64 ? unsigned_integer(bits) : integer(static_cast<std::int64_t>(bits));
}

std::uint64_t low_bits(int count) { return count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1; }

}  // namespace

// The unsigned integer that has the bits of `value`.
Value FunctionTranslator::to_bits(const Value& value, const Scalar& scalar) {
  if (scalar.rep == Rep::F64) return atom(fmt::format("np.float64({}).view(np.uint64)", value.text), Rep::U64);
  if (scalar.rep == Rep::F32)
    return atom(fmt::format("int(np.float32({}).view(np.uint32))", value.text), Rep::Int, unsigned_range(32));
  return converted(value, unsigned_of(scalar.rep == Rep::Bool ? 8 : scalar.bits));
}

Value FunctionTranslator::from_bits(const Value& bits, const Scalar& scalar) {
  if (scalar.rep == Rep::F64) return atom(operand(bits, Prec::Atom) + ".view(np.float64)", Rep::F64);
  if (scalar.rep == Rep::F32) return atom(fmt::format("np.uint32({}).view(np.float32)", bits.text), Rep::F32);
  if (scalar.is_signed && bits.prec == Prec::Atom) {
    if (const auto text = viewed_signed(bits.text, scalar.bits)) return atom(*text, Rep::Int, signed_range(scalar.bits));
  }
  const Setting exact(in_subscript_, false);
  return converted(bits, scalar);
}

Value FunctionTranslator::reinterpreted(const Value& value, const Scalar& from, const Scalar& to, SourceLocation where) {
  if (from.bits != to.bits && from.rep != Rep::Bool && to.rep != Rep::Bool) refuse(where, "bits read as a type of another size");
  if (from.rep == to.rep && from.is_signed == to.is_signed) return value;
  return from_bits(to_bits(value, from), to);
}

// ---- windows ---------------------------------------------------------------------------------------------------------------

Place FunctionTranslator::member_bits(const Place& record, const FieldDecl& field) {
  Place place = record;
  place.type = field.getType();
  if (!record.window) {
    const auto stored = scalar_of(record.type, context_);
    if (!stored) refuse(field.getLocation(), "a union of more than 8 bytes, or of something else than numbers");
    Scalar held = *stored;
    if (place.is_variable && place.rep != Rep::None) held.rep = place.rep;
    place.window = Window{held, integer(0), 0};
  }
  fold_position(place, record.type, field.getLocation());
  const ASTRecordLayout& layout = context_.getASTRecordLayout(field.getParent());
  place.window->offset += static_cast<std::int64_t>(layout.getFieldOffset(field.getFieldIndex()));
  return place;
}

// The position, which counts elements of `element`, becomes part of the offset.
void FunctionTranslator::fold_position(Place& place, QualType element, SourceLocation where) {
  Window& window = *place.window;
  if (!window.position.is_literal) refuse(where, "a computed position in a part of a number");
  window.offset += static_cast<std::int64_t>(window.position.range.lo) * static_cast<std::int64_t>(context_.getTypeSize(element));
  window.position = integer(0);
}

// `pointer` as a pointer to `to`.
Place FunctionTranslator::window_on(Place pointer, QualType to, SourceLocation where) {
  const auto wanted = scalar_of(to, context_);
  if (pointer.window) {
    fold_position(pointer, pointer.type, where);
  } else {
    if (pointer.is_table || !scalar_of(pointer.type, context_)) refuse(where, "memory read as another type");
    pointer.window = Window{scalar_at(pointer, where), integer(0), 0};
  }
  if (!wanted || wanted->bits > pointer.window->stored.bits) refuse(where, "memory read as another type");
  pointer.type = to;
  return pointer;
}

// The number that the window lies in, and how far its bits have to be shifted.
std::pair<Place, Value> FunctionTranslator::stored_at(const Place& place, const Scalar& part, SourceLocation where) {
  Place whole = place;
  whole.window.reset();
  const Window& window = *place.window;
  const int width = window.stored.bits;
  const Value& at = window.position;
  if (at.is_literal) {
    const auto bit = window.offset + static_cast<std::int64_t>(at.range.lo) * part.bits;
    if (bit < 0 || (bit >= width && whole.indices.empty())) refuse(where, "memory beside a variable");
    if (bit >= width) whole.indices.back() = infix(whole.indices.back(), "+", integer(bit / width), Prec::Sum, Rep::Int);
    return {whole, integer(bit % width)};
  }
  const Value bits = infix(at, "*", integer(part.bits), Prec::Product, Rep::Int);
  const Value shift = window.offset == 0 ? bits : infix(bits, "+", integer(window.offset), Prec::Sum, Rep::Int);
  if (whole.indices.empty() || window.offset != 0) return {whole, shift};
  const Value in_each = integer(width / part.bits);
  whole.indices.back() = infix(whole.indices.back(), "+", infix(at, "//", in_each, Prec::Product, Rep::Int), Prec::Sum, Rep::Int);
  return {whole, infix(infix(at, "%", in_each, Prec::Product, Rep::Int), "*", integer(part.bits), Prec::Product, Rep::Int)};
}

Value FunctionTranslator::load_bits(const Place& place, SourceLocation where) {
  const auto part = scalar_of(place.type, context_);
  if (!part) refuse(where, fmt::format("a value of type '{}'", place.type.getAsString()));
  const Scalar& stored = place.window->stored;
  const auto [whole, shift] = stored_at(place, *part, where);
  Place typed = whole;
  const Value value = load_stored(typed, stored);
  const int size = part->rep == Rep::Bool ? 8 : part->bits;
  if (size == stored.bits) return reinterpreted(value, stored, *part, where);
  const bool is_top = shift.is_literal && shift.range.lo + size == stored.bits;
  if (is_top && part->rep == Rep::Int && part->is_signed) {  // shifted with its sign
    const Value number = from_bits(to_bits(value, stored), {Rep::Int, stored.bits, true});
    return infix(number, ">>", shift, Prec::Shift, Rep::Int, signed_range(size));
  }
  const Scalar raw = unsigned_of(stored.bits);
  Value bits = to_bits(value, stored);
  const bool is_low = shift.is_literal && shift.range.lo == 0;
  if (!is_low) bits = this->shift(false, bits, shift, raw);
  if (is_top) {
    bits = raw.rep == Rep::U64 ? kjit::import::call("i64", bits, Rep::Int, unsigned_range(size)) : bits;
    bits.range = unsigned_range(size);
  } else {
    bits = converted(bits, unsigned_of(size));
  }
  return from_bits(bits, *part);
}

Value FunctionTranslator::load_stored(const Place& whole, const Scalar& stored) {
  const Value text = atom(text_of(whole), stored.rep, whole.is_variable ? whole.range : stored.range());
  const bool is_narrow = !whole.indices.empty() && stored.rep == Rep::Int && stored.bits < 64;
  return is_narrow ? kjit::import::call("int", text, Rep::Int, stored.range()) : text;
}

void FunctionTranslator::store_bits(const Place& to, const Value& value, SourceLocation where) {
  const auto part = scalar_of(to.type, context_);
  if (!part) refuse(where, fmt::format("a value of type '{}'", to.type.getAsString()));
  const Scalar& stored = to.window->stored;
  const auto [whole, shift] = stored_at(to, *part, where);
  const int size = part->rep == Rep::Bool ? 8 : part->bits;
  if (size == stored.bits) {
    out_.line(fmt::format("{} = {}", text_of(whole), reinterpreted(value, *part, stored, where).text));
    return;
  }
  const Scalar raw = unsigned_of(stored.bits);
  const Value old = to_bits(load_stored(whole, stored), stored);
  const Value mine = converted(to_bits(value, *part), raw);
  Value kept;
  if (shift.is_literal) {
    const std::uint64_t mask = low_bits(stored.bits) & ~(low_bits(size) << static_cast<int>(shift.range.lo));
    const Value others = literal_of(mask, stored.bits);
    kept = infix(old, "&", beside(others, old), Prec::BitAnd, raw.rep, raw.range());
  } else {
    const Value hole = this->shift(true, literal_of(low_bits(size), stored.bits), shift, raw);
    const Value others = infix(hole, "^", literal_of(low_bits(stored.bits), stored.bits), Prec::BitXor, raw.rep, raw.range());
    kept = infix(old, "&", others, Prec::BitAnd, raw.rep, raw.range());
  }
  const bool is_low = shift.is_literal && shift.range.lo == 0;
  const Value moved = is_low ? mine : this->shift(true, mine, shift, raw);
  const Value all = infix(kept, "|", beside(moved, kept), Prec::BitOr, raw.rep, raw.range());
  out_.line(fmt::format("{} = {}", text_of(whole), from_bits(all, stored).text));
}

// ---- unions as values ------------------------------------------------------------------------------------------------------

// A union that is written in place: (union u){.f = x}. As the integer that it is.
Value FunctionTranslator::union_value(const InitListExpr& list, const Scalar& stored) {
  const FieldDecl* member = list.getInitializedFieldInUnion();
  if (!member || list.getNumInits() == 0) return converted(integer(0), stored);
  const auto scalar = scalar_of(member->getType(), context_);
  const Expr* init = list.getInit(0);
  if (isa<ImplicitValueInitExpr>(init)) return converted(integer(0), stored);
  if (!scalar) refuse(init->getExprLoc(), "a union that is initialised by a member of several numbers");
  const Value bits = to_bits(converted(expression(init), *scalar), *scalar);
  return converted(bits, stored);
}

Place FunctionTranslator::value_place(const Value& value, QualType type) {
  Place place;
  place.base = operand(value, Prec::Atom);
  place.type = type;
  place.is_variable = true;
  place.rep = value.rep;
  place.range = value.range;
  return place;
}

// &x and p in a conversion to another pointer type, and in memcpy: the address of a variable that has none in the kernel.
Place FunctionTranslator::address(const Expr* expr) {
  for (expr = expr->IgnoreParens(); const auto* cast = dyn_cast<CastExpr>(expr); expr = cast->getSubExpr()->IgnoreParens()) {
    const bool to_void = cast->getCastKind() == CK_BitCast && cast->getType()->isVoidPointerType();
    if (!to_void && cast->getCastKind() != CK_NoOp) break;
  }
  if (const auto* n = dyn_cast<UnaryOperator>(expr); n && n->getOpcode() == UO_AddrOf) return place(n->getSubExpr());
  return pointer(expr);
}

}  // namespace kjit::import
