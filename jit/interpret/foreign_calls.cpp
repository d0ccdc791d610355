// Calls of functions that are not kjit's. Entries: Machine::call_host, Machine::call_extern.

#include <bit>
#include <cstring>
#include <deque>

#include "interpret/machine.h"
#include "interpret/memory.h"
#include "runtime/runtime.h"
#include "typing/memory_layout.h"
#include "typing/tree/foreign_call.h"

namespace kjit::interpreter {

namespace {

// One value in the layout of its type; owns the references in it.
class Cell {
 public:
  explicit Cell(const Type& type)
      : type_(type), words_(static_cast<std::size_t>(memory_layout(type).size) / sizeof(std::max_align_t) + 1) {}
  ~Cell() {
    if (is_set_) load(type_, words_.data(), Ownership::Adopt);
  }
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;

  bool set(const Value& value, kjit_context& ctx) { return is_set_ = store(type_, value, words_.data(), ctx); }
  void* address() { return words_.data(); }

 private:
  const Type& type_;
  std::vector<std::max_align_t> words_;
  bool is_set_ = false;
};

// C functions get integers and pointers in one row of registers and floats in another, on x86-64 and AArch64 alike: filling all
// of both is a call with any arguments that fit (check_foreign.cpp counts them).
struct Registers {
  std::int64_t words[6] = {};
  double floats[8] = {};
  int word_count = 0;
  int float_count = 0;

  void add(std::int64_t word) { words[word_count++] = word; }
  void add(double number) { floats[float_count++] = number; }
  // A float takes the lower half of its register.
  void add(float number) {
    const std::uint64_t bits = std::bit_cast<std::uint32_t>(number);
    add(std::bit_cast<double>(bits));
  }
};

template <typename R>
R call_with(void* function, const Registers& r) {
  using C = R (*)(std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, double, double, double,
                  double, double, double, double, double);
  const auto& w = r.words;
  const auto& f = r.floats;
  return reinterpret_cast<C>(function)(w[0], w[1], w[2], w[3], w[4], w[5], f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7]);
}

void pass(const Type& type, const Value& value, Registers& registers) {
  if (type.is_array()) return registers.add(reinterpret_cast<std::int64_t>(value.array().data()));
  if (type.is(Kind::F32)) return registers.add(static_cast<float>(value.real()));
  if (type.is(Kind::F64)) return registers.add(value.real());
  if (type.is(Kind::Bool)) return registers.add(std::int64_t{value.boolean()});
  registers.add(type.is_unsigned() ? static_cast<std::int64_t>(value.as<std::uint64_t>()) : value.integer());
}

Value call_c(const Type& result, void* function, const Registers& registers) {
  if (result.is(Kind::F64)) return {call_with<double>(function, registers)};
  if (result.is(Kind::F32)) return {static_cast<double>(call_with<float>(function, registers))};
  const std::int64_t word = call_with<std::int64_t>(function, registers);  // its upper bits are not defined for narrow results
  return result.is(Kind::None) ? Value{} : load_scalar(result.kind(), &word);
}

}  // namespace

MaybeValue Machine::call_host(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args) {
  const auto* function =
      options_.foreign ? static_cast<const kjit_host_function*>(options_.foreign(foreign_name(node))) : nullptr;
  KJIT_ASSERT(function != nullptr, "the engine does not know a function of the host");
  std::deque<Cell> cells;
  std::vector<void*> pointers;
  for (std::size_t i = kForeignArguments; i < args.size(); ++i) {
    Cell& cell = cells.emplace_back(node.args[i]->type);
    if (!cell.set(args[i], ctx_)) return std::nullopt;
    pointers.push_back(cell.address());
  }
  Cell result(expr.type);
  if (kjit_call_host(&ctx_, expr.site, function, pointers.data(), result.address()) != KJIT_OK) return std::nullopt;
  return load(expr.type, result.address(), Ownership::Adopt);
}

MaybeValue Machine::call_extern(const typed::Expr& expr, const typed::BuiltinCall& node, const std::vector<Value>& args) {
  void* function = options_.foreign ? options_.foreign(foreign_name(node)) : nullptr;
  KJIT_ASSERT(function != nullptr, "the engine does not know a C function");
  Registers registers;
  for (std::size_t i = kForeignArguments; i < args.size(); ++i) pass(node.args[i]->type, args[i], registers);
  return call_c(expr.type, function, registers);
}

}  // namespace kjit::interpreter
