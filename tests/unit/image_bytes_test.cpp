// Images as bytes: what is written comes back, and damage is an error.

#include <gtest/gtest.h>

#include "image/kernel_image.h"
#include "support/hash.h"

namespace kjit {
namespace {

KernelImage example() {
  KernelImage image;
  image.signature = {"f", {{"n", "i64"}, {"x", "f64[::1]", true}}, "(i64, f64)"};
  image.draws = true;
  image.nogil = true;
  image.target = "x86_64-pc-linux-gnu znver3 +avx2";
  image.entry = "kjit_entry";
  image.object = std::string("\177ELF\0\0rest", 10);
  TextPool texts(image.sites);
  image.sites.sites = {{1, texts.id_of("f"), texts.id_of("t.k"), texts.id_of("return x[n]"), texts.id_of("x[n]"), 2, 12},
                       {7, 0, texts.id_of("t.k"), texts.id_of("f"), texts.id_of("f"), 1, 5}};
  image.sites.loops = {{7, {texts.id_of("i"), texts.id_of("j")}}};
  Diagnostics diags;
  diags.report<DiagId::W1001>({0, 3, 9}, "x", "why").note({1, 0, 1}, "there").suggest("that");
  image.warnings = diags.all();
  return image;
}

void expect_equal(const KernelImage& a, const KernelImage& b) {
  EXPECT_EQ(a.signature, b.signature);
  EXPECT_EQ(a.draws, b.draws);
  EXPECT_EQ(a.nogil, b.nogil);
  EXPECT_EQ(a.target, b.target);
  EXPECT_EQ(a.entry, b.entry);
  EXPECT_EQ(a.object, b.object);
  EXPECT_EQ(a.sites, b.sites);
  ASSERT_EQ(a.warnings.size(), b.warnings.size());
  for (std::size_t i = 0; i < a.warnings.size(); ++i) {
    EXPECT_EQ(a.warnings[i].id, b.warnings[i].id);
    EXPECT_EQ(a.warnings[i].severity, b.warnings[i].severity);
    EXPECT_EQ(a.warnings[i].span, b.warnings[i].span);
    EXPECT_EQ(a.warnings[i].message, b.warnings[i].message);
    EXPECT_EQ(a.warnings[i].help, b.warnings[i].help);
    ASSERT_EQ(a.warnings[i].notes.size(), b.warnings[i].notes.size());
    for (std::size_t k = 0; k < a.warnings[i].notes.size(); ++k) {
      EXPECT_EQ(a.warnings[i].notes[k].span, b.warnings[i].notes[k].span);
      EXPECT_EQ(a.warnings[i].notes[k].message, b.warnings[i].notes[k].message);
    }
  }
}

// The bytes with a checksum that fits: damage that the checksum does not see.
std::string with_checksum(std::string bytes) {
  const Hash128 hash = hash128(std::string_view(bytes).substr(36));
  for (int i = 0; i < 8; ++i) {
    bytes[static_cast<std::size_t>(20 + i)] = static_cast<char>(hash.low >> (8 * i));
    bytes[static_cast<std::size_t>(28 + i)] = static_cast<char>(hash.high >> (8 * i));
  }
  return bytes;
}

std::string error_of(const std::string& bytes) {
  const Result<KernelImage> image = image_from_bytes(bytes);
  return image ? "" : image.error().message;
}

TEST(ImageBytes, WhatIsWrittenComesBack) {
  const Result<KernelImage> image = image_from_bytes(to_bytes(example()));
  ASSERT_TRUE(image) << image.error().message;
  expect_equal(*image, example());
  const Result<KernelImage> nothing = image_from_bytes(to_bytes(KernelImage()));
  ASSERT_TRUE(nothing) << nothing.error().message;
  expect_equal(*nothing, KernelImage());
}

TEST(ImageBytes, EqualImagesHaveEqualBytes) { EXPECT_EQ(to_bytes(example()), to_bytes(example())); }

TEST(ImageBytes, EveryTruncationIsAnError) {
  const std::string bytes = to_bytes(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_NE(error_of(bytes.substr(0, size)), "") << size;
  EXPECT_NE(error_of(bytes + '\0'), "");
}

TEST(ImageBytes, EveryChangedBitIsAnError) {
  const std::string bytes = to_bytes(example());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      EXPECT_NE(error_of(damaged), "") << "byte " << i << " bit " << bit;
    }
  }
}

// Whatever the fields say: an error or an image whose indices can be followed, and never a read out of range (ASan).
TEST(ImageBytes, DamageUnderAValidChecksumIsHarmless) {
  const std::string bytes = to_bytes(example());
  int refused = 0;
  for (std::size_t i = 36; i < bytes.size(); ++i) {
    for (const char value : {'\0', '\1', '\x7f', '\xff'}) {
      std::string damaged = bytes;
      damaged[i] = value;
      const Result<KernelImage> image = image_from_bytes(with_checksum(damaged));
      refused += image ? 0 : 1;
      if (!image) continue;
      for (const SiteText& site : image->sites.sites) image->sites.texts.at(site.expression);
      for (const LoopText& loop : image->sites.loops) {
        for (const TextId name : loop.variables) image->sites.texts.at(name);
      }
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(ImageBytes, SaysWhatIsWrong) {
  std::string bytes = to_bytes(example());
  EXPECT_EQ(error_of("no image, but long enough to have a header of one"), "this is no kernel image");
  EXPECT_EQ(error_of(bytes + "x"), "the kernel image is damaged: length");
  bytes[8] = 99;
  EXPECT_EQ(error_of(bytes), "the kernel image has version 99, not 2");
}

TEST(ImageSignature, ReadsLikeADefinition) {
  EXPECT_EQ(to_string(example().signature), "f(n: i64, x: f64[::1]) -> (i64, f64)");
  EXPECT_EQ(to_string(Signature{"g", {}, "None"}), "g() -> None");
}

TEST(Hash, DependsOnEveryByteAndTheLength) {
  EXPECT_EQ(hash128("abc"), hash128("abc"));
  EXPECT_NE(hash128(""), hash128(std::string_view("\0", 1)));
  EXPECT_NE(hash128(std::string(8, '\0')), hash128(std::string(16, '\0')));
  EXPECT_NE(hash128("12345678abcdefgh"), hash128("abcdefgh12345678"));
  // Stored files depend on it.
  EXPECT_EQ(to_hex(hash128("kjit")).size(), 32u);
}

}  // namespace
}  // namespace kjit
