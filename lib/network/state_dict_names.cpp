// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/state_dict_names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace rdenoise {
namespace {

constexpr double kair_epsilon = 1e-4;

/// "prefix", N and "field" of "prefixN.field"; prefix is empty or ends with a dot.
struct NumberedName {
  std::string prefix;
  int number = 0;
  std::string field;
};

std::optional<NumberedName> split_numbered(std::string_view name) {
  constexpr std::array fields{"weight", "bias", "running_mean", "running_var", "num_batches_tracked"};
  const std::size_t last_dot = name.rfind('.');
  if (last_dot == std::string_view::npos) return std::nullopt;
  const std::string_view field = name.substr(last_dot + 1);
  if (std::ranges::find(fields, field) == fields.end()) return std::nullopt;
  const std::string_view before = name.substr(0, last_dot);
  const std::size_t dot = before.rfind('.');
  const std::string_view digits = dot == std::string_view::npos ? before : before.substr(dot + 1);
  NumberedName split{std::string(before.substr(0, before.size() - digits.size())), 0, std::string(field)};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), split.number);
  if (error != std::errc() || end != digits.data() + digits.size() || split.number < 0) return std::nullopt;
  return split;
}

std::string house_name(int number, const std::string& field) { return "model." + std::to_string(number) + "." + field; }

/// The prefix of the one nn.Sequential that holds nearly all tensors. A tensor elsewhere is then one too many, which
/// the check of the weights says by name.
std::optional<std::string> sequential_prefix(const Weights& weights) {
  std::map<std::string, std::size_t> counts;
  for (const auto& [name, tensor] : weights.tensors)
    if (const auto split = split_numbered(name)) ++counts[split->prefix];
  const auto most = std::ranges::max_element(counts, {}, [](const auto& count) { return count.second; });
  if (most == counts.end() || 4 * most->second <= 3 * weights.tensors.size()) return std::nullopt;
  return most->first;
}

void strip_wrappers(Weights& weights, std::string& wrapper) {
  constexpr std::array known{"module.", "state_dict.", "params.", "params_ema.", "netG.", "net.", "network."};
  for (bool stripped = true; stripped && !weights.tensors.empty();) {
    stripped = false;
    for (const std::string_view prefix : known) {
      const auto wrapped = [&](const auto& entry) { return entry.first.starts_with(prefix); };
      if (!std::ranges::all_of(weights.tensors, wrapped)) continue;
      std::map<std::string, Tensor, std::less<>> inner;
      for (auto& [name, tensor] : weights.tensors) inner[name.substr(prefix.size())] = std::move(tensor);
      weights.tensors = std::move(inner);
      wrapper += prefix;
      stripped = true;
    }
  }
}

/// Batch norm folded into the convolutions leaves holes in the numbering of some files: 0, 2, 5, 8, …
std::map<int, int> numbers_without_holes(const Weights& weights) {
  std::vector<int> numbers;
  for (const auto& [name, tensor] : weights.tensors) {
    const auto split = split_numbered(name);
    if (!split) continue;
    if (split->field.starts_with("running_")) return {};
    if (split->field == "weight" && tensor.shape.size() == 4) numbers.push_back(split->number);
  }
  std::ranges::sort(numbers);
  std::map<int, int> closed;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const int index = static_cast<int>(i);
    if (numbers[i] != (i == 0 ? 0 : 3 * index - 1)) return {};
    closed[numbers[i]] = 2 * index;
  }
  return closed.size() > 2 ? closed : std::map<int, int>{};
}

void rename_sequential(StateDict& dict, const std::string& prefix, const std::string& wrapper) {
  std::map<std::string, Tensor, std::less<>> renamed;
  const std::map<int, int> closed = numbers_without_holes(dict.weights);
  for (auto& [name, tensor] : dict.weights.tensors) {
    const auto split = split_numbered(name);
    if (!split || split->prefix != prefix) {
      renamed[name] = std::move(tensor);
      continue;
    }
    const auto number = closed.find(split->number);
    renamed[house_name(number == closed.end() ? split->number : number->second, split->field)] = std::move(tensor);
  }
  dict.weights.tensors = std::move(renamed);
  dict.map_first = prefix.starts_with("intermediate_dncnn.");
  // KAIR and the authors' DnCNN, which differs from SaoYan's by the bias of its first layer, trained with ε = 1e-4.
  if (prefix == "model." || (prefix == "dncnn." && dict.weights.tensors.contains("model.0.bias")))
    dict.batch_norm_epsilon = kair_epsilon;
  dict.published_name = [prefix, wrapper, closed](const std::string& name) {
    const auto split = split_numbered(name);
    if (!split || split->prefix != "model.") return wrapper + name;
    int number = split->number;
    for (const auto& [published, house] : closed)
      if (house == number) {
        number = published;
        break;
      }
    return wrapper + prefix + std::to_string(number) + "." + split->field;
  };
}

/// Where the i-th of depth convolutions stands in "model.N" with batch norm, and the norm after it.
int convolution_number(int i) { return i == 0 ? 0 : 3 * i - 1; }
int norm_number(int i) { return convolution_number(i) + 1; }

using Renamed = std::map<std::string, std::string>;  // house name by published name

/// first_layer, hidden_layer_list.N, bn_layer_list.N, last_layer.
Renamed layer_list_names(const Weights& weights) {
  int n_hidden = 0;
  for (const auto& [name, tensor] : weights.tensors)
    if (const auto split = split_numbered(name); split && split->prefix == "hidden_layer_list.")
      n_hidden = std::max(n_hidden, split->number + 1);
  const bool bias_free = !weights.tensors.contains("first_layer.bias");
  Renamed names;
  for (const auto& [name, tensor] : weights.tensors) {
    const std::string field = name.substr(name.rfind('.') + 1);
    if (name.starts_with("first_layer.")) names[name] = house_name(0, field);
    if (name.starts_with("last_layer.")) names[name] = house_name(convolution_number(n_hidden + 1), field);
    const auto split = split_numbered(name);
    if (!split) continue;
    if (split->prefix == "hidden_layer_list.") names[name] = house_name(convolution_number(split->number + 1), field);
    if (split->prefix == "bn_layer_list.") {
      // BFBatchNorm2d inherits a bias and a mean from BatchNorm2d and uses neither.
      if (bias_free && (field == "bias" || field == "running_mean"))
        names[name] = "";
      else
        names[name] = house_name(norm_number(split->number + 1), field);
    }
  }
  return names;
}

/// N of "prefixN" or "prefixN.weight".
std::optional<int> list_index(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  if (name.ends_with(".weight")) name.remove_suffix(7);
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number < 0) return std::nullopt;
  return number;
}

/// conv_layers.N, gammas.N, running_sd.N: a scale of γ over the running deviation.
Renamed scaled_list_names(Weights& weights) {
  Renamed names;
  for (auto& [name, tensor] : weights.tensors) {
    if (const auto index = list_index(name, "conv_layers.")) {
      names[name] = house_name(convolution_number(*index), "weight");
      continue;
    }
    const auto gamma = list_index(name, "gammas.");
    const auto deviation = list_index(name, "running_sd.");
    if (!gamma && !deviation) continue;
    names[name] = house_name(norm_number((gamma ? *gamma : *deviation) + 1), gamma ? "weight" : "running_var");
    // [1, c, 1, 1] → [c]
    if (tensor.shape.size() == 4 && tensor.shape[0] == 1 && tensor.shape[2] == 1 && tensor.shape[3] == 1)
      tensor.shape = {tensor.shape[1]};
    if (deviation)
      for (float& value : tensor.values) value *= std::abs(value);  // a negative one stays for the check to find
  }
  return names;
}

void rename(StateDict& dict, const Renamed& names, const std::string& wrapper) {
  std::map<std::string, Tensor, std::less<>> renamed;
  std::map<std::string, std::string> published;
  for (auto& [name, tensor] : dict.weights.tensors) {
    const auto house = names.find(name);
    if (house != names.end() && house->second.empty()) continue;
    const std::string& to = house == names.end() ? name : house->second;
    published[to] = name;
    renamed[to] = std::move(tensor);
  }
  dict.weights.tensors = std::move(renamed);
  dict.published_name = [published, wrapper](const std::string& name) {
    const auto known = published.find(name);
    return known == published.end() ? name : wrapper + known->second;
  };
}

/// CBDNet with one convolution used three times becomes CBDNet with three alike.
void unshare_cbdnet(StateDict& dict, const std::string& wrapper) {
  std::map<std::string, std::string> published;
  std::map<std::string, Tensor, std::less<>> unshared;
  for (auto& [name, tensor] : dict.weights.tensors) {
    std::vector<int> numbers;
    if (name.starts_with("fcn.inc.0.")) numbers = {0};
    if (name.starts_with("fcn.conv.0.")) numbers = {2, 4, 6};
    if (name.starts_with("fcn.outc.0.")) numbers = {8};
    if (numbers.empty()) unshared[name] = tensor;
    for (const int number : numbers) {
      const std::string to = "fcn.fcn." + std::to_string(number) + name.substr(name.rfind('.'));
      unshared[to] = tensor;
      published[to] = name;
    }
  }
  dict.weights.tensors = std::move(unshared);
  dict.published_name = [published, wrapper](const std::string& name) {
    const auto known = published.find(name);
    return wrapper + (known == published.end() ? name : known->second);
  };
}

}  // namespace

StateDict with_house_names(const Weights& published) {
  StateDict dict{published, {}, false, {}};
  std::string wrapper;
  strip_wrappers(dict.weights, wrapper);
  dict.published_name = [wrapper](const std::string& name) { return wrapper + name; };
  const auto& tensors = dict.weights.tensors;
  if (const auto prefix = sequential_prefix(dict.weights); prefix && !prefix->ends_with("_list."))
    rename_sequential(dict, *prefix, wrapper);
  else if (tensors.contains("first_layer.weight") || tensors.contains("last_layer.weight"))
    rename(dict, layer_list_names(dict.weights), wrapper);
  else if (std::ranges::any_of(tensors, [](const auto& entry) { return entry.first.starts_with("running_sd."); })) {
    rename(dict, scaled_list_names(dict.weights), wrapper);
    dict.batch_norm_epsilon = 0.0;
  } else if (tensors.contains("fcn.conv.0.weight"))
    unshare_cbdnet(dict, wrapper);
  return dict;
}

}  // namespace rdenoise
