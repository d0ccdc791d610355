#pragma once
// A value, or why there is none. For mistakes that are neither the kernel's source text (diagnostics) nor its run (RunError): a
// file that cannot be read, a literal that is none.

#include <string>
#include <utility>
#include <variant>

namespace kjit {

struct Error {
  std::string message;  // one line, lower case, no final period
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Only if ok().
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  // Only if not ok().
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace kjit
