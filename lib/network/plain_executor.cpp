// SPDX-License-Identifier: LGPL-2.1-or-later
// The plain executor: each layer's formula as nested loops, one tensor for each layer. The measure of the fast one.
#include <algorithm>
#include <cmath>
#include <rdenoise/error.hpp>
#include <rdenoise/network.hpp>

#include "network/watched_layers.hpp"

namespace rdenoise {
namespace {

/// What the executor and its runs share.
struct PlainNetwork {
  NetworkSpec spec;
  Weights weights;
  std::vector<LayerShape> shapes;
  std::vector<bool> is_watched;  ///< by layer

  [[nodiscard]] const std::vector<float>& values(const std::string& name) const {
    return weights.tensors.find(name)->second.values;
  }
};

void convolve(const PlainNetwork& network, const Layer& layer, ConstTensorView src, TensorView dst) {
  const std::vector<float>& weight = network.values(layer.name + ".weight");
  const int padding = padding_px(layer);
  for (int oc = 0; oc < dst.channels; ++oc) {
    const double bias = layer.bias ? network.values(layer.name + ".bias")[static_cast<std::size_t>(oc)] : 0.0;
    for (int y = 0; y < dst.height; ++y)
      for (int x = 0; x < dst.width; ++x) {
        double sum = bias;
        for (int ic = 0; ic < src.channels; ++ic)
          for (int ky = 0; ky < layer.kernel; ++ky)
            for (int kx = 0; kx < layer.kernel; ++kx) {
              const int sy = y * layer.factor + ky * layer.dilation - padding;
              const int sx = x * layer.factor + kx * layer.dilation - padding;
              if (sy < 0 || sy >= src.height || sx < 0 || sx >= src.width) continue;
              const std::size_t index =
                  ((static_cast<std::size_t>(oc) * src.channels + ic) * layer.kernel + ky) * layer.kernel + kx;
              sum += static_cast<double>(weight[index]) * src.row(ic, sy)[sx];
            }
        dst.row(oc, y)[x] = static_cast<float>(sum);
      }
  }
}

/// Each source pixel lays its kernel down around itself, `factor` apart.
void convolve_transposed(const PlainNetwork& network, const Layer& layer, ConstTensorView src, TensorView dst) {
  const std::vector<float>& weight = network.values(layer.name + ".weight");
  const int padding = padding_px(layer);
  for (int oc = 0; oc < dst.channels; ++oc) {
    const double bias = layer.bias ? network.values(layer.name + ".bias")[static_cast<std::size_t>(oc)] : 0.0;
    for (int y = 0; y < dst.height; ++y)
      for (int x = 0; x < dst.width; ++x) {
        double sum = bias;
        for (int ky = 0; ky < layer.kernel; ++ky)
          for (int kx = 0; kx < layer.kernel; ++kx) {
            const int from_y = y + padding - ky;
            const int from_x = x + padding - kx;
            if (from_y < 0 || from_x < 0 || from_y % layer.factor != 0 || from_x % layer.factor != 0) continue;
            const int sy = from_y / layer.factor;
            const int sx = from_x / layer.factor;
            if (sy >= src.height || sx >= src.width) continue;
            for (int ic = 0; ic < src.channels; ++ic) {
              const std::size_t index =
                  ((static_cast<std::size_t>(ic) * dst.channels + oc) * layer.kernel + ky) * layer.kernel + kx;
              sum += static_cast<double>(weight[index]) * src.row(ic, sy)[sx];
            }
          }
        dst.row(oc, y)[x] = static_cast<float>(sum);
      }
  }
}

void pool(const Layer& layer, ConstTensorView src, TensorView dst) {
  for (int c = 0; c < dst.channels; ++c)
    for (int y = 0; y < dst.height; ++y)
      for (int x = 0; x < dst.width; ++x) {
        double sum = 0.0;
        float largest = src.row(c, y * layer.factor)[x * layer.factor];
        for (int dy = 0; dy < layer.factor; ++dy)
          for (int dx = 0; dx < layer.factor; ++dx) {
            const float value = src.row(c, y * layer.factor + dy)[x * layer.factor + dx];
            sum += value;
            largest = std::max(largest, value);
          }
        dst.row(c, y)[x] = layer.kind == LayerKind::max_pool
                               ? largest
                               : static_cast<float>(sum / (static_cast<double>(layer.factor) * layer.factor));
      }
}

void normalise(const PlainNetwork& network, const Layer& layer, ConstTensorView src, TensorView dst) {
  const bool scale_only = layer.kind == LayerKind::batch_scale;
  for (int c = 0; c < dst.channels; ++c) {
    const auto field = [&](const char* name) -> double {
      return network.values(layer.name + name)[static_cast<std::size_t>(c)];
    };
    const double mean = scale_only ? 0.0 : field(".running_mean");
    const double shift = scale_only ? 0.0 : field(".bias");
    const double deviation = scale_only ? std::sqrt(field(".running_var")) + layer.epsilon
                                        : std::sqrt(field(".running_var") + layer.epsilon);
    const double scale = field(".weight") / deviation;
    for (int y = 0; y < dst.height; ++y)
      for (int x = 0; x < dst.width; ++x)
        dst.row(c, y)[x] = static_cast<float>((src.row(c, y)[x] - mean) * scale + shift);
  }
}

/// Walks the factor × factor sites of a shuffle: visit(channel of the small picture, big y, big x, small y, small x).
template <typename Visit>
void for_each_site(int big_channels, int small_height, int small_width, int factor, Visit visit) {
  for (int c = 0; c < big_channels; ++c)
    for (int dy = 0; dy < factor; ++dy)
      for (int dx = 0; dx < factor; ++dx)
        for (int y = 0; y < small_height; ++y)
          for (int x = 0; x < small_width; ++x)
            visit(c, (c * factor + dy) * factor + dx, y * factor + dy, x * factor + dx, y, x);
}

class PlainResult final : public LayerResult {
 public:
  PlainResult(int layer, const TensorView& values)
      : LayerResult(layer, values.channels, values.height, values.width), values_(values) {}
  void read_row(int channel, int y, int x, std::span<float> values) const override {
    std::copy_n(values_.row(channel, y) + x, values.size(), values.begin());
  }

 private:
  TensorView values_;
};

class PlainRun final : public NetworkRun {
 public:
  PlainRun(std::shared_ptr<const PlainNetwork> network, int height_px, int width_px) : network_(std::move(network)) {
    for (const LayerShape& shape : network_->shapes) {
      const int height = height_px / shape.downscale;
      const int width = width_px / shape.downscale;
      auto& values = storage_.emplace_back(static_cast<std::size_t>(shape.channels) * height * width);
      tensors_.push_back({values.data(), shape.channels, height, width});
    }
  }

  TensorView image() override { return tensors_.front(); }

  TensorView noise_map() override {
    for (std::size_t i = 0; i < tensors_.size(); ++i)
      if (network_->spec.layers[i].kind == LayerKind::noise_map_input) return tensors_[i];
    return {};
  }

  void set_strength(float strength) override { strength_ = strength; }

  void run() override {
    run_observed([](const LayerResult&) {});
  }

  void run_observed(const LayerObserver& observe) override {
    for (std::size_t i = 0; i < tensors_.size(); ++i) {
      compute(network_->spec.layers[i], tensors_[i]);
      if (network_->is_watched[i]) observe(PlainResult(static_cast<int>(i), tensors_[i]));
    }
  }

  ConstTensorView output() const override { return as_const(tensors_.back()); }

  ConstTensorView noise_estimate() const override {
    const int index = network_->spec.noise_estimate_index();
    return index < 0 ? ConstTensorView{} : as_const(tensors_[static_cast<std::size_t>(index)]);
  }

  std::size_t memory_bytes() const override {
    std::size_t values = 0;
    for (const std::vector<float>& tensor : storage_) values += tensor.size();
    return values * sizeof(float);
  }

 private:
  static ConstTensorView as_const(TensorView t) { return {t.data, t.channels, t.height, t.width}; }

  [[nodiscard]] ConstTensorView input(const Layer& layer, std::size_t i) const {
    return as_const(tensors_[static_cast<std::size_t>(layer.inputs[i])]);
  }

  void compute(const Layer& layer, TensorView dst) const {
    const std::size_t size = static_cast<std::size_t>(dst.channels) * dst.height * dst.width;
    switch (layer.kind) {
      case LayerKind::image_input:
      case LayerKind::noise_map_input:
        return;
      case LayerKind::convolution:
        return convolve(*network_, layer, input(layer, 0), dst);
      case LayerKind::transposed_convolution:
        return convolve_transposed(*network_, layer, input(layer, 0), dst);
      case LayerKind::average_pool:
      case LayerKind::max_pool:
        return pool(layer, input(layer, 0), dst);
      case LayerKind::upsample_nearest:
        for (int c = 0; c < dst.channels; ++c)
          for (int y = 0; y < dst.height; ++y)
            for (int x = 0; x < dst.width; ++x)
              dst.row(c, y)[x] = input(layer, 0).row(c, y / layer.factor)[x / layer.factor];
        return;
      case LayerKind::noise_estimate:
        for (std::size_t i = 0; i < size; ++i) dst.data[i] = strength_ * input(layer, 0).data[i];
        return;
      case LayerKind::batch_norm:
      case LayerKind::batch_scale:
        return normalise(*network_, layer, input(layer, 0), dst);
      case LayerKind::relu:
        for (std::size_t i = 0; i < size; ++i) dst.data[i] = std::max(input(layer, 0).data[i], 0.0f);
        return;
      case LayerKind::pixel_unshuffle: {
        const ConstTensorView big = input(layer, 0);
        return for_each_site(
            big.channels, dst.height, dst.width, layer.factor,
            [&](int c, int sub, int big_y, int big_x, int y, int x) { dst.row(sub, y)[x] = big.row(c, big_y)[big_x]; });
      }
      case LayerKind::pixel_shuffle: {
        const ConstTensorView small = input(layer, 0);
        return for_each_site(dst.channels, small.height, small.width, layer.factor,
                             [&](int c, int sub, int big_y, int big_x, int y, int x) {
                               dst.row(c, big_y)[big_x] = small.row(sub, y)[x];
                             });
      }
      case LayerKind::concatenate: {
        float* next = dst.data;
        for (std::size_t i = 0; i < layer.inputs.size(); ++i) {
          const ConstTensorView src = input(layer, i);
          next = std::copy_n(src.data, static_cast<std::size_t>(src.channels) * src.height * src.width, next);
        }
        return;
      }
      case LayerKind::add:
        for (std::size_t i = 0; i < size; ++i) dst.data[i] = input(layer, 0).data[i] + input(layer, 1).data[i];
        return;
      case LayerKind::subtract:
        for (std::size_t i = 0; i < size; ++i) dst.data[i] = input(layer, 0).data[i] - input(layer, 1).data[i];
        return;
    }
  }

  std::shared_ptr<const PlainNetwork> network_;
  float strength_ = 1.0F;
  std::vector<std::vector<float>> storage_;
  std::vector<TensorView> tensors_;
};

class PlainExecutor final : public Executor {
 public:
  PlainExecutor(const NetworkSpec& spec, const Weights& weights, std::span<const int> watched) {
    check_weights(spec, weights);
    check_watched(spec, watched);
    PlainNetwork network{spec, weights, layer_shapes(spec), std::vector<bool>(spec.layers.size(), false)};
    for (const int layer : watched) network.is_watched[static_cast<std::size_t>(layer)] = true;
    network_ = std::make_shared<PlainNetwork>(std::move(network));
  }

  std::unique_ptr<NetworkRun> prepare(int height_px, int width_px) const override {
    const int alignment = alignment_px(network_->spec);
    if (height_px < 1 || width_px < 1 || height_px % alignment != 0 || width_px % alignment != 0)
      throw Error(ErrorCode::invalid_argument, "preparing network: expected a size in multiples of " +
                                                   std::to_string(alignment) + " px, found " +
                                                   std::to_string(width_px) + "x" + std::to_string(height_px));
    return std::make_unique<PlainRun>(network_, height_px, width_px);
  }

  Precision precision() const noexcept override { return Precision::f32; }

 private:
  std::shared_ptr<const PlainNetwork> network_;
};

}  // namespace

std::unique_ptr<Executor> make_plain_executor(const NetworkSpec& spec, const Weights& weights,
                                              std::span<const int> watched) {
  return std::make_unique<PlainExecutor>(spec, weights, watched);
}

}  // namespace rdenoise
