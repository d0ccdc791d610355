// Pieces of text, print, and strings made of pieces. Entry: kjit_mark, kjit_put_*, then kjit_print_flush or kjit_take_string.

#include <string.h>

#include "runtime/float_text.h"
#include "runtime/guard.h"
#include "runtime/text_buffer.h"
#include "runtime/utf8.h"

namespace kjit::runtime {

TextBuffer* text_buffer(kjit_context* ctx) {
  if (!ctx->print_buffer) ctx->print_buffer = new (std::nothrow) TextBuffer;
  return static_cast<TextBuffer*>(ctx->print_buffer);
}

void put(kjit_context* ctx, std::string_view text) {
  put_made(ctx, [&] { return text; });
}

void clear_text(kjit_context* ctx) {
  auto* buffer = static_cast<TextBuffer*>(ctx->print_buffer);
  if (!buffer) return;
  buffer->pieces.clear();
  buffer->failed = false;
}

void destroy_text(kjit_context* ctx) {
  delete static_cast<TextBuffer*>(ctx->print_buffer);
  ctx->print_buffer = nullptr;
}

void write_to_host(const kjit_host* host, std::string_view text) {
  if (!host || !host->write || text.empty()) return;
  host->write(host->user, text.data(), static_cast<int64_t>(text.size()));
}

namespace {

std::string_view view(const kjit_str* text) { return {text->data, static_cast<size_t>(text->size)}; }

}  // namespace
}  // namespace kjit::runtime

using namespace kjit::runtime;

extern "C" {

int64_t kjit_mark(kjit_context* ctx) {
  TextBuffer* buffer = text_buffer(ctx);
  return buffer ? static_cast<int64_t>(buffer->pieces.size()) : 0;
}

kjit_status kjit_print_flush(kjit_context* ctx, uint32_t site, int64_t mark) {
  TextBuffer* buffer = text_buffer(ctx);
  if (!buffer || buffer->failed) return out_of_memory(ctx, site);
  return guarded(ctx, site, [&] {
    std::string_view text = std::string_view(buffer->pieces).substr(static_cast<size_t>(mark));
    if (ctx->in_parallel > 0) {
      buffer->printed += text;
    } else {
      write_to_host(ctx->host, text);
    }
    buffer->pieces.resize(static_cast<size_t>(mark));
    return kjit_status{KJIT_OK};
  });
}

kjit_status kjit_take_string(kjit_context* ctx, uint32_t site, int64_t mark, kjit_str* out) {
  TextBuffer* buffer = text_buffer(ctx);
  if (!buffer || buffer->failed) return out_of_memory(ctx, site);
  std::string_view text = std::string_view(buffer->pieces).substr(static_cast<size_t>(mark));
  kjit_status status = kjit_str_new(ctx, site, text.data(), static_cast<int64_t>(text.size()), out);
  buffer->pieces.resize(static_cast<size_t>(mark));
  return status;
}

void kjit_put_text(kjit_context* ctx, const char* text, int64_t size) { put(ctx, {text, static_cast<size_t>(size)}); }
void kjit_put_str(kjit_context* ctx, const kjit_str* value) { put(ctx, view(value)); }

void kjit_put_i64(kjit_context* ctx, int64_t value) {
  put_made(ctx, [&] { return std::to_string(value); });
}
void kjit_put_u64(kjit_context* ctx, uint64_t value) {
  put_made(ctx, [&] { return std::to_string(value); });
}
void kjit_put_bool(kjit_context* ctx, int32_t value) { put(ctx, value ? "True" : "False"); }
void kjit_put_none(kjit_context* ctx) { put(ctx, "None"); }
void kjit_put_f64(kjit_context* ctx, double value) {
  put_made(ctx, [&] { return f64_repr(value); });
}
void kjit_put_f32(kjit_context* ctx, float value) {
  put_made(ctx, [&] { return f32_repr(value); });
}
void kjit_put_complex(kjit_context* ctx, const kjit_complex* value) {
  put_made(ctx, [&] { return complex_repr(value->re, value->im); });
}
void kjit_put_complex64(kjit_context* ctx, float re, float im) {
  put_made(ctx, [&] { return complex64_repr(re, im); });
}
void kjit_put_repr_complex64(kjit_context* ctx, float re, float im) {
  put_made(ctx, [&] {
    std::string text = complex64_repr(re, im);
    return "np.complex64" + (text.front() == '(' ? text : "(" + text + ")");
  });
}
void kjit_put_repr_str(kjit_context* ctx, const kjit_str* value) {
  put_made(ctx, [&] { return quoted(view(value), false); });
}
void kjit_put_ascii_str(kjit_context* ctx, const kjit_str* value) {
  put_made(ctx, [&] { return quoted(view(value), true); });
}

}  // extern "C"
