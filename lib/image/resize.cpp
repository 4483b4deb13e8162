// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>
#include <rdenoise/resize.hpp>
#include <string>
#include <vector>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

/// Keys' kernel with a = −0.5, distance in samples.
double keys(double distance) {
  const double x = std::abs(distance);
  if (x < 1.0) return (1.5 * x - 2.5) * x * x + 1.0;
  if (x < 2.0) return ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
  return 0.0;
}

int mirrored(int i, int n) {
  const int period = 2 * n;
  const int folded = ((i % period) + period) % period;
  return folded < n ? folded : period - 1 - folded;
}

/// One line resampled: result[i] = Σ weight[k]·line[index[k]], k from i·taps on. All results have as many taps; those
/// of no use weigh nothing.
struct Resampling {
  int taps = 0;
  std::vector<int> index;
  std::vector<float> weight;
};

/// Weight of sample `i` for the new sample whose footprint is [begin, end), both in source samples.
double tap_weight(ResizeFilter filter, int i, double begin, double end) {
  if (filter == ResizeFilter::area) return std::max(0.0, std::min(end, i + 1.0) - std::max(begin, i + 0.0));
  const double stretch = std::max(1.0, end - begin);
  return keys((i + 0.5 - 0.5 * (begin + end)) / stretch);
}

Resampling make_resampling(int from, int to, ResizeFilter filter) {
  const double step = static_cast<double>(from) / to;
  const double reach = filter == ResizeFilter::area ? 0.5 * step : 2.0 * std::max(1.0, step);
  Resampling resampling;
  resampling.taps = static_cast<int>(std::ceil(2.0 * reach)) + 1;
  std::vector<double> weights(static_cast<std::size_t>(resampling.taps));
  for (int i = 0; i < to; ++i) {
    const double begin = i * step;
    const int first = static_cast<int>(std::floor(begin + 0.5 * step - reach));
    double sum = 0.0;
    for (int k = 0; k < resampling.taps; ++k) {
      weights[k] = tap_weight(filter, first + k, begin, begin + step);
      sum += weights[k];
    }
    for (int k = 0; k < resampling.taps; ++k) {
      resampling.index.push_back(mirrored(first + k, from));
      resampling.weight.push_back(static_cast<float>(weights[k] / sum));
    }
  }
  return resampling;
}

void resample_row(const Resampling& resampling, const float* src, float* dst, int count) {
  const int* index = resampling.index.data();
  const float* weight = resampling.weight.data();
  for (int x = 0; x < count; ++x) {
    float sum = 0.F;
    for (int k = 0; k < resampling.taps; ++k) sum += *weight++ * src[*index++];
    dst[x] = sum;
  }
}

RDENOISE_VECTOR_CLONES void add_weighted(const float* __restrict src, float weight, float* __restrict dst, int count) {
  for (int x = 0; x < count; ++x) dst[x] += weight * src[x];
}

constexpr int least_band_px = 32;

Image resample_columns(const Image& src, const Resampling& resampling, int height_px, int n_threads) {
  Image dst(src.color_model(), src.width_px(), height_px);
  const int width_px = src.width_px();
  for (int c = 0; c < src.plane_count(); ++c) {
    parallel_bands(height_px, least_band_px, n_threads, [&](int begin, int end) {
      for (int y = begin; y < end; ++y) {
        for (int k = 0; k < resampling.taps; ++k) {
          const std::size_t tap = static_cast<std::size_t>(y) * resampling.taps + k;
          if (resampling.weight[tap] == 0.F) continue;
          const std::size_t row = static_cast<std::size_t>(resampling.index[tap]) * width_px;
          add_weighted(src.plane(c).data() + row, resampling.weight[tap], &dst.at(c, 0, y), width_px);
        }
      }
    });
  }
  return dst;
}

}  // namespace

Image resize(const Image& src, int width_px, int height_px, ResizeFilter filter, int n_threads) {
  if (src.width_px() == 0 || src.color_model() == ColorModel::bayer) {
    throw Error(ErrorCode::invalid_argument, std::string("resizing: expected a gray or rgb picture, found ") +
                                                 (src.width_px() == 0 ? "an empty one" : "a bayer mosaic"));
  }
  if (width_px < 1 || height_px < 1) {
    throw Error(ErrorCode::invalid_argument, "resizing: expected a size of at least 1x1 pixels, found " +
                                                 std::to_string(width_px) + "x" + std::to_string(height_px));
  }
  const Resampling rows = make_resampling(src.width_px(), width_px, filter);
  Image narrow(src.color_model(), width_px, src.height_px());
  for (int c = 0; c < src.plane_count(); ++c) {
    const std::size_t width = static_cast<std::size_t>(src.width_px());
    parallel_bands(src.height_px(), least_band_px, n_threads, [&](int begin, int end) {
      for (int y = begin; y < end; ++y) {
        resample_row(rows, src.plane(c).data() + y * width, &narrow.at(c, 0, y), width_px);
      }
    });
  }
  return resample_columns(narrow, make_resampling(src.height_px(), height_px, filter), height_px, n_threads);
}

}  // namespace rdenoise
