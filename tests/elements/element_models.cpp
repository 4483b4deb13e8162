// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements/element_models.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <rdenoise/model.hpp>
#include <rdenoise/noise.hpp>

namespace rdenoise::test {
namespace {

void write_model(const std::filesystem::path& folder, InputDomain input, std::uint64_t seed) {
  const NetworkParams params{.network = "ffdnet",
                             .input = input,
                             .image_channels = image_channels_of(input),
                             .depth = 3,
                             .width = 8,
                             .bias = true};
  const NetworkSpec spec = build_network(params);
  Weights weights;
  weights.metadata = to_metadata(params);
  const auto shapes = layer_shapes(spec);
  std::uint64_t index = 0;
  for (const Layer& layer : spec.layers) {
    if (layer.kind != LayerKind::convolution) continue;
    const std::int64_t in = shapes[layer.inputs[0]].channels;
    const std::int64_t fan_in = in * layer.kernel * layer.kernel;
    Tensor weight{{layer.out_channels, in, layer.kernel, layer.kernel}, {}};
    // Variance 1/fan-in keeps signals near their size from layer to layer.
    for (std::int64_t i = 0; i < layer.out_channels * fan_in; ++i) {
      weight.values.push_back(
          static_cast<float>((2.0 * random_uniform({seed, 0}, index++) - 1.0) * std::sqrt(3.0 / fan_in)));
    }
    weights.tensors[layer.name + ".weight"] = std::move(weight);
    weights.tensors[layer.name + ".bias"] = {{layer.out_channels}, std::vector<float>(layer.out_channels, 0.1F)};
  }
  std::filesystem::create_directories(folder);
  write_safetensors(folder / "weights.safetensors", weights);
}

}  // namespace

ElementModels::ElementModels() {
  write_model(folder_ / "ffdnet-gray", InputDomain::gray, 1);
  write_model(folder_ / "ffdnet-color", InputDomain::rgb, 2);
  write_model(folder_ / "ffdnet-bayer", InputDomain::bayer, 3);
  write_model(folder_ / "yuv420", InputDomain::yuv420, 4);
  write_model(folder_ / "ffdnet-live-yuv", InputDomain::yuv420, 5);
  write_model(folder_ / "ffdnet-balanced-yuv", InputDomain::yuv420, 6);
  write_model(folder_ / "ffdnet-lightest-yuv", InputDomain::yuv420, 11);
  write_model(folder_ / "ffdnet-light-yuv", InputDomain::yuv420, 10);
  write_model(folder_ / "ffdnet-live-gray", InputDomain::gray, 7);
  write_model(folder_ / "ffdnet-live-color", InputDomain::rgb, 8);
  write_model(folder_ / "ffdnet-live-bayer", InputDomain::bayer, 9);
  if (const char* before = std::getenv("RDENOISE_MODEL_PATH")) path_before_ = before;
  setenv("RDENOISE_MODEL_PATH", folder_.path().c_str(), 1);
}

ElementModels::~ElementModels() { setenv("RDENOISE_MODEL_PATH", path_before_.c_str(), 1); }

void ElementModels::remove(const std::string& name) const { std::filesystem::remove_all(folder_ / name); }

}  // namespace rdenoise::test
