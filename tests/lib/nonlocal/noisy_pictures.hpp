// SPDX-License-Identifier: LGPL-2.1-or-later
// Formula pictures with white noise.
#pragma once

#include <rdenoise/image.hpp>
#include <rdenoise/noise.hpp>

namespace rdenoise::test {

inline Image with_noise(const Image& clean, double sigma_8bit, std::uint64_t seed = 1) {
  Image noisy = clean;
  add_noise(clean.view(), noisy.view(), uniform_profile(clean.color_model(), NoiseModel::gaussian(sigma_8bit)),
            {.seed = seed});
  return noisy;
}

}  // namespace rdenoise::test
