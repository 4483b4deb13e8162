// SPDX-License-Identifier: LGPL-2.1-or-later
#include "simulated_camera.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <rdenoise/error.hpp>
#include <string>
#include <utility>
#include <vector>

#include "named_error.hpp"

namespace rdn {

using rdenoise::CameraParameters;
using rdenoise::Error;
using rdenoise::ErrorCode;

CameraParameters draw_camera(const CameraOptions& options, std::uint64_t seed) {
  std::vector<rdenoise::ResponseCurve> curves;
  if (!options.response_curves.empty()) {
    auto set =
        naming(options.response_curves, [&] { return rdenoise::read_response_curves_file(options.response_curves); });
    for (const std::string& remark : set.remarks) {
      std::fprintf(stderr, "rdn: %s: %s\n", options.response_curves.c_str(), remark.c_str());
    }
    curves = std::move(set.curves);
  }
  CameraParameters camera = rdenoise::CameraSimulator(options.kind, std::move(curves)).draw(seed);
  if (options.noise) camera.noise.channels.fill(*options.noise);
  if (options.jpeg_quality) {
    camera.jpeg.reset();
    if (*options.jpeg_quality > 0) camera.jpeg = rdenoise::JpegOptions{.quality = *options.jpeg_quality};
  }
  return camera;
}

Json to_json(const CameraParameters& camera) {
  Json object{{"exposure_ev", camera.exposure_ev},           {"gains", camera.gains},
              {"camera_to_srgb", camera.camera_to_srgb},     {"cfa", std::string(to_string(camera.cfa))},
              {"response_curve", camera.response.name()},    {"smoothstep", camera.smoothstep},
              {"keeps_highlights", camera.keeps_highlights}, {"demosaic", std::string(to_string(camera.demosaic))},
              {"resize_factor", camera.resize_factor}};
  object["black_level_dn"] = camera.levels ? Json(camera.levels->black_dn) : Json(nullptr);
  object["white_level_dn"] = camera.levels ? Json(camera.levels->white_dn) : Json(nullptr);
  return object;
}

rdenoise::RawFrame to_raw_frame(const rdenoise::Image& mosaic, const CameraParameters& camera) {
  constexpr int least_side_px = 22;  // of a DNG that LibRaw reads
  if (!camera.levels) throw Error(ErrorCode::invalid_argument, "making a RAW photo: expected levels, found none");
  if (mosaic.width_px() < least_side_px || mosaic.height_px() < least_side_px) {
    throw Error(ErrorCode::unsupported, "making a RAW photo: expected at least 22x22 pixels, found " +
                                            std::to_string(mosaic.width_px()) + "x" +
                                            std::to_string(mosaic.height_px()));
  }
  const rdenoise::Levels levels = *camera.levels;
  rdenoise::RawFrame frame;
  frame.width_px = mosaic.width_px();
  frame.height_px = mosaic.height_px();
  frame.cfa = mosaic.cfa();
  frame.bit_depth = static_cast<int>(std::ceil(std::log2(levels.white_dn + 1.F)));
  for (const float signal : mosaic.samples()) {
    const float dn = std::round(levels.black_dn + signal * (levels.white_dn - levels.black_dn));
    frame.mosaic.push_back(static_cast<std::uint16_t>(std::clamp(dn, 0.F, levels.white_dn)));
  }
  frame.metadata.black_level_dn.fill(levels.black_dn);
  frame.metadata.white_level_dn = levels.white_dn;
  frame.metadata.as_shot_gains = camera.gains;
  frame.metadata.camera_to_srgb = camera.camera_to_srgb;
  frame.metadata.noise_profile = camera.noise;
  frame.metadata.make = "rdenoise";
  frame.metadata.model = "simulated camera";
  return frame;
}

}  // namespace rdn
