// SPDX-License-Identifier: LGPL-2.1-or-later
// What a weights file says about its network, and how it is found out where it says nothing.
#include <charconv>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

namespace rdenoise {
namespace {

using Metadata = std::map<std::string, std::string, std::less<>>;

const std::string& required(const Metadata& metadata, std::string_view key) {
  const auto found = metadata.find(key);
  if (found == metadata.end())
    throw Error(ErrorCode::corrupt,
                "reading model metadata: expected an entry \"" + std::string(key) + "\", found none");
  return found->second;
}

int whole_number(const Metadata& metadata, std::string_view key) {
  const std::string& text = required(metadata, key);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1)
    throw Error(ErrorCode::corrupt, "reading model metadata, " + std::string(key) +
                                        ": expected a whole number of at least 1, found \"" + text + "\"");
  return value;
}

bool truth(const Metadata& metadata, std::string_view key, bool fallback) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return fallback;
  if (found->second == "true") return true;
  if (found->second == "false") return false;
  throw Error(ErrorCode::corrupt, "reading model metadata, " + std::string(key) + ": expected true or false, found \"" +
                                      found->second + "\"");
}

InputDomain input_domain(const std::string& text) {
  for (const InputDomain domain : {InputDomain::gray, InputDomain::rgb, InputDomain::bayer})
    if (text == to_string(domain)) return domain;
  throw Error(ErrorCode::corrupt, "reading model metadata, input: expected gray, rgb or bayer, found \"" + text + "\"");
}

std::string truth_text(bool value) { return value ? "true" : "false"; }

}  // namespace

Metadata to_metadata(const NetworkParams& params) {
  return {{"rdenoise.format", "1"},
          {"rdenoise.network", params.network},
          {"input", std::string(to_string(params.input))},
          {"channels", std::to_string(params.image_channels)},
          {"depth", std::to_string(params.depth)},
          {"width", std::to_string(params.width)},
          {"batch_norm", truth_text(params.batch_norm)},
          {"bias", truth_text(params.bias)},
          {"residual", truth_text(params.residual)}};
}

NetworkParams params_from_metadata(const Metadata& metadata) {
  if (const std::string& format = required(metadata, "rdenoise.format"); format != "1")
    throw Error(ErrorCode::unsupported, "reading model metadata: expected rdenoise.format 1, found \"" + format + "\"");
  NetworkParams params;
  params.network = required(metadata, "rdenoise.network");
  params.input = input_domain(required(metadata, "input"));
  params.image_channels = whole_number(metadata, "channels");
  params.depth = whole_number(metadata, "depth");
  params.width = whole_number(metadata, "width");
  params.batch_norm = truth(metadata, "batch_norm", false);
  params.bias = truth(metadata, "bias", true);
  params.residual = truth(metadata, "residual", false);
  const int expected_channels = params.input == InputDomain::rgb ? 3 : 1;
  if (params.image_channels != expected_channels)
    throw Error(ErrorCode::corrupt, "reading model metadata: expected " + std::to_string(expected_channels) +
                                        " channels for " + std::string(to_string(params.input)) + " input, found " +
                                        std::to_string(params.image_channels));
  return params;
}

Weights import_state_dict(const Weights& plain, std::string_view network) {
  TensorShapes shapes;
  for (const auto& [name, tensor] : plain.tensors) shapes[name] = tensor.shape;
  std::string tried;
  for (const Architecture& architecture : architectures()) {
    if (!network.empty() && architecture.name != network) continue;
    tried += (tried.empty() ? "" : ", ") + std::string(architecture.name);
    NetworkParams params;
    if (!architecture.recognise(shapes, params)) continue;
    check_weights(build_network(params), plain);
    return {plain.tensors, to_metadata(params)};
  }
  if (tried.empty()) (void)find_architecture(network);  // throws, naming the known ones
  std::string found;
  for (const auto& [name, shape] : shapes) {
    if (!found.empty()) found += ", ";
    if (found.size() > 120) {
      found += "…";
      break;
    }
    found += name;
  }
  throw Error(ErrorCode::unsupported, "recognising a state dict: expected tensors of one of " + tried + ", found " +
                                          (found.empty() ? "none" : found));
}

}  // namespace rdenoise
