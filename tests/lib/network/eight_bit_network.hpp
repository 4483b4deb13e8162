// SPDX-License-Identifier: LGPL-2.1-or-later
// Networks that can run in eight bits, with scales for their results.
#pragma once

#include <algorithm>
#include <map>
#include <rdenoise/network.hpp>
#include <span>
#include <string>
#include <vector>

#include "lib/network/run_network.hpp"
#include "lib/network/small_network.hpp"
#include "network/quantisation.hpp"

namespace rdenoise::test {

/// A layer's result, [channel][y][x].
struct Seen {
  int channels = 0;
  int height = 0;
  int width = 0;
  std::vector<float> values;
  [[nodiscard]] float at(int c, int y, int x) const {
    return values[(static_cast<std::size_t>(c) * height + y) * width + x];
  }
};
using SeenLayers = std::map<int, Seen>;

inline SeenLayers run_watching(const Executor& executor, int height_px, int width_px) {
  const auto run = executor.prepare(height_px, width_px);
  fill_uniform(run->image(), 0.F, 1.F);
  if (run->noise_map().data != nullptr) fill_uniform(run->noise_map(), 0.05F, 0.15F);
  SeenLayers seen;
  run->run_observed([&](const LayerResult& result) {
    Seen& layer = seen[result.layer()];
    layer = {result.channels(), result.height(), result.width(), {}};
    layer.values.resize(static_cast<std::size_t>(layer.channels) * layer.height * layer.width);
    for (int c = 0; c < layer.channels; ++c)
      for (int y = 0; y < layer.height; ++y)
        result.read_row(c, y, 0,
                        {layer.values.data() + (static_cast<std::size_t>(c) * layer.height + y) * layer.width,
                         static_cast<std::size_t>(layer.width)});
  });
  return seen;
}

/// Scales for results as random pictures give them; the largest values are clipped.
inline Weights calibrated(const NetworkSpec& spec, Weights weights) {
  const std::vector<int> results = results_to_calibrate(spec);
  const int edge = aligned_px(spec, 24);
  for (const auto& [layer, seen] : run_watching(*make_plain_executor(spec, weights, results), edge, edge)) {
    std::vector<float> scales;
    std::vector<float> means;
    const std::size_t plane = seen.values.size() / static_cast<std::size_t>(seen.channels);
    for (int c = 0; c < seen.channels; ++c) {
      const std::span<const float> values(seen.values.data() + static_cast<std::size_t>(c) * plane, plane);
      scales.push_back(std::max(*std::ranges::max_element(values), 0.1F) / 280.F);
      float sum = 0.F;
      for (const float value : values) sum += value;
      means.push_back(sum / static_cast<float>(plane));
    }
    const Layer& relu = spec.layers[static_cast<std::size_t>(layer)];
    const std::string& name = spec.layers[static_cast<std::size_t>(relu.inputs[0])].name;
    weights.metadata[result_scales_key(name)] = channel_numbers_text(scales);
    weights.metadata[result_means_key(name)] = channel_numbers_text(means);
  }
  return weights;
}

struct EightBitCase {
  std::string name;
  NetworkSpec spec;
};
inline void PrintTo(const EightBitCase& c, std::ostream* os) { *os << c.name; }

inline Layer convolution(const char* name, int input, int out_channels, int kernel = 3, int dilation = 1) {
  return {.kind = LayerKind::convolution,
          .name = name,
          .inputs = {input},
          .out_channels = out_channels,
          .kernel = kernel,
          .dilation = dilation};
}

inline std::vector<EightBitCase> eight_bit_cases() {
  std::vector<EightBitCase> cases;
  const auto add_example = [&](const char* name, std::size_t index) {
    NetworkParams params = small(find_architecture(name).examples[index]);
    params.batch_norm = false;
    cases.push_back({std::string(name) + "_" + std::to_string(index), build_network(params)});
  };
  for (std::size_t i = 0; i < 4; ++i) add_example("ffdnet", i);
  add_example("dncnn", 0);
  const auto relu = [](int input, int channels) {
    return Layer{.kind = LayerKind::relu, .inputs = {input}, .out_channels = channels};
  };
  // Results read twice, by a dilated convolution, by a sum; channels that fill no register; kernels of 1 and 5.
  NetworkSpec mixed{{.network = "custom", .image_channels = 2, .depth = 1, .width = 1}, {}};
  mixed.layers = {{.kind = LayerKind::image_input, .out_channels = 2},
                  convolution("a", 0, 20),                                               // 1
                  relu(1, 20),                                                           // 2
                  convolution("b", 2, 17, 5),                                            // 3
                  relu(3, 17),                                                           // 4
                  convolution("c", 4, 33, 1),                                            // 5
                  relu(5, 33),                                                           // 6
                  convolution("d", 4, 33),                                               // 7
                  {.kind = LayerKind::add, .inputs = {6, 7}, .out_channels = 33},        // 8
                  convolution("e", 8, 24),                                               // 9
                  relu(9, 24),                                                           // 10
                  convolution("f", 10, 16, 3, 2),                                        // 11
                  relu(11, 16),                                                          // 12
                  convolution("g", 12, 18),                                              // 13
                  relu(13, 18),                                                          // 14
                  convolution("h", 14, 2),                                               // 15
                  {.kind = LayerKind::subtract, .inputs = {0, 15}, .out_channels = 2}};  // 16
  cases.push_back({"mixed", mixed});
  return cases;
}

}  // namespace rdenoise::test
