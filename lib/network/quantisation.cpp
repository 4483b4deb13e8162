// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/quantisation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <rdenoise/error.hpp>
#include <utility>

namespace rdenoise {
namespace {

constexpr std::string_view key_prefix = "activation_scales.";

std::vector<std::vector<int>> readers_of(const NetworkSpec& spec) {
  std::vector<std::vector<int>> readers(spec.layers.size());
  for (std::size_t i = 0; i < spec.layers.size(); ++i)
    for (const int input : spec.layers[i].inputs)
      readers[static_cast<std::size_t>(input)].push_back(static_cast<int>(i));
  return readers;
}

bool takes_eight_bits(const Layer& layer) {
  return layer.kind == LayerKind::convolution && layer.dilation == 1 && layer.factor == 1;
}

std::vector<float> parse_scales(const std::string& key, const std::string& text, int channels) {
  std::vector<float> scales;
  const char* next = text.data();
  const char* const end = next + text.size();
  while (next != end) {
    float scale = 0.F;
    const auto [stop, error] = std::from_chars(next, end, scale);
    if (error != std::errc() || !(scale > 0.F) || !std::isfinite(scale)) break;
    scales.push_back(scale);
    next = stop;
    if (next != end && *next == ',' && next + 1 != end) ++next;
  }
  if (next != end || std::cmp_not_equal(scales.size(), channels))
    throw Error(ErrorCode::corrupt, "reading model metadata, " + key + ": expected " + std::to_string(channels) +
                                        " positive numbers with commas between, found " +
                                        (next == end ? std::to_string(scales.size())
                                                     : "\"" + std::string(next, std::min(end, next + 16)) + "\""));
  return scales;
}

}  // namespace

std::string result_scales_key(std::string_view convolution) {
  return std::string(key_prefix) + std::string(convolution);
}

std::string result_scales_text(std::span<const float> scales) {
  std::string text;
  for (const float scale : scales) {
    // Four digits: the clipping that calibration seeks is flat about its best.
    std::array<char, 32> number;
    const auto [end, error] =
        std::to_chars(number.data(), number.data() + number.size(), scale, std::chars_format::general, 4);
    text += (text.empty() ? "" : ",") + std::string(number.data(), end);
  }
  return text;
}

bool has_result_scales(const Weights& weights) {
  const auto found = weights.metadata.lower_bound(key_prefix);
  return found != weights.metadata.end() && found->first.starts_with(key_prefix);
}

std::vector<int> results_to_calibrate(const NetworkSpec& spec) {
  const std::vector<std::vector<int>> readers = readers_of(spec);
  std::vector<int> results;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& relu = spec.layers[i];
    if (relu.kind != LayerKind::relu || readers[i].empty()) continue;
    const auto source = static_cast<std::size_t>(relu.inputs[0]);
    const bool fits = spec.layers[source].kind == LayerKind::convolution && readers[source].size() == 1 &&
                      std::ranges::all_of(readers[i], [&](int reader) {
                        return takes_eight_bits(spec.layers[static_cast<std::size_t>(reader)]);
                      });
    if (fits) results.push_back(static_cast<int>(i));
  }
  return results;
}

ResultScales eight_bit_results(const NetworkSpec& spec, const Weights& weights, std::span<const int> watched) {
  ResultScales scales(spec.layers.size());
  for (const int result : results_to_calibrate(spec)) {
    const int convolution = spec.layers[static_cast<std::size_t>(result)].inputs[0];
    if (std::ranges::find(watched, convolution) != watched.end()) continue;
    const Layer& layer = spec.layers[static_cast<std::size_t>(convolution)];
    const std::string key = result_scales_key(layer.name);
    if (const auto found = weights.metadata.find(key); found != weights.metadata.end())
      scales[static_cast<std::size_t>(result)] = parse_scales(key, found->second, layer.out_channels);
  }
  return scales;
}

EightBitKernel to_eight_bits(const Tensor& weights, std::span<const float> source_scales, int most) {
  const auto outputs = static_cast<std::size_t>(weights.shape[0]);
  const std::size_t taps = weights.values.size() / (outputs * source_scales.size());
  EightBitKernel kernel{std::vector<std::int8_t>(weights.values.size()), std::vector<float>(outputs, 1.F)};
  for (std::size_t o = 0; o < outputs; ++o) {
    const std::size_t first = o * source_scales.size() * taps;
    const auto weight = [&](std::size_t i) { return weights.values[first + i] * source_scales[i / taps]; };
    float largest = 0.F;
    for (std::size_t i = 0; i < source_scales.size() * taps; ++i) largest = std::max(largest, std::abs(weight(i)));
    if (largest == 0.F) continue;
    kernel.scales[o] = largest / static_cast<float>(most);
    for (std::size_t i = 0; i < source_scales.size() * taps; ++i)
      kernel.numbers[first + i] = static_cast<std::int8_t>(std::nearbyint(weight(i) / kernel.scales[o]));
  }
  return kernel;
}

}  // namespace rdenoise
