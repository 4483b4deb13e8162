// SPDX-License-Identifier: LGPL-2.1-or-later
// A temporary folder with small models under the default names, and pictures and RAW photos made by formula.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <rdenoise/image.hpp>
#include <rdenoise/network.hpp>
#include <rdenoise/raw.hpp>
#include <string>

namespace rdenoise::test {

/// An FFDNet of 3 layers and 8 channels with random weights: it denoises nothing, but every pixel passes through it.
[[nodiscard]] Weights random_ffdnet(InputDomain input, std::uint64_t seed);

/// Smooth colours with some structure, inside 0.1 … 0.9.
[[nodiscard]] Image formula_image(ColorModel model, int width_px, int height_px);

/// A 12-bit RGGB mosaic, black 256, white 4095.
[[nodiscard]] RawFrame formula_raw(int width_px, int height_px);

/// Each test gets a folder of its own; RDENOISE_MODEL_PATH points at models/ in it.
class Workplace : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  /// Writes formula_image as a PNG (8 bit) or TIFF (float) and returns its path.
  std::string write_formula_picture(const std::string& name, ColorModel model, int width_px = 48,
                                    int height_px = 40) const;
  std::string write_formula_dng(const std::string& name) const;
  std::string write_text(const std::string& name, const std::string& text) const;
  /// Names of the files in the folder that begin with `prefix`; temporary ones would show.
  [[nodiscard]] int count_files_beginning_with(const std::string& prefix) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace rdenoise::test
