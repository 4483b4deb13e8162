// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_calibration.hpp>
#include <string>

#include "noise/line_fit.hpp"
#include "noise/photon_transfer.hpp"

namespace rdenoise {
namespace {

[[noreturn]] void fail(const std::string& expected, const std::string& found) {
  throw Error(ErrorCode::invalid_argument, "calibrating noise: expected " + expected + ", found " + found);
}

std::string size_text(int width_px, int height_px) {
  return std::to_string(width_px) + "x" + std::to_string(height_px);
}

std::string layout_text(const ConstFrameView& frame) {
  std::string text(to_string(frame.color_model));
  if (frame.color_model == ColorModel::bayer) text += " " + std::string(to_string(frame.cfa));
  return text + " " + size_text(frame.width_px, frame.height_px);
}

bool same_layout(const ConstFrameView& one, const ConstFrameView& other) {
  if (layout_text(one) != layout_text(other) || one.channel_count != other.channel_count) return false;
  for (int c = 0; c < one.channel_count; ++c) {
    const ConstChannelView& a = one.channels[static_cast<std::size_t>(c)];
    const ConstChannelView& b = other.channels[static_cast<std::size_t>(c)];
    if (a.width_px != b.width_px || a.height_px != b.height_px) return false;
  }
  return true;
}

std::size_t color_of(const ConstFrameView& frame, int channel) {
  const bool is_bayer = frame.color_model == ColorModel::bayer;
  return static_cast<std::size_t>(is_bayer ? cfa_color_at(frame.cfa, channel % 2, channel / 2) : channel);
}

const char* color_name(ColorModel model, int color) {
  if (model == ColorModel::gray) return "Y";
  constexpr const char* yuv[] = {"Y", "U", "V"};
  constexpr const char* rgb[] = {"R", "G", "B"};
  return (model == ColorModel::yuv ? yuv : rgb)[color];
}

bool same_samples(const ConstFrameView& one, const ConstFrameView& other) {
  for (int c = 0; c < one.channel_count; ++c) {
    const ConstChannelView& a = one.channels[static_cast<std::size_t>(c)];
    const ConstChannelView& b = other.channels[static_cast<std::size_t>(c)];
    std::vector<float> row_a(static_cast<std::size_t>(a.width_px));
    std::vector<float> row_b(row_a.size());
    for (int y = 0; y < a.height_px; ++y) {
      read_row(a, y, 0, row_a);
      read_row(b, y, 0, row_b);
      if (row_a != row_b) return false;
    }
  }
  return true;
}

}  // namespace

NoiseCalibrator::NoiseCalibrator(const CalibrationOptions& options) : options_(options) {
  constexpr int least_px = 4;
  constexpr int most_px = 256;
  if (options.patch_size_px < least_px || options.patch_size_px > most_px) {
    fail("patches of 4 to 256 pixels", std::to_string(options.patch_size_px));
  }
}

void NoiseCalibrator::check_layout(const ConstFrameView& frame) {
  if (layout_ && !same_layout(*layout_, frame)) fail("frames of " + layout_text(*layout_), layout_text(frame));
  for (int c = 0; c < frame.channel_count; ++c) {
    const ConstChannelView& channel = frame.channels[static_cast<std::size_t>(c)];
    if (channel.width_px < options_.patch_size_px || channel.height_px < options_.patch_size_px) {
      fail("channels of at least " + size_text(options_.patch_size_px, options_.patch_size_px),
           size_text(channel.width_px, channel.height_px) + " in a frame of " + layout_text(frame));
    }
  }
  layout_ = frame;
  collected_.color_model = frame.color_model;
}

void NoiseCalibrator::add_pair(const ConstFrameView& first, const ConstFrameView& second) {
  if (!same_layout(first, second)) fail("two frames of " + layout_text(first), layout_text(second));
  check_layout(first);
  if (same_samples(first, second)) fail("two exposures", "the same frame twice");
  for (int c = 0; c < first.channel_count; ++c) {
    const ConstChannelView& a = first.channels[static_cast<std::size_t>(c)];
    const ConstChannelView& b = second.channels[static_cast<std::size_t>(c)];
    const PatchBounds of_a = patch_bounds(a, first.color_model);
    const PatchBounds of_b = patch_bounds(b, second.color_model);
    measure_pair(a, b, {std::min(of_a.low, of_b.low), std::max(of_a.high, of_b.high)}, options_.patch_size_px,
                 collected_.curves[color_of(first, c)]);
  }
  ++collected_.pair_count;
}

void NoiseCalibrator::add_frame(const ConstFrameView& frame) {
  check_layout(frame);
  for (int c = 0; c < frame.channel_count; ++c) {
    const ConstChannelView& channel = frame.channels[static_cast<std::size_t>(c)];
    measure_single(channel, patch_bounds(channel, frame.color_model), options_.patch_size_px,
                   collected_.curves[color_of(frame, c)]);
  }
  ++collected_.single_count;
}

NoiseCalibration NoiseCalibrator::fit() const {
  if (!layout_) fail("at least one frame", "none");
  NoiseCalibration result = collected_;
  result.profile.channel_count = profile_channel_count(result.color_model);
  result.profile.confidence = 1.0;
  for (int color = 0; color < result.profile.channel_count; ++color) {
    PhotonTransferCurve& curve = result.curves[static_cast<std::size_t>(color)];
    if (curve.points.empty()) {
      fail(std::string("patches with noise between black and white in ") + color_name(result.color_model, color),
           std::to_string(curve.unusable.clipped) + " clipped, " + std::to_string(curve.unusable.constant) +
               " constant and " + std::to_string(curve.unusable.not_finite) + " that are not finite");
    }
    fit_photon_transfer(curve);
    result.profile.channels[static_cast<std::size_t>(color)] = curve.model;
    result.profile.confidence = std::min(result.profile.confidence, curve.confidence);
  }
  return result;
}

std::array<double, 3> mean_levels(const ConstFrameView& frame) {
  std::array<double, 3> sums{};
  std::array<double, 3> counts{};
  for (int c = 0; c < frame.channel_count; ++c) {
    const ConstChannelView& channel = frame.channels[static_cast<std::size_t>(c)];
    std::vector<float> row(static_cast<std::size_t>(channel.width_px));
    for (int y = 0; y < channel.height_px; ++y) {
      read_row(channel, y, 0, row);
      for (const float sample : row) {
        if (!std::isfinite(sample)) continue;
        sums[color_of(frame, c)] += sample;
        ++counts[color_of(frame, c)];
      }
    }
  }
  for (std::size_t color = 0; color < 3; ++color) sums[color] /= std::max(counts[color], 1.0);
  return sums;
}

std::vector<PhotonTransferPoint> grouped_by_level(std::span<const PhotonTransferPoint> points, std::size_t count) {
  std::vector<PhotonTransferPoint> accepted;
  std::ranges::copy_if(points, std::back_inserter(accepted), &PhotonTransferPoint::accepted);
  std::ranges::sort(accepted, {}, &PhotonTransferPoint::mean);
  const std::size_t group_count = std::min(count, accepted.size());
  std::vector<PhotonTransferPoint> groups(group_count);
  for (std::size_t k = 0; k < group_count; ++k) {
    const std::size_t first = accepted.size() * k / group_count;
    const std::size_t last = accepted.size() * (k + 1) / group_count;
    for (std::size_t i = first; i < last; ++i) {
      groups[k].mean += accepted[i].mean / static_cast<double>(last - first);
      groups[k].variance += accepted[i].variance / static_cast<double>(last - first);
      groups[k].degrees_of_freedom += accepted[i].degrees_of_freedom;
    }
  }
  return groups;
}

}  // namespace rdenoise
