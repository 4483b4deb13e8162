// SPDX-License-Identifier: LGPL-2.1-or-later
// The trainer's graph against the library's plain executor: both read one description, so both must compute the same.
#include "torch_network.hpp"

#include <gtest/gtest.h>

#include "effective_receptive_field.hpp"
#include "lib/network/random_weights.hpp"
#include "muon.hpp"

namespace rdenoise::training {
namespace {

constexpr int size_px = 16;

torch::Tensor run_plain(const NetworkSpec& spec, const Weights& weights, const torch::Tensor& image,
                        const torch::Tensor& map) {
  const auto executor = make_plain_executor(spec, weights);
  const auto run = executor->prepare(size_px, size_px);
  std::copy_n(image.data_ptr<float>(), image.numel(), run->image().data);
  if (map.defined()) std::copy_n(map.data_ptr<float>(), map.numel(), run->noise_map().data);
  run->run();
  const ConstTensorView out = run->output();
  return torch::from_blob(const_cast<float*>(out.data), {1, out.channels, out.height, out.width}).clone();
}

torch::Tensor random_map(const NetworkSpec& spec) {
  const Layer* layer = spec.noise_map_layer();
  if (layer == nullptr) return {};
  return torch::rand({1, layer->out_channels, size_px / layer->factor, size_px / layer->factor}) * 0.2;
}

TEST(torch_network, forward_equals_the_plain_executor_for_every_example) {
  torch::manual_seed(7);
  for (const Architecture& architecture : architectures())
    for (NetworkParams params : architecture.examples) {
      params.depth = std::min(params.depth, 6);  // the plain executor is slow
      const NetworkSpec spec = build_network(params);
      const Weights weights = test::random_weights(spec, 11);
      TorchNetwork network(spec, 1);
      network.set_weights(weights);
      const torch::Tensor image = torch::rand({1, params.image_channels, size_px, size_px});
      const torch::Tensor map = random_map(spec);
      torch::NoGradGuard guard;
      const torch::Tensor ours = network.forward(image, map, torch::kFloat, /*training=*/false);
      const torch::Tensor plain = run_plain(spec, weights, image, map);
      // A sum of n = 9·width products in float errs by up to n·2^-24 of its size in each of the layers.
      const double bound = 9.0 * params.width * std::pow(2.0, -24) * params.depth * plain.abs().max().item<double>();
      EXPECT_LT((ours - plain).abs().max().item<double>(), std::max(bound, 1e-6)) << architecture.name;
    }
}

TEST(torch_network, folded_weights_compute_what_evaluation_mode_computes) {
  const NetworkSpec spec = build_network(
      {.network = "dncnn", .image_channels = 1, .depth = 5, .width = 8, .batch_norm = true, .residual = true});
  TorchNetwork network(spec, 3);
  torch::manual_seed(8);
  {
    torch::NoGradGuard guard;
    for (int i = 0; i < 5; ++i)
      (void)network.forward(torch::rand({4, 1, 24, 24}), {}, torch::kFloat, /*training=*/true);
  }
  const torch::Tensor image = torch::rand({1, 1, size_px, size_px});
  torch::NoGradGuard guard;
  const torch::Tensor evaluated = network.forward(image, {}, torch::kFloat, /*training=*/false);
  const FoldedNetwork folded = fold_batch_norm(spec, network.to_weights());
  const torch::Tensor exported = run_plain(folded.spec, folded.weights, image, {});
  EXPECT_LT((evaluated - exported).abs().max().item<double>(), 1e-5);
  // The averages did move, so the test is not about the identity.
  EXPECT_GT((network.state().at("model.3.running_mean")).abs().max().item<double>(), 1e-3);
}

TEST(torch_network, weights_round_trip) {
  const NetworkSpec spec = build_network({.network = "ffdnet", .image_channels = 1, .depth = 3, .width = 4});
  const Weights weights = test::random_weights(spec, 2);
  TorchNetwork network(spec, 1);
  network.set_weights(weights);
  for (const auto& [name, tensor] : network.to_weights().tensors)
    EXPECT_EQ(tensor.values, weights.tensors.find(name)->second.values) << name;
}

// Mirrored halves make relu(h) − relu(−h) = h, so without biases f(−x) = −f(x) and f(x + y) = f(x) + f(y).
TEST(torch_network, linear_initialisation_starts_as_a_linear_map_of_full_strength) {
  NetworkParams params{.network = "dncnn", .image_channels = 1, .depth = 15, .width = 16, .bias = false};
  TorchNetwork network(build_network(params), 4, Initialisation::linear);
  torch::NoGradGuard guard;
  torch::manual_seed(5);
  const torch::Tensor x = torch::randn({1, 1, 32, 32});
  const torch::Tensor y = torch::randn({1, 1, 32, 32});
  const auto f = [&](const torch::Tensor& in) { return network.forward(in, {}, torch::kFloat, false); };
  EXPECT_LT((f(x + y) - f(x) - f(y)).abs().max().item<double>(), 1e-4);
  // First and last layer scale by about √2 and 0.1·√2 each; the 13 orthogonal ones between keep the strength.
  const double gain = f(x).norm().item<double>() / x.norm().item<double>();
  EXPECT_GT(gain, 0.1 / 3);
  EXPECT_LT(gain, 0.1 * 12);
  TorchNetwork rectified(build_network(params), 4, Initialisation::he);
  EXPECT_GT((rectified.forward(x, {}, torch::kFloat, false) + rectified.forward(-x, {}, torch::kFloat, false))
                .abs()
                .max()
                .item<double>(),
            1e-4)
      << "the usual start is not odd, so the test can tell";
}

TEST(muon, orthogonalised_matrices_have_singular_values_near_one) {
  torch::manual_seed(6);
  for (const auto& [rows, columns] : {std::pair{8, 72}, {72, 8}, {16, 16}}) {
    const torch::Tensor values = torch::linalg_svdvals(orthogonalised(torch::randn({rows, columns}) * 3.0));
    // 0.68 … 1.13 is where the source's five steps end for singular values not below a hundredth of the norm.
    EXPECT_LT(values.max().item<double>(), 1.25) << rows;
    EXPECT_GT(values.median().item<double>(), 0.6) << rows;
  }
}

TEST(torch_network, bf16_stays_near_float) {
  const NetworkSpec spec =
      build_network({.network = "ffdnet", .image_channels = 1, .depth = 4, .width = 16, .residual = true});
  TorchNetwork network(spec, 1);
  torch::NoGradGuard guard;
  const torch::Tensor image = torch::rand({1, 1, 32, 32});
  const torch::Tensor map = torch::full({1, 1, 16, 16}, 0.1);
  const torch::Tensor f32 = network.forward(image, map, torch::kFloat, false);
  const torch::Tensor bf16 = network.forward(image, map, torch::kBFloat16, false);
  // The residual is all that goes through bf16 (8 bits); each of 4 layers rounds inputs, weights and result.
  const double residual = (f32 - image).abs().max().item<double>();
  EXPECT_LT((f32 - bf16).abs().max().item<double>(), 4 * 3 * std::pow(2.0, -8) * std::max(residual, 1e-3));
  EXPECT_EQ(bf16.scalar_type(), torch::kFloat);
}

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
  const EffectiveReceptiveField field = measure_receptive_field(model, 1);
  EXPECT_EQ(field.theoretical_px, 7);
  EXPECT_EQ((field.influence > 0).sum().item<int>(), 49);
  // Three box filters: (1 3 6 7 6 3 1)² / 49; above 4.55 % are the products of at least 3 (2.23).
  const int row[7] = {1, 3, 6, 7, 6, 3, 1};
  int expected = 0;
  for (const int a : row)
    for (const int b : row) expected += a * b > 0.0455 * 49;
  EXPECT_NEAR(field.effective_px, std::sqrt(expected), 1e-6);
}

}  // namespace
}  // namespace rdenoise::training
