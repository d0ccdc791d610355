// NumPy's promotion against a table that NumPy wrote.

#include <gtest/gtest.h>

#include <string_view>

#include "typing/arrays/np_promotion.h"

namespace kjit {
namespace {

struct NpGolden {
  typed::BinaryOp op;
  int left;  // index into kKinds
  std::string_view results;
};

#include "np_promotion_golden.h"

constexpr Kind kKinds[] = {Kind::Bool, Kind::I8,  Kind::I16, Kind::I32, Kind::I64, Kind::U8,  Kind::U16,
                           Kind::U32,  Kind::U64, Kind::F32, Kind::F64, Kind::C64, Kind::C128};
constexpr std::string_view kCodes = "?bhiqBHIQfdFD";

char code_of(Kind kind) { return kCodes[static_cast<std::size_t>(kind) - static_cast<std::size_t>(Kind::Bool)]; }

NpOperand operand(std::size_t column) {
  constexpr Kind kWeak[] = {Kind::I64, Kind::F64, Kind::C128};
  const std::size_t kinds = std::size(kKinds);
  return column < kinds ? NpOperand{kKinds[column], false} : NpOperand{kWeak[column - kinds], true};
}

TEST(NpPromotion, OperatorsOnAllPairsGiveNumPysTypes) {
  for (const NpGolden& row : kNpGolden) {
    for (std::size_t column = 0; column < row.results.size(); ++column) {
      const NpOperand a{kKinds[row.left], false}, b = operand(column);
      const auto types = np_operator_types(row.op, a, b);
      const char found = types ? code_of(types->result) : '-';
      EXPECT_EQ(found, row.results[column]) << spelling(row.op) << " of " << to_string(Type(a.kind)) << " and "
                                            << to_string(Type(b.kind)) << (b.weak ? " (Python's)" : "");
    }
  }
}

TEST(NpPromotion, InPlaceOperatorsFollowSameKind) {
  EXPECT_TRUE(np_same_kind(Kind::F64, Kind::F32));
  EXPECT_TRUE(np_same_kind(Kind::I64, Kind::I8));
  EXPECT_TRUE(np_same_kind(Kind::U8, Kind::I64));
  EXPECT_FALSE(np_same_kind(Kind::I64, Kind::U64));
  EXPECT_FALSE(np_same_kind(Kind::F32, Kind::I64));
  EXPECT_FALSE(np_same_kind(Kind::C64, Kind::F64));
}

}  // namespace
}  // namespace kjit
