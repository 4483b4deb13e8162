// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <rdenoise/camera_simulation.hpp>
#include <utility>

#include "isp/camera_matrices.hpp"

namespace rdenoise {
namespace {

/// The numbers of one camera, in the order in which they are asked for.
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t index) : seed_{seed, camera_stream}, next_(index * max_draws) {}

  [[nodiscard]] double uniform(double low, double high) { return low + (high - low) * random_uniform(seed_, next_++); }
  /// Box and Muller, 1958.
  [[nodiscard]] double normal(double mean, double sigma) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform(0.0, 1.0)));
    return mean + sigma * radius * std::cos(2.0 * std::numbers::pi * uniform(0.0, 1.0));
  }
  [[nodiscard]] std::size_t below(std::size_t count) {
    return std::min(static_cast<std::size_t>(uniform(0.0, static_cast<double>(count))), count - 1);
  }

 private:
  static constexpr std::uint32_t camera_stream = 0xCA3E7A00U;  // far from the streams of frames and channels
  static constexpr std::uint64_t max_draws = 64;
  NoiseSeed seed_;
  std::uint64_t next_;
};

CfaPattern draw_phase(Draws& draws) {
  constexpr std::array<CfaPattern, 4> phases{CfaPattern::rggb, CfaPattern::grbg, CfaPattern::gbrg, CfaPattern::bggr};
  return phases[draws.below(phases.size())];
}

CameraParameters draw_cbdnet(Draws& draws, const std::vector<ResponseCurve>& curves) {
  CameraParameters camera;
  const double shot_sigma = draws.uniform(0.0, 0.16);
  const double read_sigma = draws.uniform(0.0, 0.06);
  camera.noise.channels.fill({shot_sigma * shot_sigma, read_sigma * read_sigma, {}});
  camera.response = curves[draws.below(curves.size())];
  camera.cfa = draw_phase(draws);
  camera.jpeg = JpegOptions{static_cast<int>(60 + draws.below(41)), ChromaSubsampling::s420};
  return camera;
}

std::array<float, 9> draw_matrix(Draws& draws) {
  ColorMatrix mean{};
  double weights = 0.0;
  for (const ColorMatrix& matrix : published_xyz_to_camera()) {
    const double weight = draws.uniform(1e-3, 1.0);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += static_cast<float>(weight) * matrix[i];
    weights += weight;
  }
  for (float& element : mean) element /= static_cast<float>(weights);
  return balanced_camera_to_srgb(mean);
}

CameraParameters draw_unprocessing(Draws& draws) {
  CameraParameters camera;
  // The tails of the normal numbers would make pictures black or burnt.
  const double inverse_gain = std::clamp(draws.normal(0.8, 0.1), 0.4, 1.2);
  camera.exposure_ev = static_cast<float>(-std::log2(inverse_gain));
  camera.gains[0] = static_cast<float>(draws.uniform(1.9, 2.4));
  camera.gains[2] = static_cast<float>(draws.uniform(1.5, 1.9));
  camera.camera_to_srgb = draw_matrix(draws);
  const double log_shot = draws.uniform(std::log(1e-4), std::log(1.2e-2));
  const double log_read = 2.18 * log_shot + 1.20 + draws.normal(0.0, 0.26);
  camera.noise.channels.fill({std::exp(log_shot), std::exp(log_read), {}});
  camera.response = ResponseCurve::power(2.2);
  camera.smoothstep = true;
  camera.keeps_highlights = true;
  camera.cfa = draw_phase(draws);
  return camera;
}

}  // namespace

std::string_view to_string(CameraKind kind) noexcept { return kind == CameraKind::cbdnet ? "cbdnet" : "unprocessing"; }

CameraSimulator::CameraSimulator(CameraKind kind, std::vector<ResponseCurve> curves)
    : kind_(kind), curves_(curves.empty() ? plausible_response_curves() : std::move(curves)) {}

CameraParameters CameraSimulator::draw(std::uint64_t seed, std::uint64_t index) const {
  Draws draws(seed, index);
  return kind_ == CameraKind::cbdnet ? draw_cbdnet(draws, curves_) : draw_unprocessing(draws);
}

}  // namespace rdenoise
