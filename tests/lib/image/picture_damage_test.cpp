// SPDX-License-Identifier: LGPL-2.1-or-later
// Damaged files are refused by name, whatever is wrong with them.
#include <gtest/gtest.h>

#include <fstream>
#include <rdenoise/error.hpp>
#include <rdenoise/picture_file.hpp>
#include <string>

#include "image/picture_formats.hpp"
#include "support/data_folder.hpp"
#include "support/formula_pictures.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The error's code; internal if the picture was read.
template <typename Read>
ErrorCode error_code(const std::string& name, Read read) {
  try {
    static_cast<void>(read());
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
    return error.code();
  }
  return ErrorCode::internal;
}

ErrorCode read_error(const std::filesystem::path& path) {
  return error_code(path.string(), [&] { return read_picture(path); });
}

/// Bytes of exactly that size on the heap, so that a sanitizer sees each read beyond them.
ErrorCode decode_error(std::string_view text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  const std::vector<std::byte> bytes(first, first + text.size());
  return error_code("damaged file", [&] { return decode_picture({bytes, "damaged file"}); });
}

class DamagedFiles : public testing::TestWithParam<const char*> {
 protected:
  DamagedFiles() {
    const test::TemporaryFolder folder;
    const auto whole = folder / (std::string("whole") + GetParam());
    Picture picture{.image = test::formula_rgb(61, 47)};
    picture.exif.assign(40, std::byte{'M'});
    write_picture(whole, picture, {});
    whole_ = contents(whole);
  }

  std::string whole_;
};

TEST_P(DamagedFiles, cut_off_anywhere_they_throw) {
  const std::size_t step = std::max<std::size_t>(1, whole_.size() / 300);
  for (std::size_t size = 0; size < whole_.size(); size += size < 200 ? 1 : step) {
    const ErrorCode code = decode_error(std::string_view(whole_).substr(0, size));
    // Without its first bytes a file is of no known kind.
    EXPECT_TRUE(code == ErrorCode::corrupt || (size < 8 && code == ErrorCode::unsupported)) << size << " bytes";
  }
  EXPECT_EQ(decode_error(std::string_view(whole_).substr(0, whole_.size() - 1)), ErrorCode::corrupt);
}

TEST_P(DamagedFiles, with_wrong_bytes_they_throw_or_are_read_but_never_crash) {
  std::uint32_t state = 3;
  int refused = 0;
  for (int trial = 0; trial < 400; ++trial) {
    std::string bytes = whole_;
    for (int i = 0; i < 3; ++i) {
      state = state * 1664525U + 1013904223U;
      // Half of the hits go to the head, where the structure is.
      const std::size_t range = i % 2 == 0 ? std::min<std::size_t>(bytes.size(), 200) : bytes.size();
      bytes[(state >> 8) % range] = static_cast<char>(state);
    }
    const ErrorCode code = decode_error(bytes);
    EXPECT_TRUE(code == ErrorCode::corrupt || code == ErrorCode::unsupported || code == ErrorCode::internal);
    if (code != ErrorCode::internal) ++refused;
  }
  EXPECT_GT(refused, 0);
}

INSTANTIATE_TEST_SUITE_P(Formats, DamagedFiles, testing::Values(".png", ".jpg", ".tiff", ".ppm"),
                         [](const auto& info) { return std::string(info.param + 1); });

/// A file of a 16×16 picture with some bytes replaced.
std::string patched(const char* name, std::string_view before, std::string_view after) {
  const test::TemporaryFolder folder;
  write_picture(folder / name, {.image = test::formula_gray(16, 16)}, {});
  std::string bytes = contents(folder / name);
  const std::size_t position = bytes.find(before);
  EXPECT_NE(position, std::string::npos);
  return bytes.replace(position, before.size(), after);
}

// A picture of 65500×65500 would need 16 GiB; that these return at once is the test.
TEST(LyingFiles, huge_jpeg_dimensions_are_refused) {
  const std::string bytes = patched("a.jpg", std::string_view("\0\x10\0\x10\x01", 5), "\xff\xdc\xff\xdc\x01");
  EXPECT_EQ(decode_error(bytes), ErrorCode::corrupt);
}

TEST(LyingFiles, huge_tiff_dimensions_are_refused) {
  // ImageWidth: tag 256, type SHORT, count 1, 16; made a LONG of a million.
  const std::string bytes = patched("a.tif", std::string_view("\0\x01\x03\0\x01\0\0\0\x10\0\0\0", 12),
                                    std::string_view("\0\x01\x04\0\x01\0\0\0\x40\x42\x0f\0", 12));
  EXPECT_EQ(decode_error(bytes), ErrorCode::corrupt);
}

TEST(LyingFiles, huge_or_absurd_pnm_headers_are_refused) {
  for (const char* text : {"P5\n1000000 1000000\n255\nabc", "P5\n99999999999999999999 1\n255\na", "P6\n0 1\n255\n",
                           "P5\n1 1\n0\na", "P5", "P5\n1 1\n65536\nab", "P5\n-1 1\n255\na", "P5\n1 1", "P5\n# comment",
                           "P5\n1 1\n255", "P5 #", "P6\n1 1\n256\n12345"}) {
    EXPECT_EQ(decode_error(text), ErrorCode::corrupt) << text;
  }
}

TEST(LyingFiles, huge_png_dimensions_are_refused) {
  // Signature, then an IHDR of 100000×100000 with its right check sum: only the size is wrong.
  const std::string_view head(
      "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\x01\x86\xa0\0\x01\x86\xa0\x08\0\0\0\0\x8d\x39\x54\x14\0\0\0\0IDAT\x35\xaf\x06"
      "\x1e",
      45);
  const std::span bytes(reinterpret_cast<const std::byte*>(head.data()), head.size());
  try {
    static_cast<void>(decode_picture({bytes, "a.png"}));
    FAIL() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt);
    EXPECT_NE(std::string(error.what()).find("100000x100000"), std::string::npos) << error.what();
  }
}

TEST(UnreadableFiles, missing_files_and_folders_are_told_apart_from_damage) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(read_error(folder / "none.png"), ErrorCode::not_found);
  EXPECT_EQ(read_error(folder.path()), ErrorCode::io);
  std::ofstream(folder / "text.png") << "no picture";
  EXPECT_EQ(read_error(folder / "text.png"), ErrorCode::unsupported);
  std::ofstream(folder / "empty.png").close();
  EXPECT_EQ(read_error(folder / "empty.png"), ErrorCode::unsupported);
}

TEST(RealDamagedFiles, throw_or_are_read_but_never_crash) {
  const auto folder = test::data_folder("raw-broken");
  if (!folder) GTEST_SKIP() << test::no_data_message("raw-broken");
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (!entry.is_regular_file()) continue;
    const ErrorCode code = read_error(entry.path());
    EXPECT_TRUE(code == ErrorCode::corrupt || code == ErrorCode::unsupported || code == ErrorCode::internal)
        << entry.path();
    ++files;
  }
  EXPECT_GT(files, 0);
}

}  // namespace
}  // namespace rdenoise
