// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_convolution.hpp"

#include <algorithm>
#include <string_view>

#include "network/stored_kernels.hpp"

namespace rdenoise::onednn {
namespace {

using Descriptor = dnnl::convolution_forward::primitive_desc;
using dnnl::memory;

memory::data_type type_of(ElementType element) {
  return element == ElementType::f32    ? memory::data_type::f32
         : element == ElementType::bf16 ? memory::data_type::bf16
                                        : memory::data_type::u8;
}

using Tag = memory::format_tag;

Tag blocked_tag(Layout layout) {
  return layout.block == 16 ? Tag::nChw16c : layout.block == 8 ? Tag::nChw8c : Tag::nchw;
}

memory::desc picture_desc(int n_pictures, int channels, Extent extent, Layout layout, Tag tag) {
  return {{n_pictures, channels, extent.height, extent.width}, type_of(layout.element), tag};
}

memory::desc picture_desc(const Activation& value, bool whole_pixels) {
  return picture_desc(value.picture_count(), value.padded_channels(), {value.padded_height, value.padded_width},
                      value.layout, whole_pixels ? Tag::nhwc : blocked_tag(value.layout));
}

/// Both its sides in whole pixels: what oneDNN's newer kernels want, and those for bf16 and eight bits on AMX.
bool has_whole_pixels(const Activation& src, const Activation& dst) {
  return src.layout.block == src.padded_channels() && dst.layout.block == dst.padded_channels() &&
         (src.layout.element != ElementType::f32 || src.layout.block % 16 == 0);
}

/// implementation  part of its name in oneDNN; empty: the first of its list, which must not be empty
Descriptor describe(dnnl::algorithm algorithm, const memory::desc& src, const memory::desc& dst, int kernel,
                    int dilation, bool relu, std::span<const float> output_scales, std::string_view implementation) {
  const auto weights_type = src.data_type() == memory::data_type::u8 ? memory::data_type::s8 : src.data_type();
  const memory::desc weights({dst.dims()[1], src.dims()[1], kernel, kernel}, weights_type, Tag::any);
  const memory::desc bias({dst.dims()[1]}, memory::data_type::f32, memory::format_tag::x);
  const memory::dim pad = kernel / 2 * dilation;
  const memory::dim gap = dilation - 1;
  const dnnl::convolution_forward::desc desc(dnnl::prop_kind::forward_inference, algorithm, src, weights, bias, dst,
                                             {1, 1}, {gap, gap}, {pad, pad}, {pad, pad});
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  constexpr int by_channel = 1 << 1;
  if (!output_scales.empty()) attributes.set_output_scales(by_channel, {output_scales.begin(), output_scales.end()});
  if (relu) {
    dnnl::post_ops post_ops;
    post_ops.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
    attributes.set_post_ops(post_ops);
  }
  Descriptor found(desc, attributes, cpu_engine(), !implementation.empty());
  // While `desc` lives: oneDNN goes on from it.
  while (found && std::string_view(found.impl_info_str()).find(implementation) == std::string_view::npos)
    if (!found.next_impl()) return {};
  return found;
}

constexpr Layout winograd_layout{16, ElementType::f32};
/// With fewer channels on both sides the transforms cost more than they save: 16 channels take 34 ns for a pixel, by
/// the direct algorithm 28; 32 channels 73 and 117 (oneDNN 2.6.3, one core of a Sapphire Rapids).
constexpr int least_winograd_channels = 32;

}  // namespace

dnnl::engine& cpu_engine() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

ConvolutionWeights::ConvolutionWeights(const Layer& layer, const Weights& weights, int in_channels,
                                       int padded_in_channels, int padded_out_channels)
    : dims_{padded_out_channels, padded_in_channels, layer.kernel, layer.kernel},
      bias_(static_cast<std::size_t>(padded_out_channels)) {
  const std::vector<float>& given = weights.tensors.find(layer.name + ".weight")->second.values;
  const auto area = static_cast<std::size_t>(layer.kernel) * layer.kernel;
  values_.resize(static_cast<std::size_t>(padded_out_channels) * padded_in_channels * area);
  for (int oc = 0; oc < layer.out_channels; ++oc)
    std::copy_n(given.begin() + static_cast<std::ptrdiff_t>(oc * in_channels * area), in_channels * area,
                values_.begin() + static_cast<std::ptrdiff_t>(oc * padded_in_channels * area));
  if (layer.bias) std::ranges::copy(weights.tensors.find(layer.name + ".bias")->second.values, bias_.begin());
}

ConvolutionWeights::ConvolutionWeights(const Layer& layer, const Weights& weights, const EightBitResult& source,
                                       int copies, int padded_in_channels, int padded_out_channels,
                                       std::span<const float> result_scales, int most)
    : dims_{padded_out_channels, padded_in_channels, layer.kernel, layer.kernel},
      output_scales_(static_cast<std::size_t>(padded_out_channels), 1.0f),
      bias_(static_cast<std::size_t>(padded_out_channels)) {
  const EightBitKernel kernel = eight_bit_kernel(layer, weights, source, copies, most);
  const auto area = static_cast<std::size_t>(layer.kernel) * layer.kernel;
  const std::size_t given = source.scales.size() * area;
  const std::size_t padded = padded_in_channels * area / static_cast<std::size_t>(copies);
  const auto n_copies = static_cast<std::size_t>(copies);
  numbers_.resize(static_cast<std::size_t>(padded_out_channels) * n_copies * padded);
  for (std::size_t oc = 0; oc < kernel.scales.size(); ++oc) {
    for (std::size_t i = oc * n_copies; i < (oc + 1) * n_copies; ++i)
      std::copy_n(kernel.numbers.begin() + static_cast<std::ptrdiff_t>(i * given), given,
                  numbers_.begin() + static_cast<std::ptrdiff_t>(i * padded));
    output_scales_[oc] = result_scales.empty() ? kernel.scales[oc] : kernel.scales[oc] / result_scales[oc];
    bias_[oc] = kernel.bias[oc] / kernel.scales[oc];
  }
}

// oneDNN has no memory of constant data; it reads these only.

memory ConvolutionWeights::bias() const {
  return {{{dims_[0]}, memory::data_type::f32, memory::format_tag::x}, cpu_engine(), const_cast<float*>(bias_.data())};
}

memory ConvolutionWeights::in_order(const memory::desc& wanted) const {
  const std::lock_guard lock(mutex_);
  for (const memory& known : reordered_)
    if (known.get_desc() == wanted) return known;
  memory plain = numbers_.empty() ? memory({dims_, memory::data_type::f32, memory::format_tag::oihw}, cpu_engine(),
                                           const_cast<float*>(values_.data()))
                                  : memory({dims_, memory::data_type::s8, memory::format_tag::oihw}, cpu_engine(),
                                           const_cast<std::int8_t*>(numbers_.data()));
  memory ordered(wanted, cpu_engine());
  dnnl::stream stream(cpu_engine());
  dnnl::reorder(plain, ordered).execute(stream, plain, ordered);
  stream.wait();
  reordered_.push_back(ordered);
  return ordered;
}

std::size_t ConvolutionWeights::memory_bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t bytes = (values_.size() + output_scales_.size() + bias_.size()) * sizeof(float) + numbers_.size();
  for (const memory& ordered : reordered_) bytes += ordered.get_desc().get_size();
  return bytes;
}

bool may_winograd(const Layer& layer, int sub_grid, Layout src, Layout dst) noexcept {
  return layer.kernel == 3 && layer.dilation == sub_grid && src == winograd_layout && dst == winograd_layout;
}

Descriptor describe_winograd(WinogradShape shape, Extent extent, WinogradTile tile, bool relu) {
  if (std::max(shape.in_channels, shape.out_channels) < least_winograd_channels) return {};
  // oneDNN lists the small tiles first where it thinks that they are faster.
  return describe(dnnl::algorithm::convolution_winograd,
                  picture_desc(shape.n_pictures, shape.in_channels, extent, winograd_layout, Tag::nChw16c),
                  picture_desc(shape.n_pictures, shape.out_channels, extent, winograd_layout, Tag::nChw16c), 3, 1, relu,
                  {}, tile == WinogradTile::px_4x4 ? "wino_4x3" : "wino_2x3");
}

Descriptor choose_convolution(const Layer& layer, const Activation& src, const Activation& dst, bool relu,
                              std::span<const float> output_scales) {
  const Extent extent{src.padded_height, src.padded_width};
  // oneDNN 2.6.3 on one Zen 5 core: Winograd makes up to 530 GFLOP/s of the direct algorithm's arithmetic, direct 245.
  // It must be asked for by name: convolution_auto never takes it, and oneDNN 3 has none for f32.
  if (may_winograd(layer, src.sub_grid, src.layout, dst.layout))
    if (auto winograd =
            choose_winograd({src.padded_channels(), dst.padded_channels(), src.picture_count()}, extent, relu))
      return winograd;
  const bool whole_pixels = has_whole_pixels(src, dst);
  return describe(dnnl::algorithm::convolution_direct, picture_desc(src, whole_pixels), picture_desc(dst, whole_pixels),
                  layer.kernel, layer.dilation / src.sub_grid, relu, output_scales, {});
}

}  // namespace rdenoise::onednn
