// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <rdenoise/error.hpp>
#include <rdenoise/network.hpp>

namespace rdenoise {
namespace {

NetworkParams ffdnet_gray() {
  return {.network = "ffdnet", .input = InputDomain::gray, .image_channels = 1, .depth = 15, .width = 64};
}

NetworkParams dncnn_gray() {
  return {
      .network = "dncnn", .input = InputDomain::gray, .image_channels = 1, .depth = 17, .width = 64, .residual = true};
}

TEST(network_spec, every_example_of_the_registry_is_wired_right) {
  for (const Architecture& architecture : architectures()) {
    ASSERT_FALSE(architecture.examples.empty()) << architecture.name;
    for (const NetworkParams& params : architecture.examples) {
      EXPECT_EQ(params.network, architecture.name);
      const NetworkSpec spec = build_network(params);
      const auto shapes = layer_shapes(spec);
      if (spec.is_classifier()) {
        EXPECT_EQ(shapes.back().channels, static_cast<int>(params.classes.size()));
      } else {
        EXPECT_EQ(shapes.back().channels, params.image_channels);
        EXPECT_EQ(shapes.back().downscale, 1);
      }
    }
  }
}

// Zhang et al. 2017: receptive field of 2·depth + 1 = 35 pixels.
TEST(network_spec, dncnn_of_17_layers_sees_17_pixels_to_each_side) {
  const NetworkSpec spec = build_network(dncnn_gray());
  EXPECT_EQ(receptive_radius_px(spec), 17);
  EXPECT_EQ(alignment_px(spec), 1);
  EXPECT_EQ(halo_px(spec), 17);
}

// Zhang et al. 2018: 15 layers at half resolution, 62×62 pixels: 15·2 to one side and one more to the other, because a
// pixel's own 2×2 cell is seen whole.
TEST(network_spec, ffdnet_of_15_layers_sees_31_pixels_to_the_far_side) {
  const NetworkSpec spec = build_network(ffdnet_gray());
  EXPECT_EQ(receptive_radius_px(spec), 31);
  EXPECT_EQ(alignment_px(spec), 2);
  EXPECT_EQ(halo_px(spec), 32);
}

// 1→64, 15 times 64→64, 64→1, each 3×3.
TEST(network_spec, macs_of_dncnn_are_those_of_its_convolutions) {
  EXPECT_DOUBLE_EQ(macs_per_px(build_network(dncnn_gray())), 9.0 * (64 + 15 * 64 * 64 + 64));
}

// (5→64, 13 times 64→64, 64→4) at a quarter of the pixels.
TEST(network_spec, macs_of_ffdnet_count_a_quarter_of_the_pixels) {
  EXPECT_DOUBLE_EQ(macs_per_px(build_network(ffdnet_gray())), 9.0 * (5 * 64 + 13 * 64 * 64 + 64 * 4) / 4.0);
}

TEST(network_spec, a_classifier_gives_a_small_plane_for_each_class_and_no_picture) {
  NetworkParams params = find_architecture("classifier").examples[0];
  const NetworkSpec spec = build_network(params);
  EXPECT_TRUE(spec.is_classifier());
  EXPECT_FALSE(build_network(ffdnet_gray()).is_classifier());
  // Four stages of stride 2, then the scores.
  EXPECT_EQ(alignment_px(spec), 16);
  EXPECT_EQ(layer_shapes(spec).back().downscale, 16);
  EXPECT_EQ(layer_shapes(spec).back().channels, 5);
  EXPECT_TRUE(picture_estimates(spec).empty());
  const auto refused = [](const NetworkParams& wrong) {
    try {
      (void)build_network(wrong);
      return false;
    } catch (const Error& error) {
      return error.code() == ErrorCode::invalid_argument;
    }
  };
  NetworkParams wrong = params;
  wrong.classes = {"alone"};
  EXPECT_TRUE(refused(wrong));
  wrong = params;
  wrong.classes.clear();
  EXPECT_TRUE(refused(wrong));
  wrong = params;
  wrong.depth = 9;
  EXPECT_TRUE(refused(wrong));
  wrong = params;
  wrong.input = InputDomain::bayer;
  EXPECT_TRUE(refused(wrong));
}

// The published file holds 485 316 numbers.
TEST(network_spec, ffdnet_gray_has_the_published_number_of_parameters) {
  EXPECT_EQ(parameter_count(build_network(ffdnet_gray())), 485316);
}

TEST(network_spec, bayer_ffdnet_gets_a_map_plane_for_each_site) {
  NetworkParams params = ffdnet_gray();
  params.input = InputDomain::bayer;
  const NetworkSpec spec = build_network(params);
  ASSERT_NE(spec.noise_map_layer(), nullptr);
  EXPECT_EQ(spec.noise_map_layer()->factor, 1);
  for (const Layer& layer : spec.layers) {
    if (layer.kind == LayerKind::concatenate) {
      EXPECT_EQ(layer.out_channels, 8);
    }
  }
}

NetworkParams ffdnet_yuv420() {
  return {.network = "ffdnet",
          .input = InputDomain::yuv420,
          .image_channels = 6,
          .depth = 5,
          .width = 16,
          .residual = true};
}

TEST(network_spec, yuv420_ffdnet_shuffles_nothing_and_gets_a_map_plane_for_each_of_y_u_v) {
  const NetworkSpec spec = build_network(ffdnet_yuv420());
  ASSERT_NE(spec.noise_map_layer(), nullptr);
  EXPECT_EQ(spec.noise_map_layer()->out_channels, 3);
  EXPECT_EQ(spec.noise_map_layer()->factor, 1);
  for (const Layer& layer : spec.layers) {
    EXPECT_NE(layer.kind, LayerKind::pixel_unshuffle);
    EXPECT_NE(layer.kind, LayerKind::pixel_shuffle);
    if (layer.kind == LayerKind::concatenate) {
      EXPECT_EQ(layer.out_channels, 6 + 3);
    }
  }
  EXPECT_EQ(spec.layers.back().kind, LayerKind::subtract);
  EXPECT_EQ(spec.layers.back().out_channels, 6);
}

TEST(network_spec, figures_of_a_yuv420_network_are_in_its_own_pixels_but_for_the_cost_of_a_frames_pixel) {
  const NetworkSpec spec = build_network(ffdnet_yuv420());
  EXPECT_EQ(receptive_radius_px(spec), 5);
  EXPECT_EQ(alignment_px(spec), 1);
  EXPECT_EQ(halo_px(spec), 5);
  EXPECT_DOUBLE_EQ(macs_per_px(spec), 9.0 * (9 * 16 + 3 * 16 * 16 + 16 * 6) / 4.0);
}

TEST(network_spec, channels_of_the_image_follow_from_the_domain) {
  for (const Architecture& architecture : architectures())
    for (const NetworkParams& params : architecture.examples)
      EXPECT_EQ(params.image_channels, image_channels_of(params.input)) << params.network;
}

TEST(network_spec, unknown_network_is_not_found_and_the_known_ones_are_named) {
  NetworkParams params = ffdnet_gray();
  params.network = "nonesuch";
  try {
    (void)build_network(params);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_NE(std::string(error.what()).find("ffdnet"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("nonesuch"), std::string::npos);
  }
}

TEST(network_spec, wrong_wiring_is_refused) {
  const NetworkSpec good = build_network(ffdnet_gray());
  const auto refused = [&](auto change) {
    NetworkSpec spec = good;
    change(spec);
    try {
      (void)layer_shapes(spec);
      return false;
    } catch (const Error& error) {
      return error.code() == ErrorCode::invalid_argument;
    }
  };
  EXPECT_TRUE(refused([](NetworkSpec& s) { s.layers.clear(); }));
  EXPECT_TRUE(refused([](NetworkSpec& s) { s.layers[1].inputs = {7}; }));  // a later layer
  EXPECT_TRUE(refused([](NetworkSpec& s) { s.layers[1].inputs = {}; }));   // none
  EXPECT_TRUE(refused([](NetworkSpec& s) { s.layers[1].out_channels = 5; }));
  EXPECT_TRUE(refused([](NetworkSpec& s) { s.layers[2].factor = 1; }));  // map of another size than the sub-images
  EXPECT_TRUE(refused([](NetworkSpec& s) { s.layers.pop_back(); }));     // output at half size
  EXPECT_TRUE(refused([](NetworkSpec& s) { s.layers[4].kernel = 2; }));
}

TEST(network_spec, depth_and_width_out_of_reason_are_refused) {
  NetworkParams params = ffdnet_gray();
  params.depth = 0;
  EXPECT_THROW((void)build_network(params), Error);
  params.depth = 100000;
  EXPECT_THROW((void)build_network(params), Error);
}

TEST(network_spec, precision_words_round_trip_and_others_are_refused) {
  for (const Precision p : {Precision::automatic, Precision::f32, Precision::bf16, Precision::int8})
    EXPECT_EQ(parse_precision(to_string(p)), p);
  EXPECT_THROW((void)parse_precision("fp64"), Error);
}

}  // namespace
}  // namespace rdenoise
