// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements/denoised_frames.hpp"

#include <rdenoise/denoise.hpp>
#include <rdenoise/model.hpp>

#include "elements/element_harness.hpp"

namespace rdenoise::test {

std::vector<float> denoised_directly(GstBuffer* frame, const FrameLayout& layout, const NoiseProfile& noise,
                                     const std::string& model) {
  Denoiser denoiser(load_model(model.empty() ? default_model_name(layout.pixel->color_model) : model), {});
  const Buffer result(make_frame(layout));
  const FrameBytes src(frame, layout);
  const FrameBytes dst(result.get(), layout, true);
  denoiser.denoise(src.view(), dst.view(), noise);
  return samples_of(dst.view());
}

std::vector<float> denoised_by_element(const std::string& launch, const FrameLayout& layout, GstBuffer* frame) {
  ElementHarness rdenoise(launch);
  rdenoise.set_caps(layout.caps());
  const Buffer out = rdenoise.push_and_pull(gst_buffer_ref(frame));
  return samples_of(out.get(), layout);
}

}  // namespace rdenoise::test
