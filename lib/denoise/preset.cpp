// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/preset.hpp>
#include <string>

#include "denoise/chroma_sampling.hpp"

namespace rdenoise {
namespace {

struct PresetRow {
  Preset preset;
  std::string_view name;
  std::string_view model_420;  ///< of 4:2:0 video; empty: the default
};
/// In the order of the enumeration. ffdnet-gray, plane by plane, is the best there is for 4:2:0: at σ 15 and 25 its
/// luma is 0.7 dB above that of ffdnet-balanced-yuv and its chroma 0.9 dB or more (four pictures of Kodak24, 8 bit).
constexpr std::array<PresetRow, presets.size()> rows{{
    {Preset::none, "none", ""},
    {Preset::live, "live", "ffdnet-live-yuv"},
    {Preset::balanced, "balanced", "ffdnet-balanced-yuv"},
    {Preset::best, "best", ""},
}};

const PresetRow& row_of(Preset preset) noexcept { return rows[static_cast<std::size_t>(preset)]; }

std::string_view model_name(Preset preset, ColorModel color_model, bool is_420) noexcept {
  const std::string_view special = row_of(preset).model_420;
  return is_420 && !special.empty() ? special : default_model_name(color_model);
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
