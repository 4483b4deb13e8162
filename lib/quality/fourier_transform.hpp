// SPDX-License-Identifier: LGPL-2.1-or-later
// Discrete Fourier transforms of any length: the one place that knows kissfft.
#pragma once

#include <complex>
#include <memory>
#include <span>
#include <vector>

namespace rdenoise {

enum class FourierDirection { forward, inverse };

/// Of one length in one direction. Lengths with prime factors above 5 go by chirps: Bluestein, "A linear filtering
/// approach to the computation of discrete Fourier transform", IEEE Trans. Audio Electroacoust. 1970.
class FourierTransform {
 public:
  FourierTransform(int length, FourierDirection direction);
  ~FourierTransform();

  [[nodiscard]] int length() const noexcept;

  /// dst[k] = Σ src[n]·exp(∓2πi·k·n / length), − forward, + inverse; not scaled. src and dst have this length and do
  /// not overlap. Several threads may run one transform.
  void run(std::span<const std::complex<double>> src, std::span<std::complex<double>> dst) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

/// Of pictures of one size, in parallel by rows. The spectrum is [height, width], frequency 0 first.
class FourierTransform2d {
 public:
  using Samples = std::vector<std::complex<double>>;  ///< [height, width]

  FourierTransform2d(int width_px, int height_px);

  [[nodiscard]] Samples forward(const Samples& picture) const;
  /// Scaled such that inverse(forward(x)) is x.
  [[nodiscard]] Samples inverse(const Samples& spectrum) const;

 private:
  [[nodiscard]] Samples run(const Samples& src, const FourierTransform& rows, const FourierTransform& columns) const;

  FourierTransform rows_forward_;
  FourierTransform columns_forward_;
  FourierTransform rows_inverse_;
  FourierTransform columns_inverse_;
};

}  // namespace rdenoise
