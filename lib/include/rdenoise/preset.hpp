// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks by how much time there is for a frame, instead of by name.
#pragma once

#include <array>
#include <rdenoise/image.hpp>
#include <string_view>

namespace rdenoise {

/// In the order of cost. none: the user named no preset, and the default model is used.
enum class Preset { none, lightest, light, live, balanced, best };

inline constexpr std::array presets{Preset::none, Preset::lightest, Preset::light,
                                    Preset::live, Preset::balanced, Preset::best};

[[nodiscard]] std::string_view to_string(Preset preset) noexcept;
/// throws  Error{invalid_argument} for a word that is none of them
[[nodiscard]] Preset parse_preset(std::string_view word);

/// The model that a preset stands for. Live has a small one for every format; 4:2:0 video has one for balanced, too,
/// and two still smaller ones, light and lightest, which elsewhere are live's. All else is the default one
/// (default_model_name), which is thus the same for several presets.
[[nodiscard]] std::string_view preset_model_name(Preset preset, const PixelFormat& format) noexcept;
/// The same for a frame. Pixels are not looked at.
[[nodiscard]] std::string_view preset_model_name(Preset preset, const ConstFrameView& frame) noexcept;

}  // namespace rdenoise
