// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_remap.hpp>
#include <string>

#include "isp/noise_sum.hpp"

namespace rdenoise {
namespace {

using Matrix = std::array<std::array<double, 3>, 3>;

/// rgb to Y, U, V, where U and V lie in −½ … ½.
Matrix rgb_to_yuv(const LumaWeights& luma) {
  const double green = 1.0 - luma.red - luma.blue;
  const double u = 0.5 / (1.0 - luma.blue);
  const double v = 0.5 / (1.0 - luma.red);
  return {{{luma.red, green, luma.blue}, {-u * luma.red, -u * green, 0.5}, {0.5, -v * green, -v * luma.blue}}};
}

Matrix yuv_to_rgb(const LumaWeights& luma) {
  const double green = 1.0 - luma.red - luma.blue;
  const double blue_of_u = 2.0 * (1.0 - luma.blue);
  const double red_of_v = 2.0 * (1.0 - luma.red);
  return {{{1.0, 0.0, red_of_v},
           {1.0, -blue_of_u * luma.blue / green, -red_of_v * luma.red / green},
           {1.0, blue_of_u, 0.0}}};
}

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix result{};
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 3; ++k) result[i][j] += a[i][k] * b[k][j];
    }
  }
  return result;
}

/// Rounding of channel c to whole stored numbers, as a variance.
double rounding_variance(const VideoDomain& domain, int c) {
  if (domain.format->sample.type == SampleType::f32) return 0.0;
  const double span_dn = domain.levels.channels[c].white_dn - domain.levels.channels[c].black_dn;
  return 1.0 / (12.0 * span_dn * span_dn);
}

double largest_dn(const PixelFormat& format) {
  return format.sample.type == SampleType::f32 ? 1.0 : std::exp2(format.sample.bit_depth) - 1.0;
}

/// A channel whose samples keep their share of the largest number.
NoiseModel copied(const NoiseModel& noise, const VideoDomain& from, int from_channel, const VideoDomain& to,
                  int to_channel) {
  const Levels& before = from.levels.channels[from_channel];
  const Levels& after = to.levels.channels[to_channel];
  const double scale = largest_dn(*to.format) / largest_dn(*from.format);
  const double span_dn = after.white_dn - after.black_dn;
  const double gain = scale * (before.white_dn - before.black_dn) / span_dn;
  return rescaled(noise, gain, (scale * before.black_dn - after.black_dn) / span_dn);
}

NoiseModel with_constant(const NoiseModel& noise, double variance) {
  NoiseSum sum;
  sum.add(noise, 1.0);
  sum.add_constant(variance);
  return sum.model();
}

/// Channels that stay what they are: another packing, depth, range or chroma sampling; Y and gray.
NoiseProfile remap_copied(const NoiseProfile& noise, const VideoDomain& from, const VideoDomain& to) {
  const bool same_depth = from.format->sample.bit_depth == to.format->sample.bit_depth;
  const double chroma_gain = chroma_variance_gain(*from.format, *to.format, true);
  NoiseProfile result{profile_channel_count(to.format->color_model), {}, noise.confidence};
  for (int c = 0; c < result.channel_count; ++c) {
    if (c >= noise.channel_count) break;  // gray has no chroma: it comes out neutral, without noise
    NoiseModel model = copied(noise.channels[c], from, c, to, c);
    const bool resampled = c > 0 && chroma_gain != 1.0;
    if (resampled) {
      NoiseSum sum;
      sum.add(model, std::sqrt(chroma_gain));
      model = sum.model();
    }
    if (resampled || !same_depth) model = with_constant(model, rounding_variance(to, c));
    result.channels[c] = std::move(model);
  }
  return result;
}

/// The quadratic form of a matrix, for neutral colours: luma and rgb have the level of the gray, chroma is at ½.
NoiseProfile remap_by_matrix(const NoiseProfile& noise, const VideoDomain& from, const VideoDomain& to,
                             const Matrix& matrix) {
  const ColorModel before = from.format->color_model;
  const ColorModel after = to.format->color_model;
  const double chroma_gain = chroma_variance_gain(*from.format, *to.format, from.luma == to.luma);
  NoiseProfile result{profile_channel_count(after), {}, noise.confidence};
  for (int c = 0; c < result.channel_count; ++c) {
    const bool chroma_out = after == ColorModel::yuv && c > 0;
    NoiseSum sum;
    for (int k = 0; k < 3; ++k) {
      const bool chroma_in = before == ColorModel::yuv && k > 0;
      const NoiseModel& source = noise.channels[k];
      const double square = matrix[c][k] * matrix[c][k];
      // Chroma is sampled anew before a matrix and after it; between two kinds of yuv the order does not matter.
      const double gain = chroma_in || chroma_out ? chroma_gain : 1.0;
      if (chroma_in && chroma_out && k == c) {
        sum.add(source, matrix[c][k] * std::sqrt(gain));
      } else if (chroma_in) {
        sum.add_constant(square * gain * source.variance(0.5));
      } else if (chroma_out) {
        sum.add_constant(square * gain * mean_variance(source));
      } else {
        sum.add(source, matrix[c][k]);
      }
    }
    sum.add_constant(rounding_variance(to, c));
    result.channels[c] = sum.model();
  }
  return result;
}

bool same_levels_in_proportion(const VideoDomain& from, const VideoDomain& to) {
  // Half a step of the coarser format.
  const double tolerance = 0.5 / std::min(largest_dn(*from.format), largest_dn(*to.format));
  for (int site = 0; site < 4; ++site) {
    const Levels& before = from.levels.channels[site];
    const Levels& after = to.levels.channels[site];
    if (std::abs(before.black_dn / largest_dn(*from.format) - after.black_dn / largest_dn(*to.format)) > tolerance ||
        std::abs(before.white_dn / largest_dn(*from.format) - after.white_dn / largest_dn(*to.format)) > tolerance) {
      return false;
    }
  }
  return true;
}

std::optional<NoiseProfile> remap_mosaic(const NoiseProfile& noise, const VideoDomain& from, const VideoDomain& to) {
  if (from.format->cfa != to.format->cfa || !same_levels_in_proportion(from, to)) return std::nullopt;
  if (from.format->sample.bit_depth == to.format->sample.bit_depth) return noise;
  NoiseProfile result = noise;
  for (NoiseModel& model : result.channels) model = with_constant(model, rounding_variance(to, 0));
  return result;
}

}  // namespace

std::optional<NoiseProfile> remap_noise(const NoiseProfile& noise, const VideoDomain& from, const VideoDomain& to) {
  if (from.format == nullptr || to.format == nullptr ||
      noise.channel_count != profile_channel_count(from.format->color_model)) {
    throw Error(ErrorCode::invalid_argument,
                "remapping noise: expected two formats and a profile of the first one's channels, found " +
                    std::to_string(noise.channel_count) + " channels for " +
                    std::string(from.format != nullptr ? from.format->name : "no format"));
  }
  const ColorModel before = from.format->color_model;
  const ColorModel after = to.format->color_model;
  if (from.width_px != to.width_px || from.height_px != to.height_px || from.coding != to.coding) return std::nullopt;
  if ((before == ColorModel::bayer) != (after == ColorModel::bayer)) return std::nullopt;
  if (before == ColorModel::bayer) return remap_mosaic(noise, from, to);

  const bool from_luma = before == ColorModel::yuv || before == ColorModel::gray;
  const bool to_luma = after == ColorModel::yuv || after == ColorModel::gray;
  if (before == ColorModel::yuv && after == ColorModel::yuv && from.luma != to.luma) {
    return remap_by_matrix(noise, from, to, product(rgb_to_yuv(to.luma), yuv_to_rgb(from.luma)));
  }
  if (from_luma == to_luma) return remap_copied(noise, from, to);
  if (to_luma) return remap_by_matrix(noise, from, to, rgb_to_yuv(to.luma));
  if (before == ColorModel::yuv) return remap_by_matrix(noise, from, to, yuv_to_rgb(from.luma));
  // Gray in three channels, the same noise in each.
  NoiseProfile result{3, {}, noise.confidence};
  result.channels.fill(with_constant(noise.channels[0], rounding_variance(to, 0)));
  return result;
}

}  // namespace rdenoise
