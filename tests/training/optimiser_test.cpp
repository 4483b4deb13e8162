// SPDX-License-Identifier: LGPL-2.1-or-later
// The optimisers on flat buffers, each against its plain twin on single tensors.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "flat_adam.hpp"
#include "flat_parameters.hpp"
#include "gradient_clip.hpp"
#include "muon.hpp"

namespace rdenoise::training {
namespace {

std::vector<NamedTensor> some_parameters() {
  torch::manual_seed(3);
  std::vector<NamedTensor> tensors;
  tensors.push_back({"b", torch::randn({4, 3, 3, 3}).requires_grad_(true)});
  tensors.push_back({"a", torch::randn({5}).requires_grad_(true)});
  tensors.push_back({"c", torch::randn({2, 7}).requires_grad_(true)});
  return tensors;
}

TEST(flat_parameters, tensors_become_views_and_keep_their_values) {
  std::vector<NamedTensor> tensors = some_parameters();
  const torch::Tensor before = tensors[1].tensor.detach().clone();
  FlatParameters flat(tensors);
  EXPECT_EQ(flat.count(), 4 * 27 + 5 + 14);
  EXPECT_TRUE(torch::equal(tensors[1].tensor, before));
  EXPECT_TRUE(tensors[1].tensor.requires_grad());
  torch::NoGradGuard guard;
  torch::Tensor values = flat.values();
  values.fill_(2.0);
  for (const NamedTensor& named : tensors) EXPECT_EQ(named.tensor.min().item<float>(), 2.F) << named.name;
}

TEST(flat_parameters, gradients_are_gathered_in_order_with_zeros_for_none) {
  std::vector<NamedTensor> tensors = some_parameters();
  FlatParameters flat(tensors);
  ((tensors[0].tensor * 3.0).sum() + (tensors[2].tensor * 5.0).sum()).backward();
  const torch::Tensor gradient = torch::full({flat.count()}, 9.0);
  flat.take_gradients(gradient);
  EXPECT_TRUE(torch::equal(gradient, torch::cat({torch::full({108}, 3.0), torch::zeros({5}), torch::full({14}, 5.0)})));
  for (const NamedTensor& named : tensors) EXPECT_FALSE(named.tensor.grad().defined()) << named.name;
}

TEST(flat_parameters, views_of_a_part_are_the_tensors_that_lie_in_it) {
  FlatParameters flat(some_parameters());
  const auto views = flat.views(torch::arange(19), /*from=*/108);
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views.at("a")[0].item<int>(), 0);
  EXPECT_EQ(views.at("c")[0][0].item<int>(), 5);
}

// The same operations in the same order; a vector lane may contract a product and a sum that the other's tail does not:
// one rounding, 2^-24, of each of 30 updates.
TEST(flat_adam, equals_libtorchs_adam_tensor_by_tensor) {
  std::vector<NamedTensor> ours = some_parameters();
  std::vector<NamedTensor> theirs = some_parameters();
  FlatParameters flat(ours);
  FlatAdam adam(flat.values());
  torch::optim::Adam twin({theirs[0].tensor, theirs[1].tensor, theirs[2].tensor}, torch::optim::AdamOptions());
  const torch::Tensor gradient = torch::zeros({flat.count()});
  for (int step = 0; step < 30; ++step) {
    const double rate = 1e-2 / (1 + step);
    for (auto* set : {&ours, &theirs})
      for (NamedTensor& named : *set) (named.tensor.sin() * (1.0 + step)).sum().backward();
    flat.take_gradients(gradient);
    adam.step(gradient, rate, step);
    for (auto& group : twin.param_groups()) group.options().set_lr(rate);
    twin.step();
    twin.zero_grad();
  }
  for (std::size_t i = 0; i < ours.size(); ++i)
    EXPECT_LT((ours[i].tensor - theirs[i].tensor).abs().max().item<double>(), 30 * std::pow(2.0, -24) * 4.0) << i;
}

// In float the length of 100 values is right to some 1e-6 of it.
TEST(gradient_clip, shortens_as_libtorchs_clip_by_the_running_mean_length) {
  torch::manual_seed(4);
  GradientClip clip(torch::kCPU);
  double mean_length = 0.0;
  for (int step = 0; step < 20; ++step) {
    torch::Tensor gradient = torch::randn({100}) * (step % 5 == 4 ? 50.0 : 1.0);
    torch::Tensor parameter = torch::zeros({100}).requires_grad_(true);
    parameter.mutable_grad() = gradient.clone();
    const double limit = mean_length > 0.0 ? 1.5 * mean_length : std::numeric_limits<float>::max();
    const double length = torch::nn::utils::clip_grad_norm_(std::vector<torch::Tensor>{parameter}, limit);
    const double clipped = std::min(length, limit);
    mean_length = mean_length > 0.0 ? mean_length + 0.02 * (clipped - mean_length) : clipped;
    clip.apply(gradient, 1.5);
    EXPECT_LT((gradient - parameter.grad()).abs().max().item<double>(), 1e-5) << step;
    EXPECT_NEAR(clip.mean_length().item<double>(), mean_length, 1e-5 * mean_length) << step;
  }
}

TEST(gradient_clip, gradients_that_are_not_finite_become_zero_and_are_counted) {
  GradientClip clip(torch::kCPU);
  clip.apply(torch::ones({4}), 1.5);
  for (const double bad : {std::nan(""), HUGE_VAL}) {
    const torch::Tensor gradient = torch::ones({4});
    gradient[2] = bad;
    clip.apply(gradient, 1.5);
    EXPECT_TRUE(torch::equal(gradient, torch::zeros({4})));
  }
  EXPECT_EQ(clip.mean_length().item<double>(), 2.0) << "and do not count in the mean";
  EXPECT_EQ(clip.take_rejected(), 2);
  EXPECT_EQ(clip.take_rejected(), 0);
}

/// One matrix after the other, as the source has it.
torch::Tensor plain_muon_step(const torch::Tensor& weight, const torch::Tensor& gradient, torch::Tensor momentum,
                              double rate) {
  momentum.mul_(0.95).add_(gradient, 0.05);
  const torch::Tensor ahead = gradient * 0.05 + momentum * 0.95;
  const bool tall = ahead.size(0) > ahead.size(1);
  torch::Tensor x = tall ? ahead.t() : ahead;
  x = x / (x.norm() + 1e-12);
  for (int i = 0; i < 5; ++i) {
    const torch::Tensor a = torch::mm(x, x.t());
    x = 3.4445 * x + torch::mm(-4.7750 * a + 2.0315 * torch::mm(a, a), x);
  }
  const double scale =
      std::sqrt(std::max(1.0, static_cast<double>(ahead.size(0)) / static_cast<double>(ahead.size(1))));
  return weight - rate * scale * (tall ? x.t() : x);
}

// Five steps of the quintic can grow a rounding of 2^-24 by its slope of 3.4445 each: 500 times, 3e-5 of values below
// 1, times the rate of 0.1, over three updates.
TEST(muon, stacked_matrices_move_as_each_alone) {
  torch::manual_seed(5);
  const std::vector<MatrixStack> stacks{{3, 8, 18}, {2, 12, 4}};
  torch::Tensor weights = torch::randn({3 * 8 * 18 + 2 * 12 * 4});
  std::vector<torch::Tensor> plain;
  std::vector<torch::Tensor> momenta;
  const auto each = [&](const torch::Tensor& flat) {
    std::vector<torch::Tensor> matrices;
    std::int64_t at = 0;
    for (const MatrixStack& stack : stacks)
      for (std::int64_t i = 0; i < stack.count; ++i, at += stack.rows * stack.columns)
        matrices.push_back(flat.narrow(0, at, stack.rows * stack.columns).view({stack.rows, stack.columns}));
    return matrices;
  };
  for (const torch::Tensor& matrix : each(weights)) {
    plain.push_back(matrix.clone());
    momenta.push_back(torch::zeros_like(matrix));
  }
  Muon muon(weights, stacks);
  for (int step = 0; step < 3; ++step) {
    const torch::Tensor gradient = torch::randn_like(weights);
    const auto gradients = each(gradient);
    for (std::size_t i = 0; i < plain.size(); ++i) plain[i] = plain_muon_step(plain[i], gradients[i], momenta[i], 0.1);
    muon.step(gradient, 0.1);
  }
  const auto moved = each(weights);
  for (std::size_t i = 0; i < plain.size(); ++i)
    EXPECT_LT((moved[i] - plain[i]).abs().max().item<double>(), 3 * 0.1 * 3e-5 * std::sqrt(3.0)) << i;
}

}  // namespace
}  // namespace rdenoise::training
