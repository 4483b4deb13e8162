// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/stored_kernels.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <rdenoise/error.hpp>
#include <span>
#include <utility>
#include <vector>

namespace rdenoise {
namespace {

constexpr std::string_view key_prefix = "eight_bit_kernel.";
constexpr std::string_view bf16_key_prefix = "bf16_kernel.";
constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// RFC 4648, section 4.
std::string to_base64(std::span<const std::uint8_t> bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? digits[group >> (18 - 6 * k) & 63U] : '=';
  }
  return text;
}

/// Nothing for a text that is no base64.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::array<int, 256> value_of;
  value_of.fill(-1);
  for (std::size_t i = 0; i < digits.size(); ++i) value_of[static_cast<std::uint8_t>(digits[i])] = static_cast<int>(i);
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const bool is_padding = i + k >= text.size() - padding;
      const int value = is_padding ? 0 : value_of[static_cast<std::uint8_t>(text[i + k])];
      if (value < 0) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    for (int k = 0; k < 3; ++k) bytes.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * k)));
  }
  bytes.resize(bytes.size() - padding);
  return bytes;
}

void put_floats(std::span<const float> values, std::vector<std::uint8_t>& bytes) {
  for (const float value : values)
    for (int k = 0; k < 4; ++k)
      bytes.push_back(static_cast<std::uint8_t>(std::bit_cast<std::uint32_t>(value) >> (8 * k)));
}

std::vector<float> take_floats(std::span<const std::uint8_t> bytes) {
  std::vector<float> values;
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 4; ++k) word |= static_cast<std::uint32_t>(bytes[i + k]) << (8 * k);
    values.push_back(std::bit_cast<float>(word));
  }
  return values;
}

bool all_finite(std::span<const float> values) {
  for (const float value : values)
    if (!std::isfinite(value)) return false;
  return true;
}

[[noreturn]] void refuse(const std::string& key, const std::string& expected, const std::string& what) {
  throw Error(ErrorCode::corrupt, "reading model metadata, " + key + ": expected " + expected + ", found " + what);
}

/// throws  Error{corrupt} for another size and for what is no base64
std::vector<std::uint8_t> bytes_of(const std::string& key, std::string_view text, std::size_t size) {
  std::optional<std::vector<std::uint8_t>> bytes = from_base64(text);
  if (!bytes) refuse(key, "base64", "something else");
  if (bytes->size() != size) refuse(key, std::to_string(size) + " bytes", std::to_string(bytes->size()));
  return std::move(*bytes);
}

}  // namespace

std::string kernel_key(std::string_view convolution) { return std::string(key_prefix) + std::string(convolution); }

std::string kernel_text(const EightBitKernel& kernel) {
  std::vector<std::uint8_t> bytes(kernel.numbers.begin(), kernel.numbers.end());
  put_floats(kernel.scales, bytes);
  put_floats(kernel.bias, bytes);
  return to_base64(bytes);
}

std::optional<EightBitKernel> stored_kernel(const Weights& weights, std::string_view convolution) {
  const std::string key = kernel_key(convolution);
  const auto found = weights.metadata.find(key);
  if (found == weights.metadata.end()) return std::nullopt;
  const Tensor& exact = weights.tensors.find(std::string(convolution) + ".weight")->second;
  const auto outputs = static_cast<std::size_t>(exact.shape[0]);
  const std::size_t size = exact.values.size() + outputs * 2 * sizeof(float);
  const std::vector<std::uint8_t> bytes = bytes_of(key, found->second, size);
  const std::span<const std::uint8_t> all(bytes);
  EightBitKernel kernel;
  for (const std::uint8_t byte : all.first(exact.values.size()))
    kernel.numbers.push_back(static_cast<std::int8_t>(byte));
  kernel.scales = take_floats(all.subspan(exact.values.size(), outputs * sizeof(float)));
  kernel.bias = take_floats(all.last(outputs * sizeof(float)));
  for (const float scale : kernel.scales)
    if (!(scale > 0.0F)) refuse(key, "positive scales", std::to_string(scale));
  if (!all_finite(kernel.scales) || !all_finite(kernel.bias)) refuse(key, "finite numbers", "others");
  return kernel;
}

float nearest_bf16(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return std::bit_cast<float>((bits + 0x7fffU + (bits >> 16 & 1U)) & 0xffff0000U);
}

std::string bf16_kernel_key(std::string_view convolution) {
  return std::string(bf16_key_prefix) + std::string(convolution);
}

std::string kernel_text(const Bf16Kernel& kernel) {
  std::vector<std::uint8_t> bytes;
  for (const float weight : kernel.weights) {
    const auto bits = std::bit_cast<std::uint32_t>(weight);
    bytes.push_back(static_cast<std::uint8_t>(bits >> 16));
    bytes.push_back(static_cast<std::uint8_t>(bits >> 24));
  }
  put_floats(kernel.bias, bytes);
  return to_base64(bytes);
}

Weights with_bf16_kernels(const NetworkSpec& spec, const Weights& weights) {
  Weights result = weights;
  for (const Layer& layer : spec.layers) {
    if (layer.kind != LayerKind::convolution) continue;
    const std::string key = bf16_kernel_key(layer.name);
    const auto found = weights.metadata.find(key);
    if (found == weights.metadata.end()) continue;
    if (!layer.bias) refuse(key, "a convolution with a bias", "one without");
    std::vector<float>& values = result.tensors.find(layer.name + ".weight")->second.values;
    std::vector<float>& bias = result.tensors.find(layer.name + ".bias")->second.values;
    const std::vector<std::uint8_t> bytes =
        bytes_of(key, found->second, values.size() * 2 + bias.size() * sizeof(float));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = std::bit_cast<float>(static_cast<std::uint32_t>(bytes[2 * i]) << 16 |
                                       static_cast<std::uint32_t>(bytes[2 * i + 1]) << 24);
    const std::vector<float> added = take_floats(std::span(bytes).subspan(values.size() * 2));
    if (!all_finite(values) || !all_finite(added)) refuse(key, "finite numbers", "others");
    for (std::size_t o = 0; o < bias.size(); ++o) bias[o] += added[o];
  }
  return result;
}

EightBitKernel eight_bit_kernel(const Layer& convolution, const Weights& weights, const EightBitResult& source,
                                int copies, int most) {
  std::optional<EightBitKernel> kernel =
      copies == 1 && most == most_eight_bit_weight ? stored_kernel(weights, convolution.name) : std::nullopt;
  if (!kernel) kernel = to_eight_bits(weights.tensors.find(convolution.name + ".weight")->second, source, copies, most);
  if (convolution.bias) {
    const std::vector<float>& bias = weights.tensors.find(convolution.name + ".bias")->second.values;
    for (std::size_t o = 0; o < bias.size(); ++o) kernel->bias[o] += bias[o];
  }
  return *std::move(kernel);
}

}  // namespace rdenoise
