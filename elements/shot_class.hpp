// SPDX-License-Identifier: LGPL-2.1-or-later
// The class of a shot, which decides with which weights of a class-aware model its frames are denoised.
#pragma once

#include <optional>
#include <rdenoise/denoise.hpp>
#include <rdenoise/picture_class_tracker.hpp>
#include <string>

#include "scene_change.hpp"

namespace rdenoise::gst {

class ShotClass {
 public:
  /// Tells the denoiser the class of this frame. Frames come in order and share format and levels: call reset() when
  /// these or the denoiser change.
  ///
  /// word     auto: a class for each shot, kept until another leads for some time; none; or the name of a class
  /// returns  the class, with the smoothed confidence; nothing for models without classes
  /// throws   Error{invalid_argument} for a class that the model does not have
  std::optional<PictureClass> choose(const ConstFrameView& frame, const std::string& word, Denoiser& denoiser);

  void reset();

 private:
  std::optional<PictureClassTracker> tracker_;  ///< there while the class is chosen automatically
  SceneChange scene_change_;
};

}  // namespace rdenoise::gst
