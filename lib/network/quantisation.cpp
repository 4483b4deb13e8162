// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/quantisation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <rdenoise/error.hpp>
#include <utility>

#include "network/listed_convolutions.hpp"

namespace rdenoise {
namespace {

constexpr std::string_view scales_prefix = "activation_scales.";
constexpr std::string_view means_prefix = "activation_means.";

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

/// One for each channel; `least` is the least that makes sense.
std::vector<float> parse_numbers(const std::string& key, const std::string& text, int channels, float least) {
  std::vector<float> numbers;
  const char* next = text.data();
  const char* const end = next + text.size();
  while (next != end) {
    float number = 0.F;
    const auto [stop, error] = std::from_chars(next, end, number);
    if (error != std::errc() || !(number >= least) || !std::isfinite(number)) break;
    numbers.push_back(number);
    next = stop;
    if (next != end && *next == ',' && next + 1 != end) ++next;
  }
  if (next != end || std::cmp_not_equal(numbers.size(), channels))
    throw Error(ErrorCode::corrupt, "reading model metadata, " + key + ": expected " + std::to_string(channels) +
                                        " positive numbers with commas between, found " +
                                        (next == end ? std::to_string(numbers.size())
                                                     : "\"" + std::string(next, std::min(end, next + 16)) + "\""));
  return numbers;
}

/// To whole numbers near values · factor whose sum is that of these, rounded: what a channel has in common over a
/// neighbourhood is most of it, and passes without error. Those change that lie nearest to the next number.
void round_keeping_sum(std::span<const float> values, float factor, int most, std::span<std::int8_t> numbers) {
  const auto exact = [&](std::size_t i) { return values[i] * factor; };
  float sum = 0.F;
  int rounded_sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    numbers[i] = static_cast<std::int8_t>(std::clamp(static_cast<int>(std::nearbyint(exact(i))), -most, most));
    sum += exact(i);
    rounded_sum += numbers[i];
  }
  for (int missing = static_cast<int>(std::nearbyint(sum)) - rounded_sum; missing != 0;) {
    const int step = missing > 0 ? 1 : -1;
    std::size_t nearest = values.size();
    float most_gain = -INFINITY;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const float gain = (exact(i) - static_cast<float>(numbers[i])) * static_cast<float>(step);
      if (gain > most_gain && std::abs(numbers[i] + step) <= most) {
        most_gain = gain;
        nearest = i;
      }
    }
    if (nearest == values.size()) return;
    numbers[nearest] = static_cast<std::int8_t>(numbers[nearest] + step);
    missing -= step;
  }
}

}  // namespace

std::string result_scales_key(std::string_view convolution) {
  return std::string(scales_prefix) + std::string(convolution);
}

std::string result_means_key(std::string_view convolution) {
  return std::string(means_prefix) + std::string(convolution);
}

std::string channel_numbers_text(std::span<const float> numbers) {
  std::string text;
  for (const float number : numbers) {
    // Four digits: the clipping that calibration seeks is flat about its best.
    std::array<char, 32> digits;
    const auto [end, error] =
        std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::general, 4);
    text += (text.empty() ? "" : ",") + std::string(digits.data(), end);
  }
  return text;
}

bool has_result_scales(const Weights& weights) {
  const auto found = weights.metadata.lower_bound(scales_prefix);
  return found != weights.metadata.end() && found->first.starts_with(scales_prefix);
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

EightBitResults eight_bit_results(const NetworkSpec& spec, const Weights& weights, std::span<const int> watched) {
  EightBitResults results(spec.layers.size());
  ListedConvolutions in_float(weights, float_results_key);
  for (const int index : results_to_calibrate(spec)) {
    const int convolution = spec.layers[static_cast<std::size_t>(index)].inputs[0];
    const Layer& layer = spec.layers[static_cast<std::size_t>(convolution)];
    if (in_float.take(layer.name) || std::ranges::find(watched, convolution) != watched.end()) continue;
    const auto read = [&](const std::string& key, float least) {
      const auto found = weights.metadata.find(key);
      return found == weights.metadata.end() ? std::vector<float>()
                                             : parse_numbers(key, found->second, layer.out_channels, least);
    };
    EightBitResult& result = results[static_cast<std::size_t>(index)];
    result.scales = read(result_scales_key(layer.name), std::numeric_limits<float>::min());
    result.means = read(result_means_key(layer.name), 0.F);
    if (result.means.empty()) result.means.resize(result.scales.size());
  }
  in_float.check_all_taken();
  return results;
}

EightBitKernel to_eight_bits(const Tensor& weights, const EightBitResult& source, int copies, int most) {
  const auto outputs = static_cast<std::size_t>(weights.shape[0]);
  const std::size_t channels = source.scales.size();
  const std::size_t taps = weights.values.size() / (outputs * channels);
  std::vector<float> exact(taps);
  EightBitKernel kernel{std::vector<std::int8_t>(weights.values.size() * static_cast<std::size_t>(copies)),
                        std::vector<float>(outputs, 1.F), std::vector<float>(outputs)};
  for (std::size_t o = 0; o < outputs; ++o) {
    const float* const given = weights.values.data() + o * channels * taps;
    std::int8_t* const numbers = kernel.numbers.data() + o * channels * taps * static_cast<std::size_t>(copies);
    float largest = 0.F;
    for (std::size_t i = 0; i < channels * taps; ++i)
      largest = std::max(largest, std::abs(given[i] * source.scales[i / taps]));
    if (largest == 0.F) continue;
    kernel.scales[o] = largest / static_cast<float>(copies * most);
    double missing = 0.0;  // from the mean result, in steps
    for (std::size_t c = 0; c < channels; ++c) {
      // What the copies before have not taken.
      for (std::size_t i = 0; i < taps; ++i) exact[i] = given[c * taps + i] * source.scales[c] / kernel.scales[o];
      for (int copy = 0; copy < copies; ++copy) {
        const float share = 1.F / static_cast<float>(copies - copy);
        const std::span<std::int8_t> rounded(numbers + (static_cast<std::size_t>(copy) * channels + c) * taps, taps);
        round_keeping_sum(exact, share, most, rounded);
        for (std::size_t i = 0; i < taps; ++i) exact[i] -= static_cast<float>(rounded[i]);
      }
      for (const float left : exact) missing += static_cast<double>(left) * source.means[c] / source.scales[c];
    }
    kernel.bias[o] = static_cast<float>(missing) * kernel.scales[o];
  }
  return kernel;
}

}  // namespace rdenoise
