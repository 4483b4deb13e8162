// SPDX-License-Identifier: LGPL-2.1-or-later
// The trainer's graph against the library's plain executor: both read one description, so both must compute the same.
#include "torch_network.hpp"

#include <gtest/gtest.h>

#include <array>

#include "lib/network/random_weights.hpp"
#include "muon.hpp"

namespace rdenoise::training {
namespace {

constexpr int size_px = 16;

struct Results {
  torch::Tensor picture;
  torch::Tensor noise_estimate;  ///< undefined if the network gives none
};

torch::Tensor to_tensor(const ConstTensorView& view) {
  if (view.data == nullptr) return {};
  return torch::from_blob(const_cast<float*>(view.data), {1, view.channels, view.height, view.width}).clone();
}

Results run_plain(const NetworkSpec& spec, const Weights& weights, const torch::Tensor& image,
                  const torch::Tensor& map) {
  const auto executor = make_plain_executor(spec, weights);
  const auto run = executor->prepare(static_cast<int>(image.size(2)), static_cast<int>(image.size(3)));
  std::copy_n(image.data_ptr<float>(), image.numel(), run->image().data);
  if (map.defined()) std::copy_n(map.data_ptr<float>(), map.numel(), run->noise_map().data);
  run->run();
  return {to_tensor(run->output()), to_tensor(run->noise_estimate())};
}

torch::Tensor random_map(const NetworkSpec& spec, std::int64_t height, std::int64_t width) {
  const Layer* layer = spec.noise_map_layer();
  if (layer == nullptr) return {};
  return torch::rand({1, layer->out_channels, height / layer->factor, width / layer->factor}) * 0.2;
}

double relative_difference(const torch::Tensor& ours, const torch::Tensor& plain) {
  return ((ours - plain).abs().max() / plain.abs().max()).item<double>();
}

/// At least one cell of the alignment high and three wide, an odd number of them.
std::array<int, 2> odd_size(const NetworkSpec& spec) {
  const int alignment = alignment_px(spec);
  return {(12 / alignment | 1) * alignment, (22 / alignment | 1) * alignment};
}

// Sums of some thousand products in float, through up to a hundred layers: errors of 1e-6 are usual.
TEST(torch_network, forward_equals_the_plain_executor_for_every_example_at_odd_sizes) {
  torch::manual_seed(7);
  for (const Architecture& architecture : architectures())
    for (const NetworkParams& params : architecture.examples) {
      const NetworkSpec spec = build_network(params);
      const Weights weights = test::random_weights(spec, 11);
      TorchNetwork network(spec, 1);
      network.set_weights(weights);
      const auto [height, width] = odd_size(spec);
      const torch::Tensor image = torch::rand({1, params.image_channels, height, width});
      const torch::Tensor map = random_map(spec, height, width);
      torch::NoGradGuard guard;
      const NetworkOutput ours = network.run(image, map, torch::kFloat, /*training=*/false);
      const Results plain = run_plain(spec, weights, image, map);
      EXPECT_LT(relative_difference(ours.picture, plain.picture), 1e-5) << architecture.name << ' ' << params.width;
      ASSERT_EQ(ours.noise_estimate.defined(), plain.noise_estimate.defined()) << architecture.name;
      if (ours.noise_estimate.defined()) {
        EXPECT_LT(relative_difference(ours.noise_estimate, plain.noise_estimate), 1e-5) << architecture.name;
      }
    }
}

// A step of length t·g against the gradient g lowers the loss by t·‖g‖² as long as t is small; here that is 2 % of it.
TEST(torch_network, one_step_down_the_gradient_lowers_the_loss_of_every_example) {
  for (const Architecture& architecture : architectures())
    for (NetworkParams params : architecture.examples) {
      params.width = std::min(params.width, 12);
      params.depth = std::min(params.depth, 5);
      const NetworkSpec spec = build_network(params);
      TorchNetwork network(spec, 1);
      torch::manual_seed(7);
      const torch::Tensor image = torch::rand({1, params.image_channels, size_px, size_px});
      const torch::Tensor map = random_map(spec, size_px, size_px);
      torch::Tensor target;
      const auto loss_now = [&] {
        const torch::Tensor output = network.forward(image, map, torch::kFloat, /*training=*/true);
        if (!target.defined()) target = output.detach() + 0.1 * torch::randn_like(output);
        return (output - target).square().mean();
      };
      const torch::Tensor before = loss_now();
      before.backward();
      double squared_length = 0.0;
      for (const torch::Tensor& parameter : network.parameters())
        if (parameter.grad().defined()) squared_length += parameter.grad().square().sum().item<double>();
      const double step = 0.02 * before.item<double>() / squared_length;
      {
        torch::NoGradGuard guard;
        for (torch::Tensor& parameter : network.parameters())
          if (parameter.grad().defined()) parameter.sub_(parameter.grad(), step);
      }
      const double ratio = loss_now().item<double>() / before.item<double>();
      EXPECT_LT(ratio, 0.995) << architecture.name << ' ' << params.width << ' ' << params.variant;
      EXPECT_GT(ratio, 0.9) << architecture.name << ' ' << params.width << ' ' << params.variant;
    }
}

const NetworkParams with_batch_norm{
    .network = "dncnn", .image_channels = 1, .depth = 5, .width = 8, .batch_norm = true, .residual = true};
const NetworkParams with_batch_scale{.network = "bfcnn",
                                     .image_channels = 1,
                                     .depth = 5,
                                     .width = 8,
                                     .batch_norm = true,
                                     .bias = false,
                                     .residual = true};

/// A network whose norms have seen a few batches and whose learnt scales and shifts are not those of the start.
TorchNetwork trained_a_little(const NetworkParams& params) {
  TorchNetwork network(build_network(params), 3);
  torch::manual_seed(8);
  torch::NoGradGuard guard;
  for (const auto& [name, tensor] : network.state())
    if (tensor.dim() == 1 && tensor.requires_grad()) torch::Tensor(tensor).add_(torch::randn_like(tensor), 0.2);
  for (int i = 0; i < 5; ++i) (void)network.forward(torch::rand({4, 1, 24, 24}), {}, torch::kFloat, /*training=*/true);
  return network;
}

TEST(torch_network, folded_weights_compute_what_evaluation_mode_computes) {
  for (const NetworkParams& params : {with_batch_norm, with_batch_scale}) {
    TorchNetwork network = trained_a_little(params);
    const torch::Tensor image = torch::rand({1, 1, size_px, size_px});
    torch::NoGradGuard guard;
    const torch::Tensor evaluated = network.forward(image, {}, torch::kFloat, /*training=*/false);
    const FoldedNetwork folded = fold_batch_norm(network.spec(), network.to_weights());
    const torch::Tensor exported = run_plain(folded.spec, folded.weights, image, {}).picture;
    EXPECT_LT(relative_difference(exported, evaluated), 1e-5) << params.network;
    // The averages did move, so the test is not about the identity.
    EXPECT_GT((network.state().at("model.3.running_var") - 1.0).abs().max().item<double>(), 1e-2) << params.network;
  }
}

TEST(torch_network, training_mode_uses_the_batch_and_evaluation_the_running_averages) {
  TorchNetwork network = trained_a_little(with_batch_norm);
  torch::NoGradGuard guard;
  const torch::Tensor one = torch::rand({1, 1, 12, 12});
  const torch::Tensor two = torch::cat({one, torch::rand({1, 1, 12, 12}) * 3.0});
  const auto first = [&](const torch::Tensor& batch, bool training) {
    return network.forward(batch, {}, torch::kFloat, training)[0].clone();
  };
  EXPECT_LT((first(one, false) - first(two, false)).abs().max().item<double>(), 1e-5);
  EXPECT_GT((first(one, true) - first(two, true)).abs().max().item<double>(), 1e-3);
}

// A batch's own variance divides by n, the running one by n − 1: for n = 4·24² = 2304 scales differ by 0.02 %, in each
// of 3 norms.
TEST(torch_network, gathered_statistics_of_a_batch_make_evaluation_equal_training) {
  for (const NetworkParams& params : {with_batch_norm, with_batch_scale}) {
    TorchNetwork network(build_network(params), 3);
    torch::manual_seed(4);
    torch::NoGradGuard guard;
    const torch::Tensor batch = torch::rand({4, 1, 24, 24});
    network.gather_statistics(batch, {}, torch::kFloat, 0);
    const torch::Tensor evaluated = network.forward(batch, {}, torch::kFloat, /*training=*/false);
    const torch::Tensor trained = network.forward(batch, {}, torch::kFloat, /*training=*/true);
    const double residual = (trained - batch).abs().max().item<double>();
    EXPECT_LT((evaluated - trained).abs().max().item<double>(), 1e-3 * residual) << params.network;
  }
}

TEST(torch_network, gathered_statistics_are_the_mean_over_the_batches_and_forget_what_was_before) {
  TorchNetwork network = trained_a_little(with_batch_norm);
  const auto variance_after = [&](const std::vector<torch::Tensor>& batches) {
    for (std::size_t i = 0; i < batches.size(); ++i)
      network.gather_statistics(batches[i], {}, torch::kFloat, static_cast<int>(i));
    return network.state().at("model.3.running_var").clone();
  };
  const torch::Tensor a = torch::rand({2, 1, 16, 16});
  const torch::Tensor b = torch::rand({2, 1, 16, 16}) * 2.0;
  const torch::Tensor expected = (variance_after({a}) + variance_after({b})) / 2.0;
  EXPECT_LT(relative_difference(variance_after({a, b}), expected), 1e-5);
}

// BFBatchNorm scales with its input, so the whole network does: f(αx) = αf(x), in training too.
TEST(torch_network, batch_scale_keeps_the_network_homogeneous) {
  TorchNetwork network = trained_a_little(with_batch_scale);
  torch::NoGradGuard guard;
  const torch::Tensor x = torch::rand({2, 1, 16, 16});
  const torch::Tensor evaluated = network.forward(x, {}, torch::kFloat, false);
  EXPECT_LT(relative_difference(network.forward(4.0 * x, {}, torch::kFloat, false), 4.0 * evaluated), 1e-5);
}

// Channels that are 0 everywhere have no variance, whose root has no derivative there.
TEST(torch_network, batch_scale_of_an_empty_picture_has_finite_gradients) {
  TorchNetwork network(build_network(with_batch_scale), 1);
  network.forward(torch::zeros({2, 1, 16, 16}), {}, torch::kFloat, /*training=*/true).sum().backward();
  for (const torch::Tensor& parameter : network.parameters())
    EXPECT_TRUE(parameter.grad().isfinite().all().item<bool>());
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

// The halves have one variance and opposite means, so norms by the batch keep them mirrored: f(−x) = −f(x).
TEST(torch_network, linear_initialisation_stays_odd_through_norms_by_the_batch) {
  for (const NetworkParams& params : {with_batch_norm, with_batch_scale}) {
    TorchNetwork network(build_network(params), 4, Initialisation::linear);
    torch::NoGradGuard guard;
    torch::manual_seed(5);
    const torch::Tensor x = torch::randn({2, 1, 16, 16});
    const torch::Tensor one = network.forward(x, {}, torch::kFloat, true);
    const torch::Tensor other = network.forward(-x, {}, torch::kFloat, true);
    EXPECT_LT((one + other).abs().max().item<double>(), 1e-5 * one.abs().max().item<double>()) << params.network;
  }
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

// Statistics in bf16 would be wrong by 2^-8 in the sum of thousands; in float they only see the rounding of each value,
// which averages out.
TEST(torch_network, with_bf16_convolutions_norms_still_compute_in_float) {
  for (const NetworkParams& params : {with_batch_norm, with_batch_scale}) {
    TorchNetwork f32(build_network(params), 1);
    TorchNetwork bf16(build_network(params), 1);
    const torch::Tensor batch = torch::rand({4, 1, 32, 32});
    f32.gather_statistics(batch, {}, torch::kFloat, 0);
    bf16.gather_statistics(batch, {}, torch::kBFloat16, 0);
    const torch::Tensor expected = f32.state().at("model.3.running_var");
    const torch::Tensor found = bf16.state().at("model.3.running_var");
    EXPECT_EQ(found.scalar_type(), torch::kFloat);
    // Two layers with weights rounded to 2^-9 each; a variance takes twice that.
    EXPECT_LT(((found - expected) / expected).abs().max().item<double>(), 2 * 2 * std::pow(2.0, -8)) << params.network;
    bf16.forward(batch, {}, torch::kBFloat16, /*training=*/true).square().mean().backward();
    for (const torch::Tensor& parameter : bf16.parameters()) {
      EXPECT_EQ(parameter.grad().scalar_type(), torch::kFloat);
      EXPECT_TRUE(parameter.grad().isfinite().all().item<bool>());
    }
  }
}

}  // namespace
}  // namespace rdenoise::training
