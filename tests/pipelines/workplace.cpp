// SPDX-License-Identifier: LGPL-2.1-or-later
#include "workplace.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <rdenoise/model.hpp>
#include <rdenoise/noise.hpp>
#include <rdenoise/picture_file.hpp>
#include <stdexcept>

namespace rdenoise::test {

namespace fs = std::filesystem;

Weights random_ffdnet(InputDomain input, std::uint64_t seed) {
  const NetworkParams params{.network = "ffdnet",
                             .input = input,
                             .image_channels = input == InputDomain::rgb ? 3 : 1,
                             .depth = 3,
                             .width = 8,
                             .residual = true};
  const NetworkSpec spec = build_network(params);
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  Weights weights{{}, to_metadata(params)};
  std::uint64_t drawn = 0;
  const auto draw = [&](std::vector<std::int64_t> shape) {
    std::int64_t count = 1;
    for (const std::int64_t size : shape) count *= size;
    Tensor tensor{std::move(shape), {}};
    for (std::int64_t i = 0; i < count; ++i) {
      tensor.values.push_back(static_cast<float>(0.2 * (random_uniform({.seed = seed}, drawn++) - 0.5)));
    }
    return tensor;
  };
  for (const Layer& layer : spec.layers) {
    if (layer.kind != LayerKind::convolution) continue;
    weights.tensors[layer.name + ".weight"] =
        draw({layer.out_channels, shapes[layer.inputs[0]].channels, layer.kernel, layer.kernel});
    if (layer.bias) weights.tensors[layer.name + ".bias"] = draw({layer.out_channels});
  }
  return weights;
}

Image formula_image(ColorModel model, int width_px, int height_px) {
  Image image(model, width_px, height_px);
  for (int plane = 0; plane < image.plane_count(); ++plane) {
    for (int y = 0; y < height_px; ++y) {
      for (int x = 0; x < width_px; ++x) {
        const float phase = 0.31F * static_cast<float>(x) + 0.17F * static_cast<float>(y);
        image.at(plane, x, y) = 0.5F + 0.4F * std::sin(phase + static_cast<float>(plane));
      }
    }
  }
  return image;
}

RawFrame formula_raw(int width_px, int height_px) {
  RawFrame frame;
  frame.width_px = width_px;
  frame.height_px = height_px;
  frame.bit_depth = 12;
  frame.mosaic.resize(static_cast<std::size_t>(width_px) * height_px);
  frame.metadata.black_level_dn = {256, 256, 256, 256};
  frame.metadata.white_level_dn = 4095;
  frame.metadata.as_shot_gains = {2.F, 1.F, 1.5F};
  frame.metadata.xyz_to_camera = {0.9F, -0.3F, -0.1F, -0.4F, 1.2F, 0.2F, -0.1F, 0.2F, 0.6F};
  frame.metadata.make = "Formula";
  frame.metadata.model = "Formula One";
  const Image signal = formula_image(ColorModel::gray, width_px, height_px);
  for (std::size_t i = 0; i < frame.mosaic.size(); ++i) {
    frame.mosaic[i] = static_cast<std::uint16_t>(256.F + 0.5F * signal.samples()[i] * (4095.F - 256.F));
  }
  return frame;
}

void Workplace::SetUp() {
  std::string name = (fs::temp_directory_path() / "rdenoise-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  const std::pair<const char*, InputDomain> models[] = {
      {"ffdnet-gray", InputDomain::gray}, {"ffdnet-color", InputDomain::rgb}, {"ffdnet-bayer", InputDomain::bayer}};
  for (const auto& [model, domain] : models) {
    fs::create_directories(folder_ / "models" / model);
    write_safetensors(folder_ / "models" / model / "weights.safetensors", random_ffdnet(domain, 1));
  }
  setenv("RDENOISE_MODEL_PATH", (folder_ / "models").c_str(), 1);
}

void Workplace::TearDown() { fs::remove_all(folder_); }

std::string Workplace::write_formula_picture(const std::string& name, ColorModel model, int width_px,
                                             int height_px) const {
  Picture picture;
  picture.image = formula_image(model, width_px, height_px);
  const bool is_tiff = fs::path(name).extension() == ".tiff";
  write_picture(folder_ / name, picture, {.bit_depth = is_tiff ? 32 : 8});
  return path(name);
}

std::string Workplace::write_formula_dng(const std::string& name) const {
  write_dng(folder_ / name, formula_raw(48, 40));
  return path(name);
}

std::string Workplace::write_text(const std::string& name, const std::string& text) const {
  std::ofstream(folder_ / name, std::ios::binary) << text;
  return path(name);
}

int Workplace::count_files_beginning_with(const std::string& prefix) const {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(prefix) || name.starts_with("." + prefix)) ++count;
  }
  return count;
}

}  // namespace rdenoise::test
