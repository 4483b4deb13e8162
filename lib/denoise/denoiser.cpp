// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/denoise.hpp>

#include "denoise/frame_denoiser.hpp"

namespace rdenoise {

struct Denoiser::Impl {
  Impl(Model given, const DenoiseOptions& options)
      : model(std::move(given)),
        frames(model.name, model.spec, make_onednn_executor(model.spec, model.weights, options.precision), options) {}

  Model model;
  FrameDenoiser frames;
};

Denoiser::Denoiser(Model model, const DenoiseOptions& options)
    : impl_(std::make_unique<Impl>(std::move(model), options)) {}

Denoiser::~Denoiser() = default;
Denoiser::Denoiser(Denoiser&&) noexcept = default;
Denoiser& Denoiser::operator=(Denoiser&&) noexcept = default;

const Model& Denoiser::model() const noexcept { return impl_->model; }

Precision Denoiser::precision() const noexcept { return impl_->frames.precision(); }

void Denoiser::set_strength(double strength) { impl_->frames.set_strength(strength); }

void Denoiser::denoise(const ConstFrameView& src, const FrameView& dst, const NoiseProfile& noise) {
  impl_->frames.denoise(src, dst, noise);
}

TilePlan Denoiser::plan(int width_px, int height_px) const { return impl_->frames.plan(width_px, height_px); }

}  // namespace rdenoise
