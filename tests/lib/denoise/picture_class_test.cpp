// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/picture_class.hpp>
#include <rdenoise/resize.hpp>

#include "lib/denoise/frames.hpp"
#include "lib/network/class_aware_model.hpp"
#include "lib/network/run_network.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

using test::bright_dark_classifier;

double probability_of_bright(const ConstFrameView& frame, InputDomain input = InputDomain::gray) {
  return PictureClassifier(bright_dark_classifier(input)).classify(frame).value().at(0);
}

TEST(PictureClass, bright_and_dark_pictures_are_told_apart_whatever_their_format) {
  for (const InputDomain input : {InputDomain::gray, InputDomain::rgb})
    for (const ColorModel model : {ColorModel::gray, ColorModel::rgb})
      for (const auto& [width_px, height_px] : {std::pair{640, 360}, {100, 333}, {16, 16}, {3000, 20}}) {
        const auto probability = [&](float level) {
          return probability_of_bright(test::flat_picture(model, width_px, height_px, level).view(), input);
        };
        EXPECT_GT(probability(0.8F), 0.95) << to_string(model) << " " << width_px << "x" << height_px;
        EXPECT_LT(probability(0.2F), 0.05) << to_string(model) << " " << width_px << "x" << height_px;
      }
  test::Yuv420 yuv(64, 48);
  for (float& sample : yuv.planes[0].samples()) sample = 0.9F;
  EXPECT_GT(probability_of_bright(yuv.view()), 0.95);
}

TEST(PictureClass, probabilities_are_the_softmax_of_the_planes_means) {
  // The plain twin: the whole picture reduced by resize, the plain executor. 384 × 384 has cells of three rows, all
  // read.
  ClassifierModel classifier;
  classifier.spec = build_network({.network = "classifier",
                                   .input = InputDomain::rgb,
                                   .image_channels = 3,
                                   .depth = 4,
                                   .width = 8,
                                   .classes = {"a", "b", "c"}});
  classifier.weights = test::random_weights(classifier.spec, 9);
  classifier.temperature = 0.5;
  const Image picture = test::formula_rgb(384, 384);
  const auto found = PictureClassifier(classifier).classify(picture.view());
  ASSERT_TRUE(found);

  const Image small = resize(picture, 128, 128, ResizeFilter::area);
  const auto executor = make_plain_executor(classifier.spec, classifier.weights);
  const auto run = executor->prepare(128, 128);
  std::ranges::copy(small.samples(), run->image().data);
  run->run();
  const ConstTensorView planes = run->output();
  std::vector<double> expected;
  double sum = 0.0;
  for (int c = 0; c < 3; ++c) {
    double mean = 0.0;
    for (int i = 0; i < planes.height * planes.width; ++i) mean += planes.row(c, 0)[i];
    expected.push_back(std::exp(mean / (planes.height * planes.width) / 0.5));
    sum += expected.back();
  }
  // Two networks of four layers that differ by 1e-6 each, scores of about 1 over 0.5.
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(found->at(c), expected[c] / sum, 1e-5);
}

TEST(PictureClass, a_temperature_of_2_halves_the_log_odds) {
  ClassifierModel warm = bright_dark_classifier();
  warm.temperature = 2.0;
  const Image picture = test::flat_picture(ColorModel::gray, 64, 64, 0.6F);
  const auto log_odds = [&](const ClassifierModel& model) {
    const ClassProbabilities p = PictureClassifier(model).classify(picture.view()).value();
    EXPECT_NEAR(p[0] + p[1], 1.0, 1e-12);
    return std::log(p[0] / p[1]);
  };
  EXPECT_NEAR(log_odds(warm), 0.5 * log_odds(bright_dark_classifier()), 1e-9);
}

TEST(PictureClass, noise_hardly_moves_the_probabilities) {
  Image noisy = test::flat_picture(ColorModel::gray, 640, 480, 0.55F);
  const double clean = probability_of_bright(noisy.view());
  add_noise(noisy.view(), noisy.view(), uniform_profile(ColorModel::gray, NoiseModel::gaussian(50.0)), {.seed = 3});
  // The mean of 480 · 640 samples of σ 0.2, most of them read: 4e-4; times 20 the score, times 1/4 the probability:
  // 0.002. Four times that.
  EXPECT_NEAR(probability_of_bright(noisy.view()), clean, 0.008);
}

TEST(PictureClass, mosaics_and_tiny_pictures_have_none) {
  PictureClassifier classifier(bright_dark_classifier());
  EXPECT_FALSE(classifier.classify(test::flat_picture(ColorModel::bayer, 64, 64, 0.9F).view()));
  EXPECT_FALSE(classifier.classify(test::flat_picture(ColorModel::gray, 15, 64, 0.9F).view()));
  EXPECT_FALSE(classifier.classify(ConstFrameView{}));
  EXPECT_EQ(classifier.classes(), (std::vector<std::string>{"bright", "dark"}));
}

TEST(PictureClass, sizes_may_change_from_picture_to_picture) {
  PictureClassifier classifier(bright_dark_classifier());
  const Image wide = test::flat_picture(ColorModel::gray, 300, 100, 0.6F);
  const Image high = test::flat_picture(ColorModel::gray, 100, 300, 0.6F);
  const auto first = classifier.classify(wide.view());
  EXPECT_TRUE(classifier.classify(high.view()));
  EXPECT_EQ(classifier.classify(wide.view()), first);
}

TEST(PictureClass, a_class_that_is_not_likely_enough_is_not_chosen) {
  EXPECT_EQ(choose_class({0.2, 0.7, 0.1}, 0.5), 1);
  EXPECT_EQ(choose_class({0.2, 0.7, 0.1}, 0.71), class_agnostic);
  EXPECT_EQ(choose_class({}, 0.0), class_agnostic);
}

}  // namespace
}  // namespace rdenoise
