// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/phase_congruency.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "support/formula_pictures.hpp"

namespace rdenoise {
namespace {

using Samples = FourierTransform2d::Samples;

/// Kovesi's text step by step: noise energy from the filters' own pictures, scale by scale and pair by pair.
std::vector<double> plain_phase_congruency(const Image& image) {
  const int width = image.width_px();
  const int height = image.height_px();
  const auto count = static_cast<std::size_t>(width) * height;
  const LogGaborBank bank = log_gabor_bank(width, height);
  const FourierTransform2d transform(width, height);
  Samples picture(count);
  for (std::size_t i = 0; i < count; ++i) picture[i] = 255.0 * image.samples()[i];
  const Samples spectrum = transform.forward(picture);
  std::vector<double> energy_all(count);
  std::vector<double> amplitude_all(count);
  for (const std::vector<double>& angular : bank.angular) {
    std::vector<Samples> responses;
    std::vector<Samples> filters;
    double finest_power = 0.0;
    for (const std::vector<double>& radial : bank.radial) {
      Samples filter(count);
      Samples product(count);
      for (std::size_t i = 0; i < count; ++i) {
        filter[i] = radial[i] * angular[i];
        product[i] = filter[i] * spectrum[i];
        if (responses.empty()) finest_power += std::norm(filter[i]);
      }
      responses.push_back(transform.inverse(product));
      filters.push_back(transform.inverse(filter));
    }
    std::vector<double> squares;
    for (const auto& response : responses[0]) squares.push_back(std::norm(response));
    std::ranges::sort(squares);
    const double median = 0.5 * (squares[(count - 1) / 2] + squares[count / 2]);
    const double noise_power = -median / std::log(0.5) / finest_power;
    double sum_squares = 0.0;
    double sum_pairs = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t s = 0; s < filters.size(); ++s) {
        sum_squares += std::pow(filters[s][i].real(), 2) * static_cast<double>(count);
        for (std::size_t t = s + 1; t < filters.size(); ++t) {
          sum_pairs += filters[s][i].real() * filters[t][i].real() * static_cast<double>(count);
        }
      }
    }
    const double tau = std::sqrt((2.0 * noise_power * sum_squares + 4.0 * noise_power * sum_pairs) / 2.0);
    const double pi = std::numbers::pi;
    const double threshold = (tau * std::sqrt(pi / 2.0) + 2.0 * std::sqrt((2.0 - pi / 2.0) * tau * tau)) / 1.7;
    for (std::size_t i = 0; i < count; ++i) {
      double even_sum = 0.0;
      double odd_sum = 0.0;
      for (const Samples& response : responses) {
        even_sum += response[i].real();
        odd_sum += response[i].imag();
        amplitude_all[i] += std::abs(response[i]);
      }
      const double length = std::sqrt(even_sum * even_sum + odd_sum * odd_sum) + 1e-4;
      double energy = 0.0;
      for (const Samples& response : responses) {
        const double even = response[i].real();
        const double odd = response[i].imag();
        energy += even * even_sum / length + odd * odd_sum / length -
                  std::abs(even * odd_sum / length - odd * even_sum / length);
      }
      energy_all[i] += std::max(energy - threshold, 0.0);
    }
  }
  for (std::size_t i = 0; i < count; ++i) energy_all[i] /= amplitude_all[i];
  return energy_all;
}

TEST(LogGaborBank, passes_its_wavelength_and_axis_and_no_mean) {
  const LogGaborBank bank = log_gabor_bank(96, 96);
  for (int s = 0; s < LogGaborBank::scale_count; ++s) {
    const int waves = 96 / (6 << s);  // wavelengths 6, 12, 24, 48 px
    EXPECT_EQ(bank.radial[s][0], 0.0);
    // The low pass is 1 − (1/6 / 0.45)³⁰ there.
    EXPECT_NEAR(bank.radial[s][waves], 1.0, 1e-12);
    // An octave off: exp(−(ln 2 / ln 0.55)² / 2).
    EXPECT_NEAR(bank.radial[s][waves / 2], std::exp(-0.5 * std::pow(std::log(2.0) / std::log(0.55), 2)), 1e-12);
  }
  const std::size_t along_x = 5;
  const std::size_t down_y = 5 * 96;
  const std::size_t up_y = 91 * 96;
  EXPECT_DOUBLE_EQ(bank.angular[0][along_x], 1.0);
  EXPECT_DOUBLE_EQ(bank.angular[2][up_y], 1.0);
  // Half a turn is 4 intervals, of 1.2 σ each.
  EXPECT_NEAR(bank.angular[2][down_y], std::exp(-0.5 * 4.8 * 4.8), 1e-12);
  EXPECT_NEAR(bank.angular[1][along_x], std::exp(-0.5 * 1.2 * 1.2), 1e-12);
}

TEST(PhaseCongruency, equals_the_definition_step_by_step) {
  for (const auto& [width_px, height_px] : {std::pair{48, 40}, {35, 49}, {12, 13}}) {
    const Image image = test::formula_gray(width_px, height_px);
    const std::vector<double> plain = plain_phase_congruency(image);
    const std::vector<double> fast = PhaseCongruency(width_px, height_px).of(plane_view(image, 0));
    for (std::size_t i = 0; i < plain.size(); ++i) {
      // Energies near 10 with rounding of 10⁻¹² or so, over amplitudes that may be a hundred times smaller.
      EXPECT_NEAR(fast[i], plain[i], 1e-9) << width_px << "x" << height_px << " at " << i;
    }
  }
}

TEST(PhaseCongruency, is_greatest_at_an_edge_and_does_not_see_its_height_or_the_mean) {
  constexpr int side_px = 64;
  const auto edge = [](float low, float high) {
    Image image = test::flat_picture(ColorModel::gray, side_px, side_px, low);
    for (int y = 0; y < side_px; ++y) {
      for (int x = side_px / 4; x < 3 * side_px / 4; ++x) image.at(0, x, y) = high;
    }
    return image;
  };
  const PhaseCongruency congruency(side_px, side_px);
  const Image high = edge(0.F, 1.F);
  const std::vector<double> of_high = congruency.of(plane_view(high, 0));
  const std::size_t middle_row = side_px / 2 * side_px;
  const auto beside_edge = of_high.begin() + static_cast<std::ptrdiff_t>(middle_row) + side_px / 4;
  // Half way to the next edge there is a maximum too: all waves are symmetric about it.
  const auto greatest = std::max_element(beside_edge - 6, beside_edge + 6);
  EXPECT_TRUE(greatest == beside_edge || greatest == beside_edge - 1);  // the edge lies between the two
  EXPECT_GT(*beside_edge, 0.75);
  EXPECT_LT(beside_edge[4], 0.4);
  const Image low = edge(0.5F, 0.75F);
  const std::vector<double> of_low = congruency.of(plane_view(low, 0));
  for (int x = 0; x < side_px; ++x) {
    // The least energy of 10⁻⁴ against energies above 1.
    EXPECT_NEAR(of_low[middle_row + x], of_high[middle_row + x], 1e-3) << x;
  }
}

TEST(PhaseCongruency, of_a_flat_picture_is_zero) {
  const Image flat = test::flat_picture(ColorModel::gray, 31, 22, 0.1F);
  for (const double value : PhaseCongruency(31, 22).of(plane_view(flat, 0))) EXPECT_EQ(value, 0.0);
}

}  // namespace
}  // namespace rdenoise
