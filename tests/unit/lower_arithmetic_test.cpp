// Compiled arithmetic against the interpreter's, for every operator and kind over the edges of its range, at O0 and O3. The
// operands are parameters, so that nothing is folded away.

#include <cmath>

#include "tests/unit/lower_runner.h"

namespace kjit::testing {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

struct Case {
  const char* name;
  bool checked;
  int opt_level;
};
constexpr Case kCases[] = {{"O0", false, 0}, {"O3", false, 3}, {"checked O3", true, 3}};

std::vector<interpreter::Value> edges(Kind kind) {
  std::vector<interpreter::Value> values;
  Type type(kind);
  if (type.is_float()) {
    for (double v : {0.0,
                     -0.0,
                     1.0,
                     -1.0,
                     2.5,
                     -2.5,
                     0.1,
                     7.0,
                     -7.0,
                     3.0,
                     1e300,
                     -1e300,
                     5e-324,
                     kInf,
                     -kInf,
                     std::nan(""),
                     9007199254740993.0,
                     9.3e18,
                     -9.3e18,
                     1.8446744073709552e19,
                     0x1p63,
                     -0x1p63,
                     0x1p62}) {
      values.push_back({kind == Kind::F32 ? static_cast<double>(static_cast<float>(v)) : v});
    }
    return values;
  }
  int bits = bit_width(kind);
  if (type.is_signed()) {
    std::int64_t max = std::numeric_limits<std::int64_t>::max() >> (64 - bits), min = -max - 1;
    for (std::int64_t v :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{2}, std::int64_t{-2}, std::int64_t{3}, std::int64_t{7},
          std::int64_t{-7}, std::int64_t{63}, std::int64_t{64}, max, max - 1, min, min + 1, max / 2}) {
      values.push_back({v});
    }
    return values;
  }
  std::uint64_t max = std::numeric_limits<std::uint64_t>::max() >> (64 - bits);
  for (std::uint64_t v : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}, std::uint64_t{7},
                          std::uint64_t{63}, max, max - 1, max / 2, max / 2 + 1}) {
    values.push_back({v});
  }
  return values;
}

// f(a: left, b: right) = make(t, a, b), compared over all pairs of edges.
template <typename Make>
void compare_all(Kind left, Kind right, Make make, const std::string& what, bool with_checked = true) {
  TreeBuilder t;
  LocalId a = t.parameter("a", left), b = t.parameter("b", right);
  ExprPtr value = make(t, a, b);
  t.result(value->type);
  t.add(t.ret(std::move(value)));
  for (const Case& c : kCases) {
    if (c.checked && !with_checked) continue;
    Compiled compiled(t, {c.opt_level, c.checked});
    RunSettings settings{.options = {.checked = c.checked, .foreign = {}}};
    for (const auto& x : edges(left)) {
      for (const auto& y : edges(right)) {
        Outcome expected = run(t, {x, y}, settings);
        EXPECT_TRUE(same_outcome(expected, compiled({x, y})))
            << what << " " << c.name << " on " << to_string(left) << ", " << to_string(right);
      }
    }
  }
}

const Kind kIntegers[] = {Kind::I8, Kind::I16, Kind::I32, Kind::I64, Kind::U8, Kind::U16, Kind::U32, Kind::U64};

TEST(LowerArithmetic, IntegerOperatorsAgreeWithTheInterpreter) {
  for (Kind kind : kIntegers) {
    for (BinaryOp op : {BinaryOp::Add, BinaryOp::Sub, BinaryOp::Mul, BinaryOp::FloorDiv, BinaryOp::Mod, BinaryOp::Pow,
                        BinaryOp::Shl, BinaryOp::Shr, BinaryOp::BitAnd, BinaryOp::BitOr, BinaryOp::BitXor}) {
      compare_all(
          kind, kind, [&](TreeBuilder& t, LocalId a, LocalId b) { return t.binary(op, t.read(a), t.read(b)); },
          "operator " + std::to_string(static_cast<int>(op)));
    }
  }
}

TEST(LowerArithmetic, TrueDivisionOfIntegersIsCorrectlyRounded) {
  for (Kind kind : {Kind::I64, Kind::U64}) {
    compare_all(
        kind, kind, [&](TreeBuilder& t, LocalId a, LocalId b) { return t.binary(BinaryOp::TrueDiv, t.read(a), t.read(b)); }, "/");
  }
}

TEST(LowerArithmetic, DivisionByConstantsAgrees) {
  for (std::int64_t divisor : {1, 2, 8, 3, 7, -1, -2, -8, -3}) {
    for (BinaryOp op : {BinaryOp::FloorDiv, BinaryOp::Mod}) {
      compare_all(
          Kind::I64, Kind::I8, [&](TreeBuilder& t, LocalId a, LocalId) { return t.binary(op, t.read(a), t.i64(divisor)); },
          "by " + std::to_string(divisor));
    }
  }
}

TEST(LowerArithmetic, PowersWithConstantExponentsAgree) {
  for (std::int64_t exponent : {0, 1, 2, 3, 5, 10}) {
    compare_all(
        Kind::I64, Kind::I8,
        [&](TreeBuilder& t, LocalId a, LocalId) { return t.binary(BinaryOp::Pow, t.read(a), t.i64(exponent)); },
        "power " + std::to_string(exponent));
  }
}

TEST(LowerArithmetic, FloatOperatorsAgreeWithTheInterpreter) {
  for (Kind kind : {Kind::F64, Kind::F32}) {
    for (BinaryOp op :
         {BinaryOp::Add, BinaryOp::Sub, BinaryOp::Mul, BinaryOp::TrueDiv, BinaryOp::FloorDiv, BinaryOp::Mod, BinaryOp::Pow}) {
      compare_all(
          kind, kind, [&](TreeBuilder& t, LocalId a, LocalId b) { return t.binary(op, t.read(a), t.read(b)); },
          "operator " + std::to_string(static_cast<int>(op)), false);
    }
  }
}

TEST(LowerArithmetic, ComparisonsOfIntegersWithFloatsAreExact) {
  for (Kind kind : {Kind::I64, Kind::U64}) {
    for (CompareOp op : {CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge}) {
      compare_all(
          kind, Kind::F64, [&](TreeBuilder& t, LocalId a, LocalId b) { return t.compare(op, t.read(a), t.read(b)); },
          "int, float", false);
      compare_all(
          Kind::F64, kind, [&](TreeBuilder& t, LocalId a, LocalId b) { return t.compare(op, t.read(a), t.read(b)); },
          "float, int", false);
    }
  }
}

TEST(LowerArithmetic, ConversionsOfFloatsToIntegersTruncateOrTrap) {
  for (Kind kind : kIntegers) {
    compare_all(
        Kind::F64, Kind::I8, [&](TreeBuilder& t, LocalId a, LocalId) { return t.convert(kind, t.read(a)); },
        "to " + to_string(kind), false);
  }
}

TEST(LowerArithmetic, ConversionsBetweenIntegersWrapOrTrapWhenChecked) {
  for (Kind from : kIntegers) {
    for (Kind to : kIntegers) {
      if (from == to) continue;
      compare_all(
          from, Kind::I8, [&](TreeBuilder& t, LocalId a, LocalId) { return t.convert(to, t.read(a)); },
          to_string(from) + " to " + to_string(to));
    }
  }
}

TEST(LowerArithmetic, InlineBuiltinsAgree) {
  for (Builtin builtin :
       {Builtin::Abs, Builtin::Sign, Builtin::Floor, Builtin::Ceil, Builtin::Trunc, Builtin::Rint, Builtin::Fabs}) {
    compare_all(
        Kind::F64, Kind::I8, [&](TreeBuilder& t, LocalId a, LocalId) { return t.builtin(Kind::F64, builtin, exprs(t.read(a))); },
        std::string(builtin_row(builtin).name), false);
  }
  for (Builtin builtin : {Builtin::Min, Builtin::Max, Builtin::Minimum, Builtin::Maximum}) {
    compare_all(
        Kind::F64, Kind::F64,
        [&](TreeBuilder& t, LocalId a, LocalId b) { return t.builtin(Kind::F64, builtin, exprs(t.read(a), t.read(b))); },
        std::string(builtin_row(builtin).name), false);
  }
  for (Builtin builtin : {Builtin::Abs, Builtin::Sign}) {
    compare_all(
        Kind::I64, Kind::I8, [&](TreeBuilder& t, LocalId a, LocalId) { return t.builtin(Kind::I64, builtin, exprs(t.read(a))); },
        std::string(builtin_row(builtin).name));
  }
  for (Builtin builtin : {Builtin::BitCount, Builtin::BitLength}) {
    compare_all(
        Kind::I64, Kind::I8, [&](TreeBuilder& t, LocalId a, LocalId) { return t.builtin(Kind::I64, builtin, exprs(t.read(a))); },
        std::string(builtin_row(builtin).name));
  }
}

TEST(LowerArithmetic, CheckedMathFunctionsRaiseWhereCPythonDoes) {
  for (Builtin builtin :
       {Builtin::Sin, Builtin::Log, Builtin::Exp, Builtin::Acos, Builtin::Log1p, Builtin::Sqrt, Builtin::Atanh}) {
    for (bool checked : {false, true}) {
      compare_all(
          Kind::F64, Kind::I8,
          [&](TreeBuilder& t, LocalId a, LocalId) { return t.builtin(Kind::F64, builtin, exprs(t.read(a)), checked); },
          std::string(builtin_row(builtin).name), false);
    }
  }
}

}  // namespace
}  // namespace kjit::testing
