#include <gtest/gtest.h>

#include <cmath>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;

// The recorded values are those of CPython 3.11.

bool same_complex(kjit_complex a, kjit_complex b) { return same(a.re, b.re) && same(a.im, b.im); }

std::string kind_of(Context& context) {
  std::string error = context.take_error();
  return error.substr(0, error.find(':'));
}

TEST(RuntimeComplex, ArithmeticGivesCPythonsBitsAndErrors) {
  struct Row {
    kjit_complex a, b, product, quotient;
    const char* quotient_error;
    kjit_complex power;
    const char* power_error;
  };
  const Row rows[] = {
      {{1.0, 2.0}, {3.0, -4.0}, {11.0, 2.0}, {-0.2, 0.4}, "", {932.1391946432212, 95.9465336603415}, ""},
      {{1.0, 2.0}, {0.0, 0.0}, {0.0, 0.0}, {0, 0}, "ZeroDivisionError", {1.0, 0.0}, ""},
      {{-2.5, 1e-300}, {1e+300, 1.0}, {-2.5e+300, -1.5}, {-2.5e-300, 0.0}, "", {0, 0}, "OverflowError"},
      {{2.0, 1.0}, {3.0, 0.0}, {6.0, 3.0}, {0.6666666666666666, 0.3333333333333333}, "", {2.0, 11.0}, ""},
      {{2.0, 1.0}, {-2.0, 0.0}, {-4.0, -2.0}, {-1.0, -0.5}, "", {0.12, -0.16}, ""},
      {{0.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}, {0, 0}, "ZeroDivisionError", {1.0, 0.0}, ""},
      {{0.0, 0.0}, {-1.0, 0.0}, {-0.0, 0.0}, {-0.0, -0.0}, "", {0, 0}, "ZeroDivisionError"},
      {{0.0, 0.0}, {2.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}, "", {0.0, 0.0}, ""},
      {{0.0, 0.0}, {0.0, 0.5}, {0.0, 0.0}, {0.0, 0.0}, "", {0, 0}, "ZeroDivisionError"},
      {{1.0, 1.0}, {0.5, 0.25}, {0.25, 0.75}, {2.4, 0.8}, "", {0.8670689929663433, 0.4506811307077047}, ""},
      {{1e+200, 1e+200}, {2.0, 0.0}, {2e+200, 2e+200}, {5e+199, 5e+199}, "", {NAN, NAN}, ""},
      {{-1.0, 0.0}, {0.5, 0.0}, {-0.5, 0.0}, {-2.0, 0.0}, "", {6.123233995736766e-17, 1.0}, ""},
      {{1.5, -2.0}, {100.0, 0.0}, {150.0, -200.0}, {0.015, -0.02}, "", {3.267976165899049e+38, 6.214428571178876e+39}, ""},
      {{1.5, -2.0},
       {101.0, 0.0},
       {151.5, -202.0},
       {0.01485148514851485, -0.019801980198019802},
       "",
       {1.291905356724253e+40, 8.668047623588627e+39},
       ""},
      {{INFINITY, 0.0}, {1.0, 1.0}, {INFINITY, INFINITY}, {INFINITY, -INFINITY}, "", {0, 0}, "ZeroDivisionError"},
      {{3.0, 4.0}, {0.0, -0.0}, {0.0, 0.0}, {0, 0}, "ZeroDivisionError", {1.0, 0.0}, ""}};
  Context context;
  for (const Row& row : rows) {
    kjit_complex product, quotient{}, power{};
    kjit_complex_mul(&row.a, &row.b, &product);
    EXPECT_TRUE(same_complex(product, row.product));
    kjit_complex_div(context, 0, &row.a, &row.b, &quotient);
    EXPECT_EQ(kind_of(context), row.quotient_error);
    EXPECT_TRUE(same_complex(quotient, row.quotient)) << row.a.re << " " << row.b.re;
    kjit_complex_pow(context, 0, &row.a, &row.b, &power);
    EXPECT_EQ(kind_of(context), row.power_error) << row.a.re << " " << row.b.re;
    EXPECT_TRUE(same_complex(power, row.power)) << row.a.re << " ** " << row.b.re << " = " << power.re << " " << power.im;
  }
}

TEST(RuntimeComplex, FunctionsGiveCPythonsBitsAndErrors) {
  struct Row {
    const char* name;
    kjit_status (*function)(kjit_context*, uint32_t, const kjit_complex*, kjit_complex*);
    kjit_complex z, value;
    const char* error;
  };
  const Row rows[] = {{"acos", kjit_cmath_acos, {0.3, -1.7}, {1.4194108455323973, 1.3107496902488216}, ""},
                      {"acos", kjit_cmath_acos, {-2.5, 0.0}, {3.141592653589793, -1.5667992369724109}, ""},
                      {"acos", kjit_cmath_acos, {-0.0, -0.0}, {1.5707963267948966, 0.0}, ""},
                      {"acos", kjit_cmath_acos, {1e+308, -1e+308}, {0.7853981633974483, 710.235929413006}, ""},
                      {"acos", kjit_cmath_acos, {720.0, 1.0}, {0.001388889335417328, -7.272398874824645}, ""},
                      {"acos", kjit_cmath_acos, {INFINITY, NAN}, {NAN, INFINITY}, ""},
                      {"acos", kjit_cmath_acos, {-INFINITY, 2.0}, {3.141592653589793, -INFINITY}, ""},
                      {"acos", kjit_cmath_acos, {0.0, INFINITY}, {1.5707963267948966, -INFINITY}, ""},
                      {"acos", kjit_cmath_acos, {1.0, 0.0}, {0.0, -0.0}, ""},
                      {"acos", kjit_cmath_acos, {5e-320, 1e-320}, {1.5707963267948966, -1e-320}, ""},
                      {"acosh", kjit_cmath_acosh, {0.3, -1.7}, {1.3107496902488216, -1.4194108455323973}, ""},
                      {"acosh", kjit_cmath_acosh, {-2.5, 0.0}, {1.5667992369724109, 3.141592653589793}, ""},
                      {"acosh", kjit_cmath_acosh, {-0.0, -0.0}, {0.0, -1.5707963267948966}, ""},
                      {"acosh", kjit_cmath_acosh, {1e+308, -1e+308}, {710.235929413006, -0.7853981633974483}, ""},
                      {"acosh", kjit_cmath_acosh, {720.0, 1.0}, {7.272398874824645, 0.001388889335417328}, ""},
                      {"acosh", kjit_cmath_acosh, {INFINITY, NAN}, {INFINITY, NAN}, ""},
                      {"acosh", kjit_cmath_acosh, {-INFINITY, 2.0}, {INFINITY, 3.141592653589793}, ""},
                      {"acosh", kjit_cmath_acosh, {0.0, INFINITY}, {INFINITY, 1.5707963267948966}, ""},
                      {"acosh", kjit_cmath_acosh, {1.0, 0.0}, {0.0, 0.0}, ""},
                      {"acosh", kjit_cmath_acosh, {5e-320, 1e-320}, {1e-320, 1.5707963267948966}, ""},
                      {"asin", kjit_cmath_asin, {0.3, -1.7}, {0.1513854812624992, -1.3107496902488216}, ""},
                      {"asin", kjit_cmath_asin, {-2.5, 0.0}, {-1.5707963267948966, 1.5667992369724109}, ""},
                      {"asin", kjit_cmath_asin, {-0.0, -0.0}, {-0.0, -0.0}, ""},
                      {"asin", kjit_cmath_asin, {1e+308, -1e+308}, {0.7853981633974483, -710.235929413006}, ""},
                      {"asin", kjit_cmath_asin, {720.0, 1.0}, {1.5694074374594793, 7.272398874824645}, ""},
                      {"asin", kjit_cmath_asin, {INFINITY, NAN}, {NAN, -INFINITY}, ""},
                      {"asin", kjit_cmath_asin, {-INFINITY, 2.0}, {-1.5707963267948966, INFINITY}, ""},
                      {"asin", kjit_cmath_asin, {0.0, INFINITY}, {0.0, INFINITY}, ""},
                      {"asin", kjit_cmath_asin, {1.0, 0.0}, {1.5707963267948966, 0.0}, ""},
                      {"asin", kjit_cmath_asin, {5e-320, 1e-320}, {5e-320, 1e-320}, ""},
                      {"asinh", kjit_cmath_asinh, {0.3, -1.7}, {1.1511827117610314, -1.3583551589067286}, ""},
                      {"asinh", kjit_cmath_asinh, {-2.5, 0.0}, {-1.6472311463710958, 0.0}, ""},
                      {"asinh", kjit_cmath_asinh, {-0.0, -0.0}, {-0.0, -0.0}, ""},
                      {"asinh", kjit_cmath_asinh, {1e+308, -1e+308}, {710.235929413006, -0.7853981633974483}, ""},
                      {"asinh", kjit_cmath_asinh, {720.0, 1.0}, {7.272399839325235, 0.001388886656243851}, ""},
                      {"asinh", kjit_cmath_asinh, {INFINITY, NAN}, {INFINITY, NAN}, ""},
                      {"asinh", kjit_cmath_asinh, {-INFINITY, 2.0}, {-INFINITY, 0.0}, ""},
                      {"asinh", kjit_cmath_asinh, {0.0, INFINITY}, {INFINITY, 1.5707963267948966}, ""},
                      {"asinh", kjit_cmath_asinh, {1.0, 0.0}, {0.881373587019543, 0.0}, ""},
                      {"asinh", kjit_cmath_asinh, {5e-320, 1e-320}, {5e-320, 1e-320}, ""},
                      {"atan", kjit_cmath_atan, {0.3, -1.7}, {1.4236790442393028, -0.6358752035135133}, ""},
                      {"atan", kjit_cmath_atan, {-2.5, 0.0}, {-1.1902899496825317, 0.0}, ""},
                      {"atan", kjit_cmath_atan, {-0.0, -0.0}, {-0.0, -0.0}, ""},
                      {"atan", kjit_cmath_atan, {1e+308, -1e+308}, {1.5707963267948966, -5e-309}, ""},
                      {"atan", kjit_cmath_atan, {720.0, 1.0}, {1.5694074414782362, 1.9290049035400354e-06}, ""},
                      {"atan", kjit_cmath_atan, {INFINITY, NAN}, {1.5707963267948966, -0.0}, ""},
                      {"atan", kjit_cmath_atan, {-INFINITY, 2.0}, {-1.5707963267948966, 0.0}, ""},
                      {"atan", kjit_cmath_atan, {0.0, INFINITY}, {1.5707963267948966, 0.0}, ""},
                      {"atan", kjit_cmath_atan, {1.0, 0.0}, {0.7853981633974483, 0.0}, ""},
                      {"atan", kjit_cmath_atan, {5e-320, 1e-320}, {5e-320, 1e-320}, ""},
                      {"atanh", kjit_cmath_atanh, {0.3, -1.7}, {0.07595582215779155, -1.049069489395666}, ""},
                      {"atanh", kjit_cmath_atanh, {-2.5, 0.0}, {-0.42364893019360184, 1.5707963267948966}, ""},
                      {"atanh", kjit_cmath_atanh, {-0.0, -0.0}, {-0.0, -0.0}, ""},
                      {"atanh", kjit_cmath_atanh, {1e+308, -1e+308}, {5e-309, -1.5707963267948966}, ""},
                      {"atanh", kjit_cmath_atanh, {720.0, 1.0}, {0.001388887102762212, 1.570794397782551}, ""},
                      {"atanh", kjit_cmath_atanh, {INFINITY, NAN}, {0.0, NAN}, ""},
                      {"atanh", kjit_cmath_atanh, {-INFINITY, 2.0}, {-0.0, 1.5707963267948966}, ""},
                      {"atanh", kjit_cmath_atanh, {0.0, INFINITY}, {0.0, 1.5707963267948966}, ""},
                      {"atanh", kjit_cmath_atanh, {1.0, 0.0}, {0, 0}, "ValueError"},
                      {"atanh", kjit_cmath_atanh, {5e-320, 1e-320}, {5e-320, 1e-320}, ""},
                      {"cos", kjit_cmath_cos, {0.3, -1.7}, {2.701992959680282, 0.7818376958374182}, ""},
                      {"cos", kjit_cmath_cos, {-2.5, 0.0}, {-0.8011436155469337, 0.0}, ""},
                      {"cos", kjit_cmath_cos, {-0.0, -0.0}, {1.0, -0.0}, ""},
                      {"cos", kjit_cmath_cos, {1e+308, -1e+308}, {0, 0}, "OverflowError"},
                      {"cos", kjit_cmath_cos, {720.0, 1.0}, {-1.2947044149230231, 0.6393937070817398}, ""},
                      {"cos", kjit_cmath_cos, {INFINITY, NAN}, {NAN, NAN}, ""},
                      {"cos", kjit_cmath_cos, {-INFINITY, 2.0}, {0, 0}, "ValueError"},
                      {"cos", kjit_cmath_cos, {0.0, INFINITY}, {INFINITY, -0.0}, ""},
                      {"cos", kjit_cmath_cos, {1.0, 0.0}, {0.5403023058681398, -0.0}, ""},
                      {"cos", kjit_cmath_cos, {5e-320, 1e-320}, {1.0, -0.0}, ""},
                      {"cosh", kjit_cmath_cosh, {0.3, -1.7}, {-0.13468611222056817, -0.30198205908019077}, ""},
                      {"cosh", kjit_cmath_cosh, {-2.5, 0.0}, {6.132289479663686, -0.0}, ""},
                      {"cosh", kjit_cmath_cosh, {-0.0, -0.0}, {1.0, 0.0}, ""},
                      {"cosh", kjit_cmath_cosh, {1e+308, -1e+308}, {0, 0}, "OverflowError"},
                      {"cosh", kjit_cmath_cosh, {720.0, 1.0}, {0, 0}, "OverflowError"},
                      {"cosh", kjit_cmath_cosh, {INFINITY, NAN}, {INFINITY, NAN}, ""},
                      {"cosh", kjit_cmath_cosh, {-INFINITY, 2.0}, {-INFINITY, -INFINITY}, ""},
                      {"cosh", kjit_cmath_cosh, {0.0, INFINITY}, {0, 0}, "ValueError"},
                      {"cosh", kjit_cmath_cosh, {1.0, 0.0}, {1.5430806348152437, 0.0}, ""},
                      {"cosh", kjit_cmath_cosh, {5e-320, 1e-320}, {1.0, 0.0}, ""},
                      {"exp", kjit_cmath_exp, {0.3, -1.7}, {-0.17392187543249002, -1.3386074785524524}, ""},
                      {"exp", kjit_cmath_exp, {-2.5, 0.0}, {0.0820849986238988, 0.0}, ""},
                      {"exp", kjit_cmath_exp, {-0.0, -0.0}, {1.0, -0.0}, ""},
                      {"exp", kjit_cmath_exp, {1e+308, -1e+308}, {0, 0}, "OverflowError"},
                      {"exp", kjit_cmath_exp, {720.0, 1.0}, {0, 0}, "OverflowError"},
                      {"exp", kjit_cmath_exp, {INFINITY, NAN}, {INFINITY, NAN}, ""},
                      {"exp", kjit_cmath_exp, {-INFINITY, 2.0}, {-0.0, 0.0}, ""},
                      {"exp", kjit_cmath_exp, {0.0, INFINITY}, {0, 0}, "ValueError"},
                      {"exp", kjit_cmath_exp, {1.0, 0.0}, {2.718281828459045, 0.0}, ""},
                      {"exp", kjit_cmath_exp, {5e-320, 1e-320}, {1.0, 1e-320}, ""},
                      {"log", kjit_cmath_log, {0.3, -1.7}, {0.5459616502586565, -1.396124127786657}, ""},
                      {"log", kjit_cmath_log, {-2.5, 0.0}, {0.9162907318741551, 3.141592653589793}, ""},
                      {"log", kjit_cmath_log, {-0.0, -0.0}, {0, 0}, "ValueError"},
                      {"log", kjit_cmath_log, {1e+308, -1e+308}, {709.542782232446, -0.7853981633974483}, ""},
                      {"log", kjit_cmath_log, {720.0, 1.0}, {6.579252176515343, 0.0013888879958286514}, ""},
                      {"log", kjit_cmath_log, {INFINITY, NAN}, {INFINITY, NAN}, ""},
                      {"log", kjit_cmath_log, {-INFINITY, 2.0}, {INFINITY, 3.141592653589793}, ""},
                      {"log", kjit_cmath_log, {0.0, INFINITY}, {INFINITY, 1.5707963267948966}, ""},
                      {"log", kjit_cmath_log, {1.0, 0.0}, {0.0, 0.0}, ""},
                      {"log", kjit_cmath_log, {5e-320, 1e-320}, {-735.1981926219632, 0.19739555984988075}, ""},
                      {"log10", kjit_cmath_log10, {0.3, -1.7}, {0.23710813203812758, -0.6063290047497355}, ""},
                      {"log10", kjit_cmath_log10, {-2.5, 0.0}, {0.3979400086720376, 1.3643763538418412}, ""},
                      {"log10", kjit_cmath_log10, {-0.0, -0.0}, {0, 0}, "ValueError"},
                      {"log10", kjit_cmath_log10, {1e+308, -1e+308}, {308.150514997832, -0.3410940884604603}, ""},
                      {"log10", kjit_cmath_log10, {720.0, 1.0}, {2.8573329153105727, 0.00060318639257005}, ""},
                      {"log10", kjit_cmath_log10, {INFINITY, NAN}, {INFINITY, NAN}, ""},
                      {"log10", kjit_cmath_log10, {-INFINITY, 2.0}, {INFINITY, 1.3643763538418412}, ""},
                      {"log10", kjit_cmath_log10, {0.0, INFINITY}, {INFINITY, 0.6821881769209206}, ""},
                      {"log10", kjit_cmath_log10, {1.0, 0.0}, {0.0, 0.0}, ""},
                      {"log10", kjit_cmath_log10, {5e-320, 1e-320}, {-319.29251816096263, 0.08572780239500628}, ""},
                      {"sin", kjit_cmath_sin, {0.3, -1.7}, {0.8358243686191043, -2.527468723190649}, ""},
                      {"sin", kjit_cmath_sin, {-2.5, 0.0}, {-0.5984721441039565, -0.0}, ""},
                      {"sin", kjit_cmath_sin, {-0.0, -0.0}, {-0.0, -0.0}, ""},
                      {"sin", kjit_cmath_sin, {1e+308, -1e+308}, {0, 0}, "OverflowError"},
                      {"sin", kjit_cmath_sin, {720.0, 1.0}, {-0.8395464987245481, -0.9860393160955022}, ""},
                      {"sin", kjit_cmath_sin, {INFINITY, NAN}, {NAN, NAN}, ""},
                      {"sin", kjit_cmath_sin, {-INFINITY, 2.0}, {0, 0}, "ValueError"},
                      {"sin", kjit_cmath_sin, {0.0, INFINITY}, {0.0, INFINITY}, ""},
                      {"sin", kjit_cmath_sin, {1.0, 0.0}, {0.8414709848078965, 0.0}, ""},
                      {"sin", kjit_cmath_sin, {5e-320, 1e-320}, {5e-320, 1e-320}, ""},
                      {"sinh", kjit_cmath_sinh, {0.3, -1.7}, {-0.039235763211921855, -1.0366254194722615}, ""},
                      {"sinh", kjit_cmath_sinh, {-2.5, 0.0}, {-6.0502044810397875, 0.0}, ""},
                      {"sinh", kjit_cmath_sinh, {-0.0, -0.0}, {-0.0, -0.0}, ""},
                      {"sinh", kjit_cmath_sinh, {1e+308, -1e+308}, {0, 0}, "OverflowError"},
                      {"sinh", kjit_cmath_sinh, {720.0, 1.0}, {0, 0}, "OverflowError"},
                      {"sinh", kjit_cmath_sinh, {INFINITY, NAN}, {INFINITY, NAN}, ""},
                      {"sinh", kjit_cmath_sinh, {-INFINITY, 2.0}, {INFINITY, INFINITY}, ""},
                      {"sinh", kjit_cmath_sinh, {0.0, INFINITY}, {0, 0}, "ValueError"},
                      {"sinh", kjit_cmath_sinh, {1.0, 0.0}, {1.1752011936438014, 0.0}, ""},
                      {"sinh", kjit_cmath_sinh, {5e-320, 1e-320}, {5e-320, 1e-320}, ""},
                      {"sqrt", kjit_cmath_sqrt, {0.3, -1.7}, {1.0065454908157918, -0.8444725129224773}, ""},
                      {"sqrt", kjit_cmath_sqrt, {-2.5, 0.0}, {0.0, 1.5811388300841898}, ""},
                      {"sqrt", kjit_cmath_sqrt, {-0.0, -0.0}, {0.0, -0.0}, ""},
                      {"sqrt", kjit_cmath_sqrt, {1e+308, -1e+308}, {1.09868411346781e+154, -4.5508986056222734e+153}, ""},
                      {"sqrt", kjit_cmath_sqrt, {720.0, 1.0}, {26.832822200097677, 0.01863389531937419}, ""},
                      {"sqrt", kjit_cmath_sqrt, {INFINITY, NAN}, {INFINITY, NAN}, ""},
                      {"sqrt", kjit_cmath_sqrt, {-INFINITY, 2.0}, {0.0, INFINITY}, ""},
                      {"sqrt", kjit_cmath_sqrt, {0.0, INFINITY}, {INFINITY, INFINITY}, ""},
                      {"sqrt", kjit_cmath_sqrt, {1.0, 0.0}, {1.0, 0.0}, ""},
                      {"sqrt", kjit_cmath_sqrt, {5e-320, 1e-320}, {2.2470989167205634e-160, 2.225066417285439e-161}, ""},
                      {"tan", kjit_cmath_tan, {0.3, -1.7}, {0.035682500915865334, -0.9457340139741869}, ""},
                      {"tan", kjit_cmath_tan, {-2.5, 0.0}, {0.7470222972386603, 0.0}, ""},
                      {"tan", kjit_cmath_tan, {-0.0, -0.0}, {-0.0, -0.0}, ""},
                      {"tan", kjit_cmath_tan, {1e+308, -1e+308}, {-0.0, -1.0}, ""},
                      {"tan", kjit_cmath_tan, {720.0, 1.0}, {0.21893471005492235, 0.869715727379622}, ""},
                      {"tan", kjit_cmath_tan, {INFINITY, NAN}, {NAN, NAN}, ""},
                      {"tan", kjit_cmath_tan, {-INFINITY, 2.0}, {0, 0}, "ValueError"},
                      {"tan", kjit_cmath_tan, {0.0, INFINITY}, {0.0, 1.0}, ""},
                      {"tan", kjit_cmath_tan, {1.0, 0.0}, {1.5574077246549023, 0.0}, ""},
                      {"tan", kjit_cmath_tan, {5e-320, 1e-320}, {5e-320, 1e-320}, ""},
                      {"tanh", kjit_cmath_tanh, {0.3, -1.7}, {2.9115207481259047, 1.1686311699363665}, ""},
                      {"tanh", kjit_cmath_tanh, {-2.5, 0.0}, {-0.9866142981514303, 0.0}, ""},
                      {"tanh", kjit_cmath_tanh, {-0.0, -0.0}, {-0.0, -0.0}, ""},
                      {"tanh", kjit_cmath_tanh, {1e+308, -1e+308}, {1.0, 0.0}, ""},
                      {"tanh", kjit_cmath_tanh, {720.0, 1.0}, {1.0, 0.0}, ""},
                      {"tanh", kjit_cmath_tanh, {INFINITY, NAN}, {1.0, 0.0}, ""},
                      {"tanh", kjit_cmath_tanh, {-INFINITY, 2.0}, {-1.0, -0.0}, ""},
                      {"tanh", kjit_cmath_tanh, {0.0, INFINITY}, {0, 0}, "ValueError"},
                      {"tanh", kjit_cmath_tanh, {1.0, 0.0}, {0.7615941559557649, 0.0}, ""},
                      {"tanh", kjit_cmath_tanh, {5e-320, 1e-320}, {5e-320, 1e-320}, ""}};
  Context context;
  for (const Row& row : rows) {
    kjit_complex value{};
    row.function(context, 0, &row.z, &value);
    EXPECT_EQ(kind_of(context), row.error) << row.name << " " << row.z.re << " " << row.z.im;
    EXPECT_TRUE(same_complex(value, row.value))
        << row.name << "(" << row.z.re << ", " << row.z.im << ") = " << value.re << " " << value.im;
  }
}

TEST(RuntimeComplex, AbsoluteValueOverflowsLoudly) {
  Context context;
  kjit_complex z{3, -4}, large{1.7e308, 1.7e308}, infinite{-INFINITY, NAN};
  double value;
  EXPECT_EQ(kjit_complex_abs(context, 0, &z, &value), KJIT_OK);
  EXPECT_EQ(value, 5.0);
  EXPECT_EQ(kjit_complex_abs(context, 0, &infinite, &value), KJIT_OK);
  EXPECT_EQ(value, INFINITY);
  EXPECT_EQ(kjit_complex_abs(context, 0, &large, &value), KJIT_FAILED);
  EXPECT_EQ(kind_of(context), "OverflowError");
}

TEST(RuntimeComplex, PolarAndRectAreInverse) {
  Context context;
  kjit_complex z{-1, 2}, back;
  double modulus, phase;
  ASSERT_EQ(kjit_cmath_polar(context, 0, &z, &modulus, &phase), KJIT_OK);
  EXPECT_EQ(modulus, 2.23606797749979);
  EXPECT_EQ(phase, 2.0344439357957027);
  ASSERT_EQ(kjit_cmath_rect(context, 0, modulus, phase, &back), KJIT_OK);
  EXPECT_TRUE(same_complex(back, {-1.0, 2.0}));
  EXPECT_EQ(kjit_cmath_rect(context, 0, 1.0, INFINITY, &back), KJIT_FAILED);
}

}  // namespace
