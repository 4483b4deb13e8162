// SPDX-License-Identifier: LGPL-2.1-or-later
#include "effective_receptive_field.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <rdenoise/error.hpp>

#include "lib/network/random_weights.hpp"
#include "studies/receptive_field_study.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::training {
namespace {

// Every weight 1 and all signals positive: each input pixel of the field has a positive influence, none outside has
// any.
TEST(effective_receptive_field, of_positive_weights_fills_no_more_than_the_theoretical_field) {
  Model model;
  model.spec = build_network({.network = "dncnn", .image_channels = 1, .depth = 3, .width = 2, .bias = false});
  for (const Layer& layer : model.spec.layers)
    if (layer.kind == LayerKind::convolution) {
      const std::int64_t in = layer.name == "model.0" ? 1 : 2;
      model.weights.tensors[layer.name + ".weight"] = {
          {layer.out_channels, in, 3, 3},
          std::vector<float>(static_cast<std::size_t>(layer.out_channels * in * 9), 1.F)};
    }
  const EffectiveReceptiveField field = measure_receptive_field(model, CentrePixel::counts, 1);
  EXPECT_EQ(field.theoretical_px, 7);
  EXPECT_EQ((field.influence > 0).sum().item<int>(), 49);
  // Three box filters: (1 3 6 7 6 3 1)² / 49; above 4.55 % are the products of at least 3 (2.23).
  const int row[7] = {1, 3, 6, 7, 6, 3, 1};
  int expected = 0;
  for (const int a : row)
    for (const int b : row) expected += a * b > 0.0455 * 49;
  EXPECT_NEAR(field.effective_px, std::sqrt(expected), 1e-6);
}

NetworkSpec stack(int depth) {
  // The pictures are too small to share out.
  torch::set_num_threads(1);
  return build_network({.network = "dncnn", .image_channels = 1, .depth = depth, .width = 24, .residual = true});
}

TEST(effective_receptive_field, of_an_untrained_residual_network_shows_only_without_the_centre) {
  const auto px = [](CentrePixel centre) {
    return measure_untrained_receptive_field(stack(6), Initialisation::he, centre, 2).effective_px;
  };
  EXPECT_LT(px(CentrePixel::counts), 3.0);
  EXPECT_GT(px(CentrePixel::left_out), 6.0);
}

/// Root of the mean squared distance from the centre, weighted with the influence; steadier than a count of pixels
/// above a threshold.
double spread_px(const EffectiveReceptiveField& field) {
  const std::int64_t size_px = field.influence.size(0);
  const torch::Tensor squared = (torch::arange(size_px) - size_px / 2).square();
  const torch::Tensor weighted = field.influence * (squared.view({-1, 1}) + squared.view({1, -1}));
  return std::sqrt((weighted.sum() / field.influence.sum()).item<double>());
}

// Luo et al., sections 3 and 5: the field spreads with the root of the depth. A kernel spreads by the mean of r²
// weighted with the squared scales of its taps: (4·1 + 4·2)/9 = 1.33 if they are alike, and with a light centre
// (4·0.625² + 4·2)/(0.25² + 4·0.625² + 4) = 1.70, so a field is √(1.70/1.33) = 1.13 times as wide.
TEST(effective_receptive_field, untrained_spreads_as_the_root_of_the_depth_and_more_when_the_centre_is_light) {
  const auto px = [](int depth, Initialisation initialisation) {
    return spread_px(measure_untrained_receptive_field(stack(depth), initialisation, CentrePixel::left_out, 8));
  };
  const double shallow = px(4, Initialisation::he);
  const double deep = px(12, Initialisation::he);
  EXPECT_NEAR(deep / shallow, std::sqrt(3.0), 0.3) << "the theoretical field grows 2.8 times";
  EXPECT_NEAR(px(12, Initialisation::centre_light) / deep, 1.13, 0.1);
}

// With every pixel of the field alike, so is every distance.
TEST(effective_receptive_field, influence_by_distance_is_the_mean_over_a_ring) {
  EffectiveReceptiveField field;
  field.theoretical_px = 5;
  field.influence = torch::zeros({7, 7});
  field.influence[3][3] = 1.0;
  for (const auto& [y, x] : {std::pair{2, 3}, {4, 3}, {3, 2}, {3, 4}}) field.influence[y][x] = 0.5;
  const std::vector<double> rings = influence_by_distance(field);
  ASSERT_EQ(rings.size(), 3U);
  EXPECT_EQ(rings[0], 1.0);
  EXPECT_NEAR(rings[1], 4 * 0.5 / 8, 1e-7) << "the four at 1 px and the four at 1.41 px";
  EXPECT_EQ(rings[2], 0.0);
}

std::string first_line(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::string line;
  std::getline(stream, line);
  return line;
}

TEST(receptive_field_study, writes_a_table_and_a_chart_for_depth_and_for_each_model) {
  const test::TemporaryFolder folder;
  const NetworkSpec spec = stack(3);
  std::filesystem::create_directories(folder / "tiny");
  write_safetensors(folder / "tiny" / "weights.safetensors", test::random_weights(spec, 1));
  int lines = 0;
  run_receptive_field_study({.depths = {2, 3}, .width = 4, .draws = 1, .models = {(folder / "tiny").string()}},
                            folder / "out", [&](const std::string&) { ++lines; });
  EXPECT_EQ(lines, 3);
  EXPECT_EQ(first_line(folder / "out" / "receptive-field-depth.csv"),
            "depth,theoretical_px,he_px,orthogonal_px,centre_light_px,linear_px");
  EXPECT_EQ(first_line(folder / "out" / "receptive-field-models.csv"),
            "depth,theoretical_px,untrained_px,trained_px,trained_with_centre_px");
  EXPECT_EQ(first_line(folder / "out" / "receptive-field-tiny.csv"),
            "distance_px,untrained,trained,trained_with_centre");
  for (const char* name : {"depth", "models", "tiny"})
    EXPECT_TRUE(std::filesystem::exists(folder / "out" / ("receptive-field-" + std::string(name) + ".svg"))) << name;
}

TEST(receptive_field_study, models_of_one_name_are_refused) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(run_receptive_field_study({.models = {"a/tiny", "b/tiny/"}}, folder / "out", [](const auto&) {}), Error);
}

}  // namespace
}  // namespace rdenoise::training
