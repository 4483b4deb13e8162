// SPDX-License-Identifier: LGPL-2.1-or-later
// RAW frames by formula, and bytes of files.
#pragma once

#include <filesystem>
#include <fstream>
#include <random>
#include <rdenoise/raw.hpp>
#include <string>
#include <vector>

namespace rdenoise {

inline RawFrame sample_frame(int width_px, int height_px, CfaPattern cfa, int bit_depth) {
  RawFrame frame;
  frame.width_px = width_px;
  frame.height_px = height_px;
  frame.cfa = cfa;
  frame.bit_depth = bit_depth;
  const unsigned highest = (1U << bit_depth) - 1;
  std::mt19937 generator(static_cast<unsigned>(bit_depth));
  frame.mosaic.resize(static_cast<std::size_t>(width_px) * height_px);
  for (auto& sample : frame.mosaic) sample = static_cast<std::uint16_t>(generator() % (highest + 1));
  RawMetadata& m = frame.metadata;
  m.black_level_dn = {5.F, 6.F, 7.F, 8.F};
  m.white_level_dn = static_cast<float>(highest);
  m.as_shot_gains = {2.F, 1.F, 1.6F};
  m.xyz_to_camera = {0.9F, -0.3F, -0.1F, -0.4F, 1.2F, 0.2F, -0.1F, 0.2F, 0.6F};
  m.noise_profile = NoiseProfile{3, {NoiseModel{1e-3, 1e-6}, NoiseModel{2e-3, 2e-6}, NoiseModel{3e-3, 3e-6}}, 1.0};
  m.iso = 1600.F;
  m.exposure_s = 0.004F;
  m.aperture_f = 2.8F;
  m.focal_length_mm = 35.F;
  m.make = "Maker";
  m.model = "Model 1";
  m.date_time = "2024:05:06 07:08:09";
  return frame;
}

inline std::vector<std::byte> file_bytes(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::vector<char> chars((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  const auto* bytes = reinterpret_cast<const std::byte*>(chars.data());
  return {bytes, bytes + chars.size()};
}

}  // namespace rdenoise
