// SPDX-License-Identifier: LGPL-2.1-or-later
// An executor that computes what the test says, to look at what the denoiser hands to a network.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <rdenoise/network.hpp>
#include <vector>

namespace rdenoise::test {

/// Fills output from image and noise map (data nullptr if blind).
using Computation = std::function<void(ConstTensorView image, ConstTensorView noise_map, TensorView output)>;

inline ConstTensorView as_const(TensorView t) { return {t.data, t.channels, t.height, t.width}; }

class FakeRun final : public NetworkRun {
 public:
  FakeRun(const NetworkSpec& spec, int height_px, int width_px, Computation compute) : compute_(std::move(compute)) {
    const int channels = spec.params.image_channels;
    image_values_.resize(static_cast<std::size_t>(channels) * height_px * width_px);
    output_values_.resize(image_values_.size());
    image_ = {image_values_.data(), channels, height_px, width_px};
    output_ = {output_values_.data(), channels, height_px, width_px};
    if (const Layer* layer = spec.noise_map_layer()) {
      map_ = {nullptr, layer->out_channels, height_px / layer->factor, width_px / layer->factor};
      map_values_.resize(static_cast<std::size_t>(map_.channels) * map_.height * map_.width);
      map_.data = map_values_.data();
    }
  }

  TensorView image() override { return image_; }
  TensorView noise_map() override { return map_; }
  void run() override { compute_(as_const(image_), as_const(map_), output_); }
  ConstTensorView output() const override { return as_const(output_); }

 private:
  Computation compute_;
  std::vector<float> image_values_;
  std::vector<float> map_values_;
  std::vector<float> output_values_;
  TensorView image_;
  TensorView map_;
  TensorView output_;
};

class FakeExecutor final : public Executor {
 public:
  FakeExecutor(NetworkSpec spec, Computation compute) : spec_(std::move(spec)), compute_(std::move(compute)) {}
  std::unique_ptr<NetworkRun> prepare(int height_px, int width_px) const override {
    return std::make_unique<FakeRun>(spec_, height_px, width_px, compute_);
  }
  Precision precision() const noexcept override { return Precision::f32; }

 private:
  NetworkSpec spec_;
  Computation compute_;
};

/// Gives the picture back.
inline void pass_through(ConstTensorView image, ConstTensorView /*noise_map*/, TensorView output) {
  std::copy_n(image.data, static_cast<std::size_t>(image.channels) * image.height * image.width, output.data);
}

/// Gives the noise map, enlarged to the picture, in every channel.
inline void show_noise_map(ConstTensorView /*image*/, ConstTensorView map, TensorView output) {
  const int factor = output.width / map.width;
  for (int c = 0; c < output.channels; ++c)
    for (int y = 0; y < output.height; ++y)
      for (int x = 0; x < output.width; ++x) output.row(c, y)[x] = map.row(0, y / factor)[x / factor];
}

}  // namespace rdenoise::test
