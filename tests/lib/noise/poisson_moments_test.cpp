// SPDX-License-Identifier: LGPL-2.1-or-later
// Ten million draws of each level: is the noise that of counted photons, to the fourth moment?
#include <gtest/gtest.h>

#include <cmath>
#include <rdenoise/noise.hpp>
#include <string>
#include <vector>

namespace rdenoise {
namespace {

struct CentralMoments {
  double mean = 0.0;
  double variance = 0.0;
  double skewness = 0.0;
  double excess_kurtosis = 0.0;
};

constexpr int row_count = 2442;
constexpr std::size_t row_px = 4096;
constexpr double n = static_cast<double>(row_count) * row_px;  // 10⁷

CentralMoments drawn(const NoiseModel& noise, float signal) {
  const std::vector<float> clean(row_px, signal);
  std::vector<float> noisy(row_px);
  const double sigma = noise.sigma(signal);
  double sum[5] = {};
  for (int row = 0; row < row_count; ++row) {
    add_noise(clean, noisy, noise, {5, 5}, static_cast<std::uint64_t>(row) * row_px);
    for (const float x : noisy) {
      const double d = (static_cast<double>(x) - signal) / sigma;
      sum[1] += d;
      sum[2] += d * d;
      sum[3] += d * d * d;
      sum[4] += d * d * d * d;
    }
  }
  const double m1 = sum[1] / n;
  const double m2 = sum[2] / n - m1 * m1;
  const double m3 = sum[3] / n - 3 * m1 * sum[2] / n + 2 * m1 * m1 * m1;
  const double m4 = sum[4] / n - 4 * m1 * sum[3] / n + 6 * m1 * m1 * sum[2] / n - 3 * m1 * m1 * m1 * m1;
  return {signal + sigma * m1, sigma * sigma * m2, m3 / std::pow(m2, 1.5), m4 / (m2 * m2) - 3.0};
}

struct Level {
  NoiseModel noise;
  float signal;
  std::string name;
};

class PoissonMoments : public testing::TestWithParam<Level> {};

TEST_P(PoissonMoments, agree_to_the_fourth) {
  const auto& [noise, signal, name] = GetParam();
  // Cumulants of order k: aᵏ⁻¹·x from the photons, the read noise adds to the second only.
  const double variance = noise.variance(signal);
  const double skewness = noise.a * noise.a * signal / std::pow(variance, 1.5);
  const double excess = std::pow(noise.a, 3) * signal / (variance * variance);
  const CentralMoments found = drawn(noise, signal);
  EXPECT_NEAR(found.mean, signal, 5.0 * std::sqrt(variance / n) + 1e-7);
  EXPECT_NEAR(found.variance / variance, 1.0, std::min(0.01, 5.0 * std::sqrt((2.0 + excess) / n)));
  // Standard errors √(6/n) and √(24/n) of the normal distribution, greater for heavier tails; with λ photons the
  // leading terms are 1/λ (μ₆ of Poisson is 15λ³ + 25λ² + λ, μ₈ is 105λ⁴ + 490λ³ + …).
  const double tail = 1.0 + 10.0 * excess + excess * excess;
  EXPECT_NEAR(found.skewness, skewness, 5.0 * std::sqrt(6.0 * tail / n));
  // Ten times Cornish-Fisher's own error: of the excess 1/λ it keeps all but O(1/λ²).
  const double approximation = signal / noise.a < 256.0 ? 0.0 : 10.0 * excess * excess;
  EXPECT_NEAR(found.excess_kurtosis, excess, 5.0 * std::sqrt(24.0 * tail * tail / n) + approximation);
}

INSTANTIATE_TEST_SUITE_P(
    levels, PoissonMoments,
    testing::Values(Level{{0.01, 0.0}, 0.005F, "half_a_photon"}, Level{{0.01, 0.0}, 0.03F, "3_photons"},
                    Level{{0.01, 1e-4}, 0.09F, "9_photons_and_read_noise"}, Level{{0.01, 0.0}, 0.2F, "20_photons"},
                    Level{{0.005, 1e-5}, 0.9F, "180_photons"}, Level{{0.001, 0.0}, 0.3F, "300_photons_approximated"},
                    Level{{1e-4, 1e-6}, 0.8F, "8000_photons_approximated"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace rdenoise
