#include <gtest/gtest.h>

#include <cmath>

#include "runtime_testing.h"

namespace {

using namespace kjit::runtime_testing;

// The recorded texts and messages are those of CPython 3.11.

class RuntimeFormat : public testing::Test {
 protected:
  kjit_status format(int64_t value, std::string_view s) { return kjit_format_i64(context_, 0, value, s.data(), size(s)); }
  kjit_status format(double value, std::string_view s) { return kjit_format_f64(context_, 0, value, s.data(), size(s)); }
  kjit_status format(bool value, std::string_view s) { return kjit_format_bool(context_, 0, value, s.data(), size(s)); }
  kjit_status format(kjit_complex value, std::string_view s) {
    return kjit_format_complex(context_, 0, &value, s.data(), size(s));
  }
  kjit_status format(const std::string& value, std::string_view s) {
    kjit_str text = text_of(value);
    return kjit_format_str(context_, 0, &text, s.data(), size(s));
  }

  // The text, or the error as "ValueError: message".
  template <typename T>
  void expect(const T& value, std::string_view spec, const char* expected) {
    std::string result = format(value, spec) == KJIT_OK ? context_.take_text() : context_.take_error();
    EXPECT_EQ(result, expected) << "spec '" << spec << "'";
  }

  static void check(char type, std::string_view spec, const char* expected) {
    char message[200] = "";
    EXPECT_EQ(kjit_check_format_spec(spec.data(), size(spec), type, message, sizeof message), 0);
    EXPECT_STREQ(message, expected);
  }

  static int64_t size(std::string_view text) { return static_cast<int64_t>(text.size()); }

  Context context_;
};

TEST_F(RuntimeFormat, TextsAreCPythons) {
  expect(int64_t{5}, "05", "00005");
  expect(int64_t{-5}, "05", "-0005");
  expect(int64_t{1234567}, ",", "1,234,567");
  expect(int64_t{1234567}, "_", "1_234_567");
  expect(int64_t{255}, "#x", "0xff");
  expect(int64_t{255}, "#010X", "0X000000FF");
  expect(int64_t{5}, "b", "101");
  expect(int64_t{123456789}, "_b", "111_0101_1011_1100_1101_0001_0101");
  expect(int64_t{65}, "c", "A");
  expect(int64_t{3}, ".2f", "3.00");
  expect(int64_t{-7}, "+", "-7");
  expect(int64_t{7}, " ", " 7");
  expect(int64_t{7}, "+", "+7");
  expect(int64_t{42}, "*^9", "***42****");
  expect(int64_t{42}, "<6", "42    ");
  expect(int64_t{42}, ">6", "    42");
  expect(int64_t{-42}, "=6", "-   42");
  expect(int64_t{1234}, "08,", "0,001,234");
  expect(int64_t{1000000000000000}, "e", "1.000000e+15");
  expect(int64_t{7}, "%", "700.000000%");
  expect(int64_t{5}, "\303\251^5", "\303\251\303\2515\303\251\303\251");
  expect(int64_t{9223372036854775807}, "d", "9223372036854775807");
  expect(INT64_MIN, "x", "-8000000000000000");
  expect(double{3.14159}, ".2f", "3.14");
  expect(double{3.14159}, "10.3f", "     3.142");
  expect(double{-3.14159}, "<10.1f", "-3.1      ");
  expect(double{10000000000.0}, "g", "1e+10");
  expect(double{1e-05}, "g", "1e-05");
  expect(double{123456789.0}, "g", "1.23457e+08");
  expect(double{0.5}, "%", "50.000000%");
  expect(double{0.12345}, ".1%", "12.3%");
  expect(double{1234567.891}, ",.2f", "1,234,567.89");
  expect(double{1e+100}, ".3e", "1.000e+100");
  expect(double{1e+22}, "", "1e+22");
  expect(double{1.0}, "", "1.0");
  expect(double{1.0}, ".3", "1.0");
  expect(double{123.0}, ".3", "1.23e+02");
  expect(double{0.0}, ".1", "0e+00");
  expect(double{NAN}, "010", "0000000nan");
  expect(double{INFINITY}, "+012,", "+00000000inf");
  expect(double{-0.0}, "z.1f", "0.0");
  expect(double{-0.001}, "z.1f", "0.0");
  expect(double{2.5}, ".0f", "2");
  expect(double{3.5}, ".0f", "4");
  expect(double{2.5}, "#.0f", "2.");
  expect(double{100.0}, "#.5", "100.00");
  expect(double{1e+20}, "#", "1.e+20");
  expect(double{1.5}, "E", "1.500000E+00");
  expect(double{1e+300}, "G", "1E+300");
  expect(double{NAN}, "F", "NAN");
  expect(double{1234.5}, "015,", "0,000,001,234.5");
  expect(double{0.1}, ".20f", "0.10000000000000000555");
  expect(std::string("abc"), "10", "abc       ");
  expect(std::string("abc"), ">10", "       abc");
  expect(std::string("abc"), "^10", "   abc    ");
  expect(std::string("abc"), ".2", "ab");
  expect(std::string("\346\227\245\346\234\254\350\252\236"), "*<6", "\346\227\245\346\234\254\350\252\236***");
  expect(std::string("abc"), "05", "abc00");
  expect(std::string(""), "3", "   ");
  expect(true, "", "True");
  expect(true, "5", "    1");
  expect(false, "d", "0");
  expect(kjit_complex{1.0, 2.0}, "", "(1+2j)");
  expect(kjit_complex{1.0, 2.0}, ".2f", "1.00+2.00j");
  expect(kjit_complex{0.0, 3.0}, "+", "+3j");
  expect(kjit_complex{1.0, 2.0}, ">12", "      (1+2j)");
  expect(kjit_complex{-0.0, 1.5}, "", "(-0+1.5j)");
  expect(kjit_complex{12345.678, 2.0}, ",.1f", "12,345.7+2.0j");
}

TEST_F(RuntimeFormat, ErrorsAreCPythons) {
  expect(int64_t{1}, ".3", "ValueError: Precision not allowed in integer format specifier");
  expect(int64_t{1}, "z", "ValueError: Negative zero coercion (z) not allowed in integer format specifier");
  expect(int64_t{1}, "s", "ValueError: Unknown format code 's' for object of type 'int'");
  expect(double{1.5}, "d", "ValueError: Unknown format code 'd' for object of type 'float'");
  expect(std::string("a"), "+", "ValueError: Sign not allowed in string format specifier");
  expect(std::string("a"), " ", "ValueError: Space not allowed in string format specifier");
  expect(std::string("a"), "=5", "ValueError: '=' alignment not allowed in string format specifier");
  expect(std::string("a"), ",", "ValueError: Cannot specify ',' with 's'.");
  expect(std::string("a"), "d", "ValueError: Unknown format code 'd' for object of type 'str'");
  expect(int64_t{1}, ",x", "ValueError: Cannot specify ',' with 'x'.");
  expect(int64_t{1}, "_,", "ValueError: Cannot specify both ',' and '_'.");
  expect(int64_t{1}, ".", "ValueError: Format specifier missing precision");
  expect(int64_t{1}, "99999999999999999999", "ValueError: Too many decimal digits in format string");
  expect(int64_t{1}, "c5", "ValueError: Invalid format specifier 'c5' for object of type 'int'");
  expect(int64_t{1}, "+c", "ValueError: Sign not allowed with integer format specifier 'c'");
  expect(int64_t{-1}, "c", "OverflowError: %c arg not in range(0x110000)");
  expect(kjit_complex{1.0, 2.0}, "05", "ValueError: Zero padding is not allowed in complex format specifier");
  expect(kjit_complex{1.0, 2.0}, "=5", "ValueError: '=' alignment flag is not allowed in complex format specifier");
  expect(kjit_complex{1.0, 2.0}, "%", "ValueError: Unknown format code '%' for object of type 'complex'");
  expect(double{1.5}, "ab", "ValueError: Invalid format specifier 'ab' for object of type 'float'");
  expect(int64_t{5}, "\303\251", "ValueError: Unknown format code '\\xe9' for object of type 'int'");
  expect(true, "s", "ValueError: Unknown format code 's' for object of type 'bool'");
  expect(std::string("a"), "#", "ValueError: Alternate form (#) not allowed in string format specifier");
}

TEST_F(RuntimeFormat, SpecificationsCanBeCheckedBeforehand) {
  check('i', ".3", "Precision not allowed in integer format specifier");
  check('i', "z", "Negative zero coercion (z) not allowed in integer format specifier");
  check('i', "s", "Unknown format code 's' for object of type 'int'");
  check('f', "d", "Unknown format code 'd' for object of type 'float'");
  check('s', "+", "Sign not allowed in string format specifier");
  check('s', " ", "Space not allowed in string format specifier");
  check('s', "=5", "'=' alignment not allowed in string format specifier");
  check('s', ",", "Cannot specify ',' with 's'.");
  check('s', "d", "Unknown format code 'd' for object of type 'str'");
  check('i', ",x", "Cannot specify ',' with 'x'.");
  check('i', "_,", "Cannot specify both ',' and '_'.");
  check('i', ".", "Format specifier missing precision");
  check('i', "99999999999999999999", "Too many decimal digits in format string");
  check('i', "c5", "Invalid format specifier 'c5' for object of type 'int'");
  check('i', "+c", "Sign not allowed with integer format specifier 'c'");
  check('c', "05", "Zero padding is not allowed in complex format specifier");
  check('c', "=5", "'=' alignment flag is not allowed in complex format specifier");
  check('c', "%", "Unknown format code '%' for object of type 'complex'");
  check('f', "ab", "Invalid format specifier 'ab' for object of type 'float'");
  check('i', "\303\251", "Unknown format code '\\xe9' for object of type 'int'");
  check('b', "s", "Unknown format code 's' for object of type 'bool'");
  check('s', "#", "Alternate form (#) not allowed in string format specifier");
}

TEST_F(RuntimeFormat, GoodSpecificationsPassTheCheck) {
  char message[200];
  EXPECT_EQ(kjit_check_format_spec(">10.3f", 6, 'f', message, sizeof message), 1);
  EXPECT_EQ(kjit_check_format_spec("", 0, 'c', message, sizeof message), 1);
}

}  // namespace
