// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/camera_matrices.hpp"

namespace rdenoise {
namespace {

constexpr std::array<ColorMatrix, 6> published{{
    {0.6722F, -0.0635F, -0.0963F, -0.4287F, 1.2460F, 0.2028F, -0.0908F, 0.2162F, 0.5668F},  // Canon EOS 5D Mark III
    {0.7034F, -0.0804F, -0.1014F, -0.4420F, 1.2564F, 0.2058F, -0.0851F, 0.1994F, 0.5758F},  // Canon EOS 6D
    {0.7866F, -0.2108F, -0.0555F, -0.4869F, 1.2483F, 0.2681F, -0.1176F, 0.2069F, 0.7501F},  // Nikon D800
    {0.9020F, -0.2890F, -0.0715F, -0.4535F, 1.2436F, 0.2348F, -0.0934F, 0.1919F, 0.7086F},  // Nikon D750
    {0.5973F, -0.1695F, -0.0419F, -0.3826F, 1.1797F, 0.2293F, -0.0639F, 0.1398F, 0.5789F},  // Sony ILCE-6300
    {0.6629F, -0.1900F, -0.0483F, -0.4618F, 1.2349F, 0.2550F, -0.0622F, 0.1381F, 0.6514F},  // Sony ILCE-7RM2
}};

/// Linear sRGB → XYZ, IEC 61966-2-1.
constexpr ColorMatrix srgb_to_xyz{0.4124564F, 0.3575761F, 0.1804375F, 0.2126729F, 0.7151522F,
                                  0.0721750F, 0.0193339F, 0.1191920F, 0.9503041F};

}  // namespace

std::span<const ColorMatrix> published_xyz_to_camera() noexcept { return published; }

ColorMatrix balanced_camera_to_srgb(const ColorMatrix& xyz_to_camera) {
  ColorMatrix srgb_to_camera{};
  for (int row = 0; row < 3; ++row) {
    float sum = 0.F;
    for (int column = 0; column < 3; ++column) {
      float& element = srgb_to_camera[3 * row + column];
      for (int k = 0; k < 3; ++k) element += xyz_to_camera[3 * row + k] * srgb_to_xyz[3 * k + column];
      sum += element;
    }
    for (int column = 0; column < 3; ++column) srgb_to_camera[3 * row + column] /= sum;
  }
  return inverse(srgb_to_camera);
}

}  // namespace rdenoise
