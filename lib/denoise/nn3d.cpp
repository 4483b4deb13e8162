// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/nn3d.hpp>
#include <string>

namespace rdenoise {
namespace {

void check(const Image& noisy, double sigma_8bit, const Nn3dOptions& options) {
  if (noisy.color_model() == ColorModel::bayer)
    throw Error(ErrorCode::unsupported, "denoising by NN3D: expected a gray or rgb picture, found bayer");
  if (!std::isfinite(sigma_8bit) || sigma_8bit < 0.0)
    throw Error(ErrorCode::invalid_argument,
                "denoising by NN3D: expected a finite σ of 0 or more, found " + std::to_string(sigma_8bit));
  if (options.iterations < 1)
    throw Error(ErrorCode::invalid_argument,
                "denoising by NN3D: expected 1 or more iterations, found " + std::to_string(options.iterations));
  if (!std::isfinite(options.tau_per_sigma) || options.tau_per_sigma < 0.0)
    throw Error(ErrorCode::invalid_argument, "denoising by NN3D: expected a finite τ/σ of 0 or more, found " +
                                                 std::to_string(options.tau_per_sigma));
}

/// λ·a + (1 − λ)·b.
Image mixed(const Image& a, const Image& b, float lambda) {
  Image result = a;
  for (std::size_t i = 0; i < result.samples().size(); ++i)
    result.samples()[i] = lambda * a.samples()[i] + (1.F - lambda) * b.samples()[i];
  return result;
}

/// True if the model says that it was trained on a range of noise that begins at σ or below: a blind one then sees by
/// itself how much there is.
bool knows_noise_from(const Model& model, double sigma_8bit) {
  return model.weights.metadata.contains("noise_range_8bit") && model.noise_range_8bit[0] <= sigma_8bit;
}

}  // namespace

Image nn3d(const Image& noisy, double sigma_8bit, const WhiteNoiseDenoiser& network, const Nn3dOptions& options) {
  check(noisy, sigma_8bit, options);
  if (sigma_8bit == 0.0 || noisy.samples().empty()) return noisy;
  const Image first = network(noisy, sigma_8bit);
  const NonlocalFilter filter(first, options.grouping, {.n_threads = options.n_threads});
  Image estimate = filter.filter(first, options.tau_per_sigma * sigma_8bit);
  for (int k = 2; k <= options.iterations; ++k) {
    const double lambda = 1.0 / k;
    const Image denoised = options.adapts_to_sigma
                               ? network(mixed(noisy, estimate, static_cast<float>(lambda)), lambda * sigma_8bit)
                               : mixed(first, estimate, static_cast<float>(lambda));
    estimate = filter.filter(denoised, options.tau_per_sigma * lambda * sigma_8bit);
  }
  return estimate;
}

Image nn3d(const Image& noisy, double sigma_8bit, Denoiser& network, const Nn3dOptions& options) {
  const auto denoise = [&](const Image& picture, double sigma) {
    Image result(picture.color_model(), picture.width_px(), picture.height_px());
    network.denoise(picture.view(), result.view(), uniform_profile(picture.color_model(), NoiseModel::gaussian(sigma)));
    return result;
  };
  const Model& model = network.model();
  Nn3dOptions for_network = options;
  for_network.adapts_to_sigma =
      model.spec.has_noise_map() || !model.spec.params.bias || knows_noise_from(model, sigma_8bit / options.iterations);
  return nn3d(noisy, sigma_8bit, denoise, for_network);
}

}  // namespace rdenoise
