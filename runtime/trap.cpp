// Errors: recording them in the context, and turning them into text for the host. Entry: kjit_trap.

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <string>
#include <string_view>

#include "runtime/float_text.h"
#include "runtime/guard.h"
#include "runtime/runtime.h"

namespace {

using namespace kjit::runtime;

struct TrapRow {
  int32_t kind;
  const char* message;
};

constexpr TrapRow kTraps[] = {
#define KJIT_TRAP(name, kind, format) {KJIT_##kind, format},
#include "runtime/traps.def"
#undef KJIT_TRAP
};

constexpr const char* kErrorNames[] = {
    "",
#define KJIT_ERROR(name) #name,
#include "runtime/errors.def"
#undef KJIT_ERROR
};

// Starts the error of the call, or says that there is one already.
bool begin_error(kjit_context* ctx, int32_t kind, int32_t trap, uint32_t site) {
  kjit_error& error = ctx->error;
  if (error.kind != KJIT_NO_ERROR) return false;
  error.kind = kind;
  error.trap = trap;
  error.site = site;
  error.traceback_size = 0;
  error.iteration_depth = 0;
  memset(error.values, 0, sizeof error.values);
  error.message = {nullptr, 0, nullptr};
  return true;
}

// Set by signal handlers and other threads.
int32_t flag_at(const volatile int32_t* flag) { return flag ? __atomic_load_n(flag, __ATOMIC_RELAXED) : 0; }

// The host stopped the call: which iteration that met says nothing about the program.
bool is_stop(const kjit_error& error) {
  return error.trap == KJIT_TRAP_Interrupted || error.trap == KJIT_TRAP_CallCancelled || error.trap == KJIT_TRAP_DeadlinePassed;
}

std::string value_text(int64_t value, char form) {
  if (form == 'f') {
    double number;
    memcpy(&number, &value, sizeof number);
    return f64_repr(number);
  }
  return form == 'u' ? std::to_string(static_cast<uint64_t>(value)) : std::to_string(value);
}

// What the fields of a message stand for.
struct Fields {
  const int64_t* values;
  std::string_view expr, text;
};

// One field {0}, {0:u}, {0:f}, {expr} or {text}, without its braces.
std::string expand_field(std::string_view field, const Fields& fields) {
  if (field == "expr") return std::string(fields.expr);
  if (field == "text") return std::string(fields.text);
  int index = field[0] - '0';
  return value_text(fields.values[index], field.size() > 2 ? field[2] : 'd');
}

std::string expand(std::string_view message, const Fields& fields) {
  // Without the source text a message starts behind "{expr}: ".
  if (constexpr std::string_view prefix = "{expr}: "; fields.expr.empty() && message.starts_with(prefix))
    message.remove_prefix(prefix.size());
  std::string text;
  for (size_t open; (open = message.find('{')) != message.npos;) {
    size_t close = message.find('}', open);
    text.append(message.substr(0, open));
    text.append(expand_field(message.substr(open + 1, close - open - 1), fields));
    message.remove_prefix(close + 1);
  }
  return text.append(message);
}

int64_t copy_out(std::string_view text, char* out, int64_t capacity) {
  if (capacity > 0) {
    size_t size = text.size() < static_cast<size_t>(capacity) ? text.size() : static_cast<size_t>(capacity) - 1;
    if (size > 0) memcpy(out, text.data(), size);
    out[size] = 0;
  }
  return static_cast<int64_t>(text.size());
}

}  // namespace

kjit_status kjit::runtime::raise_text(kjit_context* ctx, int32_t kind, uint32_t site, const char* text) {
  kjit_str message{text, static_cast<int64_t>(strlen(text)), nullptr};
  return kjit_raise(ctx, kind, site, &message);
}

kjit_status kjit::runtime::trap_with_text(kjit_context* ctx, int32_t code, uint32_t site, const std::string& text) {
  const bool is_first = ctx->error.kind == KJIT_NO_ERROR;
  const kjit_str message{text.data(), static_cast<int64_t>(text.size()), nullptr};
  kjit_raise(ctx, kjit_trap_kind(code), site, &message);
  if (is_first) ctx->error.trap = code;
  return KJIT_FAILED;
}

namespace {

int64_t format_trap(int32_t code, const Fields& fields, char* out, int64_t capacity) {
  try {
    return copy_out(expand(kjit_trap_message(code), fields), out, capacity);
  } catch (const std::bad_alloc&) {
    return copy_out(kjit_trap_message(code), out, capacity);
  }
}

}  // namespace

extern "C" {

kjit_status kjit_trap(kjit_context* ctx, int32_t code, uint32_t site, int64_t v0, int64_t v1, int64_t v2) {
  if (!begin_error(ctx, kjit_trap_kind(code), code, site)) return KJIT_FAILED;
  ctx->error.values[0] = v0;
  ctx->error.values[1] = v1;
  ctx->error.values[2] = v2;
  return KJIT_FAILED;
}

kjit_status kjit_raise(kjit_context* ctx, int32_t kind, uint32_t site, const kjit_str* message) {
  if (!begin_error(ctx, kind, -1, site) || !message || message->size == 0) return KJIT_FAILED;
  // The text may live in code that is gone when the host reads it. Without memory for a copy the error stands without its text.
  kjit_context scratch = {};
  kjit_buffer* copy;
  if (kjit_buffer_new(&scratch, site, message->size, 0, &copy) != KJIT_OK) return KJIT_FAILED;
  memcpy(copy->memory, message->data, static_cast<size_t>(message->size));
  ctx->error.message = {static_cast<const char*>(copy->memory), message->size, copy};
  return KJIT_FAILED;
}

kjit_status kjit_exit(kjit_context* ctx, uint32_t site, int64_t code) {
  if (begin_error(ctx, KJIT_SystemExit, -1, site)) ctx->error.values[0] = code;
  return KJIT_FAILED;
}

kjit_status kjit_exit_text(kjit_context* ctx, uint32_t site, const kjit_str* text) {
  const bool is_first = ctx->error.kind == KJIT_NO_ERROR;
  kjit_raise(ctx, KJIT_SystemExit, site, text);
  if (is_first) ctx->error.values[0] = 1;
  return KJIT_FAILED;
}

kjit_status kjit_traceback(kjit_context* ctx, uint32_t site) {
  kjit_error& error = ctx->error;
  // Beyond the limit the newest entries stay: they are the outer frames, which a deep recursion would otherwise push out.
  if (error.traceback_size >= KJIT_MAX_TRACEBACK) {
    memmove(error.traceback, error.traceback + 1, (KJIT_MAX_TRACEBACK - 1) * sizeof error.traceback[0]);
    error.traceback[KJIT_MAX_TRACEBACK - 1] = site;
  } else {
    error.traceback[error.traceback_size] = site;
  }
  error.traceback_size++;
  return KJIT_FAILED;
}

kjit_status kjit_iteration_failed(kjit_context* ctx, uint32_t site, int32_t depth, const int64_t* variables) {
  kjit_error& error = ctx->error;
  if (error.iteration_depth > 0 || is_stop(error)) return KJIT_FAILED;
  error.iteration_site = site;
  error.iteration_depth = depth < KJIT_MAX_NEST ? depth : KJIT_MAX_NEST;
  memcpy(error.iteration, variables, static_cast<size_t>(error.iteration_depth) * sizeof *variables);
  return KJIT_FAILED;
}

kjit_status kjit_poll(kjit_context* ctx, uint32_t site) {
  switch (flag_at(ctx->interrupt)) {
    case KJIT_RUNNING:
      if (flag_at(ctx->cancel) == 0) return KJIT_OK;
      [[fallthrough]];
    case KJIT_CANCEL: return kjit_trap(ctx, KJIT_TRAP_CallCancelled, site, 0, 0, 0);
    case KJIT_DEADLINE: return kjit_trap(ctx, KJIT_TRAP_DeadlinePassed, site, 0, 0, 0);
    default: return kjit_trap(ctx, KJIT_TRAP_Interrupted, site, 0, 0, 0);
  }
}

const char* kjit_error_name(int32_t kind) {
  constexpr int32_t count = sizeof kErrorNames / sizeof kErrorNames[0];
  return kind > 0 && kind < count ? kErrorNames[kind] : "";
}

int32_t kjit_trap_kind(int32_t code) { return code >= 0 && code < KJIT_TRAP_COUNT ? kTraps[code].kind : KJIT_RuntimeError; }

const char* kjit_trap_message(int32_t code) { return code >= 0 && code < KJIT_TRAP_COUNT ? kTraps[code].message : ""; }

int64_t kjit_format_trap(int32_t code, const int64_t* values, const char* expr, int64_t expr_size, char* out, int64_t capacity) {
  return format_trap(code, {values, {expr, static_cast<size_t>(expr_size)}, {}}, out, capacity);
}

int64_t kjit_format_error(const kjit_error* error, const char* expr, int64_t expr_size, char* out, int64_t capacity) {
  const std::string_view text{error->message.data, static_cast<size_t>(error->message.size)};
  if (error->trap >= 0)
    return format_trap(error->trap, {error->values, {expr, static_cast<size_t>(expr_size)}, text}, out, capacity);
  if (error->kind == KJIT_SystemExit && text.empty()) {
    char code[24];
    snprintf(code, sizeof code, "%" PRId64, error->values[0]);
    return copy_out(code, out, capacity);
  }
  return copy_out(text, out, capacity);
}

}  // extern "C"
