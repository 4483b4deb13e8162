// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_method.hpp"

#include <rdenoise/error.hpp>
#include <rdenoise/nn3d.hpp>
#include <rdenoise/nonlocal.hpp>
#include <span>
#include <utility>

#include "precision_note.hpp"

namespace rdn {
namespace {

using rdenoise::ConstFrameView;
using rdenoise::FrameView;
using rdenoise::Image;

Image image_of(const ConstFrameView& frame, std::string_view method) {
  if (frame.color_model != rdenoise::ColorModel::gray && frame.color_model != rdenoise::ColorModel::rgb)
    throw rdenoise::Error(rdenoise::ErrorCode::unsupported, "denoising by " + std::string(method) +
                                                                ": expected a gray or rgb picture, found " +
                                                                std::string(rdenoise::to_string(frame.color_model)));
  Image image(frame.color_model, frame.width_px, frame.height_px);
  for (int c = 0; c < frame.channel_count; ++c)
    for (int y = 0; y < frame.height_px; ++y)
      rdenoise::read_row(frame.channels[c], y, 0,
                         image.plane(c).subspan(static_cast<std::size_t>(y) * frame.width_px, frame.width_px));
  return image;
}

void write_image(const Image& image, const FrameView& frame) {
  for (int c = 0; c < frame.channel_count; ++c)
    for (int y = 0; y < frame.height_px; ++y)
      rdenoise::write_row(frame.channels[c], y, 0,
                          image.plane(c).subspan(static_cast<std::size_t>(y) * frame.width_px, frame.width_px));
}

/// NN3D multiplies σ itself: what its network is told goes down from turn to turn.
rdenoise::DenoiseOptions network_options(const DenoiserArguments& arguments, Method method) {
  rdenoise::DenoiseOptions options = arguments.options();
  if (method == Method::nn3d) options.strength = 1.0;
  return options;
}

}  // namespace

PictureMethod::PictureMethod(const DenoiserArguments& arguments, const std::string& model_name)
    : PictureMethod(arguments, arguments.method() == Method::bm3d
                                   ? std::nullopt
                                   : std::optional<rdenoise::Model>(rdenoise::load_model(model_name))) {
  if (denoiser_) note_precision(arguments.precision, denoiser_->precision());
}

PictureMethod::PictureMethod(const DenoiserArguments& arguments, std::optional<rdenoise::Model> model)
    : method_(arguments.method()), strength_(arguments.strength), n_threads_(arguments.n_threads) {
  if (!model) return;
  denoiser_.emplace(std::move(*model), network_options(arguments, method_));
}

void PictureMethod::denoise(const ConstFrameView& src, const FrameView& dst, const rdenoise::NoiseProfile& noise) {
  if (method_ == Method::network) return denoiser_->denoise(src, dst, noise);
  const Image noisy = image_of(src, name());
  const double sigma_8bit = strength_ * rdenoise::sigma_8bit(noise);
  write_image(method_ == Method::bm3d ? rdenoise::bm3d(noisy, sigma_8bit, {.n_threads = n_threads_})
                                      : rdenoise::nn3d(noisy, sigma_8bit, *denoiser_, {.n_threads = n_threads_}),
              dst);
}

std::string_view PictureMethod::name() const noexcept { return to_string(method_); }

const rdenoise::Model* PictureMethod::model() const noexcept { return denoiser_ ? &denoiser_->model() : nullptr; }

std::optional<rdenoise::PictureClass> PictureMethod::picture_class() const {
  return denoiser_ ? denoiser_->picture_class() : std::nullopt;
}

rdenoise::Model PictureMethod::network_for(const ConstFrameView& frame) {
  const std::optional<rdenoise::PictureClass> chosen = denoiser_->choose_picture_class(frame);
  return chosen ? rdenoise::with_weights_of(denoiser_->model(), chosen->name) : denoiser_->model();
}

std::string PictureMethod::title() const {
  std::string model = denoiser_ ? "model " + denoiser_->model().name : "";
  if (const auto found = picture_class()) model += ", class " + found->name;
  if (method_ == Method::network) return model;
  return std::string(name()) + (denoiser_ ? ", " + model : "");
}

rdenoise::Precision PictureMethod::precision() const noexcept {
  return denoiser_ ? denoiser_->precision() : rdenoise::Precision::f32;
}

}  // namespace rdn
