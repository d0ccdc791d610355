#pragma once
// Made by scripts/vector_math_tables.py: run it again instead of changing this.

#include <stdint.h>

namespace kjit::vector_math {

constexpr double kLn2Hi = 0x1.62e42fefa39efp-1;
constexpr double kLn2Lo = 0x1.abc9e3b39803fp-56;
constexpr double kLog2E = 0x1.71547652b82fep+0;
constexpr double kInvLn2Hi = 0x1.71547652b82fep+0;
constexpr double kInvLn2Lo = 0x1.777d0ffda0d24p-56;
constexpr double kInvLn10Hi = 0x1.bcb7b1526e50ep-2;
constexpr double kInvLn10Lo = 0x1.95355baaafad3p-57;
constexpr double kLog10Of2Hi = 0x1.34413509f8000p-2;
constexpr double kLog10Of2Lo = -0x1.80433b83b532ap-44;
constexpr double kHalfPiHi = 0x1.921fb54442d18p+0;
constexpr double kHalfPiLo = 0x1.1a62633145c07p-54;
constexpr double kHalfPiTail = -0x1.f1976b7ed8fbcp-110;
constexpr double kPiHi = 0x1.921fb54442d18p+1;
constexpr double kPiLo = 0x1.1a62633145c07p-53;
constexpr double kTwoOverPi = 0x1.45f306dc9c883p-1;
constexpr double kQuarterPiHi = 0x1.921fb54442d18p-1;
constexpr double kQuarterPiLo = 0x1.1a62633145c07p-55;
constexpr double kThirdHi = 0x1.5555555555555p-2;
constexpr double kThirdLo = 0x1.5555555555555p-56;
constexpr double kTanEighthPi = 0x1.a827999fcef32p-2;
constexpr double kTanThreeEighthsPi = 0x1.3504f333f9de6p+1;

// exp(r) = 1 + r + r^2 P(r), |r| <= ln(2) / 2: 0.003
constexpr double kExp[] = {0x1.0000000000000p-1,  0x1.5555555555557p-3,  0x1.5555555555556p-5,  0x1.11111111100dfp-7,
                           0x1.6c16c16c162d6p-10, 0x1.a01a01abe62ddp-13, 0x1.a01a01a6d7808p-16, 0x1.71de02375656cp-19,
                           0x1.27e4db67b4303p-22, 0x1.af4ddd84882fep-26, 0x1.1f72fc730b4ffp-29};
// sin(r) = r + r z P(z), z = r^2, |r| <= pi/4: 0.057
constexpr double kSin[] = {-0x1.5555555555555p-3,  0x1.1111111111110p-7,  -0x1.a01a01a019937p-13, 0x1.71de3a54607a5p-19,
                           -0x1.ae64541295cdfp-26, 0x1.61217ee5cca1bp-33, -0x1.ab17bdcbd3414p-41};
// cos(r) = 1 - z/2 + z^2 P(z): 0.011
constexpr double kCos[] = {0x1.5555555555555p-5,  -0x1.6c16c16c16c16p-10, 0x1.a01a01a019d0ap-16, -0x1.27e4fb7712ca2p-22,
                           0x1.1eed8deb82809p-29, -0x1.9394b9eb4d56dp-37, 0x1.ab78473be59d7p-45};
// log(1 + f) = 2 s + s z P(z), s = f / (2 + f), z = s^2, 1 + f in [sqrt(1/2), sqrt(2)]: 0.0048
constexpr double kLog[] = {0x1.5555555555555p-1, 0x1.9999999999a38p-2, 0x1.2492492476cccp-2, 0x1.c71c720159177p-3,
                           0x1.745cf9048dd95p-3, 0x1.3b1c355a8f7a2p-3, 0x1.0fbe95d716020p-3, 0x1.0c039c49989c6p-3};
// log(1 + f) = 2 s (1 + z / 3 + z^2 P(z)), as above: 9.3e-5
constexpr double kPreciseLog[] = {0x1.999999999999ap-3, 0x1.2492492492521p-3, 0x1.c71c71c6eaa8dp-4, 0x1.745d177a8f200p-4,
                                  0x1.3b1395d4f9e5fp-4, 0x1.1118c74823a2ep-4, 0x1.df7ce9a6bcccbp-5, 0x1.e02d197c00c78p-5};
// atan(r) = r + r z P(z), z = r^2, |r| <= tan(pi/8): 0.029
constexpr double kAtan[] = {-0x1.5555555555555p-2, 0x1.9999999999953p-3, -0x1.249249248d7dcp-3, 0x1.c71c71c303dbbp-4,
                            -0x1.745d165dc9713p-4, 0x1.3b1392d519db1p-4, -0x1.110e87b4357d2p-4, 0x1.e19a0bfa3eef9p-5,
                            -0x1.ac7a5a79b3f26p-5, 0x1.74dccfb93fff0p-5, -0x1.1b311bb48c215p-5, 0x1.0acd9e91a5a35p-6};
// asin(r) = r + r z P(z), z = r^2, |r| <= 1/2: 0.046
constexpr double kAsin[] = {0x1.5555555555556p-3, 0x1.3333333332ecap-4, 0x1.6db6db6e31f13p-5, 0x1.f1c71c1db0623p-6,
                            0x1.6e8bb1c8209a2p-6, 0x1.1c4d35cf95421p-6, 0x1.c9cf07674736ap-7, 0x1.782651caa6547p-7,
                            0x1.52420b04b37bep-7, 0x1.65a9c4dfcf8b2p-8, 0x1.1d189408314eep-6, -0x1.e6aaa8a0a04ccp-7,
                            0x1.d72b2bc8155f8p-6};
// the cube root on [1, 8], a first guess: 1.7e+13
constexpr double kCbrt[] = {0x1.3784c81b01b17p-1, 0x1.f48b3890d403cp-2,   -0x1.cb3e73ee2713fp-4,
                            0x1.2b08ff2518449p-6, -0x1.a29d4b8e82abep-10, 0x1.da65ac9237f24p-15};

// The first 1280 bits of 2 / pi behind the point.
constexpr uint64_t kTwoOverPiBits[] = {0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
                                       0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
                                       0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
                                       0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
                                       0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d};

}  // namespace kjit::vector_math
