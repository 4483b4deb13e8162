// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_convolution.hpp"

#include <algorithm>
#include <string_view>

namespace rdenoise::onednn {
namespace {

using Descriptor = dnnl::convolution_forward::primitive_desc;
using dnnl::memory;

memory::desc picture_desc(int n_pictures, int channels, Extent extent, Layout layout) {
  using Tag = memory::format_tag;
  const Tag tag = layout.block == 16 ? Tag::nChw16c : layout.block == 8 ? Tag::nChw8c : Tag::nchw;
  const auto type = layout.element == ElementType::f32 ? memory::data_type::f32 : memory::data_type::bf16;
  return {{n_pictures, channels, extent.height, extent.width}, type, tag};
}

/// implementation  part of its name in oneDNN; empty: the first of its list, which must not be empty
Descriptor describe(dnnl::algorithm algorithm, const memory::desc& src, const memory::desc& dst, int kernel,
                    int dilation, bool relu, std::string_view implementation) {
  const memory::desc weights({dst.dims()[1], src.dims()[1], kernel, kernel}, src.data_type(), memory::format_tag::any);
  const memory::desc bias({dst.dims()[1]}, memory::data_type::f32, memory::format_tag::x);
  const memory::dim pad = kernel / 2 * dilation;
  const memory::dim gap = dilation - 1;
  const dnnl::convolution_forward::desc desc(dnnl::prop_kind::forward_inference, algorithm, src, weights, bias, dst,
                                             {1, 1}, {gap, gap}, {pad, pad}, {pad, pad});
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
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

// oneDNN has no memory of constant data; it reads these only.

memory ConvolutionWeights::bias() const {
  return {{{dims_[0]}, memory::data_type::f32, memory::format_tag::x}, cpu_engine(), const_cast<float*>(bias_.data())};
}

memory ConvolutionWeights::in_order(const memory::desc& wanted) const {
  const std::lock_guard lock(mutex_);
  for (const memory& known : reordered_)
    if (known.get_desc() == wanted) return known;
  memory plain({dims_, memory::data_type::f32, memory::format_tag::oihw}, cpu_engine(),
               const_cast<float*>(values_.data()));
  memory ordered(wanted, cpu_engine());
  dnnl::stream stream(cpu_engine());
  dnnl::reorder(plain, ordered).execute(stream, plain, ordered);
  stream.wait();
  reordered_.push_back(ordered);
  return ordered;
}

std::size_t ConvolutionWeights::memory_bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t bytes = (values_.size() + bias_.size()) * sizeof(float);
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
                  picture_desc(shape.n_pictures, shape.in_channels, extent, winograd_layout),
                  picture_desc(shape.n_pictures, shape.out_channels, extent, winograd_layout), 3, 1, relu,
                  tile == WinogradTile::px_4x4 ? "wino_4x3" : "wino_2x3");
}

Descriptor choose_convolution(const Layer& layer, const Activation& src, const Activation& dst, bool relu) {
  const Extent extent{src.padded_height, src.padded_width};
  // oneDNN 2.6.3 on one Zen 5 core: Winograd makes up to 530 GFLOP/s of the direct algorithm's arithmetic, direct 245.
  // It must be asked for by name: convolution_auto never takes it, and oneDNN 3 has none for f32.
  if (may_winograd(layer, src.sub_grid, src.layout, dst.layout))
    if (auto winograd =
            choose_winograd({src.padded_channels(), dst.padded_channels(), src.picture_count()}, extent, relu))
      return winograd;
  return describe(dnnl::algorithm::convolution_direct,
                  picture_desc(src.picture_count(), src.padded_channels(), extent, src.layout),
                  picture_desc(dst.picture_count(), dst.padded_channels(), extent, dst.layout), layer.kernel,
                  layer.dilation / src.sub_grid, relu, {});
}

}  // namespace rdenoise::onednn
