// The disk cache: what is kept comes back, and nothing else does.

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <thread>

#include "image/disk_cache.h"

namespace kjit {
namespace {

namespace fs = std::filesystem;

CacheKey key_of(std::string_view text) {
  CacheKey key;
  key.add("entry", text);
  key.add("file a.k", "0123");
  return key;
}

class DiskCacheTest : public ::testing::Test {
 protected:
  DiskCacheTest() {
    char name[] = "/tmp/kjit_cache_test_XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~DiskCacheTest() override { fs::remove_all(folder_); }

  fs::path only_file() const {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator(folder_)) files.push_back(file.path());
    EXPECT_EQ(files.size(), 1U);
    return files.at(0);
  }
  static std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }
  std::size_t file_count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(DiskCacheTest, WhatIsKeptComesBackUnderItsKeyOnly) {
  const DiskCache cache(folder_, DiskCache::kDefaultLimit);
  const std::string payload("code\0\n\n", 7);
  EXPECT_EQ(cache.load(key_of("f")), std::nullopt);
  EXPECT_EQ(cache.store(key_of("f"), payload), std::nullopt);
  EXPECT_EQ(cache.load(key_of("f")), payload);
  EXPECT_EQ(cache.load(key_of("g")), std::nullopt);
  const auto entries = cache.entries();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].key.fields, key_of("f").fields);
  EXPECT_EQ(entries[0].damage, "");
}

TEST_F(DiskCacheTest, AnotherKeyInTheFileOfOursIsAMiss) {
  const DiskCache cache(folder_, DiskCache::kDefaultLimit);
  cache.store(key_of("g"), "of g");
  const fs::path of_g = only_file();
  cache.store(key_of("f"), "of f");
  fs::copy_file(of_g, folder_ / (key_of("f").id() + ".kjit"), fs::copy_options::overwrite_existing);
  EXPECT_EQ(cache.load(key_of("f")), std::nullopt);
  EXPECT_EQ(cache.entries().size(), 2U);
}

TEST_F(DiskCacheTest, EachFlippedBitIsFound) {
  const DiskCache cache(folder_, DiskCache::kDefaultLimit);
  std::string payload(300, '\0');
  std::mt19937 random(7);
  for (char& byte : payload) byte = static_cast<char>(random());
  cache.store(key_of("f"), payload);
  const fs::path file = only_file();
  const std::string sound = bytes_of(file);
  for (int i = 0; i < 10'000; ++i) {
    const std::size_t bit = random() % (sound.size() * 8);
    std::string damaged = sound;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    write(file, damaged);
    ASSERT_EQ(cache.load(key_of("f")), std::nullopt) << "bit " << bit;
  }
  write(file, sound);
  EXPECT_EQ(cache.load(key_of("f")), payload);
}

TEST_F(DiskCacheTest, EachTruncationAndAppendixIsFound) {
  const DiskCache cache(folder_, DiskCache::kDefaultLimit);
  cache.store(key_of("f"), std::string(200, 'x'));
  const fs::path file = only_file();
  const std::string sound = bytes_of(file);
  for (std::size_t size = 0; size < sound.size(); ++size) {
    write(file, sound.substr(0, size));
    ASSERT_EQ(cache.load(key_of("f")), std::nullopt) << size;
    ASSERT_NE(cache.entries().at(0).damage, "") << size;
  }
  write(file, sound + "x");
  EXPECT_EQ(cache.load(key_of("f")), std::nullopt);
  write(file, std::string(sound.size(), '\0'));
  EXPECT_EQ(cache.load(key_of("f")), std::nullopt);
}

TEST_F(DiskCacheTest, CodeThatOthersCouldHaveWrittenIsNotTaken) {
  const DiskCache cache(folder_, DiskCache::kDefaultLimit);
  cache.store(key_of("f"), "code");
  ::chmod(only_file().c_str(), 0666);
  EXPECT_EQ(cache.load(key_of("f")), std::nullopt);
  ::chmod(folder_.c_str(), 0777);
  EXPECT_NE(cache.store(key_of("g"), "code"), std::nullopt);
  ::chmod(folder_.c_str(), 0700);
  fs::create_symlink("/etc/passwd", folder_ / (key_of("h").id() + ".kjit"));
  EXPECT_EQ(cache.load(key_of("h")), std::nullopt);
}

TEST_F(DiskCacheTest, WhatIsNoFolderIsSaid) {
  write(folder_ / "file", "");
  EXPECT_NE(DiskCache(folder_ / "file", 1).store(key_of("f"), "code"), std::nullopt);
  EXPECT_NE(DiskCache(folder_ / "file" / "below", 1).store(key_of("f"), "code"), std::nullopt);
  EXPECT_EQ(DiskCache(folder_ / "file", 1).load(key_of("f")), std::nullopt);
  EXPECT_TRUE(DiskCache(folder_ / "nothing", 1).entries().empty());
  EXPECT_EQ(DiskCache(folder_ / "nothing", 1).collect(), 0U);
}

TEST_F(DiskCacheTest, TheLongestUnusedIsRemovedFirst) {
  const std::string payload(1000, 'x');
  const DiskCache cache(folder_, 3500);  // three entries
  for (const char* name : {"a", "b", "c", "d"}) {
    DiskCache(folder_, DiskCache::kDefaultLimit).store(key_of(name), payload);
    const auto age = std::chrono::hours(100 - 10 * (name[0] - 'a'));
    fs::last_write_time(folder_ / (key_of(name).id() + ".kjit"), fs::file_time_type::clock::now() - age);
  }
  EXPECT_EQ(cache.load(key_of("a")), payload);  // used now
  EXPECT_EQ(cache.collect(), 1U);
  EXPECT_EQ(cache.load(key_of("b")), std::nullopt);
  for (const char* name : {"a", "c", "d"}) EXPECT_EQ(cache.load(key_of(name)), payload) << name;
}

TEST_F(DiskCacheTest, WhatKilledWritersLeftIsRemovedWhenItIsOld) {
  const DiskCache cache(folder_, DiskCache::kDefaultLimit);
  write(folder_ / ".0123.1.1.tmp", "half");
  write(folder_ / "of_somebody_else", "kept");
  EXPECT_EQ(cache.collect(), 0U);
  fs::last_write_time(folder_ / ".0123.1.1.tmp", fs::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_EQ(cache.collect(), 1U);
  cache.store(key_of("f"), "code");
  EXPECT_EQ(cache.clear(), 1U);
  EXPECT_EQ(file_count(), 1U);
}

TEST_F(DiskCacheTest, ThreadsShareAFolder) {
  const DiskCache cache(folder_, 20'000);
  std::atomic<int> wrong{0};
  const auto work = [&](int seed) {
    std::mt19937 random(static_cast<unsigned>(seed));
    for (int i = 0; i < 60; ++i) {
      const std::string name = std::to_string(random() % 10);
      const std::string payload(500 + 100 * (name[0] - '0'), name[0]);
      if (const auto found = cache.load(key_of(name)); found && *found != payload) ++wrong;
      if (cache.store(key_of(name), payload)) ++wrong;
      if (i % 20 == 0) cache.collect();
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  for (const CacheEntry& entry : cache.entries()) EXPECT_EQ(entry.damage, "");
}

}  // namespace
}  // namespace kjit
