// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/window_cost.hpp"

#include <unistd.h>

#include <algorithm>
#include <map>

#include "network/onednn_convolution.hpp"
#include "network/onednn_winograd.hpp"

namespace rdenoise::onednn {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Of one core. More than this is shared with others, on machines with many cores as on virtual ones.
constexpr double most_cache_bytes = 32.0 * 1024 * 1024;
/// Layers that come from memory against such that come from the cache: 1.2 to 1.3 with 64 channels (Zen 4, Sapphire
/// Rapids).
constexpr double memory_penalty = 0.25;

double cache_bytes() {
  static const double bytes = [] {
    const auto size = [](int name) { return static_cast<double>(std::max(sysconf(name), 0L)); };
    const auto cores = static_cast<double>(std::max(sysconf(_SC_NPROCESSORS_ONLN), 1L));
    return std::min(most_cache_bytes, size(_SC_LEVEL2_CACHE_SIZE) + size(_SC_LEVEL3_CACHE_SIZE) / cores);
  }();
  return bytes;
}

double memory_cost(double layer_bytes) {
  return 1.0 + memory_penalty * std::clamp(1.0 - cache_bytes() / std::max(layer_bytes, 1.0), 0.0, 1.0);
}

double padded_cost(WinogradShape shape, Extent needed) {
  const Extent extent = choose_extent(std::span(&shape, 1), needed);
  return winograd_cost(shape, extent) * (static_cast<double>(extent.height) * extent.width) /
         (static_cast<double>(needed.height) * needed.width);
}

}  // namespace

double window_cost(const NetworkSpec& spec, const ExecutionPlan& plan, int height_px, int width_px, bool is_padded) {
  std::map<WinogradShape, double> winograd;  // by shape: cost
  double cost = 0.0;
  double least = 0.0;
  for (const Step& step : plan.steps) {
    if (step.kind != StepKind::convolution) continue;
    const Value& src = plan.values[at(step.inputs[0])];
    const Value& dst = plan.values[at(step.output)];
    const Extent extent{height_px / src.downscale, width_px / src.downscale};
    const int in = round_up(src.channels, src.layout.block);
    const int out = round_up(dst.channels, dst.layout.block);
    const double pixels = 1.0 / (src.downscale * src.downscale);
    const double macs = pixels * in * out;
    double relative = 1.0;
    if (src.sub_grid == 1 && may_winograd(spec.layers[at(step.layer)], 1, src.layout, dst.layout)) {
      const WinogradShape shape{in, out, 1};
      if (!winograd.contains(shape))
        winograd[shape] = is_padded ? padded_cost(shape, extent) : winograd_cost(shape, extent);
      relative = winograd[shape];
    }
    const double element_bytes = src.layout.element == ElementType::f32 ? 4.0 : 2.0;
    cost += macs * relative * memory_cost(element_bytes * (in + out) * extent.height * extent.width);
    least += macs;
  }
  return least > 0.0 ? cost / least : 1.0;
}

}  // namespace rdenoise::onednn
