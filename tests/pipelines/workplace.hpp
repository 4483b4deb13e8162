// SPDX-License-Identifier: LGPL-2.1-or-later
// A temporary folder with small models under the default names, and pictures and RAW photos made by formula.
#pragma once

#include <gtest/gtest.h>

#include <rdenoise/image.hpp>
#include <rdenoise/network.hpp>
#include <rdenoise/raw.hpp>
#include <string>

#include "support/temporary_folder.hpp"

namespace rdenoise::test {

/// An FFDNet of 3 layers and 8 channels with random weights: it denoises nothing, but every pixel passes through it.
[[nodiscard]] Weights random_ffdnet(InputDomain input);

/// A 12-bit RGGB mosaic, black 256, white 4095.
[[nodiscard]] RawFrame formula_raw(int width_px, int height_px);

/// Each test gets a folder of its own; RDENOISE_MODEL_PATH points at models/ in it.
class Workplace : public testing::Test {
 protected:
  void SetUp() override;

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  /// Writes the formula scene (gray or rgb) with 8 bit and returns its path.
  std::string write_formula_picture(const std::string& name, ColorModel model, int width_px = 48,
                                    int height_px = 40) const;
  std::string write_formula_dng(const std::string& name) const;
  std::string write_text(const std::string& name, const std::string& text) const;
  /// Files in the folder that begin with `prefix`, hidden or not: temporary ones would show.
  [[nodiscard]] int count_files_beginning_with(const std::string& prefix) const;

 private:
  TemporaryFolder folder_;
};

}  // namespace rdenoise::test
