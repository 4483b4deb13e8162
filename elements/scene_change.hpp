// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a new scene begins.
#pragma once

#include <array>
#include <optional>
#include <rdenoise/image.hpp>

namespace rdenoise::gst {

class SceneChange {
 public:
  /// True for the first frame, and for one that looks unlike the one before. Frames come in order and share format and
  /// levels: call reset() when these change.
  [[nodiscard]] bool begins_with(const ConstFrameView& frame);

  void reset() noexcept { signature_.reset(); }

 private:
  /// Means over short runs of pixels of channel 0, on a grid.
  static constexpr int signature_columns = 16;
  static constexpr int signature_rows = 16;
  using SceneSignature = std::array<float, signature_columns * signature_rows>;
  [[nodiscard]] static SceneSignature signature_of(const ConstFrameView& frame);
  [[nodiscard]] static bool is_scene_cut(const SceneSignature& before, const SceneSignature& now) noexcept;

  std::optional<SceneSignature> signature_;  ///< of the last frame
};

}  // namespace rdenoise::gst
