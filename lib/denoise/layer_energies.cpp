// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <rdenoise/error.hpp>
#include <rdenoise/explain.hpp>

#include "denoise/energy_map.hpp"
#include "denoise/frame_denoiser.hpp"

namespace rdenoise {
namespace {

int divided_up(int a, int b) { return (a + b - 1) / b; }

/// The picture's cells. Passes differ in size by a pixel at most: that of the largest serves them all.
struct CellGrid {
  int cell_px = 1;
  int columns = 0;
  int rows = 0;
};

CellGrid choose_cells(const PassList& passes, int alignment_px, int longest_map_px) {
  int width_px = 0;
  int height_px = 0;
  for (const Pass& pass : passes) {
    width_px = std::max(width_px, pass.padding.padded_width_px);
    height_px = std::max(height_px, pass.padding.padded_height_px);
  }
  const int longest_cells = divided_up(std::max(width_px, height_px), alignment_px);
  const int cell_px = alignment_px * divided_up(longest_cells, longest_map_px);
  return {cell_px, divided_up(width_px, cell_px), divided_up(height_px, cell_px)};
}

LayerEnergy energy_of(const NetworkSpec& spec, const Stage& stage, const LayerShape& shape, const EnergyMap& map) {
  const Layer& convolution = spec.layers[static_cast<std::size_t>(stage.convolution)];
  const FeatureSums& sums = map.sums();
  const auto count = static_cast<double>(std::max<std::int64_t>(sums.count, 1));
  return {.layer = stage.features,
          .name = convolution.name,
          .kind = std::string(to_string(convolution.kind)) + (stage.features != stage.convolution ? " + relu" : ""),
          .channels = shape.channels,
          .downscale = shape.downscale,
          .rms = std::sqrt(sums.squares / count),
          .mean_abs = sums.magnitudes / count,
          .zero_share = static_cast<double>(sums.zeros) / count,
          .rms_map = map.rms()};
}

}  // namespace

LayerEnergies layer_energies(const Model& model, const ConstFrameView& src, const NoiseProfile& noise,
                             const DenoiseOptions& options, int longest_map_px) {
  if (longest_map_px < 1)
    throw Error(ErrorCode::invalid_argument,
                "looking at layers: expected maps of 1 px or more, found " + std::to_string(longest_map_px));
  if (src.color_model == ColorModel::yuv)
    throw Error(ErrorCode::unsupported, "looking at layers: expected a gray, rgb or bayer frame, found a yuv frame");

  const std::vector<Stage> stages = convolution_stages(model.spec);
  const std::vector<LayerShape> shapes = layer_shapes(model.spec);
  std::vector<int> watched;
  for (const Stage& stage : stages) watched.push_back(stage.features);
  FrameDenoiser frames(model.name, model.spec,
                       make_onednn_executor(model.spec, model.weights, options.precision, watched), options);

  frames.check_source(src, noise);
  const int alignment = alignment_px(model.spec);
  const CellGrid grid =
      choose_cells(split_into_passes(model.spec, alignment, src, {}, noise), alignment, longest_map_px);
  std::map<int, EnergyMap> maps;  // by layer
  for (const int layer : watched)
    maps.try_emplace(layer, shapes[static_cast<std::size_t>(layer)].downscale, grid.cell_px, grid.columns, grid.rows);

  frames.for_each_tile(src, {}, noise, [&](const FilledTile& filled) {
    filled.run.run_observed(
        [&](const LayerResult& features) { maps.find(features.layer())->second.add(features, filled.tile); });
  });

  LayerEnergies energies{.cell_px = grid.cell_px, .layers = {}};
  for (const Stage& stage : stages)
    energies.layers.push_back(energy_of(model.spec, stage, shapes[static_cast<std::size_t>(stage.features)],
                                        maps.find(stage.features)->second));
  return energies;
}

}  // namespace rdenoise
