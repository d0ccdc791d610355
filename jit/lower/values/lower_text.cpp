// print and f-strings: all values first, then one runtime call for each piece. Entry: lower_print, lower_format.

#include "lower/features.h"
#include "support/assert.h"
#include "typing/repr_prefix.h"

namespace kjit {
namespace {

using namespace typed;

class TextPutter {
 public:
  TextPutter(FunctionLowering& f, SiteId site) : f_(f), site_(site) {}

  void put_text(std::string_view text) {
    if (text.empty()) return;
    f_.call_runtime("kjit_put_text", {f_.ctx, f_.m.text_data(text), f_.int64(static_cast<std::int64_t>(text.size()))});
  }

  void put_piece(const FormatPiece& piece, llvm::Value* value) {
    if (!piece.value) return put_text(piece.text);
    const Type& type = piece.value->type;
    if (piece.spec.empty()) return put_value(value, type, piece.conversion);
    if (piece.conversion) return put_converted_with_spec(piece, value);
    format(value, type, piece.spec);
  }

 private:
  void put_value(llvm::Value* value, const Type& type, char conversion) {
    const bool repr = conversion == 'r' || conversion == 'a';
    if (repr && type.is(Kind::C64)) return put_complex64("kjit_put_repr_complex64", value);
    const std::string_view prefix = repr ? repr_prefix(type.kind()) : "";
    put_text(prefix);
    put_text(prefix.empty() ? "" : "(");
    put_plain(value, type, conversion);
    put_text(prefix.empty() ? "" : ")");
  }

  void put_plain(llvm::Value* value, const Type& type, char conversion) {
    switch (type.kind()) {
      case Kind::None: return put("kjit_put_none", {});
      case Kind::Bool: return put("kjit_put_bool", {f_.b.CreateZExt(value, f_.m.i32())});
      case Kind::F32: return put("kjit_put_f32", {value});
      case Kind::F64: return put("kjit_put_f64", {value});
      case Kind::C64: return put_complex64("kjit_put_complex64", value);
      case Kind::C128: return put("kjit_put_complex", {f_.spill(value, type)});
      case Kind::Str: return put_string(value, conversion);
      case Kind::Array: return put_array(value, type, conversion == 'r' || conversion == 'a');
      case Kind::Tuple: return put_tuple(value, type);
      default: break;
    }
    KJIT_ASSERT(type.is_integer(), "no text form");
    llvm::Value* wide = f_.b.CreateIntCast(value, f_.m.i64(), type.is_signed());
    put(type.is_signed() ? "kjit_put_i64" : "kjit_put_u64", {wide});
  }

  void put(std::string_view name, std::vector<llvm::Value*> args) {
    args.insert(args.begin(), f_.ctx);
    f_.call_runtime(name, std::move(args));
  }

  void put_complex64(std::string_view name, llvm::Value* value) {
    put(name, {f_.b.CreateExtractValue(value, 0), f_.b.CreateExtractValue(value, 1)});
  }

  void put_string(llvm::Value* value, char conversion) {
    const char* name = conversion == 'r' ? "kjit_put_repr_str" : conversion == 'a' ? "kjit_put_ascii_str" : "kjit_put_str";
    put(name, {f_.spill(value, Kind::Str)});
  }

  void put_array(llvm::Value* value, const Type& type, bool repr) {
    int dtype = static_cast<int>(type.dtype()) - static_cast<int>(Kind::Bool);
    put("kjit_put_array", {f_.int32(dtype), f_.int32(type.rank()), f_.spill(value, type), f_.int32(repr)});
  }

  void put_tuple(llvm::Value* value, const Type& type) {
    put_text("(");
    const std::vector<Type>& elements = type.elements();
    for (unsigned i = 0; i < elements.size(); ++i) {
      if (i > 0) put_text(", ");
      put_value(f_.from_memory(f_.b.CreateExtractValue(value, i), elements[i]), elements[i], 'r');
    }
    put_text(elements.size() == 1 ? ",)" : ")");
  }

  // f"{x!r:>10}": the specification applies to the text.
  void put_converted_with_spec(const FormatPiece& piece, llvm::Value* value) {
    llvm::Value* mark = f_.call_runtime("kjit_mark", {f_.ctx});
    put_value(value, piece.value->type, piece.conversion);
    format(take_string(mark), Kind::Str, piece.spec);
  }

  void format(llvm::Value* value, const Type& type, const std::string& spec) {
    if (type.is(Kind::Str)) return format_as("kjit_format_str", f_.spill(value, type), spec);
    if (type.is_complex())
      return format_as("kjit_format_complex", f_.spill(convert_value(f_, value, type, Kind::C128, site_), Kind::C128), spec);
    if (type.is_float()) return format_as("kjit_format_f64", convert_value(f_, value, type, Kind::F64, site_), spec);
    if (type.is(Kind::Bool)) return format_as("kjit_format_bool", f_.b.CreateZExt(value, f_.m.i32()), spec);
    KJIT_ASSERT(type.is_integer(), "no such value takes a format specification");
    llvm::Value* wide = f_.b.CreateIntCast(value, f_.m.i64(), type.is_signed());
    format_as(type.is_signed() ? "kjit_format_i64" : "kjit_format_u64", wide, spec);
  }

  void format_as(std::string_view name, llvm::Value* value, const std::string& spec) {
    llvm::Value* size = f_.int64(static_cast<std::int64_t>(spec.size()));
    f_.fail_if_runtime_failed(f_.call_runtime(name, {f_.ctx, f_.b.getInt32(site_), value, f_.m.text_data(spec), size}));
  }

 public:
  llvm::Value* take_string(llvm::Value* mark) {
    llvm::AllocaInst* out = f_.entry_alloca(f_.m.str_type());
    f_.fail_if_runtime_failed(f_.call_runtime("kjit_take_string", {f_.ctx, f_.b.getInt32(site_), mark, out}));
    return f_.own_temporary(f_.load(out, Kind::Str), Kind::Str);
  }

 private:
  FunctionLowering& f_;
  SiteId site_;
};

// Puts all pieces and returns the mark at which they begin.
llvm::Value* put_pieces(FunctionLowering& f, TextPutter& putter, const std::vector<FormatPiece>& pieces) {
  std::vector<llvm::Value*> values;
  for (const FormatPiece& piece : pieces) values.push_back(piece.value ? lower_expr(f, *piece.value) : nullptr);
  llvm::Value* mark = f.call_runtime("kjit_mark", {f.ctx});
  for (std::size_t i = 0; i < pieces.size(); ++i) putter.put_piece(pieces[i], values[i]);
  return mark;
}

}  // namespace

llvm::Value* lower_format(FunctionLowering& f, const Expr& expr, const Format& node) {
  TextPutter putter(f, expr.site);
  return putter.take_string(put_pieces(f, putter, node.pieces));
}

void lower_print(FunctionLowering& f, const Stmt& stmt, const Print& node) {
  TextPutter putter(f, stmt.site);
  llvm::Value* mark = put_pieces(f, putter, node.pieces);
  f.fail_if_runtime_failed(f.call_runtime("kjit_print_flush", {f.ctx, f.b.getInt32(stmt.site), mark}));
}

}  // namespace kjit
