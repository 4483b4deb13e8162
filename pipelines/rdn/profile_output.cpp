// SPDX-License-Identifier: LGPL-2.1-or-later
#include "profile_output.hpp"

#include <utility>

namespace rdn {

using rdenoise::ColorModel;

const std::map<std::string, rdenoise::EstimateMethod>& estimate_methods() {
  static const std::map<std::string, rdenoise::EstimateMethod> methods{
      {"auto", rdenoise::EstimateMethod::automatic},
      {"poisson-gaussian", rdenoise::EstimateMethod::poisson_gaussian},
      {"gaussian", rdenoise::EstimateMethod::gaussian},
      {"level-function", rdenoise::EstimateMethod::level_function}};
  return methods;
}

const char* channel_name(ColorModel model, int channel) {
  constexpr const char* luma_first[] = {"Y", "U", "V"};
  constexpr const char* colors[] = {"R", "G", "B"};
  return (model == ColorModel::gray || model == ColorModel::yuv ? luma_first : colors)[channel];
}

rdenoise::NoiseProfileFile profile_file(const Input& input, const rdenoise::NoiseProfile& profile, std::string source) {
  rdenoise::NoiseProfileFile file;
  file.color_model = view_of(input).color_model;
  file.profile = profile;
  file.source = std::move(source);
  if (const auto* raw = std::get_if<rdenoise::RawFrame>(&input)) {
    file.make = raw->metadata.make;
    file.model = raw->metadata.model;
    file.iso = raw->metadata.iso;
  }
  return file;
}

}  // namespace rdn
