// SPDX-License-Identifier: LGPL-2.1-or-later
// What a weights file says about its network.
#include <array>
#include <charconv>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>

#include "network/class_names.hpp"

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
  for (const InputDomain domain : input_domains)
    if (text == to_string(domain)) return domain;
  throw Error(ErrorCode::corrupt,
              "reading model metadata, input: expected gray, rgb, bayer or yuv420, found \"" + text + "\"");
}

/// The fewest digits that give the number back.
std::string shortest_text(double value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

double small_number(const Metadata& metadata, std::string_view key, double fallback) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) return fallback;
  const std::string& text = found->second;
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0.0 && value <= 1.0))
    throw Error(ErrorCode::corrupt, "reading model metadata, " + std::string(key) +
                                        ": expected a number from 0 to 1, found \"" + text + "\"");
  return value;
}

std::string truth_text(bool value) { return value ? "true" : "false"; }

}  // namespace

Metadata to_metadata(const NetworkParams& params) {
  Metadata metadata{{"rdenoise.format", "1"},
                    {"rdenoise.network", params.network},
                    {"input", std::string(to_string(params.input))},
                    {"channels", std::to_string(params.image_channels)},
                    {"depth", std::to_string(params.depth)},
                    {"width", std::to_string(params.width)},
                    {"batch_norm", truth_text(params.batch_norm)},
                    {"bias", truth_text(params.bias)},
                    {"residual", truth_text(params.residual)}};
  if (!params.variant.empty()) metadata["variant"] = params.variant;
  if (!params.classes.empty()) metadata["classes"] = join_class_names(params.classes);
  if (params.batch_norm && params.batch_norm_epsilon != NetworkParams{}.batch_norm_epsilon)
    metadata["batch_norm_epsilon"] = shortest_text(params.batch_norm_epsilon);
  return metadata;
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
  if (const auto variant = metadata.find("variant"); variant != metadata.end()) params.variant = variant->second;
  params.batch_norm_epsilon = small_number(metadata, "batch_norm_epsilon", params.batch_norm_epsilon);
  if (const auto classes = metadata.find("classes"); classes != metadata.end())
    params.classes = parse_class_names(classes->second);
  const int expected_channels = image_channels_of(params.input);
  if (params.image_channels != expected_channels)
    throw Error(ErrorCode::corrupt, "reading model metadata: expected " + std::to_string(expected_channels) +
                                        " channels for " + std::string(to_string(params.input)) + " input, found " +
                                        std::to_string(params.image_channels));
  return params;
}

}  // namespace rdenoise
