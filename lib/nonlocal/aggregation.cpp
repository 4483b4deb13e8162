// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nonlocal/aggregation.hpp"

#include <cmath>

#include "base/vector_clones.hpp"
#include "nonlocal/block_transform.hpp"

namespace rdenoise {
namespace {

/// Modified Bessel function of the first kind, order 0, by its power series. (Not std::cyl_bessel_i, which libc++
/// lacks.)
double bessel_i0(double x) {
  double sum = 1.0;
  double term = 1.0;
  for (int k = 1; term > 1e-17 * sum; ++k) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
}

template <int stride>
[[gnu::always_inline]] inline void add_rows(float* __restrict sums, float* __restrict weights, std::size_t row_floats,
                                            const float* __restrict block, const float* __restrict window, float weight,
                                            int block_px) {
  for (int r = 0; r < block_px; ++r)
    for (int c = 0; c < stride; ++c) {
      const float pixel_weight = weight * window[r * stride + c];
      sums[r * row_floats + c] += pixel_weight * block[r * stride + c];
      weights[r * row_floats + c] += pixel_weight;
    }
}

RDENOISE_WIDE_VECTOR_CLONES
void add_rows_of_8(float* sums, float* weights, std::size_t row_floats, const float* block, const float* window,
                   float weight, int block_px) {
  add_rows<8>(sums, weights, row_floats, block, window, weight, block_px);
}
RDENOISE_WIDE_VECTOR_CLONES
void add_rows_of_16(float* sums, float* weights, std::size_t row_floats, const float* block, const float* window,
                    float weight, int block_px) {
  add_rows<16>(sums, weights, row_floats, block, window, weight, block_px);
}

}  // namespace

std::vector<float> kaiser_window(int block_px, double beta) {
  const auto at = [&](int i) {
    const double place = 2.0 * i / (block_px - 1) - 1.0;
    return bessel_i0(beta * std::sqrt(std::max(1.0 - place * place, 0.0))) / bessel_i0(beta);
  };
  std::vector<float> window(static_cast<std::size_t>(block_floats(block_px)));
  for (int r = 0; r < block_px; ++r)
    for (int c = 0; c < block_px; ++c)
      window[static_cast<std::size_t>(r) * block_stride(block_px) + c] = static_cast<float>(at(r) * at(c));
  return window;
}

Aggregation::Aggregation(int width_px, int y_begin_px, int y_end_px)
    : width_px_(width_px),
      y_begin_px_(y_begin_px),
      y_end_px_(y_end_px),
      stride_(static_cast<std::size_t>(width_px) + 16),
      sums_(stride_ * (y_end_px - y_begin_px)),
      weights_(sums_.size()) {}

void Aggregation::add(int x_px, int y_px, const float* block, std::span<const float> window, float weight,
                      int block_px) noexcept {
  const std::size_t place = (y_px - y_begin_px_) * stride_ + x_px;
  const auto add_rows = block_stride(block_px) == 8 ? add_rows_of_8 : add_rows_of_16;
  add_rows(&sums_[place], &weights_[place], stride_, block, window.data(), weight, block_px);
}

void Aggregation::add(const Aggregation& part) noexcept {
  const std::size_t place = (part.y_begin_px_ - y_begin_px_) * stride_;
  for (std::size_t i = 0; i < part.sums_.size(); ++i) {
    sums_[place + i] += part.sums_[i];
    weights_[place + i] += part.weights_[i];
  }
}

void Aggregation::write_means(std::span<float> plane) const noexcept {
  for (int y = 0; y < y_end_px_ - y_begin_px_; ++y)
    for (int x = 0; x < width_px_; ++x) {
      const float weight = weights_[y * stride_ + x];
      if (weight > 0.F) plane[static_cast<std::size_t>(y) * width_px_ + x] = sums_[y * stride_ + x] / weight;
    }
}

}  // namespace rdenoise
