// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_profile_file.hpp>

#include "support/temporary_folder.hpp"

namespace rdenoise {
namespace {

constexpr std::string_view good = R"({"rdenoise": "noise-profile", "version": 1, "color_model": "bayer",
  "a": [1e-4, 2e-4, 3e-4], "b": [1e-6, 0, 3e-6], "confidence": 0.75,
  "camera": {"make": "Maker", "model": "Model 1", "iso": 800}, "source": "flat fields", "note": "kept by hand"})";

/// `good` with one piece of text in place of another.
std::string changed(const std::string& from, const std::string& to) {
  std::string text(good);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

void expect_refused(const std::string& text, const std::string& part_of_message, ErrorCode code = ErrorCode::corrupt) {
  try {
    (void)parse_noise_profile(text, "p.json");
    ADD_FAILURE() << "was read: " << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    const std::string message = error.what();
    EXPECT_NE(message.find(part_of_message), std::string::npos) << message;
    EXPECT_NE(message.find("p.json"), std::string::npos) << message;
  }
}

TEST(NoiseProfileFile, is_read_with_all_it_says) {
  const NoiseProfileFile file = parse_noise_profile(good, "p.json");
  EXPECT_EQ(file.color_model, ColorModel::bayer);
  EXPECT_EQ(file.profile.channel_count, 3);
  EXPECT_EQ(file.profile.channels[2], (NoiseModel{3e-4, 3e-6, {}}));
  EXPECT_EQ(file.profile.confidence, 0.75);
  EXPECT_EQ(file.make, "Maker");
  EXPECT_EQ(file.model, "Model 1");
  EXPECT_EQ(file.iso, 800.0);
  EXPECT_EQ(file.source, "flat fields");
}

TEST(NoiseProfileFile, what_is_written_is_read_back_bit_by_bit) {
  const test::TemporaryFolder folder;
  NoiseProfileFile file;
  file.color_model = ColorModel::yuv;
  file.profile = {3, {NoiseModel{1.0 / 3.0, 1e-300}, NoiseModel{0.1, 5e-324}, NoiseModel{}}, 0.1 + 0.2};
  NoiseLevelFunction function;
  for (int i = 0; i < NoiseLevelFunction::level_count; ++i) function.variance[i] = 1e-5F / static_cast<float>(i + 3);
  file.profile.channels[1].level_function = function;
  file.source = "a \"source\" with\nlines and é";
  write_noise_profile(folder / "p.json", file);
  const NoiseProfileFile read = read_noise_profile(folder / "p.json");
  EXPECT_EQ(read.profile, file.profile);
  EXPECT_EQ(read.color_model, file.color_model);
  EXPECT_EQ(read.source, file.source);
  EXPECT_EQ(read.make, "");
  EXPECT_EQ(read.iso, 0.0);
}

TEST(NoiseProfileFile, a_missing_key_is_named) {
  for (const std::string key : {"rdenoise", "version", "color_model", "a", "b", "confidence"}) {
    expect_refused(changed("\"" + key + "\"", "\"x\""), key);
  }
  expect_refused(changed("\"iso\"", "\"speed\""), "camera.iso");
}

TEST(NoiseProfileFile, wrong_values_are_refused_where_they_stand) {
  expect_refused(changed("noise-profile", "lens-profile"), "found \"lens-profile\"");
  expect_refused(changed("\"bayer\"", "\"xtrans\""), "gray, yuv, rgb or bayer at color_model");
  expect_refused(changed("2e-4", "-2e-4"), "a[1]");
  expect_refused(changed("2e-4", "\"2e-4\""), "a[1]");
  expect_refused(changed("2e-4", "null"), "a[1]");
  expect_refused(changed("2e-4", "1e40"), "a[1]");
  expect_refused(changed("3e-6]", "3e-6, 1]"), "an array of 3 at b, found an array of 4");
  expect_refused(changed("[1e-6, 0, 3e-6]", "1e-6"), "at b");
  expect_refused(changed("0.75", "1.5"), "from 0.0 to 1.0 at confidence, found 1.5");
  expect_refused(changed("\"Maker\"", "7"), "camera.make");
  expect_refused(changed("\"flat fields\"", "[]"), "source");
  expect_refused(changed("\"note\": \"kept by hand\"", "\"level_function\": [[1], null, null]"), "level_function[0]");
  expect_refused(changed("\"version\": 1", "\"version\": 0"), "version");
  expect_refused(changed("\"version\": 1", "\"version\": 2"), "version 2", ErrorCode::unsupported);
  expect_refused("[]", "an object");
  expect_refused("7", "an object");
}

TEST(NoiseProfileFile, a_gray_profile_has_one_channel) {
  expect_refused(changed("\"bayer\"", "\"gray\""), "an array of 1 at a");
}

TEST(NoiseProfileFile, every_truncation_and_overflow_is_refused) {
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_THROW((void)parse_noise_profile(good.substr(0, size), "p.json"), Error) << size;
  }
  expect_refused(changed("2e-4", "1e999"), "p.json");
  expect_refused(changed("2e-4", "NaN"), "at byte");
  expect_refused(std::string(100000, '['), "at byte");
}

TEST(NoiseProfileFile, a_file_without_end_is_not_read_to_the_end) {
  try {
    (void)read_noise_profile("/dev/zero");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::corrupt) << error.what();
  }
}

TEST(NoiseProfileFile, absent_files_and_folders_are_told_apart) {
  const test::TemporaryFolder folder;
  const auto code_of = [](const std::filesystem::path& path) {
    try {
      (void)read_noise_profile(path);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  EXPECT_EQ(code_of(folder / "absent.json"), ErrorCode::not_found);
  EXPECT_EQ(code_of(folder.path()), ErrorCode::io);
}

TEST(NoiseProfileFile, what_could_not_be_read_back_is_not_written) {
  const test::TemporaryFolder folder;
  const NoiseProfileFile file = parse_noise_profile(good, "p.json");
  const auto expect_not_written = [&](const NoiseProfileFile& wrong) {
    try {
      write_noise_profile(folder / "p.json", wrong);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument) << error.what();
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  };
  NoiseProfileFile wrong = file;
  wrong.profile.channels[0].b = -1e-9;
  expect_not_written(wrong);
  wrong = file;
  wrong.profile.channels[1].a = std::numeric_limits<double>::quiet_NaN();
  expect_not_written(wrong);
  wrong = file;
  wrong.profile.channel_count = 1;
  expect_not_written(wrong);
}

TEST(NoiseProfileFile, color_models_have_names) {
  for (const ColorModel model : {ColorModel::gray, ColorModel::yuv, ColorModel::rgb, ColorModel::bayer}) {
    EXPECT_EQ(parse_color_model(to_string(model)), model);
  }
  EXPECT_THROW((void)parse_color_model("cmyk"), Error);
}

}  // namespace
}  // namespace rdenoise
