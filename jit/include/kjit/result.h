#pragma once
// A value, or why there is none.

#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "kjit/export.h"

namespace kjit::inline KJIT_ABI {

struct RunError;

struct Error {
  std::string message;  // one line, lower case, no final period; of a failed kernel: "IndexError: ..."
  // Several lines, where there is more to say: the diagnostics of a source text, or the traceback of a kernel.
  std::string details = {};
  std::shared_ptr<const RunError> run = {};  // of a failed kernel

  std::string render() const { return details.empty() ? message : details; }
};

// What Result::value() throws.
class KJIT_EXPORT BadResult : public std::exception {
 public:
  explicit BadResult(Error error) : error_(std::move(error)) {}
  const char* what() const noexcept override { return error_.message.c_str(); }
  const Error& error() const { return error_; }

 private:
  Error error_;
};

namespace detail {

[[noreturn, gnu::cold, gnu::noinline]] inline void throw_bad_result(const Error& error) { throw BadResult(error); }

// An error apart from where it is used: what happens to it is called, not made part of functions that all went well in.
class HeldError {
 public:
  explicit HeldError(Error error) : error_(std::make_shared<const Error>(std::move(error))) {}
  HeldError(const HeldError&) = default;
  HeldError(HeldError&&) noexcept = default;
  HeldError& operator=(const HeldError&) = default;
  HeldError& operator=(HeldError&&) noexcept = default;
  [[gnu::cold, gnu::noinline]] ~HeldError() {}  // not `= default`, which would be inline everywhere
  const Error& error() const { return *error_; }

 private:
  std::shared_ptr<const Error> error_;
};

}  // namespace detail

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Only if ok().
  T& operator*() { return *std::get_if<0>(&state_); }
  const T& operator*() const { return *std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  // Only if not ok().
  const Error& error() const { return std::get_if<1>(&state_)->error(); }

  // Throws BadResult if there is none.
  T& value() {
    if (!ok()) [[unlikely]]
      detail::throw_bad_result(error());
    return **this;
  }
  const T& value() const { return const_cast<Result*>(this)->value(); }

 private:
  std::variant<T, detail::HeldError> state_;
};

}  // namespace kjit::inline KJIT_ABI
