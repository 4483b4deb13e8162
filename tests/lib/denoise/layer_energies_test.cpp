// SPDX-License-Identifier: LGPL-2.1-or-later
// The energy of features over the picture, against the plain executor on the whole frame.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <rdenoise/error.hpp>
#include <rdenoise/explain.hpp>

#include "denoise/energy_map.hpp"
#include "denoise/noise_map.hpp"
#include "lib/denoise/frames.hpp"

namespace rdenoise {
namespace {

Model model_of(const NetworkSpec& spec) {
  return {.name = "test", .path = {}, .spec = spec, .weights = test::random_weights(spec, 5)};
}

const NetworkSpec& u_net() {
  static const NetworkSpec spec =
      build_network({.network = "cbdnet", .input = InputDomain::rgb, .image_channels = 3, .depth = 2, .width = 4});
  return spec;
}

/// Everything in one pass over the whole tensors, as the definitions say.
struct PlainEnergy {
  double rms = 0.0;
  double mean_abs = 0.0;
  double zero_share = 0.0;
  std::vector<double> rms_of_cells;
};

std::map<int, PlainEnergy> plain_energies(const NetworkSpec& spec, const Weights& weights, const Image& picture,
                                          const NoiseProfile& noise, int cell_px, int columns, int rows) {
  std::vector<int> watched;
  for (const Stage& stage : convolution_stages(spec)) watched.push_back(stage.features);
  const auto run = make_plain_executor(spec, weights, watched)->prepare(picture.height_px(), picture.width_px());
  const TensorView image = run->image();
  std::ranges::copy(picture.samples(), image.data);
  if (const Layer* layer = spec.noise_map_layer()) {
    std::vector<CellNoise> cells;
    for (int c = 0; c < noise.channel_count; ++c)
      cells.push_back({noise.channels[c], noise.channels[c], noise.channels[c], noise.channels[c]});
    fill_noise_map({image.data, image.channels, image.height, image.width}, cells, 1.0, layer->factor,
                   run->noise_map());
  }
  std::map<int, PlainEnergy> energies;
  run->run_observed([&](const LayerResult& layer) {
    PlainEnergy& energy = energies[layer.layer()];
    std::vector<double> squares(static_cast<std::size_t>(columns) * rows);
    std::vector<double> count(squares.size());
    const int downscale = picture.width_px() / layer.width();
    std::vector<float> row(static_cast<std::size_t>(layer.width()));
    double sum = 0.0;
    for (int c = 0; c < layer.channels(); ++c)
      for (int y = 0; y < layer.height(); ++y) {
        layer.read_row(c, y, 0, row);
        for (int x = 0; x < layer.width(); ++x) {
          const double value = row[static_cast<std::size_t>(x)];
          const int cell = y * downscale / cell_px * columns + x * downscale / cell_px;
          squares[static_cast<std::size_t>(cell)] += value * value;
          count[static_cast<std::size_t>(cell)] += 1.0;
          sum += value * value;
          energy.mean_abs += std::abs(value);
          energy.zero_share += value == 0.0 ? 1.0 : 0.0;
        }
      }
    const double all = static_cast<double>(layer.channels()) * layer.height() * layer.width();
    energy.rms = std::sqrt(sum / all);
    energy.mean_abs /= all;
    energy.zero_share /= all;
    for (std::size_t i = 0; i < squares.size(); ++i) energy.rms_of_cells.push_back(std::sqrt(squares[i] / count[i]));
  });
  return energies;
}

void expect_plain_energies(const NetworkSpec& spec, ColorModel color_model) {
  // Multiples of all alignments here, so that nothing is padded.
  const Image picture = test::random_picture(color_model, 64, 48);
  const NoiseProfile noise = test::different_noise(color_model);
  const Model model = model_of(spec);
  const LayerEnergies energies =
      layer_energies(model, picture.view(), noise, {.precision = Precision::f32, .tile_size_px = 16}, 16);
  EXPECT_EQ(energies.cell_px, 4);
  const auto plain = plain_energies(spec, model.weights, picture, noise, 4, 16, 12);
  ASSERT_EQ(energies.layers.size(), plain.size());
  for (const LayerEnergy& layer : energies.layers) {
    SCOPED_TRACE(layer.name);
    const PlainEnergy& expected = plain.at(layer.layer);
    // Rounding of the convolutions' f32 sums, as between the executors.
    EXPECT_NEAR(layer.rms, expected.rms, 1e-4 * expected.rms);
    EXPECT_NEAR(layer.mean_abs, expected.mean_abs, 1e-4 * expected.mean_abs);
    // A value within rounding of 0 may fall on either side: at most a few of the 64·48 pixels' features.
    EXPECT_NEAR(layer.zero_share, expected.zero_share, 1e-3);
    ASSERT_EQ(layer.rms_map.samples().size(), expected.rms_of_cells.size());
    for (std::size_t i = 0; i < expected.rms_of_cells.size(); ++i)
      EXPECT_NEAR(layer.rms_map.samples()[i], expected.rms_of_cells[i], 1e-4 * expected.rms + 1e-6);
  }
}

TEST(LayerEnergies, of_ffdnet_are_those_of_the_plain_executor) {
  expect_plain_energies(test::ffdnet(InputDomain::gray), ColorModel::gray);
  expect_plain_energies(test::ffdnet(InputDomain::rgb), ColorModel::rgb);
}

TEST(LayerEnergies, of_a_u_net_are_those_of_the_plain_executor) { expect_plain_energies(u_net(), ColorModel::rgb); }

TEST(LayerEnergies, of_a_class_aware_network_are_those_of_the_plain_executor) {
  expect_plain_energies(build_network({.network = "class-aware", .depth = 4, .width = 8, .residual = true}),
                        ColorModel::gray);
}

TEST(LayerEnergies, name_their_layers) {
  const Model model = model_of(u_net());
  const Image picture = test::random_picture(ColorModel::rgb, 16, 16);
  const LayerEnergies energies = layer_energies(model, picture.view(), test::different_noise(ColorModel::rgb));
  const auto found = std::ranges::find(energies.layers, "unet.up1.up", &LayerEnergy::name);
  ASSERT_NE(found, energies.layers.end());
  EXPECT_EQ(found->kind, "transposed convolution");
  EXPECT_EQ(found->channels, 8);
  EXPECT_EQ(found->downscale, 2);
  EXPECT_EQ(energies.layers.front().name, "fcn.fcn.0");
  EXPECT_EQ(energies.layers.front().kind, "convolution + relu");
}

TEST(LayerEnergies, do_not_depend_on_the_tiles) {
  for (const auto& [spec, color_model] :
       {std::pair{test::ffdnet(InputDomain::gray), ColorModel::rgb},     // channel by channel
        std::pair{test::ffdnet(InputDomain::bayer), ColorModel::bayer},  // a mosaic whose phase is padded
        std::pair{u_net(), ColorModel::rgb}}) {
    const Image picture = test::random_picture(color_model, 131, 75, CfaPattern::gbrg);
    const NoiseProfile noise = test::different_noise(color_model);
    const Model model = model_of(spec);
    const auto energies = [&](int tile_size_px, int n_threads) {
      return layer_energies(model, picture.view(), noise,
                            {.precision = Precision::f32, .tile_size_px = tile_size_px, .n_threads = n_threads}, 20);
    };
    const LayerEnergies whole = energies(1000, 1);
    for (const int tile_size_px : {16, 40}) {
      const LayerEnergies tiled = energies(tile_size_px, 0);
      ASSERT_EQ(whole.layers.size(), tiled.layers.size());
      for (std::size_t i = 0; i < whole.layers.size(); ++i) {
        const LayerEnergy& a = whole.layers[i];
        const LayerEnergy& b = tiled.layers[i];
        // Convolutions of another width may be summed in another order; the sums themselves are double.
        EXPECT_NEAR(a.rms, b.rms, 1e-5 * a.rms);
        EXPECT_NEAR(a.mean_abs, b.mean_abs, 1e-5 * a.mean_abs);
        ASSERT_EQ(a.rms_map.samples().size(), b.rms_map.samples().size());
        for (std::size_t cell = 0; cell < a.rms_map.samples().size(); ++cell)
          EXPECT_NEAR(a.rms_map.samples()[cell], b.rms_map.samples()[cell], 1e-4 * a.rms) << a.name;
      }
    }
  }
}

TEST(LayerEnergies, are_refused_for_frames_that_the_network_does_not_take) {
  const Model model = model_of(u_net());
  const Image gray = test::random_picture(ColorModel::gray, 16, 16);
  const Image rgb = test::random_picture(ColorModel::rgb, 16, 16);
  EXPECT_THROW(static_cast<void>(layer_energies(model, gray.view(), test::different_noise(ColorModel::gray))), Error);
  EXPECT_THROW(static_cast<void>(layer_energies(model, rgb.view(), test::different_noise(ColorModel::rgb), {}, 0)),
               Error);
  test::Yuv420 yuv(16, 16);
  EXPECT_THROW(static_cast<void>(layer_energies(model_of(test::dncnn()), yuv.view(), {})), Error);
}

TEST(AddFeatures, is_its_definition) {
  std::vector<float> values;
  for (int i = 0; i < 37; ++i) values.push_back(i % 5 == 0 ? 0.F : 0.1F * static_cast<float>(i - 20));
  std::vector<float> squares(37, 1.F);
  std::vector<float> magnitudes(37, 2.F);
  std::vector<float> zeros(37, 3.F);
  add_features(values, squares.data(), magnitudes.data(), zeros.data());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_FLOAT_EQ(squares[i], 1.F + values[i] * values[i]);
    EXPECT_FLOAT_EQ(magnitudes[i], 2.F + std::abs(values[i]));
    EXPECT_EQ(zeros[i], values[i] == 0.F ? 4.F : 3.F);
  }
}

}  // namespace
}  // namespace rdenoise
