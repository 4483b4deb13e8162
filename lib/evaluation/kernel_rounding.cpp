// SPDX-License-Identifier: LGPL-2.1-or-later
#include "evaluation/kernel_rounding.hpp"

#include <algorithm>
#include <random>
#include <rdenoise/denoise.hpp>

#include "denoise/frame_denoiser.hpp"
#include "evaluation/compensated_rounding.hpp"
#include "network/edge_convolution.hpp"
#include "network/onednn_cpu.hpp"
#include "network/stored_kernels.hpp"

namespace rdenoise {
namespace {

/// So many samples for each weight of an output.
constexpr std::size_t samples_per_input = 30;

/// A layer's result on one picture, whole.
struct SeenResult {
  int channels = 0;
  int height = 0;
  int width = 0;
  std::vector<float> values;  ///< [channel][y][x]

  /// The window [channel][k][k] about a pixel, zero beyond the picture, in numbers.
  void read_window(int y, int x, int kernel, std::span<const float> scales, std::span<float> window) const {
    std::size_t i = 0;
    for (int c = 0; c < channels; ++c)
      for (int ky = y - kernel / 2; ky <= y + kernel / 2; ++ky)
        for (int kx = x - kernel / 2; kx <= x + kernel / 2; ++kx) {
          const bool inside = ky >= 0 && ky < height && kx >= 0 && kx < width;
          const std::size_t at = (static_cast<std::size_t>(c) * height + ky) * width + kx;
          window[i++] = inside ? values[at] / scales[static_cast<std::size_t>(c)] : 0.F;
        }
  }
};

SeenResult see(FrameDenoiser& frames, const NoisyPicture& picture) {
  SeenResult seen;
  frames.for_each_tile(view_of(picture.picture), {}, picture.profile, [&](const FilledTile& filled) {
    filled.run.run_observed([&](const LayerResult& result) {
      seen = {result.channels(), result.height(), result.width(), {}};
      seen.values.resize(static_cast<std::size_t>(seen.channels) * seen.height * seen.width);
      for (int c = 0; c < seen.channels; ++c)
        for (int y = 0; y < seen.height; ++y)
          result.read_row(c, y, 0,
                          std::span(seen.values)
                              .subspan((static_cast<std::size_t>(c) * seen.height + y) * seen.width, result.width()));
    });
  });
  return seen;
}

FrameDenoiser watching(const Model& model, Precision precision, int result) {
  // Whole pictures: tiles would show values at their edges that the network has nowhere else.
  constexpr int beyond_any_picture_px = 1 << 16;
  const int watched[] = {result};
  return {model.name,
          model.spec,
          make_onednn_executor(model.spec, model.weights, precision, watched),
          {.precision = precision, .tile_size_px = beyond_any_picture_px, .n_threads = 1}};
}

/// Where a convolution reads on pictures: what f32 gives it, and what a lower precision does.
class ReadWindows {
 public:
  ReadWindows(const Model& exact, const Model& kept, Precision precision, int result)
      : in_float_(watching(exact, Precision::f32, result)), as_kept_(watching(kept, precision, result)) {}

  /// At random places.  scales  that values are divided by, one for each channel
  [[nodiscard]] InputMoments::Covariances covariances(std::span<const NoisyPicture> pictures, int kernel,
                                                      std::span<const float> scales, std::uint64_t seed) {
    const std::size_t n_inputs = scales.size() * static_cast<std::size_t>(kernel) * kernel;
    std::vector<float> exact_window(n_inputs);
    std::vector<float> kept_window(n_inputs);
    InputMoments moments(n_inputs);
    std::mt19937_64 generator(seed);
    for (const NoisyPicture& picture : pictures) {
      const SeenResult as_float = see(in_float_, picture);
      const SeenResult as_kept = see(as_kept_, picture);
      for (std::size_t i = 0; i < samples_per_input * n_inputs / pictures.size() + 1; ++i) {
        const int y = static_cast<int>(generator() % static_cast<std::uint64_t>(as_float.height));
        const int x = static_cast<int>(generator() % static_cast<std::uint64_t>(as_float.width));
        as_float.read_window(y, x, kernel, scales, exact_window);
        as_kept.read_window(y, x, kernel, scales, kept_window);
        moments.add(exact_window, kept_window, picture.weight);
      }
    }
    return moments.covariances();
  }

 private:
  FrameDenoiser in_float_;
  FrameDenoiser as_kept_;
};

const std::vector<float>& weights_of(const Model& model, const Layer& layer) {
  return model.weights.tensors.find(layer.name + ".weight")->second.values;
}

/// By a kernel for bf16 whatever the CPU.
bool takes_bf16(const NetworkSpec& spec, const Layer& layer) {
  if (layer.kind != LayerKind::convolution) return false;
  const LayerKind source = spec.layers[static_cast<std::size_t>(layer.inputs[0])].kind;
  return layer.kernel == 3 && layer.dilation == 1 && layer.factor == 1 && layer.bias &&
         source != LayerKind::image_input && source != LayerKind::noise_map_input;
}

}  // namespace

std::map<std::string, std::string, std::less<>> rounded_kernels(Model model, std::span<const NoisyPicture> pictures,
                                                                std::uint64_t seed) {
  std::map<std::string, std::string, std::less<>> entries;
  if (!onednn::has_eight_bits() || onednn::most_weight_of_cpu() != most_eight_bit_weight) return entries;
  const Model exact = model;
  const EightBitResults results = eight_bit_results(model.spec, model.weights);
  for (const Layer& layer : model.spec.layers) {
    if (layer.kind != LayerKind::convolution || results[static_cast<std::size_t>(layer.inputs[0])].empty()) continue;
    const std::vector<float>& scales = results[static_cast<std::size_t>(layer.inputs[0])].scales;
    if (onednn::is_output_edge(layer, static_cast<int>(scales.size()))) continue;  // computes in float
    ReadWindows windows(exact, model, Precision::int8, layer.inputs[0]);
    const auto inputs = windows.covariances(pictures, layer.kernel, scales, seed);
    const std::size_t taps = static_cast<std::size_t>(layer.kernel) * layer.kernel;
    std::vector<float> weights = weights_of(exact, layer);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] *= scales[i / taps % scales.size()];
    const EightBitKernel kernel = round_compensated(weights, inputs, most_eight_bit_weight);
    model.weights.metadata[kernel_key(layer.name)] = entries[kernel_key(layer.name)] = kernel_text(kernel);
  }
  return entries;
}

std::map<std::string, std::string, std::less<>> rounded_bf16_kernels(Model model,
                                                                     std::span<const NoisyPicture> pictures,
                                                                     std::uint64_t seed) {
  std::map<std::string, std::string, std::less<>> entries;
  if (!onednn::has_bf16()) return entries;
  const Model exact = model;
  const std::vector<LayerShape> shapes = layer_shapes(model.spec);
  for (const Layer& layer : model.spec.layers) {
    if (!takes_bf16(model.spec, layer)) continue;
    const int in_channels = shapes[static_cast<std::size_t>(layer.inputs[0])].channels;
    ReadWindows windows(exact, model, Precision::bf16, layer.inputs[0]);
    const auto inputs = windows.covariances(pictures, layer.kernel,
                                            std::vector<float>(static_cast<std::size_t>(in_channels), 1.F), seed);
    const std::string key = bf16_kernel_key(layer.name);
    model.weights.metadata[key] = entries[key] =
        kernel_text(round_compensated_to_bf16(weights_of(exact, layer), inputs));
  }
  return entries;
}

}  // namespace rdenoise
