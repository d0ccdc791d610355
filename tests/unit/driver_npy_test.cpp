// .npy files: driver/npy.h. Byte strings were written by NumPy 1.24 unless they are damaged on purpose.

#include "driver/npy.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <thread>

#include "driver/npy_header.h"

namespace kjit {
namespace {

// A file with this dictionary and these data bytes, version 1.0.
std::string npy(std::string dictionary, std::string_view data, int version = 1) {
  std::string file("\x93NUMPY", 6);
  file += {static_cast<char>(version), '\0'};
  dictionary += '\n';
  file += static_cast<char>(dictionary.size() & 0xFF);
  file += static_cast<char>(dictionary.size() >> 8);
  if (version > 1) file += std::string(2, '\0');
  return file.append(dictionary).append(data);
}

std::string dictionary(std::string_view descr, std::string_view order, std::string_view shape) {
  return "{'descr': '" + std::string(descr) + "', 'fortran_order': " + std::string(order) + ", 'shape': " + std::string(shape) +
         ", }";
}

template <typename T>
std::string bytes_of(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T)};
}

template <typename T>
std::vector<T> elements(const ArrayValue& array) {
  const auto* data = reinterpret_cast<const T*>(array.data.get());
  return {data, data + array.size()};
}

ArrayValue parsed(std::string_view bytes) {
  auto array = parse_npy(bytes);
  EXPECT_TRUE(array.ok()) << (array.ok() ? "" : array.error().message);
  return array.ok() ? *array : ArrayValue::zeros(DType::F64, {0});
}

std::string error_of(std::string_view bytes) {
  auto array = parse_npy(bytes);
  EXPECT_FALSE(array.ok());
  return array.ok() ? "" : array.error().message;
}

const std::string kThree = dictionary("<i4", "False", "(3,)");

TEST(Npy, ReadsAVector) {
  const ArrayValue array = parsed(npy(kThree, bytes_of<std::int32_t>({1, -2, 3})));
  EXPECT_EQ(array.dtype, DType::I32);
  EXPECT_EQ(array.shape, std::vector<std::int64_t>{3});
  EXPECT_EQ(elements<std::int32_t>(array), (std::vector<std::int32_t>{1, -2, 3}));
}

TEST(Npy, ReadsVersions2And3) {
  for (int version : {2, 3})
    EXPECT_EQ(elements<std::int32_t>(parsed(npy(kThree, bytes_of<std::int32_t>({7, 8, 9}), version)))[2], 9);
}

TEST(Npy, ReadsAnArrayWithoutAxes) {
  const ArrayValue array = parsed(npy(dictionary("<f8", "False", "()"), bytes_of<double>({2.5})));
  EXPECT_TRUE(array.shape.empty());
  EXPECT_EQ(elements<double>(array)[0], 2.5);
}

TEST(Npy, ReadsAnEmptyArrayOfAnyShape) {
  EXPECT_EQ(parsed(npy(dictionary("<f8", "False", "(0, 9223372036854775807)"), "")).size(), 0);
}

TEST(Npy, TurnsFortranOrderAround) {
  const auto file = npy(dictionary("<i4", "True", "(2, 3)"), bytes_of<std::int32_t>({1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(elements<std::int32_t>(parsed(file)), (std::vector<std::int32_t>{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, TurnsFortranOrderOfThreeAxesAround) {
  // np.arange(8).reshape(2, 2, 2) in Fortran order.
  const auto file = npy(dictionary("|i1", "True", "(2, 2, 2)"), bytes_of<std::int8_t>({0, 4, 2, 6, 1, 5, 3, 7}));
  EXPECT_EQ(elements<std::int8_t>(parsed(file)), (std::vector<std::int8_t>{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(Npy, SwapsTheOtherByteOrder) {
  EXPECT_EQ(elements<std::int16_t>(parsed(npy(dictionary(">i2", "False", "(2,)"), std::string("\x01\x02\x03\x04", 4)))),
            (std::vector<std::int16_t>{0x0102, 0x0304}));
}

TEST(Npy, SwapsThePartsOfComplexNumbersOneByOne) {
  const std::string data("\x3f\x80\x00\x00\x40\x00\x00\x00", 8);  // big-endian 1.0f, 2.0f
  EXPECT_EQ(elements<std::complex<float>>(parsed(npy(dictionary(">c8", "False", "(1,)"), data)))[0], std::complex<float>(1, 2));
}

TEST(Npy, TruthValuesBecome0Or1) {
  const auto array = parsed(npy(dictionary("|b1", "False", "(3,)"), std::string("\x00\x02\xff", 3)));
  EXPECT_EQ(elements<std::uint8_t>(array), (std::vector<std::uint8_t>{0, 1, 1}));
}

TEST(Npy, AcceptsOtherSpellingsOfTheDictionary) {
  for (const char* text : {"{\"shape\":(3,),\"fortran_order\":False,\"descr\":\"<i4\"}",
                           "  { 'descr' : '=i4' , 'fortran_order' : False , 'shape' : ( 3L , ) }  "}) {
    EXPECT_EQ(parsed(npy(text, bytes_of<std::int32_t>({1, 2, 3}))).size(), 3) << text;
  }
}

TEST(Npy, IgnoresWhatFollowsTheData) { EXPECT_EQ(parsed(npy(kThree, bytes_of<std::int32_t>({1, 2, 3, 4}))).size(), 3); }

TEST(Npy, ObjectsAreRefused) {
  EXPECT_NE(error_of(npy(dictionary("|O", "False", "(1,)"), "x")).find("pickle"), std::string::npos);
}

TEST(Npy, OtherElementTypesAreRefusedByName) {
  for (const char* descr : {"<U5", "|S3", "<M8[ns]", "<f2", "<f16", "<c32", "|V8", "", "<", "f8", "<i3", "|i4", "?b1"}) {
    EXPECT_NE(error_of(npy(dictionary(descr, "False", "(1,)"), std::string(32, '\0'))).find(descr), std::string::npos) << descr;
  }
  EXPECT_NE(error_of(npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", "")).find("structured"),
            std::string::npos);
}

TEST(Npy, OtherFilesAreRefused) {
  EXPECT_EQ(error_of(""), "not a .npy file");
  EXPECT_EQ(error_of("\x93NUMP"), "not a .npy file");
  EXPECT_EQ(error_of("x = 1\nprint(x)\n"), "not a .npy file");
  EXPECT_NE(error_of("PK\x03\x04-archive").find(".npz"), std::string::npos);
  EXPECT_NE(error_of(npy(kThree, "", 9)).find("version 9.0"), std::string::npos);
}

TEST(Npy, EveryTruncationIsAnError) {
  const std::string whole = npy(kThree, bytes_of<std::int32_t>({1, 2, 3}));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(error_of(std::string_view(whole).substr(0, size)), "") << size;
}

TEST(Npy, AHugeHeaderIsRefusedBeforeItIsRead) {
  std::string file("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12);
  EXPECT_NE(error_of(file).find("4294967295"), std::string::npos);
}

TEST(Npy, AHugeShapeIsRefusedBeforeMemoryIsTaken) {
  EXPECT_NE(error_of(npy(dictionary("<f8", "False", "(1152921504606846976, 8)"), "")).find("address space"), std::string::npos);
  EXPECT_NE(error_of(npy(dictionary("<f8", "False", "(1000000000000,)"), "")).find("ends before"), std::string::npos);
  error_of(npy(dictionary("<f8", "False", "(99999999999999999999,)"), ""));
}

TEST(Npy, DamagedDictionariesAreErrors) {
  const std::string data(64, '\0');
  for (const char* text : {"",
                           "{",
                           "{}",
                           "{'descr'",
                           "{'descr':",
                           "{'descr': '<i4'",
                           "{'descr': '<i4'}",
                           "[]",
                           "{'descr': '<i4', 'fortran_order': False, 'shape': (3)}",
                           "{'descr': '<i4', 'fortran_order': False, 'shape': (-3,)}",
                           "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), 'x': 1}",
                           "{'descr': '<i4', 'descr': '<i4', 'fortran_order': False, 'shape': (3,)}",
                           "{'descr': '<i4', 'fortran_order': 0, 'shape': (3,)}",
                           "{'descr': '<i4', 'fortran_order': False, 'shape': (3,)} x",
                           "{'descr': '<i4', 'fortran_order': False, 'shape': (1,,)}",
                           "{'descr': '<i4', 'fortran_order': False, 'shape': (1 2)}",
                           "{'descr': '<i4', 'fortran_order': False, 'shape': 3}",
                           "{'descr': '<\\i4', 'fortran_order': False, 'shape': (3,)}",
                           "{'descr': '<i4' 'fortran_order': False, 'shape': (3,)}",
                           "{'descr': '<i4', 'fortran_order': False, 'shape': (1.5,)}"}) {
    EXPECT_NE(error_of(npy(text, data)), "") << text;
  }
  std::string axes = "(";
  for (int i = 0; i < 33; ++i) axes += "1, ";
  EXPECT_NE(error_of(npy(dictionary("<i4", "False", axes + ")"), data)).find("32 axes"), std::string::npos);
}

// Every single-bit error in the header either still describes an array or is reported; it never reads out of bounds (the
// sanitizer watches).
TEST(Npy, BitErrorsAreHarmless) {
  const std::string whole = npy(dictionary("<i2", "True", "(2, 3)"), bytes_of<std::int16_t>({1, 2, 3, 4, 5, 6}));
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto array = parse_npy(damaged);
    if (array) EXPECT_LE(static_cast<std::size_t>(array->size()) * item_size(array->dtype), whole.size());
  }
}

class NpyFile : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/kjit-npy-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    ::unlink(path("a.npy").c_str());
    ::rmdir(folder_.c_str());  // fails, and the test below with it, if anything is left
  }
  std::string path(const char* name) const { return folder_ + "/" + name; }

  std::string folder_;
};

TEST_F(NpyFile, WritesWhatNumPyWrites) {
  ArrayValue array = ArrayValue::zeros(DType::I64, {2});
  reinterpret_cast<std::int64_t*>(array.data.get())[1] = 258;
  ASSERT_FALSE(save_npy(path("a.npy"), array));
  std::ifstream file(path("a.npy"), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::string header = "\x93NUMPY";
  header += std::string("\x01\x00v\x00", 4) + "{'descr': '<i8', 'fortran_order': False, 'shape': (2,), }";
  header.append(127 - header.size(), ' ') += '\n';
  EXPECT_EQ(bytes, header + std::string(8, '\0') + std::string("\x02\x01\0\0\0\0\0\0", 8));
}

TEST_F(NpyFile, ReadsBackEveryElementType) {
  for (int code = 0; code < 13; ++code) {
    ArrayValue array = ArrayValue::zeros(static_cast<DType>(code), {3, 0, 2});
    ASSERT_FALSE(save_npy(path("a.npy"), array));
    const auto back = load_npy(path("a.npy"));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->dtype, array.dtype);
    EXPECT_EQ(back->shape, array.shape);
  }
}

TEST_F(NpyFile, AFailedWriteLeavesNothingBehind) {
  EXPECT_TRUE(save_npy(path("no-such-folder/a.npy"), ArrayValue::zeros(DType::I8, {1})));
  ::mkdir(path("a.npy").c_str(), 0700);
  EXPECT_TRUE(save_npy(path("a.npy"), ArrayValue::zeros(DType::I8, {1})));
  EXPECT_EQ(::rmdir(path("a.npy").c_str()), 0);
  EXPECT_EQ(::rmdir(folder_.c_str()), 0) << "a temporary file was left behind";
  ::mkdir(folder_.c_str(), 0700);
}

TEST_F(NpyFile, AFullDiskIsAnError) {
  const auto error = save_npy("/dev/full", ArrayValue::zeros(DType::I8, {1}));
  ASSERT_TRUE(error);
  EXPECT_NE(error->message.find("No space"), std::string::npos);
}

TEST_F(NpyFile, MissingFilesAndFoldersAreErrors) {
  EXPECT_NE(load_npy(path("a.npy")).error().message.find("No such file"), std::string::npos);
  EXPECT_NE(load_npy(folder_).error().message.find("directory"), std::string::npos);
}

TEST_F(NpyFile, ReadsAPipe) {
  ASSERT_EQ(::mkfifo(path("a.npy").c_str(), 0600), 0);
  const std::string bytes = npy(kThree, bytes_of<std::int32_t>({1, 2, 3}));
  std::thread writer([&] { std::ofstream(path("a.npy"), std::ios::binary) << bytes; });
  const auto array = load_npy(path("a.npy"));
  writer.join();
  ASSERT_TRUE(array.ok());
  EXPECT_EQ(elements<std::int32_t>(*array)[2], 3);
}

TEST_F(NpyFile, AHeaderOfAPipeProvesNothing) {
  ASSERT_EQ(::mkfifo(path("a.npy").c_str(), 0600), 0);
  const std::string bytes = npy(dictionary("<f8", "False", "(100000000000,)"), "short");
  std::thread writer([&] { std::ofstream(path("a.npy"), std::ios::binary) << bytes; });
  const auto array = load_npy(path("a.npy"));
  writer.join();
  ASSERT_FALSE(array.ok());
  EXPECT_NE(array.error().message.find("ends before"), std::string::npos);
}

}  // namespace
}  // namespace kjit
