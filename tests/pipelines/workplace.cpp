// SPDX-License-Identifier: LGPL-2.1-or-later
#include "workplace.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <rdenoise/model.hpp>
#include <rdenoise/picture_file.hpp>
#include <utility>

#include "lib/network/random_weights.hpp"
#include "support/formula_pictures.hpp"

namespace rdenoise::test {

namespace fs = std::filesystem;

Weights random_ffdnet(InputDomain input) {
  return random_weights(
      build_network(
          {.network = "ffdnet", .input = input, .image_channels = image_channels_of(input), .depth = 3, .width = 8}),
      1);
}

RawFrame formula_raw(int width_px, int height_px) {
  RawFrame frame;
  frame.width_px = width_px;
  frame.height_px = height_px;
  frame.bit_depth = 12;
  frame.metadata.black_level_dn = {256, 256, 256, 256};
  frame.metadata.white_level_dn = 4095;
  frame.metadata.as_shot_gains = {2.F, 1.F, 1.5F};
  frame.metadata.xyz_to_camera = {0.9F, -0.3F, -0.1F, -0.4F, 1.2F, 0.2F, -0.1F, 0.2F, 0.6F};
  frame.metadata.make = "Maker";
  frame.metadata.model = "Model 1";
  // Half exposure, so that added noise has room on both sides.
  const Image scene = formula_bayer(width_px, height_px, frame.cfa);
  for (const float signal : scene.samples()) {
    frame.mosaic.push_back(static_cast<std::uint16_t>(256.F + 0.5F * signal * (4095.F - 256.F)));
  }
  return frame;
}

void Workplace::SetUp() {
  const std::pair<const char*, InputDomain> models[] = {
      {"ffdnet-gray", InputDomain::gray}, {"ffdnet-color", InputDomain::rgb}, {"ffdnet-bayer", InputDomain::bayer}};
  for (const auto& [model, domain] : models) {
    const fs::path folder = folder_ / "models" / model;
    fs::create_directories(folder);
    write_safetensors(folder / "weights.safetensors", random_ffdnet(domain));
  }
  setenv("RDENOISE_MODEL_PATH", path("models").c_str(), 1);
}

std::string Workplace::write_formula_picture(const std::string& name, ColorModel model, int width_px,
                                             int height_px) const {
  Picture picture;
  picture.image = model == ColorModel::rgb ? formula_rgb(width_px, height_px) : formula_gray(width_px, height_px);
  write_picture(path(name), picture, {.bit_depth = 8});
  return path(name);
}

std::string Workplace::write_formula_dng(const std::string& name) const {
  write_dng(path(name), formula_raw(48, 40));
  return path(name);
}

std::string Workplace::write_text(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

int Workplace::count_files_beginning_with(const std::string& prefix) const {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) || name.starts_with("." + prefix)) ++count;
  }
  return count;
}

}  // namespace rdenoise::test
