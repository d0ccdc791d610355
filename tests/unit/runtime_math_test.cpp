#include <gtest/gtest.h>

#include <cmath>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;

// The recorded values are those of CPython 3.11.

std::string kind_of(Context& context) {
  std::string error = context.take_error();
  return error.substr(0, error.find(':'));
}

struct Unary {
  const char* name;
  kjit_status (*function)(kjit_context*, uint32_t, double, double*);
  double x, value;
  const char* error;
};

TEST(RuntimeMath, FunctionsOfOneArgumentGiveCPythonsBitsAndErrors) {
  const Unary rows[] = {{"acos", kjit_checked_acos, 0.3, 1.2661036727794992, ""},
                        {"acos", kjit_checked_acos, -0.7, 2.3461938234056494, ""},
                        {"acos", kjit_checked_acos, 2.5, 0, "ValueError"},
                        {"acos", kjit_checked_acos, 0.0, 1.5707963267948966, ""},
                        {"acos", kjit_checked_acos, 1.0, 0.0, ""},
                        {"acos", kjit_checked_acos, -2.0, 0, "ValueError"},
                        {"acos", kjit_checked_acos, 1e+300, 0, "ValueError"},
                        {"acos", kjit_checked_acos, INFINITY, 0, "ValueError"},
                        {"acos", kjit_checked_acos, -INFINITY, 0, "ValueError"},
                        {"acosh", kjit_checked_acosh, 0.3, 0, "ValueError"},
                        {"acosh", kjit_checked_acosh, -0.7, 0, "ValueError"},
                        {"acosh", kjit_checked_acosh, 2.5, 1.566799236972411, ""},
                        {"acosh", kjit_checked_acosh, 0.0, 0, "ValueError"},
                        {"acosh", kjit_checked_acosh, 1.0, 0.0, ""},
                        {"acosh", kjit_checked_acosh, -2.0, 0, "ValueError"},
                        {"acosh", kjit_checked_acosh, 1e+300, 691.4686750787736, ""},
                        {"acosh", kjit_checked_acosh, INFINITY, INFINITY, ""},
                        {"acosh", kjit_checked_acosh, -INFINITY, 0, "ValueError"},
                        {"acosh", kjit_checked_acosh, 3.0, 1.762747174039086, ""},
                        {"asin", kjit_checked_asin, 0.3, 0.3046926540153975, ""},
                        {"asin", kjit_checked_asin, -0.7, -0.775397496610753, ""},
                        {"asin", kjit_checked_asin, 2.5, 0, "ValueError"},
                        {"asin", kjit_checked_asin, 0.0, 0.0, ""},
                        {"asin", kjit_checked_asin, 1.0, 1.5707963267948966, ""},
                        {"asin", kjit_checked_asin, -2.0, 0, "ValueError"},
                        {"asin", kjit_checked_asin, 1e+300, 0, "ValueError"},
                        {"asin", kjit_checked_asin, INFINITY, 0, "ValueError"},
                        {"asin", kjit_checked_asin, -INFINITY, 0, "ValueError"},
                        {"asinh", kjit_checked_asinh, 0.3, 0.29567304756342244, ""},
                        {"asinh", kjit_checked_asinh, -0.7, -0.6526665660823557, ""},
                        {"asinh", kjit_checked_asinh, 2.5, 1.6472311463710958, ""},
                        {"asinh", kjit_checked_asinh, 0.0, 0.0, ""},
                        {"asinh", kjit_checked_asinh, 1.0, 0.881373587019543, ""},
                        {"asinh", kjit_checked_asinh, -2.0, -1.4436354751788103, ""},
                        {"asinh", kjit_checked_asinh, 1e+300, 691.4686750787736, ""},
                        {"asinh", kjit_checked_asinh, INFINITY, INFINITY, ""},
                        {"asinh", kjit_checked_asinh, -INFINITY, -INFINITY, ""},
                        {"atan", kjit_checked_atan, 0.3, 0.2914567944778671, ""},
                        {"atan", kjit_checked_atan, -0.7, -0.6107259643892086, ""},
                        {"atan", kjit_checked_atan, 2.5, 1.1902899496825317, ""},
                        {"atan", kjit_checked_atan, 0.0, 0.0, ""},
                        {"atan", kjit_checked_atan, 1.0, 0.7853981633974483, ""},
                        {"atan", kjit_checked_atan, -2.0, -1.1071487177940904, ""},
                        {"atan", kjit_checked_atan, 1e+300, 1.5707963267948966, ""},
                        {"atan", kjit_checked_atan, INFINITY, 1.5707963267948966, ""},
                        {"atan", kjit_checked_atan, -INFINITY, -1.5707963267948966, ""},
                        {"atanh", kjit_checked_atanh, 0.3, 0.30951960420311175, ""},
                        {"atanh", kjit_checked_atanh, -0.7, -0.8673005276940531, ""},
                        {"atanh", kjit_checked_atanh, 2.5, 0, "ValueError"},
                        {"atanh", kjit_checked_atanh, 0.0, 0.0, ""},
                        {"atanh", kjit_checked_atanh, 1.0, 0, "ValueError"},
                        {"atanh", kjit_checked_atanh, -2.0, 0, "ValueError"},
                        {"atanh", kjit_checked_atanh, 1e+300, 0, "ValueError"},
                        {"atanh", kjit_checked_atanh, INFINITY, 0, "ValueError"},
                        {"atanh", kjit_checked_atanh, -INFINITY, 0, "ValueError"},
                        {"cbrt", kjit_checked_cbrt, 0.3, 0.6694329500821694, ""},
                        {"cbrt", kjit_checked_cbrt, -0.7, -0.8879040017426008, ""},
                        {"cbrt", kjit_checked_cbrt, 2.5, 1.3572088082974532, ""},
                        {"cbrt", kjit_checked_cbrt, 0.0, 0.0, ""},
                        {"cbrt", kjit_checked_cbrt, 1.0, 1.0, ""},
                        {"cbrt", kjit_checked_cbrt, -2.0, -1.2599210498948734, ""},
                        {"cbrt", kjit_checked_cbrt, 1e+300, 1e+100, ""},
                        {"cbrt", kjit_checked_cbrt, INFINITY, INFINITY, ""},
                        {"cbrt", kjit_checked_cbrt, -INFINITY, -INFINITY, ""},
                        {"cos", kjit_checked_cos, 0.3, 0.955336489125606, ""},
                        {"cos", kjit_checked_cos, -0.7, 0.7648421872844885, ""},
                        {"cos", kjit_checked_cos, 2.5, -0.8011436155469337, ""},
                        {"cos", kjit_checked_cos, 0.0, 1.0, ""},
                        {"cos", kjit_checked_cos, 1.0, 0.5403023058681398, ""},
                        {"cos", kjit_checked_cos, -2.0, -0.4161468365471424, ""},
                        {"cos", kjit_checked_cos, 1e+300, -0.5753861119575491, ""},
                        {"cos", kjit_checked_cos, INFINITY, 0, "ValueError"},
                        {"cos", kjit_checked_cos, -INFINITY, 0, "ValueError"},
                        {"cosh", kjit_checked_cosh, 0.3, 1.0453385141288605, ""},
                        {"cosh", kjit_checked_cosh, -0.7, 1.255169005630943, ""},
                        {"cosh", kjit_checked_cosh, 2.5, 6.132289479663686, ""},
                        {"cosh", kjit_checked_cosh, 0.0, 1.0, ""},
                        {"cosh", kjit_checked_cosh, 1.0, 1.5430806348152437, ""},
                        {"cosh", kjit_checked_cosh, -2.0, 3.7621956910836314, ""},
                        {"cosh", kjit_checked_cosh, 1e+300, 0, "OverflowError"},
                        {"cosh", kjit_checked_cosh, INFINITY, INFINITY, ""},
                        {"cosh", kjit_checked_cosh, -INFINITY, INFINITY, ""},
                        {"degrees", kjit_checked_degrees, 0.3, 17.188733853924695, ""},
                        {"degrees", kjit_checked_degrees, -0.7, -40.10704565915762, ""},
                        {"degrees", kjit_checked_degrees, 2.5, 143.2394487827058, ""},
                        {"degrees", kjit_checked_degrees, 0.0, 0.0, ""},
                        {"degrees", kjit_checked_degrees, 1.0, 57.29577951308232, ""},
                        {"degrees", kjit_checked_degrees, -2.0, -114.59155902616465, ""},
                        {"degrees", kjit_checked_degrees, 1e+300, 5.729577951308233e+301, ""},
                        {"degrees", kjit_checked_degrees, INFINITY, INFINITY, ""},
                        {"degrees", kjit_checked_degrees, -INFINITY, -INFINITY, ""},
                        {"erf", kjit_checked_erf, 0.3, 0.3286267594591274, ""},
                        {"erf", kjit_checked_erf, -0.7, -0.6778011938374184, ""},
                        {"erf", kjit_checked_erf, 2.5, 0.999593047982555, ""},
                        {"erf", kjit_checked_erf, 0.0, 0.0, ""},
                        {"erf", kjit_checked_erf, 1.0, 0.8427007929497149, ""},
                        {"erf", kjit_checked_erf, -2.0, -0.9953222650189527, ""},
                        {"erf", kjit_checked_erf, 1e+300, 1.0, ""},
                        {"erf", kjit_checked_erf, INFINITY, 1.0, ""},
                        {"erf", kjit_checked_erf, -INFINITY, -1.0, ""},
                        {"erfc", kjit_checked_erfc, 0.3, 0.6713732405408726, ""},
                        {"erfc", kjit_checked_erfc, -0.7, 1.6778011938374184, ""},
                        {"erfc", kjit_checked_erfc, 2.5, 0.0004069520174449589, ""},
                        {"erfc", kjit_checked_erfc, 0.0, 1.0, ""},
                        {"erfc", kjit_checked_erfc, 1.0, 0.15729920705028513, ""},
                        {"erfc", kjit_checked_erfc, -2.0, 1.9953222650189528, ""},
                        {"erfc", kjit_checked_erfc, 1e+300, 0.0, ""},
                        {"erfc", kjit_checked_erfc, INFINITY, 0.0, ""},
                        {"erfc", kjit_checked_erfc, -INFINITY, 2.0, ""},
                        {"exp", kjit_checked_exp, 0.3, 1.3498588075760032, ""},
                        {"exp", kjit_checked_exp, -0.7, 0.4965853037914095, ""},
                        {"exp", kjit_checked_exp, 2.5, 12.182493960703473, ""},
                        {"exp", kjit_checked_exp, 0.0, 1.0, ""},
                        {"exp", kjit_checked_exp, 1.0, 2.718281828459045, ""},
                        {"exp", kjit_checked_exp, -2.0, 0.1353352832366127, ""},
                        {"exp", kjit_checked_exp, 1e+300, 0, "OverflowError"},
                        {"exp", kjit_checked_exp, INFINITY, INFINITY, ""},
                        {"exp", kjit_checked_exp, -INFINITY, 0.0, ""},
                        {"exp", kjit_checked_exp, 710.0, 0, "OverflowError"},
                        {"exp", kjit_checked_exp, -745.2, 0.0, ""},
                        {"exp2", kjit_checked_exp2, 0.3, 1.2311444133449163, ""},
                        {"exp2", kjit_checked_exp2, -0.7, 0.6155722066724582, ""},
                        {"exp2", kjit_checked_exp2, 2.5, 5.656854249492381, ""},
                        {"exp2", kjit_checked_exp2, 0.0, 1.0, ""},
                        {"exp2", kjit_checked_exp2, 1.0, 2.0, ""},
                        {"exp2", kjit_checked_exp2, -2.0, 0.25, ""},
                        {"exp2", kjit_checked_exp2, 1e+300, 0, "OverflowError"},
                        {"exp2", kjit_checked_exp2, INFINITY, INFINITY, ""},
                        {"exp2", kjit_checked_exp2, -INFINITY, 0.0, ""},
                        {"expm1", kjit_checked_expm1, 0.3, 0.3498588075760031, ""},
                        {"expm1", kjit_checked_expm1, -0.7, -0.5034146962085905, ""},
                        {"expm1", kjit_checked_expm1, 2.5, 11.182493960703473, ""},
                        {"expm1", kjit_checked_expm1, 0.0, 0.0, ""},
                        {"expm1", kjit_checked_expm1, 1.0, 1.718281828459045, ""},
                        {"expm1", kjit_checked_expm1, -2.0, -0.8646647167633873, ""},
                        {"expm1", kjit_checked_expm1, 1e+300, 0, "OverflowError"},
                        {"expm1", kjit_checked_expm1, INFINITY, INFINITY, ""},
                        {"expm1", kjit_checked_expm1, -INFINITY, -1.0, ""},
                        {"fabs", kjit_checked_fabs, 0.3, 0.3, ""},
                        {"fabs", kjit_checked_fabs, -0.7, 0.7, ""},
                        {"fabs", kjit_checked_fabs, 2.5, 2.5, ""},
                        {"fabs", kjit_checked_fabs, 0.0, 0.0, ""},
                        {"fabs", kjit_checked_fabs, 1.0, 1.0, ""},
                        {"fabs", kjit_checked_fabs, -2.0, 2.0, ""},
                        {"fabs", kjit_checked_fabs, 1e+300, 1e+300, ""},
                        {"fabs", kjit_checked_fabs, INFINITY, INFINITY, ""},
                        {"fabs", kjit_checked_fabs, -INFINITY, INFINITY, ""},
                        {"gamma", kjit_checked_gamma, 0.3, 2.991568987687591, ""},
                        {"gamma", kjit_checked_gamma, -0.7, -4.273669982410843, ""},
                        {"gamma", kjit_checked_gamma, 2.5, 1.3293403881791372, ""},
                        {"gamma", kjit_checked_gamma, 0.0, 0, "ValueError"},
                        {"gamma", kjit_checked_gamma, 1.0, 1.0, ""},
                        {"gamma", kjit_checked_gamma, -2.0, 0, "ValueError"},
                        {"gamma", kjit_checked_gamma, 1e+300, 0, "OverflowError"},
                        {"gamma", kjit_checked_gamma, INFINITY, INFINITY, ""},
                        {"gamma", kjit_checked_gamma, -INFINITY, 0, "ValueError"},
                        {"gamma", kjit_checked_gamma, 5.0, 24.0, ""},
                        {"gamma", kjit_checked_gamma, 23.0, 1.1240007277776077e+21, ""},
                        {"gamma", kjit_checked_gamma, 24.5, 1.2599063430729375e+23, ""},
                        {"gamma", kjit_checked_gamma, -0.5, -3.544907701811032, ""},
                        {"gamma", kjit_checked_gamma, -170.5, -3.312739521538607e-308, ""},
                        {"gamma", kjit_checked_gamma, 171.6, 1.5858969096672563e+308, ""},
                        {"gamma", kjit_checked_gamma, 172.0, 0, "OverflowError"},
                        {"gamma", kjit_checked_gamma, 1e-21, 1.0000000000000001e+21, ""},
                        {"gamma", kjit_checked_gamma, -201.5, 0.0, ""},
                        {"lgamma", kjit_checked_lgamma, 0.3, 1.0957979948180752, ""},
                        {"lgamma", kjit_checked_lgamma, -0.7, 1.4524729387568076, ""},
                        {"lgamma", kjit_checked_lgamma, 2.5, 0.2846828704729196, ""},
                        {"lgamma", kjit_checked_lgamma, 0.0, 0, "ValueError"},
                        {"lgamma", kjit_checked_lgamma, 1.0, 0.0, ""},
                        {"lgamma", kjit_checked_lgamma, -2.0, 0, "ValueError"},
                        {"lgamma", kjit_checked_lgamma, 1e+300, 6.897755278982137e+302, ""},
                        {"lgamma", kjit_checked_lgamma, INFINITY, INFINITY, ""},
                        {"lgamma", kjit_checked_lgamma, -INFINITY, INFINITY, ""},
                        {"lgamma", kjit_checked_lgamma, 1e-21, 48.35428695287496, ""},
                        {"lgamma", kjit_checked_lgamma, 3.5, 1.2009736023470738, ""},
                        {"lgamma", kjit_checked_lgamma, -0.5, 1.265512123484645, ""},
                        {"lgamma", kjit_checked_lgamma, 1e+18, 4.044653167389282e+19, ""},
                        {"lgamma", kjit_checked_lgamma, 2.0, 0.0, ""},
                        {"log", kjit_checked_log, 0.3, -1.2039728043259361, ""},
                        {"log", kjit_checked_log, -0.7, 0, "ValueError"},
                        {"log", kjit_checked_log, 2.5, 0.9162907318741551, ""},
                        {"log", kjit_checked_log, 0.0, 0, "ValueError"},
                        {"log", kjit_checked_log, 1.0, 0.0, ""},
                        {"log", kjit_checked_log, -2.0, 0, "ValueError"},
                        {"log", kjit_checked_log, 1e+300, 690.7755278982137, ""},
                        {"log", kjit_checked_log, INFINITY, INFINITY, ""},
                        {"log", kjit_checked_log, -INFINITY, 0, "ValueError"},
                        {"log10", kjit_checked_log10, 0.3, -0.5228787452803376, ""},
                        {"log10", kjit_checked_log10, -0.7, 0, "ValueError"},
                        {"log10", kjit_checked_log10, 2.5, 0.3979400086720376, ""},
                        {"log10", kjit_checked_log10, 0.0, 0, "ValueError"},
                        {"log10", kjit_checked_log10, 1.0, 0.0, ""},
                        {"log10", kjit_checked_log10, -2.0, 0, "ValueError"},
                        {"log10", kjit_checked_log10, 1e+300, 300.0, ""},
                        {"log10", kjit_checked_log10, INFINITY, INFINITY, ""},
                        {"log10", kjit_checked_log10, -INFINITY, 0, "ValueError"},
                        {"log1p", kjit_checked_log1p, 0.3, 0.26236426446749106, ""},
                        {"log1p", kjit_checked_log1p, -0.7, -1.203972804325936, ""},
                        {"log1p", kjit_checked_log1p, 2.5, 1.252762968495368, ""},
                        {"log1p", kjit_checked_log1p, 0.0, 0.0, ""},
                        {"log1p", kjit_checked_log1p, 1.0, 0.6931471805599453, ""},
                        {"log1p", kjit_checked_log1p, -2.0, 0, "ValueError"},
                        {"log1p", kjit_checked_log1p, 1e+300, 690.7755278982137, ""},
                        {"log1p", kjit_checked_log1p, INFINITY, INFINITY, ""},
                        {"log1p", kjit_checked_log1p, -INFINITY, 0, "ValueError"},
                        {"log2", kjit_checked_log2, 0.3, -1.7369655941662063, ""},
                        {"log2", kjit_checked_log2, -0.7, 0, "ValueError"},
                        {"log2", kjit_checked_log2, 2.5, 1.3219280948873624, ""},
                        {"log2", kjit_checked_log2, 0.0, 0, "ValueError"},
                        {"log2", kjit_checked_log2, 1.0, 0.0, ""},
                        {"log2", kjit_checked_log2, -2.0, 0, "ValueError"},
                        {"log2", kjit_checked_log2, 1e+300, 996.5784284662087, ""},
                        {"log2", kjit_checked_log2, INFINITY, INFINITY, ""},
                        {"log2", kjit_checked_log2, -INFINITY, 0, "ValueError"},
                        {"radians", kjit_checked_radians, 0.3, 0.005235987755982988, ""},
                        {"radians", kjit_checked_radians, -0.7, -0.012217304763960306, ""},
                        {"radians", kjit_checked_radians, 2.5, 0.04363323129985824, ""},
                        {"radians", kjit_checked_radians, 0.0, 0.0, ""},
                        {"radians", kjit_checked_radians, 1.0, 0.017453292519943295, ""},
                        {"radians", kjit_checked_radians, -2.0, -0.03490658503988659, ""},
                        {"radians", kjit_checked_radians, 1e+300, 1.7453292519943297e+298, ""},
                        {"radians", kjit_checked_radians, INFINITY, INFINITY, ""},
                        {"radians", kjit_checked_radians, -INFINITY, -INFINITY, ""},
                        {"sin", kjit_checked_sin, 0.3, 0.29552020666133955, ""},
                        {"sin", kjit_checked_sin, -0.7, -0.644217687237691, ""},
                        {"sin", kjit_checked_sin, 2.5, 0.5984721441039565, ""},
                        {"sin", kjit_checked_sin, 0.0, 0.0, ""},
                        {"sin", kjit_checked_sin, 1.0, 0.8414709848078965, ""},
                        {"sin", kjit_checked_sin, -2.0, -0.9092974268256817, ""},
                        {"sin", kjit_checked_sin, 1e+300, -0.8178819121159085, ""},
                        {"sin", kjit_checked_sin, INFINITY, 0, "ValueError"},
                        {"sin", kjit_checked_sin, -INFINITY, 0, "ValueError"},
                        {"sinh", kjit_checked_sinh, 0.3, 0.3045202934471426, ""},
                        {"sinh", kjit_checked_sinh, -0.7, -0.7585837018395334, ""},
                        {"sinh", kjit_checked_sinh, 2.5, 6.0502044810397875, ""},
                        {"sinh", kjit_checked_sinh, 0.0, 0.0, ""},
                        {"sinh", kjit_checked_sinh, 1.0, 1.1752011936438014, ""},
                        {"sinh", kjit_checked_sinh, -2.0, -3.626860407847019, ""},
                        {"sinh", kjit_checked_sinh, 1e+300, 0, "OverflowError"},
                        {"sinh", kjit_checked_sinh, INFINITY, INFINITY, ""},
                        {"sinh", kjit_checked_sinh, -INFINITY, -INFINITY, ""},
                        {"sqrt", kjit_checked_sqrt, 0.3, 0.5477225575051661, ""},
                        {"sqrt", kjit_checked_sqrt, -0.7, 0, "ValueError"},
                        {"sqrt", kjit_checked_sqrt, 2.5, 1.5811388300841898, ""},
                        {"sqrt", kjit_checked_sqrt, 0.0, 0.0, ""},
                        {"sqrt", kjit_checked_sqrt, 1.0, 1.0, ""},
                        {"sqrt", kjit_checked_sqrt, -2.0, 0, "ValueError"},
                        {"sqrt", kjit_checked_sqrt, 1e+300, 1e+150, ""},
                        {"sqrt", kjit_checked_sqrt, INFINITY, INFINITY, ""},
                        {"sqrt", kjit_checked_sqrt, -INFINITY, 0, "ValueError"},
                        {"tan", kjit_checked_tan, 0.3, 0.30933624960962325, ""},
                        {"tan", kjit_checked_tan, -0.7, -0.8422883804630794, ""},
                        {"tan", kjit_checked_tan, 2.5, -0.7470222972386603, ""},
                        {"tan", kjit_checked_tan, 0.0, 0.0, ""},
                        {"tan", kjit_checked_tan, 1.0, 1.5574077246549023, ""},
                        {"tan", kjit_checked_tan, -2.0, 2.185039863261519, ""},
                        {"tan", kjit_checked_tan, 1e+300, 1.4214488238747245, ""},
                        {"tan", kjit_checked_tan, INFINITY, 0, "ValueError"},
                        {"tan", kjit_checked_tan, -INFINITY, 0, "ValueError"},
                        {"tanh", kjit_checked_tanh, 0.3, 0.2913126124515909, ""},
                        {"tanh", kjit_checked_tanh, -0.7, -0.6043677771171636, ""},
                        {"tanh", kjit_checked_tanh, 2.5, 0.9866142981514303, ""},
                        {"tanh", kjit_checked_tanh, 0.0, 0.0, ""},
                        {"tanh", kjit_checked_tanh, 1.0, 0.7615941559557649, ""},
                        {"tanh", kjit_checked_tanh, -2.0, -0.9640275800758169, ""},
                        {"tanh", kjit_checked_tanh, 1e+300, 1.0, ""},
                        {"tanh", kjit_checked_tanh, INFINITY, 1.0, ""},
                        {"tanh", kjit_checked_tanh, -INFINITY, -1.0, ""},
                        {"ulp", kjit_checked_ulp, 0.3, 5.551115123125783e-17, ""},
                        {"ulp", kjit_checked_ulp, -0.7, 1.1102230246251565e-16, ""},
                        {"ulp", kjit_checked_ulp, 2.5, 4.440892098500626e-16, ""},
                        {"ulp", kjit_checked_ulp, 0.0, 5e-324, ""},
                        {"ulp", kjit_checked_ulp, 1.0, 2.220446049250313e-16, ""},
                        {"ulp", kjit_checked_ulp, -2.0, 4.440892098500626e-16, ""},
                        {"ulp", kjit_checked_ulp, 1e+300, 1.487016908477783e+284, ""},
                        {"ulp", kjit_checked_ulp, INFINITY, INFINITY, ""},
                        {"ulp", kjit_checked_ulp, -INFINITY, INFINITY, ""}};
  Context context;
  for (const Unary& row : rows) {
    double value = 0;
    row.function(context, 0, row.x, &value);
    EXPECT_EQ(kind_of(context), row.error) << row.name << "(" << row.x << ")";
    EXPECT_TRUE(same(value, row.value)) << row.name << "(" << row.x << ") = " << value << ", not " << row.value;
  }
}

struct Binary {
  const char* name;
  kjit_status (*function)(kjit_context*, uint32_t, double, double, double*);
  double x, y, value;
  const char* error;
};

TEST(RuntimeMath, FunctionsOfTwoArgumentsGiveCPythonsBitsAndErrors) {
  const Binary rows[] = {{"atan2", kjit_checked_atan2, 3.5, 2.0, 1.0516502125483738, ""},
                         {"atan2", kjit_checked_atan2, -7.25, 0.3, -1.5294406094210844, ""},
                         {"atan2", kjit_checked_atan2, 0.0, -1.0, 3.141592653589793, ""},
                         {"atan2", kjit_checked_atan2, -0.0, 0.0, -0.0, ""},
                         {"atan2", kjit_checked_atan2, INFINITY, 2.0, 1.5707963267948966, ""},
                         {"atan2", kjit_checked_atan2, 1e+300, 1e+300, 0.7853981633974483, ""},
                         {"atan2", kjit_checked_atan2, 5.0, 0.0, 1.5707963267948966, ""},
                         {"atan2", kjit_checked_atan2, -8.0, 0.3333333333333333, -1.5291537476963082, ""},
                         {"atan2", kjit_checked_atan2, NAN, INFINITY, NAN, ""},
                         {"atan2", kjit_checked_atan2, 3.0, 4.0, 0.6435011087932844, ""},
                         {"atan2", kjit_checked_atan2, 1e-320, 2e-320, 0.4636476090008061, ""},
                         {"atan2", kjit_checked_atan2, 0.1, 0.7, 0.14189705460416394, ""},
                         {"copysign", kjit_checked_copysign, 3.5, 2.0, 3.5, ""},
                         {"copysign", kjit_checked_copysign, -7.25, 0.3, 7.25, ""},
                         {"copysign", kjit_checked_copysign, 0.0, -1.0, -0.0, ""},
                         {"copysign", kjit_checked_copysign, -0.0, 0.0, 0.0, ""},
                         {"copysign", kjit_checked_copysign, INFINITY, 2.0, INFINITY, ""},
                         {"copysign", kjit_checked_copysign, 1e+300, 1e+300, 1e+300, ""},
                         {"copysign", kjit_checked_copysign, 5.0, 0.0, 5.0, ""},
                         {"copysign", kjit_checked_copysign, -8.0, 0.3333333333333333, 8.0, ""},
                         {"copysign", kjit_checked_copysign, NAN, INFINITY, NAN, ""},
                         {"copysign", kjit_checked_copysign, 3.0, 4.0, 3.0, ""},
                         {"copysign", kjit_checked_copysign, 1e-320, 2e-320, 1e-320, ""},
                         {"copysign", kjit_checked_copysign, 0.1, 0.7, 0.1, ""},
                         {"fmod", kjit_checked_fmod, 3.5, 2.0, 1.5, ""},
                         {"fmod", kjit_checked_fmod, -7.25, 0.3, -0.050000000000000266, ""},
                         {"fmod", kjit_checked_fmod, 0.0, -1.0, 0.0, ""},
                         {"fmod", kjit_checked_fmod, -0.0, 0.0, 0, "ValueError"},
                         {"fmod", kjit_checked_fmod, INFINITY, 2.0, 0, "ValueError"},
                         {"fmod", kjit_checked_fmod, 1e+300, 1e+300, 0.0, ""},
                         {"fmod", kjit_checked_fmod, 5.0, 0.0, 0, "ValueError"},
                         {"fmod", kjit_checked_fmod, -8.0, 0.3333333333333333, -4.440892098500626e-16, ""},
                         {"fmod", kjit_checked_fmod, NAN, INFINITY, NAN, ""},
                         {"fmod", kjit_checked_fmod, 3.0, 4.0, 3.0, ""},
                         {"fmod", kjit_checked_fmod, 1e-320, 2e-320, 1e-320, ""},
                         {"fmod", kjit_checked_fmod, 0.1, 0.7, 0.1, ""},
                         {"hypot", kjit_checked_hypot, 3.5, 2.0, 4.031128874149275, ""},
                         {"hypot", kjit_checked_hypot, -7.25, 0.3, 7.2562042418884545, ""},
                         {"hypot", kjit_checked_hypot, 0.0, -1.0, 1.0, ""},
                         {"hypot", kjit_checked_hypot, -0.0, 0.0, 0.0, ""},
                         {"hypot", kjit_checked_hypot, INFINITY, 2.0, INFINITY, ""},
                         {"hypot", kjit_checked_hypot, 1e+300, 1e+300, 1.4142135623730952e+300, ""},
                         {"hypot", kjit_checked_hypot, 5.0, 0.0, 5.0, ""},
                         {"hypot", kjit_checked_hypot, -8.0, 0.3333333333333333, 8.006941432976209, ""},
                         {"hypot", kjit_checked_hypot, NAN, INFINITY, INFINITY, ""},
                         {"hypot", kjit_checked_hypot, 3.0, 4.0, 5.0, ""},
                         {"hypot", kjit_checked_hypot, 1e-320, 2e-320, 2.236e-320, ""},
                         {"hypot", kjit_checked_hypot, 0.1, 0.7, 0.7071067811865475, ""},
                         {"nextafter", kjit_checked_nextafter, 3.5, 2.0, 3.4999999999999996, ""},
                         {"nextafter", kjit_checked_nextafter, -7.25, 0.3, -7.249999999999999, ""},
                         {"nextafter", kjit_checked_nextafter, 0.0, -1.0, -5e-324, ""},
                         {"nextafter", kjit_checked_nextafter, -0.0, 0.0, 0.0, ""},
                         {"nextafter", kjit_checked_nextafter, INFINITY, 2.0, 1.7976931348623157e+308, ""},
                         {"nextafter", kjit_checked_nextafter, 1e+300, 1e+300, 1e+300, ""},
                         {"nextafter", kjit_checked_nextafter, 5.0, 0.0, 4.999999999999999, ""},
                         {"nextafter", kjit_checked_nextafter, -8.0, 0.3333333333333333, -7.999999999999999, ""},
                         {"nextafter", kjit_checked_nextafter, NAN, INFINITY, NAN, ""},
                         {"nextafter", kjit_checked_nextafter, 3.0, 4.0, 3.0000000000000004, ""},
                         {"nextafter", kjit_checked_nextafter, 1e-320, 2e-320, 1.0005e-320, ""},
                         {"nextafter", kjit_checked_nextafter, 0.1, 0.7, 0.10000000000000002, ""},
                         {"pow", kjit_checked_pow, 3.5, 2.0, 12.25, ""},
                         {"pow", kjit_checked_pow, -7.25, 0.3, 0, "ValueError"},
                         {"pow", kjit_checked_pow, 0.0, -1.0, 0, "ValueError"},
                         {"pow", kjit_checked_pow, -0.0, 0.0, 1.0, ""},
                         {"pow", kjit_checked_pow, INFINITY, 2.0, INFINITY, ""},
                         {"pow", kjit_checked_pow, 1e+300, 1e+300, 0, "OverflowError"},
                         {"pow", kjit_checked_pow, 5.0, 0.0, 1.0, ""},
                         {"pow", kjit_checked_pow, -8.0, 0.3333333333333333, 0, "ValueError"},
                         {"pow", kjit_checked_pow, NAN, INFINITY, NAN, ""},
                         {"pow", kjit_checked_pow, 3.0, 4.0, 81.0, ""},
                         {"pow", kjit_checked_pow, 1e-320, 2e-320, 1.0, ""},
                         {"pow", kjit_checked_pow, 0.1, 0.7, 0.199526231496888, ""},
                         {"remainder", kjit_checked_remainder, 3.5, 2.0, -0.5, ""},
                         {"remainder", kjit_checked_remainder, -7.25, 0.3, -0.050000000000000266, ""},
                         {"remainder", kjit_checked_remainder, 0.0, -1.0, 0.0, ""},
                         {"remainder", kjit_checked_remainder, -0.0, 0.0, 0, "ValueError"},
                         {"remainder", kjit_checked_remainder, INFINITY, 2.0, 0, "ValueError"},
                         {"remainder", kjit_checked_remainder, 1e+300, 1e+300, 0.0, ""},
                         {"remainder", kjit_checked_remainder, 5.0, 0.0, 0, "ValueError"},
                         {"remainder", kjit_checked_remainder, -8.0, 0.3333333333333333, -4.440892098500626e-16, ""},
                         {"remainder", kjit_checked_remainder, NAN, INFINITY, NAN, ""},
                         {"remainder", kjit_checked_remainder, 3.0, 4.0, -1.0, ""},
                         {"remainder", kjit_checked_remainder, 1e-320, 2e-320, 1e-320, ""},
                         {"remainder", kjit_checked_remainder, 0.1, 0.7, 0.1, ""}};
  Context context;
  for (const Binary& row : rows) {
    double value = 0;
    row.function(context, 0, row.x, row.y, &value);
    EXPECT_EQ(kind_of(context), row.error) << row.name << "(" << row.x << ", " << row.y << ")";
    EXPECT_TRUE(same(value, row.value)) << row.name << "(" << row.x << ", " << row.y << ") = " << value << ", not " << row.value;
  }
}

TEST(RuntimeMath, QuietFunctionsGiveNanInsteadOfAnError) {
  EXPECT_TRUE(std::isnan(kjit_math_sqrt(-1)));
  EXPECT_TRUE(std::isinf(kjit_math_exp(1000)));
}

TEST(RuntimeMath, AnErrorNamesTheArgument) {
  Context context;
  double value;
  EXPECT_EQ(kjit_checked_sqrt(context, 7, -2.5, &value), KJIT_FAILED);
  EXPECT_EQ(context->error.site, 7u);
  EXPECT_EQ(context.take_error("math.sqrt(x)"), "ValueError: math.sqrt(x): math domain error at -2.5");
}

TEST(RuntimeMath, HypotOfManyIsAlmostAlwaysCorrectlyRounded) {
  struct Row {
    std::vector<double> values;
    double value;
  };
  const Row rows[] = {{{-0.9524089298036276, 713.7260127694991, -0.6869985980045334}, 713.7269788607479},
                      {{0.007100912718085173, -6.306793122902468, -0.48473527582247433}, 6.325397869357941},
                      {{0.0005859537450399053, -0.001068136944860032, -818.6589250163212}, 818.6589250172277},
                      {{78.07609840249788, -0.916239327260308, 92.95155622511335}, 121.39484519917539},
                      {{47.783176028076845, -0.0006850118097196751, 0.0006634032506999561}, 47.78317603759217},
                      {{-0.0088089778966229, 7.591299450687021, -0.9398348215504229}, 7.64926103881227},
                      {{-3.474132949034705, 6.84854257037064, -0.05327087247328206}, 7.679516447772055},
                      {{-0.04536955864167247, -83.00224772493561, -4.436742006722283}, 83.12075472120453},
                      {{991.3832833123984, -0.08335930450587033, -0.0036944556596890023}, 991.383286823867},
                      {{2.5769282714127594e-05, -859.5530008801481, -0.000784146168822053}, 859.5530008805063}};
  for (const Row& row : rows) EXPECT_TRUE(same(kjit_math_hypot_n(row.values.data(), 3), row.value)) << row.value;
}

TEST(RuntimeMath, FsumRoundsOnce) {
  struct Row {
    std::vector<double> values;
    double value;
    const char* error;
  };
  Row rows[] = {{{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}, 1.0, ""},
                {{1e+16, 1.0, -1e+16}, 1.0, ""},
                {{1e+308, 1e+308, -1e+308}, 0, "OverflowError"},
                {{}, 0.0, ""},
                {{INFINITY, 1.0}, INFINITY, ""},
                {{-0.0, -0.0}, 0.0, ""},
                {{1e+100, 1.0, -1e+100, 2.5e-16}, 1.0000000000000002, ""},
                {{9007199254740992.0, -0.5, -5e-324}, 9007199254740991.0, ""},
                {{NAN, 2.0}, NAN, ""},
                {{INFINITY, -INFINITY}, 0, "ValueError"}};
  Context context;
  for (Row& row : rows) {
    kjit_array values = view_of(row.values);
    double value = 0;
    kjit_math_fsum(context, 0, &values, &value);
    EXPECT_EQ(kind_of(context), row.error);
    EXPECT_TRUE(same(value, row.value)) << value << ", not " << row.value;
  }
}

TEST(RuntimeMath, LogWithABaseFailsAtBaseOne) {
  Context context;
  double value;
  EXPECT_EQ(kjit_checked_log_base(context, 0, 8, 2, &value), KJIT_OK);
  EXPECT_EQ(value, 3.0);
  EXPECT_EQ(kjit_checked_log_base(context, 0, 8, 1, &value), KJIT_FAILED);
  EXPECT_EQ(kind_of(context), "ZeroDivisionError");
}

TEST(RuntimeMath, LdexpSaturatesHugeExponents) {
  Context context;
  double value;
  EXPECT_EQ(kjit_checked_ldexp(context, 0, 1.0, INT64_MIN, &value), KJIT_OK);
  EXPECT_EQ(value, 0.0);
  EXPECT_EQ(kjit_checked_ldexp(context, 0, 1.0, INT64_MAX, &value), KJIT_FAILED);
  EXPECT_EQ(kind_of(context), "OverflowError");
}

TEST(RuntimeMath, FrexpOfInfinityHasExponentZero) {
  int64_t exponent = 1;
  EXPECT_EQ(kjit_math_frexp(INFINITY, &exponent), INFINITY);
  EXPECT_EQ(exponent, 0);
  EXPECT_EQ(kjit_math_frexp(-10.0, &exponent), -0.625);
  EXPECT_EQ(exponent, 4);
}

TEST(RuntimeMath, IsCloseComparesBothWays) {
  EXPECT_TRUE(kjit_math_isclose(1.0, 1.0 + 1e-10, 1e-9, 0.0));
  EXPECT_FALSE(kjit_math_isclose(1.0, 1.1, 1e-9, 0.0));
  EXPECT_FALSE(kjit_math_isclose(INFINITY, 1e308, 1.0, 0.0));
  EXPECT_TRUE(kjit_math_isclose(0.0, 1e-12, 0.0, 1e-9));
}

}  // namespace
