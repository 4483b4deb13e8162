// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/window_limit.hpp"

#include <algorithm>

namespace rdenoise {
namespace {

constexpr std::int64_t mebibyte = 1024 * 1024;
/// So that 24 megapixels of colour, in and out as float, stay below 1.5 GiB.
constexpr std::int64_t all_workers_bytes = 576 * mebibyte;
/// With many cores memory grows with them: smaller windows would be mostly halo.
constexpr std::int64_t least_worker_bytes = 128 * mebibyte;
/// Without overlap nothing is gained by windows larger than the caches; the borders of a frame of 100 megapixels take
/// as much again.
constexpr std::int64_t all_skewed_workers_bytes = 128 * mebibyte;
constexpr std::int64_t least_skewed_worker_bytes = 24 * mebibyte;
/// What a frame may take besides its own buffers.
constexpr std::int64_t all_bands_bytes = 256 * mebibyte;
/// Two are the halo itself. DRUNet, whose halo is 192 px, takes 450 MiB a worker for that.
constexpr std::int64_t least_window_halos = 3;
/// A run holds two activations and the convolutions' scratch memory; measured with oneDNN 2.6: 2.1 … 2.3 times the
/// widest activation with 64 channels, 6.8 times with 96, where Winograd transforms the whole window at once.
constexpr int widest_tiled_winograd = 64;
constexpr double activations_in_memory = 2.5;
constexpr double activations_in_memory_untiled = 7.0;
/// The whole of a run's memory over the results that are kept; measured: 1.33 with DRUNet, 1.54 with CBDNet, for which
/// the rule above adds its part.
constexpr double scratch_share = 1.35;
/// A full HD frame on two threads is two windows. The executor's speed hardly depends on the window's size (within 10 %
/// from 128² to 1280×1080), so what counts is the halo; beyond this size there is little left to save.
constexpr std::int64_t largest_useful_px = 1'200'000;

/// Channels lie in blocks of a vector register.
constexpr int block_channels = 16;

double run_bytes_per_px(const NetworkSpec& spec) {
  double widest = 0.0;
  double fullest = 0.0;         // activation
  double fullest_padded = 0.0;  // with its channels in whole blocks
  for (const LayerShape& shape : layer_shapes(spec)) {
    const double pixels = 1.0 / (static_cast<double>(shape.downscale) * shape.downscale);
    const int padded = (shape.channels + block_channels - 1) / block_channels * block_channels;
    const double activations = padded > widest_tiled_winograd ? activations_in_memory_untiled : activations_in_memory;
    widest = std::max(widest, activations * sizeof(float) * padded * pixels);
    fullest = std::max(fullest, shape.channels * pixels);
    fullest_padded = std::max(fullest_padded, padded * pixels);
  }
  // U-Nets keep what their skips carry.
  return std::max(widest, scratch_share * activation_bytes_per_px(spec) * fullest_padded / fullest);
}

}  // namespace

std::int64_t max_window_px(const NetworkSpec& spec, int n_threads) {
  const std::int64_t worker_bytes = std::max(all_workers_bytes / n_threads, least_worker_bytes);
  const std::int64_t least_edge_px = least_window_halos * halo_px(spec);
  const auto affordable = static_cast<std::int64_t>(static_cast<double>(worker_bytes) / run_bytes_per_px(spec));
  return std::max(std::clamp(affordable, std::int64_t{1}, largest_useful_px), least_edge_px * least_edge_px);
}

std::int64_t max_skewed_window_px(const NetworkSpec& spec, int n_threads) {
  const std::int64_t worker_bytes = std::max(all_skewed_workers_bytes / n_threads, least_skewed_worker_bytes);
  return std::max(static_cast<std::int64_t>(static_cast<double>(worker_bytes) / run_bytes_per_px(spec)),
                  std::int64_t{1});
}

std::int64_t max_lockstep_px(const NetworkSpec& spec) {
  return static_cast<std::int64_t>(static_cast<double>(all_bands_bytes) / run_bytes_per_px(spec));
}

}  // namespace rdenoise
