// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_precision.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>
#include <utility>
#include <vector>

#include "base/one_openmp_thread.hpp"
#include "network/onednn_arena.hpp"
#include "network/onednn_convolution.hpp"
#include "network/onednn_cpu.hpp"
#include "network/quantisation.hpp"

namespace rdenoise::onednn {
namespace {

constexpr double most_loss_db = 0.02;
/// A precision must save this much to be worth its loss, and to be no accident of the measurement.
constexpr double least_gain = 1.15;
constexpr int height_px = 64;
constexpr int width_px = 128;
constexpr int repeats = 5;

/// Ready to run, with zeros for numbers: the time does not depend on them.
class TimedConvolution {
 public:
  TimedConvolution(Precision precision, int channels) : stream_(cpu_engine()) {
    const LayoutRules rules = layout_rules(precision);
    const Layout layout =
        precision == Precision::int8 ? rules.pixels(channels, ElementType::u8) : rules.blocks(channels);
    const Layer layer{.kind = LayerKind::convolution, .name = "a", .out_channels = channels, .kernel = 3};
    Activation picture{nullptr, channels, height_px, width_px, height_px, width_px, layout};
    const std::vector<float> scales(precision == Precision::int8 ? picture.padded_channels() : 0, 1.0f);
    const auto desc = choose_convolution(layer, picture, picture, true, scales);
    primitive_ = dnnl::convolution_forward(desc);
    const auto add = [&](int name, const dnnl::memory::desc& wanted) {
      arenas_.push_back(make_arena(wanted.get_size()));
      std::fill_n(arenas_.back().get(), wanted.get_size(), std::byte{});
      arguments_.insert({name, dnnl::memory(wanted, cpu_engine(), arenas_.back().get())});
    };
    add(DNNL_ARG_SRC, desc.src_desc());
    add(DNNL_ARG_WEIGHTS, desc.weights_desc());
    add(DNNL_ARG_BIAS, desc.bias_desc());
    add(DNNL_ARG_DST, desc.dst_desc());
    add(DNNL_ARG_SCRATCHPAD, desc.scratchpad_desc());
  }

  double seconds() {
    const auto start = std::chrono::steady_clock::now();
    primitive_.execute(stream_, arguments_);
    stream_.wait();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

 private:
  dnnl::stream stream_;
  dnnl::convolution_forward primitive_;
  std::vector<Arena> arenas_;
  std::unordered_map<int, dnnl::memory> arguments_;
};

/// Of the convolution with most multiply-adds: the larger of its two sides' channels.
int busiest_channels(const NetworkSpec& spec) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  double most = 0.0;
  int channels = 0;
  for (const Layer& layer : spec.layers) {
    if (layer.kind != LayerKind::convolution) continue;
    const LayerShape in = shapes[static_cast<std::size_t>(layer.inputs[0])];
    const double work = static_cast<double>(in.channels) * layer.out_channels * layer.kernel * layer.kernel /
                        (static_cast<double>(in.downscale) * in.downscale);
    if (work <= most) continue;
    most = work;
    channels = std::max(in.channels, layer.out_channels);
  }
  return channels;
}

bool runs_here(Precision precision) {
  if (precision == Precision::bf16) return has_bf16();
  // Losses are those of eight-bit weights.
  return has_eight_bits() && most_weight_of_cpu() == most_eight_bit_weight;
}

}  // namespace

double convolution_seconds(Precision precision, int channels) {
  static std::mutex mutex;
  static std::map<std::pair<Precision, int>, double> known;
  const std::lock_guard lock(mutex);
  const auto [place, is_new] = known.try_emplace({precision, channels}, 0.0);
  if (is_new) {
    const OneOpenMpThread one_thread;
    TimedConvolution convolution(precision, channels);
    (void)convolution.seconds();
    double least = convolution.seconds();
    for (int i = 1; i < repeats; ++i) least = std::min(least, convolution.seconds());
    place->second = least;
  }
  return place->second;
}

namespace {

Precision fastest_exact_precision(const NetworkSpec& spec, const Weights& weights) {
  const int channels = busiest_channels(spec);
  Precision fastest = Precision::f32;
  for (const PrecisionLoss& loss : precision_losses(weights)) {
    if (loss.psnr_db > most_loss_db || !runs_here(loss.precision)) continue;
    if (convolution_seconds(fastest, channels) > least_gain * convolution_seconds(loss.precision, channels))
      fastest = loss.precision;
  }
  return fastest;
}

}  // namespace

Precision usable_precision(const NetworkSpec& spec, const Weights& weights, Precision wished) {
  switch (wished) {
    case Precision::automatic:
      return fastest_exact_precision(spec, weights);
    case Precision::f32:
      return Precision::f32;
    case Precision::bf16:
      return has_bf16() ? Precision::bf16 : Precision::f32;
    case Precision::int8:
      break;
  }
  if (!has_result_scales(weights))
    throw Error(
        ErrorCode::unsupported,
        "making executor in int8: expected activation scales in the model file, found none; rdn model calibrate "
        "measures them");
  return has_eight_bits() ? Precision::int8 : Precision::f32;
}

}  // namespace rdenoise::onednn
