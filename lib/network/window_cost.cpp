// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/window_cost.hpp"

#include <unistd.h>

#include <algorithm>
#include <limits>
#include <map>

#include "network/matrix_units.hpp"
#include "network/onednn_convolution.hpp"
#include "network/onednn_winograd.hpp"

namespace rdenoise::onednn {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// How a convolution is computed.
enum class Method { direct, winograd, matrix_units };

Method method_of(const Step& step, const Layer& layer, const Value& src, const Value& dst) {
  if (step.kind == StepKind::own_convolution) {
    const bool in_f32 = src.layout.element == ElementType::f32 && dst.layout.element == ElementType::f32;
    return !in_f32 && has_matrix_units() ? Method::matrix_units : Method::direct;
  }
  const WinogradShape shape{round_up(src.channels, src.layout.block), round_up(dst.channels, dst.layout.block), 1};
  return src.sub_grid == 1 && may_winograd(layer, 1, src.layout, dst.layout) && has_winograd(shape) ? Method::winograd
                                                                                                    : Method::direct;
}

/// What a multiply-accumulate takes, ns on one core (Sapphire Rapids; Zen 4 and 5 are alike within a third).
double ns_per_mac(ElementType element, Method method) {
  if (method == Method::winograd) return 0.005;
  if (method == Method::matrix_units) return element == ElementType::u8 ? 0.00075 : 0.0015;
  return element == ElementType::f32 ? 0.012 : 0.006;
}

/// What beginning a step takes, with finding its data in another core's cache, ns: a network of 16 channels at 640×360
/// is no faster in four bands than in two overlapping halves.
constexpr double step_ns = 8000.0;

/// What a byte that a layer reads or writes takes beside, ns, if it comes from the third cache, and more if it comes
/// from memory. With 16 channels, f32: 28, 39 and 54 ns for a pixel; with 64, by Winograd, 185, 185 and 240.
constexpr double third_cache_ns = 0.04;
constexpr double memory_ns = 0.08;
/// Of one core. More than this is shared with others, on machines with many cores as on virtual ones. Layers of 67 MB
/// for each of two workers (64 channels, one megapixel in cells of 2×2) were no slower than those of 17 MB.
constexpr double most_third_cache_bytes = 64.0 * 1024 * 1024;

/// While matrix units multiply, data come for so much of that time: 64 channels take 52 ns for a pixel from the second
/// cache and 55 from the third, 16 channels 5.4 and 8.0.
constexpr double hidden_by_products = 0.125;

/// Of a core's second cache, what layers may count on: weights and rows on their way take room, too, and often another
/// process on the same core. 7 layers of 16 channels in bf16 at 1080p took 46, 36 and 35 ms with all of it, half and a
/// quarter where there was one, and 26 each where there was none.
constexpr double second_cache_share = 0.5;

struct Caches {
  double second_bytes;  ///< a core's, as far as layers may count on it
  double third_bytes;   ///< a core's share
};

const Caches& caches() {
  static const Caches known = [] {
    const auto size = [](int name) { return static_cast<double>(std::max(sysconf(name), 0L)); };
    const auto cores = static_cast<double>(std::max(sysconf(_SC_NPROCESSORS_ONLN), 1L));
    const double second = std::max(second_cache_share * size(_SC_LEVEL2_CACHE_SIZE), 256.0 * 1024);
    return Caches{second,
                  std::clamp(size(_SC_LEVEL3_CACHE_SIZE) / cores, second, std::max(second, most_third_cache_bytes))};
  }();
  return known;
}

/// For each byte of a layer that works on so many. Winograd computes long enough on what it has read to hide where it
/// comes from, but for memory.
double ns_per_byte(double layer_bytes, bool is_winograd) {
  const auto share_beyond = [&](double cache_bytes) { return std::max(1.0 - cache_bytes / layer_bytes, 0.0); };
  return (is_winograd ? 0.0 : third_cache_ns * share_beyond(caches().second_bytes)) +
         memory_ns * share_beyond(caches().third_bytes);
}

/// The least among the sizes a few pixels larger.
double padded_cost(WinogradShape shape, Extent needed) {
  constexpr int step_px = 4;
  constexpr int most_px = 12;
  const double needed_px = static_cast<double>(needed.height) * needed.width;
  double least = std::numeric_limits<double>::infinity();
  for (int height = round_up(needed.height, step_px); height <= needed.height + most_px; height += step_px)
    for (int width = round_up(needed.width, step_px); width <= needed.width + most_px; width += step_px)
      least = std::min(least, winograd_cost(shape, {height, width}) * height * width / needed_px);
  return least;
}

}  // namespace

double window_cost(const NetworkSpec& spec, const ExecutionPlan& plan, int height_px, int width_px, int in_turn,
                   bool is_padded) {
  std::map<WinogradShape, double> winograd;  // by shape: cost
  double cost = 0.0;
  double least = 0.0;
  for (const Step& step : plan.steps) {
    if (step.kind != StepKind::convolution && step.kind != StepKind::own_convolution) continue;
    const Value& src = plan.values[at(step.inputs[0])];
    const Value& dst = plan.values[at(step.output)];
    const Extent extent{height_px / src.downscale, width_px / src.downscale};
    const int in = round_up(src.channels, src.layout.block);
    const int out = round_up(dst.channels, dst.layout.block);
    const double pixels = 1.0 / (src.downscale * src.downscale);
    const Layer& layer = spec.layers[at(step.layer)];
    const Method method = method_of(step, layer, src, dst);
    double relative = 1.0;
    if (method == Method::winograd) {
      const WinogradShape shape{in, out, 1};
      if (!winograd.contains(shape))
        winograd[shape] = is_padded ? padded_cost(shape, extent) : winograd_cost(shape, extent);
      relative = winograd[shape];
    }
    const double ns =
        static_cast<double>(layer.kernel) * layer.kernel * in * out * ns_per_mac(src.layout.element, method);
    const double bytes = bytes_of(src.layout.element) * in + bytes_of(dst.layout.element) * out;
    const double transfer_ns =
        bytes * ns_per_byte(bytes * in_turn * extent.height * extent.width, method == Method::winograd);
    const double hidden_ns = method == Method::matrix_units ? ns * hidden_by_products : 0.0;
    cost += pixels * (ns * relative + std::max(transfer_ns - hidden_ns, 0.0));
    cost += step_ns / (static_cast<double>(height_px) * width_px);
    least += pixels * ns;
  }
  return least > 0.0 ? cost / least : 1.0;
}

}  // namespace rdenoise::onednn
