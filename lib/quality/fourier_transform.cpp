// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality/fourier_transform.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <kissfft.hh>
#include <numbers>
#include <optional>
#include <rdenoise/parallel.hpp>

namespace rdenoise {
namespace {

using Complex = std::complex<double>;

constexpr int least_rows = 16;

/// kissfft is quick for these; for a prime length it takes the square of it.
bool has_small_factors_only(int length) noexcept {
  for (const int factor : {2, 3, 5}) {
    while (length % factor == 0) length /= factor;
  }
  return length == 1;
}

int next_quick_length(int length) noexcept {
  while (!has_small_factors_only(length)) ++length;
  return length;
}

/// A transform as a convolution with a chirp, done by transforms of a quick length.
class ChirpTransform {
 public:
  ChirpTransform(int length, bool is_inverse)
      : padded_length_(next_quick_length(2 * length - 1)),
        forward_(padded_length_, false),
        backward_(padded_length_, true),
        chirp_(length),
        filter_spectrum_(padded_length_) {
    const std::int64_t period = 2 * static_cast<std::int64_t>(length);
    std::vector<Complex> filter(padded_length_);
    for (std::int64_t n = 0; n < length; ++n) {
      // The square modulo the period keeps the angle exact.
      const double angle = std::numbers::pi * static_cast<double>(n * n % period) / length;
      chirp_[n] = std::polar(1.0, is_inverse ? angle : -angle);
      filter[n] = std::conj(chirp_[n]);
      if (n > 0) filter[padded_length_ - n] = filter[n];
    }
    forward_.transform(filter.data(), filter_spectrum_.data());
  }

  void run(std::span<const Complex> src, std::span<Complex> dst) const {
    std::vector<Complex> samples(padded_length_);
    std::vector<Complex> spectrum(padded_length_);
    for (std::size_t n = 0; n < chirp_.size(); ++n) samples[n] = src[n] * chirp_[n];
    forward_.transform(samples.data(), spectrum.data());
    for (std::size_t k = 0; k < padded_length_; ++k) spectrum[k] *= filter_spectrum_[k];
    backward_.transform(spectrum.data(), samples.data());
    const double scale = 1.0 / static_cast<double>(padded_length_);
    for (std::size_t k = 0; k < chirp_.size(); ++k) dst[k] = samples[k] * chirp_[k] * scale;
  }

 private:
  std::size_t padded_length_;
  kissfft<double> forward_;
  kissfft<double> backward_;
  std::vector<Complex> chirp_;
  std::vector<Complex> filter_spectrum_;
};

FourierTransform2d::Samples transposed(const FourierTransform2d::Samples& src, int width, int height) {
  FourierTransform2d::Samples dst(src.size());
  // Bands of one cache line of columns.
  parallel_bands(width, least_rows, 0, [&](int begin, int end) {
    constexpr int block = 4;
    for (int x0 = begin; x0 < end; x0 += block) {
      for (int y = 0; y < height; ++y) {
        for (int x = x0; x < std::min(x0 + block, end); ++x) {
          dst[static_cast<std::size_t>(x) * height + y] = src[static_cast<std::size_t>(y) * width + x];
        }
      }
    }
  });
  return dst;
}

FourierTransform2d::Samples rows_transformed(const FourierTransform2d::Samples& src,
                                             const FourierTransform& transform) {
  FourierTransform2d::Samples dst(src.size());
  const auto length = static_cast<std::size_t>(transform.length());
  parallel_bands(static_cast<int>(src.size() / length), least_rows, 0, [&](int begin, int end) {
    for (int y = begin; y < end; ++y) {
      transform.run(std::span(src).subspan(y * length, length), std::span(dst).subspan(y * length, length));
    }
  });
  return dst;
}

}  // namespace

struct FourierTransform::Impl {
  Impl(int size, bool is_inverse) : length(size) {
    if (has_small_factors_only(size)) {
      direct.emplace(size, is_inverse);
    } else {
      chirp.emplace(size, is_inverse);
    }
  }

  int length;
  std::optional<kissfft<double>> direct;
  std::optional<ChirpTransform> chirp;
};

FourierTransform::FourierTransform(int length, FourierDirection direction)
    : impl_(std::make_unique<const Impl>(length, direction == FourierDirection::inverse)) {}

FourierTransform::~FourierTransform() = default;

int FourierTransform::length() const noexcept { return impl_->length; }

void FourierTransform::run(std::span<const Complex> src, std::span<Complex> dst) const {
  if (impl_->direct) {
    impl_->direct->transform(src.data(), dst.data());
  } else {
    impl_->chirp->run(src, dst);
  }
}

FourierTransform2d::FourierTransform2d(int width_px, int height_px)
    : rows_forward_(width_px, FourierDirection::forward),
      columns_forward_(height_px, FourierDirection::forward),
      rows_inverse_(width_px, FourierDirection::inverse),
      columns_inverse_(height_px, FourierDirection::inverse) {}

FourierTransform2d::Samples FourierTransform2d::run(const Samples& src, const FourierTransform& rows,
                                                    const FourierTransform& columns) const {
  const Samples half_way = transposed(rows_transformed(src, rows), rows.length(), columns.length());
  return transposed(rows_transformed(half_way, columns), columns.length(), rows.length());
}

FourierTransform2d::Samples FourierTransform2d::forward(const Samples& picture) const {
  return run(picture, rows_forward_, columns_forward_);
}

FourierTransform2d::Samples FourierTransform2d::inverse(const Samples& spectrum) const {
  Samples picture = run(spectrum, rows_inverse_, columns_inverse_);
  const double scale = 1.0 / static_cast<double>(picture.size());
  for (Complex& sample : picture) sample *= scale;
  return picture;
}

}  // namespace rdenoise
