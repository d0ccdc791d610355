// What a function of the host throws -> the error of the kernel that called it. Entry: detail::fail_call.

#include <exception>
#include <new>
#include <stdexcept>
#include <string>

#include "kjit/engine.h"
#include "kjit/host_function.h"
#include "runtime/runtime.h"

namespace kjit::inline KJIT_ABI::detail {

namespace {

struct Failure {
  int kind;
  std::string message;
};

// By name, as kjit_error_name gives it; RuntimeError for others.
int kind_of(const std::string& name) {
  for (int kind = 1; kjit_error_name(kind)[0] != 0; ++kind) {
    if (name == kjit_error_name(kind)) return kind;
  }
  return KJIT_RuntimeError;
}

// The standard library's exceptions have Python's names for what they mean.
Failure describe(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const KernelException& error) {
    return {kind_of(error.kind()), error.what()};
  } catch (const BadResult& error) {  // a kernel that the function has called
    const auto& run = error.error().run;
    return run ? Failure{kind_of(run->kind), run->message} : Failure{KJIT_RuntimeError, error.error().message};
  } catch (const std::out_of_range& error) {
    return {KJIT_IndexError, error.what()};
  } catch (const std::invalid_argument& error) {
    return {KJIT_ValueError, error.what()};
  } catch (const std::domain_error& error) {
    return {KJIT_ValueError, error.what()};
  } catch (const std::overflow_error& error) {
    return {KJIT_OverflowError, error.what()};
  } catch (const std::bad_alloc&) {
    return {KJIT_MemoryError, "a function of the host has no memory"};
  } catch (const std::exception& error) {
    return {KJIT_RuntimeError, error.what()};
  } catch (...) {
    return {KJIT_RuntimeError, "a function of the host has thrown something that is no std::exception"};
  }
}

}  // namespace

std::int32_t fail_call(Context* context, std::uint32_t site) noexcept {
  auto* ctx = reinterpret_cast<kjit_context*>(context);
  try {
    const Failure failure = describe(std::current_exception());
    const kjit_str message{failure.message.data(), static_cast<std::int64_t>(failure.message.size()), nullptr};
    kjit_raise(ctx, failure.kind, site, &message);
  } catch (...) {
    kjit_raise(ctx, KJIT_MemoryError, site, nullptr);
  }
  return KJIT_FAILED;
}

bool give_text(std::string_view text, Text& out, Context* context, std::uint32_t site) {
  auto* ctx = reinterpret_cast<kjit_context*>(context);
  return kjit_str_new(ctx, site, text.data(), static_cast<std::int64_t>(text.size()), reinterpret_cast<kjit_str*>(&out)) ==
         KJIT_OK;
}

bool give_array(const void* array, int dtype, int rank, void* out, Context* context, std::uint32_t site) {
  auto* ctx = reinterpret_cast<kjit_context*>(context);
  return kjit_array_copy(ctx, site, dtype, rank, static_cast<const kjit_array*>(array), static_cast<kjit_array*>(out)) == KJIT_OK;
}

}  // namespace kjit::inline KJIT_ABI::detail
