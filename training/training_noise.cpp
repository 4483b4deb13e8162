// SPDX-License-Identifier: LGPL-2.1-or-later
#include "training_noise.hpp"

#include <cmath>

namespace rdenoise::training {
namespace {

double log_uniform(double low, double high, double draw) { return low * std::pow(high / low, draw); }

}  // namespace

NoiseModel draw_noise(const NoiseRecipe& recipe, InputDomain input, const std::array<double, 3>& draw) {
  const double sigma = (recipe.min_8bit + (recipe.max_8bit - recipe.min_8bit) * draw[0]) / 255.0;
  if (draw[1] >= recipe.signal_dependent) return {0.0, sigma * sigma};
  // What is left of the draw is uniform again.
  const double second = draw[1] / recipe.signal_dependent;
  if (input == InputDomain::bayer) {
    const double a = log_uniform(1e-5, 4e-2, draw[0]);
    const double b = a * a * log_uniform(1e-3, 3.0, draw[2]) + log_uniform(1e-8, 1e-5, second);
    return {a, b};
  }
  const double shot_share = draw[2];
  return {shot_share * sigma * sigma / 0.5, (1.0 - shot_share) * sigma * sigma};
}

NoiseTensors to_tensors(const std::vector<NoiseModel>& models, torch::Device device) {
  const auto count = static_cast<std::int64_t>(models.size());
  NoiseTensors tensors{torch::empty({count, 1, 1, 1}), torch::empty({count, 1, 1, 1})};
  for (std::int64_t i = 0; i < count; ++i) {
    tensors.a.data_ptr<float>()[i] = static_cast<float>(models[static_cast<std::size_t>(i)].a);
    tensors.b.data_ptr<float>()[i] = static_cast<float>(models[static_cast<std::size_t>(i)].b);
  }
  return {tensors.a.to(device), tensors.b.to(device)};
}

torch::Tensor variance(const torch::Tensor& signal, const NoiseTensors& noise) {
  return noise.a * signal.clamp_min(0.0) + noise.b;
}

torch::Tensor add_noise(const torch::Tensor& clean, const std::vector<NoiseModel>& models, std::uint64_t seed,
                        std::uint64_t first_patch) {
  if (!clean.device().is_cpu()) {
    const NoiseTensors noise = to_tensors(models, clean.device());
    return clean + variance(clean, noise).sqrt() * torch::randn_like(clean);
  }
  torch::Tensor noisy = clean.contiguous().clone();
  const auto per_patch = static_cast<std::size_t>(noisy[0].numel());
  float* const values = noisy.data_ptr<float>();
  for (std::size_t i = 0; i < models.size(); ++i) {
    const std::span<float> patch(values + i * per_patch, per_patch);
    const std::uint64_t number = first_patch + i;
    // The stream has 32 bits; what does not fit goes into the seed.
    rdenoise::add_noise(patch, patch, models[i], {seed ^ (number >> 32 << 40), static_cast<std::uint32_t>(number)});
  }
  return noisy;
}

torch::Tensor noise_map(const torch::Tensor& noisy, const NoiseTensors& noise, const Layer& map_layer) {
  torch::Tensor v = variance(noisy, noise).mean(1, /*keepdim=*/true);
  if (map_layer.factor > 1) v = torch::avg_pool2d(v, map_layer.factor);
  return v.sqrt();
}

}  // namespace rdenoise::training
