// SPDX-License-Identifier: LGPL-2.1-or-later
// The ways to denoise that --method names, behind one call.
#pragma once

#include <optional>
#include <rdenoise/denoise.hpp>
#include <string>
#include <string_view>

#include "denoiser_options.hpp"

namespace rdn {

class PictureMethod {
 public:
  /// model_name  used by the network and by nn3d; bm3d has none
  PictureMethod(const DenoiserArguments& arguments, const std::string& model_name);
  /// model  of the network and of nn3d, loaded already; bm3d has none
  PictureMethod(const DenoiserArguments& arguments, std::optional<rdenoise::Model> model);

  /// src and dst: same colour model and size. bm3d and nn3d take the noise for white, of the profile's sigma_8bit.
  /// throws  Error{unsupported} for mosaics with bm3d and nn3d, and as Denoiser does
  void denoise(const rdenoise::ConstFrameView& src, const rdenoise::FrameView& dst,
               const rdenoise::NoiseProfile& noise);

  [[nodiscard]] std::string_view name() const noexcept;
  /// Factor on the noise level; 0 leaves every pixel as it is.
  [[nodiscard]] double strength() const noexcept { return strength_; }
  /// nullptr if no network takes part.
  [[nodiscard]] const rdenoise::Model* model() const noexcept;
  /// The class that the last picture was denoised as; nothing without a class-aware model.
  [[nodiscard]] std::optional<rdenoise::PictureClass> picture_class() const;
  /// The network that denoise() would run on the frame: of a class-aware model the weights of the frame's class alone.
  /// There must be a model.
  [[nodiscard]] rdenoise::Model network_for(const rdenoise::ConstFrameView& frame);
  /// What to call it in a message: the method, the model, or both.
  [[nodiscard]] std::string title() const;
  /// Of the arithmetic; BM3D is f32.
  [[nodiscard]] rdenoise::Precision precision() const noexcept;

 private:
  Method method_;
  double strength_;
  int n_threads_;
  std::optional<rdenoise::Denoiser> denoiser_;
};

}  // namespace rdn
