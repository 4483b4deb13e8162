// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_convolution.hpp"

#include <algorithm>

namespace rdenoise::onednn {
namespace {

dnnl::memory::desc memory_desc(const Activation& value) {
  using Tag = dnnl::memory::format_tag;
  const Tag tag = value.layout.block == 16 ? Tag::nChw16c : value.layout.block == 8 ? Tag::nChw8c : Tag::nchw;
  const auto type =
      value.layout.element == ElementType::f32 ? dnnl::memory::data_type::f32 : dnnl::memory::data_type::bf16;
  return {{1, value.padded_channels(), value.padded_height, value.padded_width}, type, tag};
}

}  // namespace

dnnl::engine& cpu_engine() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

ConvolutionWeights::ConvolutionWeights(const Layer& layer, const Weights& weights, int in_channels,
                                       int padded_in_channels, int padded_out_channels)
    : kernel_(layer.kernel),
      dilation_(layer.dilation),
      dims_{padded_out_channels, padded_in_channels, layer.kernel, layer.kernel},
      bias_({{padded_out_channels}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::x}, cpu_engine()) {
  const std::vector<float>& given = weights.tensors.find(layer.name + ".weight")->second.values;
  const auto area = static_cast<std::size_t>(layer.kernel) * layer.kernel;
  values_.resize(static_cast<std::size_t>(padded_out_channels) * padded_in_channels * area);
  for (int oc = 0; oc < layer.out_channels; ++oc)
    std::copy_n(given.begin() + static_cast<std::ptrdiff_t>(oc * in_channels * area), in_channels * area,
                values_.begin() + static_cast<std::ptrdiff_t>(oc * padded_in_channels * area));
  auto* bias = static_cast<float*>(bias_.get_data_handle());
  std::fill_n(bias, padded_out_channels, 0.0f);
  if (layer.bias) std::ranges::copy(weights.tensors.find(layer.name + ".bias")->second.values, bias);
}

dnnl::memory ConvolutionWeights::in_order(const dnnl::memory::desc& wanted, dnnl::engine& engine) const {
  const std::lock_guard lock(mutex_);
  const auto known = std::ranges::find_if(reordered_, [&](const auto& entry) { return entry.first == wanted; });
  if (known != reordered_.end()) return known->second;
  // The reorder reads only; the library has no memory of constant data.
  dnnl::memory plain({dims_, dnnl::memory::data_type::f32, dnnl::memory::format_tag::oihw}, engine,
                     const_cast<float*>(values_.data()));
  dnnl::memory ordered(wanted, engine);
  dnnl::stream stream(engine);
  dnnl::reorder(plain, ordered).execute(stream, plain, ordered);
  stream.wait();
  return reordered_.emplace_back(wanted, ordered).second;
}

dnnl::convolution_forward::primitive_desc choose_convolution(const ConvolutionWeights& weights, const Activation& src,
                                                             const Activation& dst, bool relu) {
  const auto src_desc = memory_desc(src);
  const auto dst_desc = memory_desc(dst);
  const dnnl::memory::desc weights_desc(
      {dst.padded_channels(), src.padded_channels(), weights.kernel(), weights.kernel()}, src_desc.data_type(),
      dnnl::memory::format_tag::any);
  const dnnl::memory::dim pad = weights.kernel() / 2 * weights.dilation();
  const dnnl::memory::dim gap = weights.dilation() - 1;

  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (relu) {
    dnnl::post_ops post_ops;
    post_ops.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
    attributes.set_post_ops(post_ops);
  }
  const auto describe = [&](dnnl::algorithm algorithm, bool may_be_missing) {
    const dnnl::convolution_forward::desc desc(dnnl::prop_kind::forward_inference, algorithm, src_desc, weights_desc,
                                               weights.bias().get_desc(), dst_desc, {1, 1}, {gap, gap}, {pad, pad},
                                               {pad, pad});
    return dnnl::convolution_forward::primitive_desc(desc, attributes, cpu_engine(), may_be_missing);
  };
  // oneDNN 2.6.3, one Zen 5 core, GFLOP/s of the direct algorithm, Winograd against direct: 64→64 channels 640 : 245,
  // 32→32 490 : 245, 16→16 300 : 210, and 64→16 (an output of 4 padded to 16) 395 : 225. It must be asked for by name:
  // convolution_auto never takes it. oneDNN 3 has none for f32.
  const bool may_winograd = weights.kernel() == 3 && weights.dilation() == 1 && src.layout == dst.layout &&
                            src.layout == Layout{16, ElementType::f32};
  if (may_winograd) {
    auto winograd = describe(dnnl::algorithm::convolution_winograd, true);
    if (winograd) return winograd;
  }
  return describe(dnnl::algorithm::convolution_direct, false);
}

}  // namespace rdenoise::onednn
