// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/error.hpp>

#include "sample_frame.hpp"
#include "support/data_folder.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

std::vector<std::byte> sample_dng() {
  const test::TemporaryFolder folder;
  write_dng(folder / "frame.dng", sample_frame(40, 32, CfaPattern::rggb, 12));
  return file_bytes(folder / "frame.dng");
}

ErrorCode refusal(std::span<const std::byte> bytes) {
  try {
    (void)read_raw(bytes, "cut.dng");
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("cut.dng"), std::string::npos);
    return error.code();
  }
  ADD_FAILURE() << bytes.size() << " bytes of a DNG were read";
  return ErrorCode::internal;
}

TEST(DamagedRaw, a_dng_cut_short_anywhere_is_refused) {
  const auto bytes = sample_dng();
  ASSERT_NO_THROW((void)read_raw(bytes, "whole.dng"));
  // A prime step reaches every kind of place: header, directory, entry, value, pixels.
  for (std::size_t size = 0; size < bytes.size(); size += 13) {
    EXPECT_EQ(refusal(std::span(bytes).first(size)), ErrorCode::corrupt) << size << " of " << bytes.size();
  }
  EXPECT_EQ(refusal(std::span(bytes).first(bytes.size() - 1)), ErrorCode::corrupt);
}

TEST(DamagedRaw, every_missing_pixel_is_noticed) {
  const auto bytes = sample_dng();
  ASSERT_NO_THROW((void)read_raw(bytes, "whole.dng"));
  constexpr std::size_t pixel_bytes = 40 * 32 * 2;
  for (const std::size_t missing : {std::size_t{1}, std::size_t{2}, std::size_t{80}, std::size_t{1000}, pixel_bytes}) {
    EXPECT_EQ(refusal(std::span(bytes).first(bytes.size() - missing)), ErrorCode::corrupt) << missing;
  }
}

TEST(DamagedRaw, flipped_bytes_give_a_frame_or_an_error) {
  const auto bytes = sample_dng();
  std::mt19937 generator(3);
  int refused = 0;
  for (int round = 0; round < 300; ++round) {
    auto damaged = bytes;
    for (int i = 0; i < 4; ++i) damaged[generator() % damaged.size()] = static_cast<std::byte>(generator());
    try {
      const RawFrame frame = read_raw(damaged, "flipped.dng");
      EXPECT_EQ(frame.mosaic.size(), static_cast<std::size_t>(frame.width_px) * frame.height_px);
      EXPECT_GT(frame.metadata.white_level_dn, frame.metadata.black_level_dn[0]);
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 0) << "no flip hit the directory: the test tests nothing";
}

TEST(DamagedRaw, every_broken_file_of_the_collection_is_refused_as_damaged) {
  const auto folder = test::data_folder("raw-broken");
  if (!folder) GTEST_SKIP() << "RDENOISE_TEST_DATA has no raw-broken";
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    ++count;
    try {
      (void)read_raw_file(entry.path());
      ADD_FAILURE() << entry.path() << " was read";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::corrupt) << error.what();
      EXPECT_NE(std::string(error.what()).find(entry.path().filename()), std::string::npos);
    }
  }
  EXPECT_EQ(count, 31);
}

}  // namespace
}  // namespace rdenoise
