// SPDX-License-Identifier: LGPL-2.1-or-later
// State dicts as others name and order them become the same network.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

#include "lib/network/random_weights.hpp"
#include "lib/network/run_network.hpp"

namespace rdenoise {
namespace {

NetworkParams dncnn(int channels, bool bias) {
  return {.network = "dncnn",
          .input = channels == 1 ? InputDomain::gray : InputDomain::rgb,
          .image_channels = channels,
          .depth = 5,
          .width = 8,
          .batch_norm = true,
          .bias = bias,
          .residual = true};
}

Weights plain_weights(const NetworkParams& params, unsigned seed = 3) {
  Weights weights = test::random_weights(build_network(params), seed);
  weights.metadata.clear();
  return weights;
}

/// The same tensors, each under the name that `renamed` gives it; without those it gives an empty name.
template <typename Renamed>
Weights with_names(const Weights& weights, Renamed renamed) {
  Weights result;
  for (const auto& [name, tensor] : weights.tensors)
    if (const std::string to = renamed(name); !to.empty()) result.tensors[to] = tensor;
  return result;
}

Weights with_prefix(const Weights& weights, const std::string& prefix) {
  return with_names(weights, [&](const std::string& name) { return prefix + name.substr(6); });
}

void expect_same_tensors(const Weights& found, const Weights& expected) {
  ASSERT_EQ(found.tensors.size(), expected.tensors.size());
  for (const auto& [name, tensor] : expected.tensors) {
    const auto other = found.tensors.find(name);
    ASSERT_NE(other, found.tensors.end()) << name;
    EXPECT_EQ(other->second.shape, tensor.shape) << name;
    EXPECT_EQ(other->second.values, tensor.values) << name;
  }
}

std::string refusal(const Weights& plain, ErrorCode code = ErrorCode::corrupt, std::string_view network = {}) {
  try {
    (void)import_state_dict(plain, network);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "no error";
}

TEST(PublishedNames, a_stack_of_any_name_is_the_same_dncnn) {
  for (const int channels : {1, 3})
    for (const bool bias : {true, false}) {
      const NetworkParams params = dncnn(channels, bias);
      const Weights house = plain_weights(params);
      for (const char* prefix : {"model.", "dncnn.", "module.dncnn.", "module.model.", "", "net.0."}) {
        Weights plain = with_prefix(house, prefix);
        const std::string counter = std::string(prefix) + "3.num_batches_tracked";
        plain.tensors[counter] = {{}, {0.F}};
        Weights found = import_state_dict(plain);
        std::erase_if(found.tensors, [](const auto& entry) { return entry.first.ends_with("_tracked"); });
        expect_same_tensors(found, house);
        NetworkParams read = params_from_metadata(found.metadata);
        read.batch_norm_epsilon = params.batch_norm_epsilon;
        EXPECT_EQ(read, params) << prefix;
      }
    }
}

TEST(PublishedNames, kair_trained_with_another_epsilon_than_saoyan) {
  const Weights house = plain_weights(dncnn(1, true));
  const auto epsilon = [](const Weights& plain) {
    return params_from_metadata(import_state_dict(plain).metadata).batch_norm_epsilon;
  };
  EXPECT_EQ(epsilon(house), 1e-4);
  EXPECT_EQ(epsilon(with_prefix(house, "module.model.")), 1e-4);
  EXPECT_EQ(epsilon(with_prefix(plain_weights(dncnn(1, false)), "dncnn.")), 1e-5);
}

TEST(PublishedNames, a_first_layer_with_a_bias_and_others_without_get_biases_of_zero) {
  Weights plain = with_prefix(plain_weights(dncnn(1, false)), "dncnn.");
  plain.tensors["dncnn.0.bias"] = {{8}, std::vector<float>(8, 0.25F)};
  const Weights found = import_state_dict(plain);
  EXPECT_TRUE(params_from_metadata(found.metadata).bias);
  EXPECT_EQ(found.tensors.find("model.0.bias")->second.values, std::vector<float>(8, 0.25F));
  EXPECT_EQ(found.tensors.find("model.5.bias")->second.values, std::vector<float>(8, 0.F));
}

TEST(PublishedNames, numbers_with_holes_where_batch_norm_was_are_closed) {
  NetworkParams params = dncnn(1, true);
  params.batch_norm = false;
  const Weights house = plain_weights(params);
  const Weights plain = with_names(house, [](const std::string& name) {
    const int number = std::stoi(name.substr(6));
    return "model." + std::to_string(number == 0 ? 0 : 3 * (number / 2) - 1) + name.substr(name.rfind('.'));
  });
  expect_same_tensors(import_state_dict(plain), house);
}

TEST(PublishedNames, lists_of_layers_are_a_dncnn_if_they_have_biases) {
  const NetworkParams params = dncnn(1, true);
  const Weights house = plain_weights(params);
  const Weights plain = with_names(house, [](const std::string& name) -> std::string {
    const int number = std::stoi(name.substr(6));
    const std::string field = name.substr(name.rfind('.'));
    if (number == 0) return "first_layer" + field;
    if (number == 11) return "last_layer" + field;
    const std::string index = std::to_string(number / 3 - (number % 3 == 0 ? 1 : 0));
    return (number % 3 == 2 ? "hidden_layer_list." : "bn_layer_list.") + index + field;
  });
  const Weights found = import_state_dict(plain);
  expect_same_tensors(found, house);
  EXPECT_EQ(params_from_metadata(found.metadata), params);
}

// ---- FFDNet --------------------------------------------------------------------------------------------------------

int append(NetworkSpec& spec, Layer layer) {
  spec.layers.push_back(std::move(layer));
  return static_cast<int>(spec.layers.size()) - 1;
}

/// FFDNet as Tassano et al. write it: the map before the sub-images, once for each colour; the noise is predicted.
NetworkSpec ipol_ffdnet(int channels, int depth, int width) {
  const NetworkParams params{.network = "ffdnet",
                             .input = channels == 1 ? InputDomain::gray : InputDomain::rgb,
                             .image_channels = channels,
                             .depth = depth,
                             .width = width,
                             .batch_norm = true,
                             .bias = false};
  NetworkSpec spec{params, {}};
  const int image = append(spec, {.kind = LayerKind::image_input, .out_channels = channels});
  const int sub =
      append(spec, {.kind = LayerKind::pixel_unshuffle, .inputs = {image}, .out_channels = 4 * channels, .factor = 2});
  const int map = append(spec, {.kind = LayerKind::noise_map_input, .out_channels = 1, .factor = 2});
  std::vector<int> joined(static_cast<std::size_t>(channels), map);
  joined.push_back(sub);
  int last = append(spec, {.kind = LayerKind::concatenate, .inputs = joined, .out_channels = 5 * channels});
  int module = 0;
  for (int i = 0; i < depth; ++i) {
    const int out = i + 1 == depth ? 4 * channels : width;
    const auto name = [&] { return "intermediate_dncnn.itermediate_dncnn." + std::to_string(module++); };
    last = append(spec, {.kind = LayerKind::convolution,
                         .name = name(),
                         .inputs = {last},
                         .out_channels = out,
                         .kernel = 3,
                         .bias = false});
    if (i + 1 == depth) break;
    if (i > 0)
      last = append(spec, {.kind = LayerKind::batch_norm, .name = name(), .inputs = {last}, .out_channels = out});
    last = append(spec, {.kind = LayerKind::relu, .inputs = {last}, .out_channels = out});
    ++module;
  }
  const int noise =
      append(spec, {.kind = LayerKind::pixel_shuffle, .inputs = {last}, .out_channels = channels, .factor = 2});
  append(spec, {.kind = LayerKind::subtract, .inputs = {image, noise}, .out_channels = channels});
  return spec;
}

// Only the order of sums differs: 1e-6 for each of four layers.
constexpr double rounding = 1e-5;

TEST(PublishedNames, ipol_ffdnet_takes_its_map_first_and_predicts_the_noise) {
  for (const int channels : {1, 3}) {
    const NetworkSpec published = ipol_ffdnet(channels, 4, 12);
    Weights plain = test::random_weights(published, 9);
    plain.metadata.clear();
    for (const char* wrapper : {"", "module."}) {
      const Weights found =
          import_state_dict(with_names(plain, [&](const std::string& name) { return wrapper + name; }));
      const NetworkParams params = params_from_metadata(found.metadata);
      EXPECT_EQ(params.network, "ffdnet");
      EXPECT_EQ(params.image_channels, channels);
      EXPECT_TRUE(params.residual);
      const auto expected = test::plain_result(published, plain, 12, 10);
      EXPECT_LT(test::relative_difference(test::plain_result(build_network(params), found, 12, 10), expected),
                rounding);
    }
  }
}

/// A 1×1 convolution that swaps the two middle channels of each four.
void add_swap(NetworkSpec& spec, Weights& weights, const std::string& name, int input, int channels) {
  append(spec,
         {.kind = LayerKind::convolution, .name = name, .inputs = {input}, .out_channels = channels, .bias = false});
  Tensor swap{{channels, channels, 1, 1}, std::vector<float>(static_cast<std::size_t>(channels) * channels)};
  for (int c = 0; c < channels; ++c) {
    const int from = c % 4 == 1 ? c + 1 : c % 4 == 2 ? c - 1 : c;
    swap.values[static_cast<std::size_t>(c * channels + from)] = 1.F;
  }
  weights.tensors[name + ".weight"] = swap;
}

TEST(PublishedNames, sub_images_in_matlabs_order_give_the_picture_that_matlab_gives) {
  for (const InputDomain input : {InputDomain::gray, InputDomain::rgb, InputDomain::bayer}) {
    const int channels = input == InputDomain::rgb ? 3 : 1;
    const NetworkParams params{.network = "ffdnet", .input = input, .image_channels = channels, .depth = 3, .width = 8};
    const Weights plain = plain_weights(params);

    // The same stack with its sub-images swapped before the first convolution and back after the last.
    const NetworkSpec row_major = build_network(params);
    NetworkSpec matlab{params, {}};
    Weights with_swaps = plain;
    std::vector<int> index;
    for (const Layer& layer : row_major.layers) {
      Layer copy = layer;
      for (int& i : copy.inputs) i = index[static_cast<std::size_t>(i)];
      if (copy.kind == LayerKind::pixel_shuffle) {
        add_swap(matlab, with_swaps, "after", copy.inputs[0], 4 * channels);
        copy.inputs = {static_cast<int>(matlab.layers.size()) - 1};
      }
      int here = append(matlab, copy);
      if (copy.kind == LayerKind::pixel_unshuffle) {
        add_swap(matlab, with_swaps, "before" + std::to_string(here), here, copy.out_channels);
        ++here;
      }
      index.push_back(here);
    }
    const auto expected = test::plain_result(matlab, with_swaps, 8, 10);

    const Weights found = import_state_dict(plain, {}, SubImageOrder::column_major);
    EXPECT_LT(test::relative_difference(test::plain_result(row_major, found, 8, 10), expected), rounding);
    Weights says_so = plain;
    says_so.metadata["sub_image_order"] = "column-major";
    expect_same_tensors(import_state_dict(says_so), found);
    EXPECT_GT(test::relative_difference(test::plain_result(row_major, plain, 8, 10), expected), 0.01)
        << "the order makes a difference";
  }
}

TEST(PublishedNames, an_order_of_sub_images_for_a_network_without_is_refused) {
  EXPECT_THROW((void)import_state_dict(plain_weights(dncnn(1, true)), {}, SubImageOrder::column_major), Error);
  EXPECT_THROW((void)parse_sub_image_order("diagonal"), Error);
  EXPECT_EQ(parse_sub_image_order("column-major"), SubImageOrder::column_major);
}

// ---- what is wrong is told by the file's own names
// -------------------------------------------------------------------

TEST(PublishedNames, a_missing_tensor_is_named_as_the_file_would_name_it) {
  const Weights house = plain_weights(dncnn(1, false));
  for (const std::string lost : {"0.weight", "5.weight", "11.weight", "6.running_var", "9.running_mean"}) {
    Weights plain = with_prefix(house, "module.dncnn.");
    plain.tensors.erase("module.dncnn." + lost);
    EXPECT_NE(refusal(plain).find("module.dncnn." + lost), std::string::npos) << refusal(plain);
  }
}

TEST(PublishedNames, a_transposed_tensor_is_named_with_both_shapes) {
  const Weights house = plain_weights(dncnn(1, false));
  for (const std::string turned : {"0.weight", "11.weight"}) {
    Weights plain = with_prefix(house, "dncnn.");
    auto& shape = plain.tensors.find("dncnn." + turned)->second.shape;
    const std::string expected = shape_text(shape);
    std::swap(shape[0], shape[1]);
    const std::string message = refusal(plain);
    for (const std::string& part : {"dncnn." + turned, expected, shape_text(shape)})
      EXPECT_NE(message.find(part), std::string::npos) << message;
  }
}

TEST(PublishedNames, a_tensor_too_many_and_one_of_another_width_are_named) {
  Weights plain = with_prefix(plain_weights(dncnn(1, false)), "dncnn.");
  plain.tensors["classifier.weight"] = {{1}, {0.F}};
  EXPECT_NE(refusal(plain).find("classifier.weight"), std::string::npos) << refusal(plain);
  plain.tensors.erase("classifier.weight");
  plain.tensors["dncnn.5.weight"] = {{7, 8, 3, 3}, std::vector<float>(7 * 8 * 9)};
  EXPECT_NE(refusal(plain).find("dncnn.5.weight"), std::string::npos) << refusal(plain);
}

TEST(PublishedNames, ipol_ffdnet_with_other_inputs_is_refused_by_its_own_name) {
  Weights plain = test::random_weights(ipol_ffdnet(1, 4, 12), 9);
  plain.metadata.clear();
  plain.tensors["intermediate_dncnn.itermediate_dncnn.0.weight"] = {{12, 6, 3, 3}, std::vector<float>(12 * 6 * 9)};
  EXPECT_NE(refusal(plain).find("intermediate_dncnn.itermediate_dncnn.0.weight"), std::string::npos);
}

}  // namespace
}  // namespace rdenoise
