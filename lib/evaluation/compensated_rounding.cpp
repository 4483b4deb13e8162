// SPDX-License-Identifier: LGPL-2.1-or-later
#include "evaluation/compensated_rounding.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

/// Few enough that a column of them fits the first cache.
constexpr std::size_t most_pending = 128;
/// Added to each variance, as a share of their mean: what the samples cannot tell stays as the weights were. Of about
/// the error that the precision makes of an input, squared.
constexpr double eight_bit_damping = 1e-3;
constexpr double bf16_damping = 1e-5;

/// Sums that stay in registers: rows × columns of them.
constexpr std::size_t rows = 4;
constexpr std::size_t columns = 32;

/// sums[i, j] += Σ over samples of a[i, s] · b[s, j], with full rows and columns. a: [i, sample], b: [sample, j].
RDENOISE_WIDE_VECTOR_CLONES void add_tile(const float* a, const float* b, std::size_t n_samples, std::size_t n,
                                          double* sums) {
  using Column [[gnu::vector_size(columns / 2 * sizeof(float))]] = float;
  Column tile[rows][2] = {};
  for (std::size_t s = 0; s < n_samples; ++s) {
    Column left;
    Column right;
    std::memcpy(&left, b + s * n, sizeof left);
    std::memcpy(&right, b + s * n + columns / 2, sizeof right);
    for (std::size_t r = 0; r < rows; ++r) {
      tile[r][0] += a[r * n_samples + s] * left;
      tile[r][1] += a[r * n_samples + s] * right;
    }
  }
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) sums[r * n + c] += tile[r][c / (columns / 2)][c % (columns / 2)];
}

/// The same over whole matrices, whatever is left of the last tiles one by one.
void add_products(const float* a, const float* b, std::size_t n_samples, std::size_t n, double* sums) {
  const std::size_t whole_rows = n / rows * rows;
  const std::size_t whole_columns = n / columns * columns;
  for (std::size_t j = 0; j < whole_columns; j += columns)
    for (std::size_t i = 0; i < whole_rows; i += rows)
      add_tile(a + i * n_samples, b + j, n_samples, n, sums + i * n + j);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i < whole_rows ? whole_columns : 0; j < n; ++j)
      for (std::size_t s = 0; s < n_samples; ++s) sums[i * n + j] += a[i * n_samples + s] * b[s * n + j];
}

std::vector<float> transposed(std::span<const float> samples, std::size_t n_samples, std::size_t n) {
  std::vector<float> turned(n_samples * n);
  for (std::size_t s = 0; s < n_samples; ++s)
    for (std::size_t i = 0; i < n; ++i) turned[i * n_samples + s] = samples[s * n + i];
  return turned;
}

/// Square matrices, row by row.
using Matrix = std::vector<double>;

/// L of a = L·Lᵀ; a is positive definite. The upper half stays as it was.
void factorise(Matrix& a, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      const double sum = std::inner_product(&a[i * n], &a[i * n] + j, &a[j * n], 0.0);
      a[i * n + j] -= sum;
      if (i > j) a[i * n + j] /= a[j * n + j];
      // Beyond what doubles resolve a direction has no variance of its own.
      if (i == j) a[j * n + j] = std::sqrt(std::max(a[j * n + j], 1e-12));
    }
  }
}

/// L⁻¹, lower as L.
Matrix inverse_of_lower(const Matrix& l, std::size_t n) {
  Matrix inverse(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    double* const row = &inverse[i * n];
    for (std::size_t k = 0; k < i; ++k)
      for (std::size_t j = 0; j <= k; ++j) row[j] -= l[i * n + k] * inverse[k * n + j];
    row[i] = 1.0;
    for (std::size_t j = 0; j <= i; ++j) row[j] /= l[i * n + i];
  }
  return inverse;
}

/// (L⁻¹)ᵀ·L⁻¹.
Matrix square_of_lower(const Matrix& inverse, std::size_t n) {
  Matrix product(n * n);
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i <= k; ++i)
      for (std::size_t j = 0; j <= k; ++j) product[i * n + j] += inverse[k * n + i] * inverse[k * n + j];
  return product;
}

class Rounding {
 public:
  Rounding(const InputMoments::Covariances& inputs, double damping) : inputs_(inputs), n_(inputs.n_inputs), order_(n_) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::ranges::stable_sort(order_, std::greater(), [&](std::size_t i) { return inputs.kept[i * n_ + i]; });
    for (std::size_t i = 0; i < n_; ++i) damping_ += damping * inputs.kept[i * n_ + i] / static_cast<double>(n_);
    damping_ = std::max(damping_, 1e-9);
    Matrix covariance(n_ * n_);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j)
        covariance[i * n_ + j] = inputs.kept[order_[i] * n_ + order_[j]] + (i == j ? damping_ : 0.0);
    factorise(covariance, n_);
    inverse_ = square_of_lower(inverse_of_lower(covariance, n_), n_);
    factor_ = inverse_;
    factorise(factor_, n_);
  }

  /// In order: the weights that make of the kept inputs what `weights` make of the exact ones.
  [[nodiscard]] std::vector<double> fitted(std::span<const float> weights) const {
    std::vector<double> together(n_);  // with each kept input
    for (std::size_t k = 0; k < n_; ++k)
      for (std::size_t i = 0; i < n_; ++i) together[i] += weights[k] * inputs_.exact_kept[k * n_ + i];
    std::vector<double> fit(n_);
    for (std::size_t j = 0; j < n_; ++j) {
      const double wanted = together[order_[j]] + damping_ * weights[order_[j]];
      for (std::size_t i = 0; i < n_; ++i) fit[i] += inverse_[j * n_ + i] * wanted;
    }
    return fit;
  }

  /// As the inputs are given: fitted weights, each as nearest(weight) says.
  template <typename Nearest>
  [[nodiscard]] std::vector<double> rounded(std::vector<double> wanted, Nearest nearest) const {
    std::vector<double> kept(n_);
    for (std::size_t i = 0; i < n_; ++i) {
      kept[order_[i]] = nearest(wanted[i]);
      const double error = (wanted[i] - kept[order_[i]]) / factor_[i * n_ + i];
      for (std::size_t k = i + 1; k < n_; ++k) wanted[k] -= error * factor_[k * n_ + i];
    }
    return kept;
  }

  /// What keeps the mean of the output.
  [[nodiscard]] float bias(std::span<const float> weights, std::span<const double> kept) const {
    double offset = 0.0;
    for (std::size_t i = 0; i < n_; ++i) offset += weights[i] * inputs_.mean_exact[i] - kept[i] * inputs_.mean_kept[i];
    return static_cast<float>(offset);
  }

 private:
  const InputMoments::Covariances& inputs_;
  std::size_t n_;
  std::vector<std::size_t> order_;  ///< inputs by variance, the largest first
  double damping_ = 0.0;
  Matrix inverse_;  ///< of the damped covariance, in order
  Matrix factor_;   ///< its Cholesky factor: column i tells how the later ones take over the error of the i-th
};

}  // namespace

InputMoments::InputMoments(std::size_t n_inputs)
    : n_inputs_(n_inputs),
      pending_exact_(most_pending * n_inputs),
      pending_kept_(most_pending * n_inputs),
      sums_{n_inputs, Matrix(n_inputs * n_inputs), Matrix(n_inputs * n_inputs), std::vector<double>(n_inputs),
            std::vector<double>(n_inputs)} {}

void InputMoments::add(std::span<const float> exact, std::span<const float> kept, double weight) {
  const auto root = static_cast<float>(std::sqrt(weight));
  for (std::size_t i = 0; i < n_inputs_; ++i) {
    sums_.mean_exact[i] += weight * exact[i];
    sums_.mean_kept[i] += weight * kept[i];
    pending_exact_[n_pending_ * n_inputs_ + i] = root * exact[i];
    pending_kept_[n_pending_ * n_inputs_ + i] = root * kept[i];
  }
  weight_ += weight;
  if (++n_pending_ == most_pending) add_pending();
}

void InputMoments::add_pending() {
  const auto turned = [&](const std::vector<float>& samples) {
    return transposed({samples.data(), n_pending_ * n_inputs_}, n_pending_, n_inputs_);
  };
  add_products(turned(pending_kept_).data(), pending_kept_.data(), n_pending_, n_inputs_, sums_.kept.data());
  add_products(turned(pending_exact_).data(), pending_kept_.data(), n_pending_, n_inputs_, sums_.exact_kept.data());
  n_pending_ = 0;
}

InputMoments::Covariances InputMoments::covariances() {
  add_pending();
  Covariances result = sums_;
  const double share = weight_ > 0.0 ? 1.0 / weight_ : 0.0;
  for (double& mean : result.mean_exact) mean *= share;
  for (double& mean : result.mean_kept) mean *= share;
  for (std::size_t i = 0; i < n_inputs_; ++i)
    for (std::size_t j = 0; j < n_inputs_; ++j) {
      double& kept = result.kept[i * n_inputs_ + j];
      double& mixed = result.exact_kept[i * n_inputs_ + j];
      kept = kept * share - result.mean_kept[i] * result.mean_kept[j];
      mixed = mixed * share - result.mean_exact[i] * result.mean_kept[j];
    }
  return result;
}

EightBitKernel round_compensated(std::span<const float> weights, const InputMoments::Covariances& inputs, int most) {
  const std::size_t n = inputs.n_inputs;
  const std::size_t outputs = weights.size() / n;
  EightBitKernel kernel{std::vector<std::int8_t>(weights.size()), std::vector<float>(outputs, 1.F),
                        std::vector<float>(outputs)};
  const Rounding rounding(inputs, eight_bit_damping);
  for (std::size_t o = 0; o < outputs; ++o) {
    const std::span<const float> exact = weights.subspan(o * n, n);
    const std::vector<double> fitted = rounding.fitted(exact);
    double largest = 0.0;
    for (const double weight : fitted) largest = std::max(largest, std::abs(weight));
    const double step = largest / most;
    if (step == 0.0) continue;
    const std::vector<double> kept = rounding.rounded(
        fitted, [&](double w) { return std::clamp(std::nearbyint(w / step), -1.0 * most, 1.0 * most) * step; });
    for (std::size_t i = 0; i < n; ++i)
      kernel.numbers[o * n + i] = static_cast<std::int8_t>(std::nearbyint(kept[i] / step));
    kernel.scales[o] = static_cast<float>(step);
    kernel.bias[o] = rounding.bias(exact, kept);
  }
  return kernel;
}

Bf16Kernel round_compensated_to_bf16(std::span<const float> weights, const InputMoments::Covariances& inputs) {
  const std::size_t n = inputs.n_inputs;
  Bf16Kernel kernel;
  const Rounding rounding(inputs, bf16_damping);
  for (std::size_t first = 0; first < weights.size(); first += n) {
    const std::span<const float> exact = weights.subspan(first, n);
    const std::vector<double> kept = rounding.rounded(
        rounding.fitted(exact), [](double weight) { return nearest_bf16(static_cast<float>(weight)); });
    kernel.weights.insert(kernel.weights.end(), kept.begin(), kept.end());
    kernel.bias.push_back(rounding.bias(exact, kept));
  }
  return kernel;
}

}  // namespace rdenoise
