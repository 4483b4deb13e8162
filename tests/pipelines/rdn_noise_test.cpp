// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn noise add and estimate.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <rdenoise/picture_file.hpp>
#include <rdenoise/quality.hpp>
#include <string>

#include "run_program.hpp"
#include "support/formula_pictures.hpp"
#include "workplace.hpp"

namespace rdenoise::test {
namespace {

class RdnNoise : public Workplace {
 protected:
  /// Adds noise to input and returns the picture that was written.
  Image noisy(const std::string& input, const std::string& output, std::vector<std::string> options) const {
    std::vector<std::string> arguments = {"noise", "add", input, path(output)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const ProgramResult result = run_rdn(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.messages;
    EXPECT_EQ(result.out, "");
    return read_picture(path(output)).image;
  }
};

TEST_F(RdnNoise, tiff_is_float_neither_clipped_nor_rounded) {
  const std::string input = write_formula_picture("in.png", ColorModel::gray, 128, 128);
  const Image clean = read_picture(input).image;
  const Image noise = noisy(input, "out.tiff", {"--sigma", "50", "--seed", "3"});
  EXPECT_EQ(read_picture(path("out.tiff")).source_bit_depth, 32);
  EXPECT_LT(std::ranges::min(noise.samples()), 0.F);
  EXPECT_GT(std::ranges::max(noise.samples()), 1.F);
  // The variance of 16384 samples scatters by √(2/16384) = 1.1 %; clipping would take several per cent away.
  EXPECT_NEAR(l2(clean, noise) / std::pow(50.0 / 255.0, 2), 1.0, 0.05);
}

TEST_F(RdnNoise, png_is_the_tiff_clipped_and_rounded) {
  const std::string input = write_formula_picture("in.png", ColorModel::rgb);
  const Image exact = noisy(input, "out.tiff", {"--sigma", "50"});
  const Image stored = noisy(input, "out.png", {"--sigma", "50"});
  for (std::size_t i = 0; i < exact.samples().size(); ++i) {
    const float clipped = std::clamp(exact.samples()[i], 0.F, 1.F);
    // Half a step, and what float arithmetic adds.
    ASSERT_NEAR(stored.samples()[i], clipped, 0.5 / 255 + 1e-6);
  }
}

TEST_F(RdnNoise, noise_depends_on_the_seed_alone) {
  const std::string input = write_formula_picture("in.png", ColorModel::gray);
  const Image first = noisy(input, "a.tiff", {"--shot", "0.01", "--read", "0.001", "--seed", "7"});
  const Image again = noisy(input, "b.tiff", {"--shot", "0.01", "--read", "0.001", "--seed", "7"});
  const Image other = noisy(input, "c.tiff", {"--shot", "0.01", "--read", "0.001", "--seed", "8"});
  EXPECT_TRUE(std::ranges::equal(first.samples(), again.samples()));
  EXPECT_FALSE(std::ranges::equal(first.samples(), other.samples()));
}

TEST_F(RdnNoise, a_raw_photo_gets_its_noise_on_the_mosaic) {
  const std::string input = write_formula_dng("in.dng");
  EXPECT_EQ(run_rdn({"noise", "add", input, path("out.dng"), "--sigma", "10"}).exit_code, 0);
  const RawFrame clean = read_raw_file(input);
  const RawFrame noise = read_raw_file(path("out.dng"));
  double sum_of_squares = 0.0;
  for (std::size_t i = 0; i < clean.mosaic.size(); ++i) {
    const double difference = (static_cast<double>(noise.mosaic[i]) - clean.mosaic[i]) / (4095.0 - 256.0);
    sum_of_squares += difference * difference;
  }
  // 1920 samples scatter σ by √(1/3840) = 1.6 %.
  EXPECT_NEAR(255.0 * std::sqrt(sum_of_squares / clean.mosaic.size()), 10.0, 0.7);

  const ProgramResult refused = run_rdn({"noise", "add", input, path("out.png"), "--sigma", "10"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.messages.find(input), std::string::npos);
}

TEST_F(RdnNoise, estimate_finds_the_noise_that_was_added) {
  Picture flat;
  flat.image = flat_picture(ColorModel::gray, 256, 256, 0.5F);
  write_picture(path("flat.png"), flat, {.bit_depth = 8});
  const Image noise = noisy(path("flat.png"), "noisy.tiff", {"--sigma", "20"});
  const ProgramResult result = run_rdn({"noise", "estimate", path("noisy.tiff"), "--method", "gaussian", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.messages;
  const auto object = nlohmann::json::parse(result.out);
  EXPECT_EQ(object["model"], "gaussian");
  EXPECT_EQ(object["a"][0].get<double>(), 0.0);
  // On a flat picture the estimator is only asked to be in the right region; its own tests are strict.
  EXPECT_NEAR(object["sigma_8bit"].get<double>(), 20.0, 2.0);
}

}  // namespace
}  // namespace rdenoise::test
