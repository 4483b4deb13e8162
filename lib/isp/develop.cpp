// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/parallel.hpp>
#include <string>
#include <vector>

#include "base/vector_clones.hpp"
#include "isp/color_matrix.hpp"
#include "isp/root_domain.hpp"
#include "isp/row_demosaicer.hpp"
#include "isp/tone_row.hpp"

namespace rdenoise {
namespace {

/// Many sensors saturate up to 5 % below the white level they state, the less amplified green first to be seen: blown
/// highlights turn pink. So a pixel with a channel at white fades to neutral as its least channel nears white too.
RDENOISE_VECTOR_CLONES void fade_highlights(float* __restrict red, float* __restrict green, float* __restrict blue,
                                            std::size_t count) {
  constexpr float fade_begin = 0.85F;
  constexpr float fade_end = 0.95F;
  constexpr float clipped_begin = 0.95F;
  const auto ramp = [](float x, float begin, float end) {
    const float t = (x - begin) * (1.F / (end - begin));
    return std::min(std::max(t, 0.F), 1.F);
  };
  for (std::size_t i = 0; i < count; ++i) {
    const float least = std::min(std::min(red[i], green[i]), blue[i]);
    const float most = std::max(std::max(red[i], green[i]), blue[i]);
    const float fade = ramp(least, fade_begin, fade_end) * ramp(most, clipped_begin, 1.F);
    red[i] += fade * (most - red[i]);
    green[i] += fade * (most - green[i]);
    blue[i] += fade * (most - blue[i]);
  }
}

void check(const ConstFrameView& src, const FrameView& dst) {
  const auto describe = [](ColorModel model, int width_px, int height_px) {
    return std::string(to_string(model)) + " " + std::to_string(width_px) + "x" + std::to_string(height_px);
  };
  if (src.color_model != ColorModel::bayer) {
    throw Error(ErrorCode::invalid_argument,
                "developing: expected a bayer frame, found " + describe(src.color_model, src.width_px, src.height_px));
  }
  if (dst.color_model != ColorModel::rgb || dst.width_px != src.width_px || dst.height_px != src.height_px) {
    throw Error(ErrorCode::invalid_argument, "developing: expected room for " +
                                                 describe(ColorModel::rgb, src.width_px, src.height_px) + ", found " +
                                                 describe(dst.color_model, dst.width_px, dst.height_px));
  }
}

/// Gains of at least 1: with less, a clipped site would stay below white and blown highlights would be tinted.
SampleScaling scaling_of(const DevelopOptions& options) {
  SampleScaling scaling{options.gains, true, options.demosaic_domain == DemosaicDomain::square_root};
  const float least = std::ranges::min(options.gains);
  if (least > 0.F && least < 1.F) {
    for (float& gain : scaling.gains) gain /= least;
  }
  return scaling;
}

void develop_rows(const ConstFrameView& src, const FrameView& dst, const DevelopOptions& options, int begin_y_px,
                  int end_y_px) {
  ColorMatrix matrix = options.camera_to_srgb;
  for (float& m : matrix) m *= std::exp2(options.exposure_ev);
  const SampleScaling scaling = scaling_of(options);
  const auto demosaicer = make_row_demosaicer(src, options.demosaic, scaling);
  std::vector<float> ordered(static_cast<std::size_t>(src.width_px));
  for (int y = begin_y_px; y < end_y_px; ++y) {
    const auto rgb = demosaicer->row(y);
    if (scaling.square_root) {
      for (const auto& color : rgb) decode_root(color);
    }
    fade_highlights(rgb[0].data(), rgb[1].data(), rgb[2].data(), ordered.size());
    apply_color_matrix(matrix, rgb[0].data(), rgb[1].data(), rgb[2].data(), ordered.size());
    for (int c = 0; c < 3; ++c) {
      encode_tone_row(options.tone_curve, rgb[c]);
      interleave(rgb[c], ordered);
      write_row(dst.channels[c], y, 0, ordered);
    }
  }
}

}  // namespace

void develop(const ConstFrameView& src, const FrameView& dst, const DevelopOptions& options) {
  check(src, dst);
  parallel_bands(src.height_px, least_band_px(options.demosaic), options.n_threads,
                 [&](int begin_y_px, int end_y_px) { develop_rows(src, dst, options, begin_y_px, end_y_px); });
}

}  // namespace rdenoise
