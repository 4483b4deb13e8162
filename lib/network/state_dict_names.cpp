// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/state_dict_names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <rdenoise/error.hpp>

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

bool begins_with_digit(std::string_view text) { return !text.empty() && text.front() >= '0' && text.front() <= '9'; }

/// The first component of all names, "module." of "module.conv1.weight"; empty if they do not share one, or if it is
/// not a wrapper but the module itself: "model." of "model.0.weight" is an nn.Sequential, "conv1." has nothing inside.
std::string common_wrapper(const Weights& weights) {
  if (weights.tensors.empty()) return {};
  const std::string& first = weights.tensors.begin()->first;
  const std::string wrapper = first.substr(0, first.find('.') + 1);
  const auto wrapped = [&](const auto& entry) {
    if (!entry.first.starts_with(wrapper)) return false;
    const std::string_view inner = std::string_view(entry.first).substr(wrapper.size());
    return inner.find('.') != std::string_view::npos && !begins_with_digit(inner);
  };
  return wrapper.empty() || !std::ranges::all_of(weights.tensors, wrapped) ? std::string() : wrapper;
}

/// DataParallel's "module.", a checkpoint's "state_dict.", torch.compile's "_orig_mod.", or any other, also nested.
void strip_wrappers(Weights& weights, std::string& wrapper) {
  for (std::string outer = common_wrapper(weights); !outer.empty(); outer = common_wrapper(weights)) {
    std::map<std::string, Tensor, std::less<>> inner;
    for (auto& [name, tensor] : weights.tensors) inner[name.substr(outer.size())] = std::move(tensor);
    weights.tensors = std::move(inner);
    wrapper += outer;
  }
}

/// Files of 25 networks, one for each noise level ("0.model.0.weight" … "24.model.12.bias"), hold no network of their
/// own.
void refuse_several_networks(const Weights& weights) {
  std::map<std::string, std::vector<std::string>, std::less<>> names_by_number;
  for (const auto& [name, tensor] : weights.tensors) {
    const std::size_t dot = name.find('.');
    if (!begins_with_digit(name) || dot == std::string::npos || begins_with_digit(name.substr(dot + 1)) ||
        name.find('.', dot + 1) == std::string::npos)
      return;
    names_by_number[name.substr(0, dot)].push_back(name.substr(dot + 1));
  }
  if (names_by_number.size() < 2) return;
  for (const auto& [number, names] : names_by_number)
    if (names != names_by_number.begin()->second) return;
  throw Error(ErrorCode::unsupported, "recognising a state dict: expected one network, found " +
                                          std::to_string(names_by_number.size()) + " with the same tensors (" +
                                          names_by_number.begin()->first + "., " +
                                          std::next(names_by_number.begin())->first +
                                          "., …), one for each noise level: save one of them by itself");
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
  dict.map_first = prefix.ends_with("itermediate_dncnn.");  // as it is spelt
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

/// The first version of conv_layers.N, running_sd.N had no γ.
void add_scales_of_one(Weights& weights, Renamed& names) {
  for (const auto& [name, house] : Renamed(names)) {
    const auto index = list_index(name, "running_sd.");
    if (!index) continue;
    const Tensor& deviation = weights.tensors.find(name)->second;
    const std::string gamma = "gammas." + std::to_string(*index);
    weights.tensors[gamma] = {deviation.shape, std::vector<float>(deviation.values.size(), 1.F)};
    names[gamma] = house_name(norm_number(*index + 1), "weight");
  }
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
  const auto has = [&](const char* prefix) {
    return std::ranges::any_of(names, [&](const auto& name) { return name.first.starts_with(prefix); });
  };
  // An early version kept them outside of the state dict, so they are lost.
  if (!has("running_sd."))
    throw Error(ErrorCode::corrupt, "checking weights: expected tensor running_sd.0, found none of that name");
  if (!has("gammas.")) add_scales_of_one(weights, names);
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
  // Batches that batch norm has seen while it was trained: of no use later.
  std::erase_if(dict.weights.tensors, [](const auto& entry) { return entry.first.ends_with("num_batches_tracked"); });
  refuse_several_networks(dict.weights);
  std::string wrapper;
  strip_wrappers(dict.weights, wrapper);
  dict.published_name = [wrapper](const std::string& name) { return wrapper + name; };
  const auto& tensors = dict.weights.tensors;
  if (const auto prefix = sequential_prefix(dict.weights); prefix && !prefix->ends_with("_list."))
    rename_sequential(dict, *prefix, wrapper);
  else if (tensors.contains("first_layer.weight") || tensors.contains("last_layer.weight"))
    rename(dict, layer_list_names(dict.weights), wrapper);
  else if (std::ranges::any_of(tensors, [](const auto& entry) {
             return entry.first.starts_with("running_sd.") || entry.first.starts_with("gammas.");
           })) {
    rename(dict, scaled_list_names(dict.weights), wrapper);
    dict.batch_norm_epsilon = 0.0;
  } else if (tensors.contains("fcn.conv.0.weight"))
    unshare_cbdnet(dict, wrapper);
  return dict;
}

}  // namespace rdenoise
