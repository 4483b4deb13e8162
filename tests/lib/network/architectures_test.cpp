// SPDX-License-Identifier: LGPL-2.1-or-later
// What is particular to each architecture.
#include <gtest/gtest.h>

#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

#include "lib/network/random_weights.hpp"
#include "lib/network/run_network.hpp"
#include "lib/network/small_network.hpp"

namespace rdenoise {
namespace {

NetworkSpec example(std::string_view name, std::size_t index = 0) {
  return build_network(test::small(find_architecture(name).examples[index]));
}

Weights plain_weights(const NetworkSpec& spec, unsigned seed = 3) {
  Weights weights = test::random_weights(spec, seed);
  weights.metadata.clear();
  return weights;
}

// ---- published figures ----------------------------------------------------------------------------------------------

// Parameters and fields as the papers and the published files have them.
TEST(Architectures, the_papers_networks_have_the_papers_sizes) {
  const auto first = [](std::string_view name) { return build_network(find_architecture(name).examples[0]); };
  // 1 → 64, 5 times 64 → 64, 64 → 1, with biases.
  EXPECT_EQ(parameter_count(first("ircnn")), 9 * (64 + 5 * 64 * 64 + 64) + 6 * 64 + 1);
  // 1 + 2 + 3 + 4 + 3 + 2 + 1: 33 × 33.
  EXPECT_EQ(receptive_radius_px(first("ircnn")), 16);
  EXPECT_EQ(receptive_radius_px(first("bfcnn")), 20);
  // The file drunet_color.pth holds 32 640 960 numbers.
  EXPECT_EQ(parameter_count(first("drunet")), 32640960);
  EXPECT_EQ(alignment_px(first("drunet")), 8);
  EXPECT_EQ(alignment_px(first("cbdnet")), 4);
  EXPECT_EQ(alignment_px(first("bfunet")), 2);
  // Layer by layer 64 = 63 + 1, the last one plane only.
  EXPECT_EQ(parameter_count(first("class-aware")), (9 * 1 + 1) * 64 + 18 * (9 * 63 + 1) * 64 + 9 * 63 + 1);
  EXPECT_EQ(receptive_radius_px(first("class-aware")), 20);
}

// ---- homogeneity ----------------------------------------------------------------------------------------------------

TEST(Architectures, a_bias_free_network_scales_with_its_input) {
  // All sums scale alike; in binary only powers of two scale without rounding, others round anew in each layer.
  for (const auto& [scale, tolerance] : {std::pair{4.F, 0.0}, {0.125F, 0.0}, {3.F, 1e-5}, {0.01F, 1e-5}})
    for (const char* name : {"bfcnn", "bfunet", "drunet"}) {
      NetworkParams params = test::small(find_architecture(name).examples[0], 20e3);
      const NetworkSpec spec = build_network(params);
      const Weights weights = test::random_weights(spec, 5);
      std::vector<float> scaled = test::plain_result(spec, weights, 16, 24);
      for (float& value : scaled) value *= scale;
      EXPECT_LE(test::relative_difference(test::plain_result(spec, weights, 16, 24, scale), scaled), tolerance)
          << name << " by " << scale;
      const auto fast = make_onednn_executor(spec, weights, Precision::f32);
      EXPECT_LE(test::relative_difference(test::result(*fast, 16, 24, scale), scaled), 2e-5) << name << " by " << scale;
    }
}

TEST(Architectures, a_network_with_biases_does_not) {
  const NetworkSpec spec = example("dncnn");
  const Weights weights = test::random_weights(spec, 5);
  std::vector<float> scaled = test::plain_result(spec, weights, 16, 16);
  for (float& value : scaled) value *= 4.F;
  EXPECT_GT(test::relative_difference(test::plain_result(spec, weights, 16, 16, 4.F), scaled), 0.01);
}

// ---- batch norm -----------------------------------------------------------------------------------------------------

TEST(Architectures, folded_equals_unfolded_on_both_executors) {
  for (const Architecture& architecture : architectures())
    for (const NetworkParams& given : architecture.examples) {
      if (!given.batch_norm) continue;
      const NetworkSpec spec = build_network(test::small(given, 20e3));
      const Weights weights = test::random_weights(spec, 5);
      const FoldedNetwork folded = fold_batch_norm(spec, weights);
      const int height_px = test::aligned_px(spec, 14);
      const int width_px = test::aligned_px(spec, 18);
      const auto expected = test::plain_result(spec, weights, height_px, width_px);
      // Six layers of rounding, 1e-6 each, as √6.
      EXPECT_LT(
          test::relative_difference(test::plain_result(folded.spec, folded.weights, height_px, width_px), expected),
          5e-6);
      const auto fast = make_onednn_executor(spec, weights, Precision::f32);
      EXPECT_LT(test::relative_difference(test::result(*fast, height_px, width_px), expected), 5e-6) << given.network;
      for (const Layer& layer : folded.spec.layers) {
        EXPECT_NE(layer.kind, LayerKind::batch_norm);
        EXPECT_NE(layer.kind, LayerKind::batch_scale);
        EXPECT_FALSE(architecture.name == "bfcnn" && layer.bias && layer.kind == LayerKind::convolution);
      }
    }
}

TEST(Architectures, bfcnn_is_recognised_under_both_names) {
  NetworkParams params = find_architecture("bfcnn").examples[0];
  params.depth = 4;
  params.width = 6;
  const Weights house = plain_weights(build_network(params));
  const auto tensor = [&](const std::string& name) { return house.tensors.find(name)->second; };
  Weights lists;   // Mohan et al.
  Weights scaled;  // universal inverse problem
  const char* const convolutions[] = {"model.0", "model.2", "model.5", "model.8"};
  const char* const norms[] = {"model.3", "model.6"};
  lists.tensors["module.first_layer.weight"] = tensor("model.0.weight");
  lists.tensors["module.last_layer.weight"] = tensor("model.8.weight");
  for (int i = 0; i < 4; ++i)
    scaled.tensors["conv_layers." + std::to_string(i) + ".weight"] = tensor(std::string(convolutions[i]) + ".weight");
  for (int i = 0; i < 2; ++i) {
    const std::string number = std::to_string(i);
    const std::string norm = norms[i];
    lists.tensors["module.hidden_layer_list." + number + ".weight"] =
        tensor(std::string(convolutions[i + 1]) + ".weight");
    const std::string list = "module.bn_layer_list." + number;
    lists.tensors[list + ".weight"] = tensor(norm + ".weight");
    lists.tensors[list + ".running_var"] = tensor(norm + ".running_var");
    lists.tensors[list + ".running_mean"] = {{6}, std::vector<float>(6, 0.5F)};  // never used
    lists.tensors[list + ".bias"] = {{6}, std::vector<float>(6, 0.5F)};
    lists.tensors[list + ".num_batches_tracked"] = {{}, {0.F}};
    Tensor gamma = tensor(norm + ".weight");
    Tensor deviation = tensor(norm + ".running_var");
    gamma.shape = deviation.shape = {1, 6, 1, 1};
    for (float& value : deviation.values) value = std::sqrt(value);
    scaled.tensors["gammas." + number] = gamma;
    scaled.tensors["running_sd." + number] = deviation;
  }
  const auto expected = test::plain_result(build_network(params), house, 9, 11);
  for (const Weights* plain : {&lists, &scaled}) {
    const Weights found = import_state_dict(*plain);
    const NetworkParams read = params_from_metadata(found.metadata);
    EXPECT_EQ(read.network, "bfcnn");
    EXPECT_EQ(read.depth, 4);
    // ε = 1e-5 beside deviations of about 1, in two layers.
    EXPECT_LT(test::relative_difference(test::plain_result(build_network(read), found, 9, 11), expected), 3e-5);
  }
}

// ---- CBDNet ---------------------------------------------------------------------------------------------------------

TEST(Architectures, cbdnets_map_can_be_read_scaled_and_put_out_alone) {
  for (const std::size_t i : {0U, 1U, 2U}) {
    const NetworkSpec spec = example("cbdnet", i);
    const Weights weights = test::random_weights(spec, 5);
    const FoldedNetwork estimator = cut_at(spec, weights, spec.noise_estimate_index());
    const auto map = test::plain_result(estimator.spec, estimator.weights, 16, 20);
    std::vector<std::vector<float>> pictures;
    for (const float strength : {1.F, 0.F, 2.F}) {
      std::vector<float> of_plain;
      for (const auto& executor : {std::shared_ptr<Executor>(make_plain_executor(spec, weights)),
                                   std::shared_ptr<Executor>(make_onednn_executor(spec, weights, Precision::f32))}) {
        const auto run = executor->prepare(16, 20);
        test::fill_uniform(run->image(), 0.F, 1.F);
        run->set_strength(strength);
        run->run();
        std::vector<float> scaled = map;
        for (float& value : scaled) value *= strength;
        const std::vector<float> shown = test::values_of(run->noise_estimate());
        ASSERT_EQ(shown.size(), scaled.size());
        for (std::size_t k = 0; k < shown.size(); ++k) EXPECT_NEAR(shown[k], scaled[k], 1e-5);
        const std::vector<float> picture = test::values_of(run->output());
        if (of_plain.empty())
          of_plain = picture;
        else
          EXPECT_LT(test::relative_difference(picture, of_plain), 1e-5);
      }
      pictures.push_back(of_plain);
    }
    EXPECT_GT(test::relative_difference(pictures[1], pictures[0]), 1e-3) << "the strength reaches the picture";
    EXPECT_GT(test::relative_difference(pictures[2], pictures[0]), 1e-3);
  }
}

TEST(Architectures, cbdnet_with_one_convolution_used_three_times_is_cbdnet) {
  const NetworkSpec spec = example("cbdnet");
  Weights house = plain_weights(spec);
  for (const char* field : {"weight", "bias"})
    for (const char* number : {"4.", "6."})
      house.tensors[std::string("fcn.fcn.") + number + field] = house.tensors[std::string("fcn.fcn.2.") + field];
  Weights shared;
  for (const auto& [name, tensor] : house.tensors) {
    const std::string field = name.substr(name.rfind('.'));
    if (name.starts_with("fcn.fcn.0.")) shared.tensors["fcn.inc.0" + field] = tensor;
    if (name.starts_with("fcn.fcn.2.")) shared.tensors["fcn.conv.0" + field] = tensor;
    if (name.starts_with("fcn.fcn.8.")) shared.tensors["fcn.outc.0" + field] = tensor;
    if (name.starts_with("unet.")) shared.tensors[name] = tensor;
  }
  const Weights found = import_state_dict(shared);
  ASSERT_EQ(found.tensors.size(), house.tensors.size());
  for (const auto& [name, tensor] : house.tensors) EXPECT_EQ(found.tensors.find(name)->second.values, tensor.values);
}

// ---- class-aware ----------------------------------------------------------------------------------------------------

TEST(Architectures, class_aware_pictures_get_their_noise_planes_one_by_one) {
  const NetworkSpec spec = example("class-aware");
  const Weights weights = test::random_weights(spec, 5);
  const std::vector<int> steps = picture_estimates(spec);
  ASSERT_EQ(steps.size(), static_cast<std::size_t>(spec.params.depth));
  EXPECT_EQ(steps.back() + 1, static_cast<int>(spec.layers.size()));
  const auto last = test::plain_result(spec, weights, 9, 7);
  for (const int step : steps) {
    const FoldedNetwork part = cut_at(spec, weights, step);
    const auto picture = test::plain_result(part.spec, part.weights, 9, 7);
    if (step == steps.back())
      EXPECT_EQ(picture, last);
    else
      EXPECT_NE(picture, last);
  }
}

TEST(Architectures, class_aware_layers_of_one_tensor_are_split_into_features_and_noise) {
  for (const bool bias : {true, false}) {
    const NetworkParams params{
        .network = "class-aware", .image_channels = 1, .depth = 4, .width = 8, .bias = bias, .residual = true};
    const NetworkSpec spec = build_network(params);
    const Weights house = plain_weights(spec);
    Weights joined;
    for (int i = 0; i < 4; ++i)
      for (const char* field : {".weight", ".bias"}) {
        const std::string number = std::to_string(i);
        if (!house.tensors.contains("noise." + number + field)) continue;
        Tensor all = house.tensors.find("noise." + number + field)->second;
        if (i < 3) {
          const Tensor& features = house.tensors.find("features." + number + field)->second;
          all.values.insert(all.values.begin(), features.values.begin(), features.values.end());
          all.shape[0] += features.shape[0];
        }
        joined.tensors["layers." + number + field] = all;
      }
    const Weights found = import_state_dict(joined);
    EXPECT_EQ(params_from_metadata(found.metadata), params);
    for (const auto& [name, tensor] : house.tensors) EXPECT_EQ(found.tensors.find(name)->second.values, tensor.values);
  }
}

// ---- one tensor wrong, for every network
// -----------------------------------------------------------------------------

TEST(Architectures, one_tensor_missing_is_named_whatever_the_network) {
  for (const Architecture& architecture : architectures())
    for (NetworkParams params : architecture.examples) {
      params.width = 10;  // not the 6 channels of a yuv420 picture
      const Weights good = plain_weights(build_network(params));
      for (const auto& [name, tensor] : good.tensors) {
        Weights plain = good;
        plain.tensors.erase(name);
        try {
          (void)import_state_dict(plain, architecture.name);
          ADD_FAILURE() << architecture.name << " without " << name;
        } catch (const Error& error) {
          EXPECT_NE(std::string(error.what()).find(name), std::string::npos)
              << architecture.name << " without " << name << ": " << error.what();
        }
      }
    }
}

}  // namespace
}  // namespace rdenoise
