// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/state_dict_layout.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <rdenoise/error.hpp>

namespace rdenoise {
namespace {

/// N of "model.N.weight" of each convolution, in order.
std::vector<int> convolution_numbers(const Weights& weights) {
  std::vector<int> numbers;
  for (const auto& [name, tensor] : weights.tensors) {
    if (!name.starts_with("model.") || !name.ends_with(".weight") || tensor.shape.size() != 4) continue;
    int number = 0;
    const char* const first = name.data() + 6;
    const auto [end, error] = std::from_chars(first, name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size() - 7) numbers.push_back(number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

std::string bias_name(int number) { return "model." + std::to_string(number) + ".bias"; }

/// Slices of a tensor along its axis 0 or 1.
struct Slices {
  std::size_t outer;
  std::size_t count;
  std::size_t inner;
};

Slices slices(const Tensor& tensor, std::size_t axis) {
  const auto extent = [&](std::size_t i) { return static_cast<std::size_t>(tensor.shape[i]); };
  Slices s{1, extent(axis), 1};
  for (std::size_t i = 0; i < axis; ++i) s.outer *= extent(i);
  for (std::size_t i = axis + 1; i < tensor.shape.size(); ++i) s.inner *= extent(i);
  return s;
}

/// Swaps the two middle sub-images of each group of four, up to channel `end` of the axis.
void swap_middle_sub_images(Tensor& tensor, std::size_t axis, std::size_t end) {
  const Slices s = slices(tensor, axis);
  for (std::size_t outer = 0; outer < s.outer; ++outer)
    for (std::size_t group = 0; group + 4 <= end; group += 4) {
      float* const second = tensor.values.data() + (outer * s.count + group + 1) * s.inner;
      std::swap_ranges(second, second + s.inner, second + s.inner);
    }
}

}  // namespace

void fill_biases(Weights& weights) {
  const std::vector<int> numbers = convolution_numbers(weights);
  if (numbers.size() < 3) return;
  const auto has_bias = [&](int number) { return weights.tensors.contains(bias_name(number)); };
  const bool middle = std::any_of(numbers.begin() + 1, numbers.end() - 1, has_bias);
  if (!has_bias(numbers.front()) || middle) return;
  for (const int number : numbers) {
    if (has_bias(number)) continue;
    const std::int64_t channels = weights.tensors.find("model." + std::to_string(number) + ".weight")->second.shape[0];
    weights.tensors[bias_name(number)] = {{channels}, std::vector<float>(static_cast<std::size_t>(channels))};
  }
}

void move_map_last(Weights& weights, const std::string& shown_name) {
  const auto found = weights.tensors.find("model.0.weight");
  if (found == weights.tensors.end()) return;  // the check of the weights says so
  Tensor& kernel = found->second;
  const bool gray = kernel.shape.size() == 4 && kernel.shape[1] == 5;
  const bool color = kernel.shape.size() == 4 && kernel.shape[1] == 15;
  if (!gray && !color)
    throw Error(ErrorCode::corrupt, "checking weights, tensor " + shown_name +
                                        ": expected 5 input channels (gray) or 15 (colour), found shape " +
                                        shape_text(kernel.shape));
  const std::size_t n_maps = gray ? 1 : 3;
  const Slices s = slices(kernel, 1);
  if (kernel.values.size() != s.outer * s.count * s.inner) return;
  Tensor moved{kernel.shape, {}};
  moved.shape[1] = static_cast<std::int64_t>(s.count - n_maps + 1);
  for (std::size_t out = 0; out < s.outer; ++out) {
    const auto first = kernel.values.begin() + static_cast<std::ptrdiff_t>(out * s.count * s.inner);
    const auto inner = static_cast<std::ptrdiff_t>(s.inner);
    moved.values.insert(moved.values.end(), first + static_cast<std::ptrdiff_t>(n_maps) * inner,
                        first + static_cast<std::ptrdiff_t>(s.count) * inner);
    for (std::ptrdiff_t k = 0; k < inner; ++k) {
      double sum = 0.0;
      for (std::ptrdiff_t map = 0; map < static_cast<std::ptrdiff_t>(n_maps); ++map) sum += first[map * inner + k];
      moved.values.push_back(static_cast<float>(sum));
    }
  }
  kernel = std::move(moved);
}

void split_noise_planes(Weights& weights) {
  const std::vector<int> numbers = convolution_numbers(weights);
  if (numbers.size() < 3) return;
  const auto kernel = [&](std::size_t i) -> const Tensor& {
    return weights.tensors.find("model." + std::to_string(numbers[i]) + ".weight")->second;
  };
  const std::int64_t planes = kernel(0).shape[1];
  for (std::size_t i = 1; i < numbers.size(); ++i)
    if (kernel(i).shape[1] != kernel(i - 1).shape[0] - planes) return;
  std::map<std::string, Tensor, std::less<>> split;
  for (auto& [name, tensor] : weights.tensors) {
    const std::string number = name.substr(6, name.rfind('.') - 6);
    const std::string field = name.substr(name.rfind('.'));
    const auto index = std::ranges::find(numbers, std::atoi(number.c_str())) - numbers.begin();
    if (!name.starts_with("model.") || index == std::ssize(numbers) || tensor.shape.empty()) {
      split[name] = std::move(tensor);
      continue;
    }
    const std::int64_t n_features = tensor.shape[0] - planes;
    const auto per_channel =
        static_cast<std::int64_t>(tensor.values.size()) / std::max<std::int64_t>(1, tensor.shape[0]);
    const auto middle = tensor.values.begin() + std::max<std::int64_t>(0, n_features) * per_channel;
    Tensor noise = tensor;
    Tensor features = tensor;
    noise.shape[0] = std::min(planes, tensor.shape[0]);
    noise.values.assign(middle, tensor.values.end());
    split["noise." + std::to_string(index) + field] = std::move(noise);
    if (n_features <= 0) continue;
    features.shape[0] = n_features;
    features.values.assign(tensor.values.begin(), middle);
    split["features." + std::to_string(index) + field] = std::move(features);
  }
  weights.tensors = std::move(split);
}

void from_column_major(const NetworkSpec& spec, Weights& weights) {
  const auto first = std::ranges::find(spec.layers, LayerKind::convolution, &Layer::kind);
  const auto last = std::find_if(spec.layers.rbegin(), spec.layers.rend(),
                                 [](const Layer& layer) { return layer.kind == LayerKind::convolution; });
  if (spec.params.network != "ffdnet" || first == spec.layers.end())
    throw Error(ErrorCode::unsupported,
                "ordering sub-images: expected a network of sub-images (ffdnet), found " + spec.params.network);
  const auto sub_images = static_cast<std::size_t>(last->out_channels);
  Tensor& kernel = weights.tensors.find(first->name + ".weight")->second;
  // A Bayer map has a plane for each site, shuffled as the sub-images are.
  const auto in_channels = static_cast<std::size_t>(kernel.shape[1]);
  swap_middle_sub_images(kernel, 1, in_channels - in_channels % 4);
  swap_middle_sub_images(weights.tensors.find(last->name + ".weight")->second, 0, sub_images);
  if (last->bias) swap_middle_sub_images(weights.tensors.find(last->name + ".bias")->second, 0, sub_images);
}

}  // namespace rdenoise
