// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/preset.hpp>
#include <string>

#include "denoise/chroma_sampling.hpp"

namespace rdenoise {
namespace {

/// Empty: the default model.
struct PresetRow {
  Preset preset;
  std::string_view name;
  std::string_view model_420;   ///< of 4:2:0 video
  std::string_view model_gray;  ///< of single planes, and of other video, plane by plane
  std::string_view model_rgb;
  std::string_view model_bayer;
};
/// In the order of the enumeration. ffdnet-gray, plane by plane, is the best there is for 4:2:0: at σ 15 and 25 its
/// luma is 0.6 dB above that of ffdnet-balanced-yuv and its chroma 0.8 dB or more (four pictures of Kodak24, 8 bit).
constexpr std::array<PresetRow, presets.size()> rows{{
    {Preset::none, "none", "", "", "", ""},
    {Preset::lightest, "lightest", "ffdnet-lightest-yuv", "ffdnet-live-gray", "ffdnet-live-color", "ffdnet-live-bayer"},
    {Preset::light, "light", "ffdnet-light-yuv", "ffdnet-live-gray", "ffdnet-live-color", "ffdnet-live-bayer"},
    {Preset::live, "live", "ffdnet-live-yuv", "ffdnet-live-gray", "ffdnet-live-color", "ffdnet-live-bayer"},
    {Preset::balanced, "balanced", "ffdnet-balanced-yuv", "", "", ""},
    {Preset::best, "best", "", "", "", ""},
}};

const PresetRow& row_of(Preset preset) noexcept { return rows[static_cast<std::size_t>(preset)]; }

std::string_view own_model_name(const PresetRow& row, ColorModel color_model, bool is_420) noexcept {
  if (is_420 && !row.model_420.empty()) return row.model_420;
  switch (color_model) {
    case ColorModel::gray:
    case ColorModel::yuv:
      return row.model_gray;
    case ColorModel::rgb:
      return row.model_rgb;
    case ColorModel::bayer:
      return row.model_bayer;
  }
  return {};
}

std::string_view model_name(Preset preset, ColorModel color_model, bool is_420) noexcept {
  const std::string_view own = own_model_name(row_of(preset), color_model, is_420);
  return own.empty() ? default_model_name(color_model) : own;
}

}  // namespace

std::string_view to_string(Preset preset) noexcept { return row_of(preset).name; }

Preset parse_preset(std::string_view word) {
  std::string known;
  for (const PresetRow& row : rows) {
    if (row.name == word) return row.preset;
    if (!known.empty()) known += ", ";
    known += row.name;
  }
  throw Error(ErrorCode::invalid_argument, "reading preset: expected one of " + known + ", found " + std::string(word));
}

std::string_view preset_model_name(Preset preset, const PixelFormat& format) noexcept {
  return model_name(preset, format.color_model, is_420(format));
}

std::string_view preset_model_name(Preset preset, const ConstFrameView& frame) noexcept {
  return model_name(preset, frame.color_model, is_420(frame));
}

}  // namespace rdenoise
