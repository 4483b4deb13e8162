// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_precision.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <rdenoise/error.hpp>
#include <rdenoise/model.hpp>
#include <utility>
#include <vector>

#include "base/one_openmp_thread.hpp"
#include "network/matrix_convolution.hpp"
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
  virtual ~TimedConvolution() = default;
  double seconds() {
    const auto start = std::chrono::steady_clock::now();
    run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

 private:
  virtual void run() = 0;
};

Arena zeros(std::size_t size_bytes) {
  Arena arena = make_arena(size_bytes);
  std::fill_n(arena.get(), size_bytes, std::byte{});
  return arena;
}

/// As a network in this precision has most of them.
struct TypicalConvolution {
  TypicalConvolution(Precision precision, const LayoutRules& rules, int channels)
      : layer{.kind = LayerKind::convolution, .name = "a", .out_channels = channels, .kernel = 3, .bias = false},
        in_eight_bits(precision == Precision::int8),
        picture{nullptr,
                channels,
                height_px,
                width_px,
                height_px,
                width_px,
                in_eight_bits ? rules.pixels(channels, ElementType::u8) : rules.blocks(channels)},
        scales(in_eight_bits ? static_cast<std::size_t>(picture.padded_channels()) : 0, 1.0f) {}
  Layer layer;
  bool in_eight_bits;
  Activation picture;
  std::vector<float> scales;
};

class TimedOneDnnConvolution final : public TimedConvolution {
 public:
  explicit TimedOneDnnConvolution(const TypicalConvolution& typical) : stream_(cpu_engine()) {
    const auto desc = choose_convolution(typical.layer, typical.picture, typical.picture, true, typical.scales);
    primitive_ = dnnl::convolution_forward(desc);
    const auto add = [&](int name, const dnnl::memory::desc& wanted) {
      arenas_.push_back(zeros(wanted.get_size()));
      arguments_.insert({name, dnnl::memory(wanted, cpu_engine(), arenas_.back().get())});
    };
    add(DNNL_ARG_SRC, desc.src_desc());
    add(DNNL_ARG_WEIGHTS, desc.weights_desc());
    add(DNNL_ARG_BIAS, desc.bias_desc());
    add(DNNL_ARG_DST, desc.dst_desc());
    add(DNNL_ARG_SCRATCHPAD, desc.scratchpad_desc());
  }

 private:
  void run() override {
    primitive_.execute(stream_, arguments_);
    stream_.wait();
  }

  dnnl::stream stream_;
  dnnl::convolution_forward primitive_;
  std::vector<Arena> arenas_;
  std::unordered_map<int, dnnl::memory> arguments_;
};

class TimedMatrixConvolution final : public TimedConvolution {
 public:
  explicit TimedMatrixConvolution(const TypicalConvolution& typical)
      : src_memory_(zeros(typical.picture.size_bytes())),
        dst_memory_(zeros(typical.picture.size_bytes())),
        src_(typical.picture),
        dst_(typical.picture) {
    src_.data = src_memory_.get();
    dst_.data = dst_memory_.get();
    const int channels = typical.picture.channels;
    Weights weights;
    weights.tensors["a.weight"] = {{channels, channels, 3, 3},
                                   std::vector<float>(static_cast<std::size_t>(channels) * channels * 9)};
    const std::vector<float> scales(static_cast<std::size_t>(channels), 1.0f);
    convolution_ =
        typical.in_eight_bits
            ? make_eight_bit_matrix_convolution(typical.layer, weights, {scales, scales}, 1, src_.layout.block, scales)
            : make_matrix_convolution(typical.layer, weights, channels, src_.layout, dst_.layout);
    scratch_ = zeros(convolution_->scratch_bytes(src_, dst_));
  }

 private:
  void run() override { convolution_->run(src_, true, {}, dst_, reinterpret_cast<float*>(scratch_.get())); }

  Arena src_memory_;
  Arena dst_memory_;
  Arena scratch_;
  Activation src_;
  Activation dst_;
  std::unique_ptr<OwnConvolution> convolution_;
};

std::unique_ptr<TimedConvolution> make_timed(Precision precision, int channels) {
  const LayoutRules rules = layout_rules(precision);
  const TypicalConvolution typical(precision, rules, channels);
  if (rules.matrix_units) return std::make_unique<TimedMatrixConvolution>(typical);
  return std::make_unique<TimedOneDnnConvolution>(typical);
}

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
    const std::unique_ptr<TimedConvolution> convolution = make_timed(precision, channels);
    (void)convolution->seconds();
    double least = convolution->seconds();
    for (int i = 1; i < repeats; ++i) least = std::min(least, convolution->seconds());
    place->second = least;
  }
  return place->second;
}

namespace {

/// Of the multiply-adds, those that read results in eight bits.
double eight_bit_share(const NetworkSpec& spec, const Weights& weights) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  const EightBitResults results = eight_bit_results(spec, weights);
  double all = 0.0;
  double in_eight_bits = 0.0;
  for (const Layer& layer : spec.layers) {
    if (layer.kind != LayerKind::convolution) continue;
    const LayerShape in = shapes[static_cast<std::size_t>(layer.inputs[0])];
    const double work = static_cast<double>(in.channels) * layer.out_channels * layer.kernel * layer.kernel /
                        (static_cast<double>(in.downscale) * in.downscale);
    all += work;
    if (!results[static_cast<std::size_t>(layer.inputs[0])].empty()) in_eight_bits += work;
  }
  return in_eight_bits / all;
}

/// About what a network takes, in units of its busiest convolution's time.
double network_seconds(Precision precision, int channels, const NetworkSpec& spec, const Weights& weights) {
  if (precision != Precision::int8) return convolution_seconds(precision, channels);
  const double share = eight_bit_share(spec, weights);
  const Precision rest = has_amx() ? Precision::bf16 : Precision::f32;
  return share * convolution_seconds(precision, channels) + (1.0 - share) * convolution_seconds(rest, channels);
}

Precision fastest_exact_precision(const NetworkSpec& spec, const Weights& weights) {
  const int channels = busiest_channels(spec);
  Precision fastest = Precision::f32;
  for (const PrecisionLoss& loss : precision_losses(weights)) {
    if (loss.psnr_db > most_loss_db || !runs_here(loss.precision)) continue;
    if (network_seconds(fastest, channels, spec, weights) >
        least_gain * network_seconds(loss.precision, channels, spec, weights))
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
