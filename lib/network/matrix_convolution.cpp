// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/matrix_convolution.hpp"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>
#include <vector>

#include "network/matrix_rows.hpp"
#include "network/matrix_stores.hpp"
#include "network/vector_lanes.hpp"

namespace rdenoise::onednn {

// ns for a pixel, this kernel / oneDNN 2.6.3 in bf16, one core of a Sapphire Rapids, 128×64 px. Up to 15 channels are
// planes here, which count twice to keep 16 bits; for oneDNN, the time to bring them into whole pixels and back is not
// counted.
//
//   1 → 64    11 / 22        64 → 64   52 / 54        64 → 4    16 / 23
//   5 → 64    15 / 22        96 → 96   109 / 109      64 → 1    15 / 20
//   9 → 16    11 / 8.0       32 → 32   12 / 16        96 → 12   28 / 28
//   13 → 96   52 / 33        16 → 16   5.4 / 7.4      16 → 6    5.8 / 7.4
//
// The kernels in f32 that serve other processors take 17 for 9 → 16 and 16 → 6, and 153 for 96 → 12.
bool is_matrix_convolution(const Layer& convolution) noexcept {
  return convolution.kernel == 3 && convolution.dilation == 1;
}

#if RDENOISE_HAS_MATRIX_KERNELS

namespace {

/// Rounded to the nearest, of two the even one. Weights are finite.
std::uint16_t to_bf16(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

/// Outputs computed at once, in one or two tiles' columns.
struct Group {
  int first_output;
  int n_tiles;
  AlignedFloats weights;  ///< group_weight_values() in bf16
};

class MatrixConvolution final : public OwnConvolution {
 public:
  MatrixConvolution(const Layer& layer, const Weights& weights, int in_channels, int src_block)
      : values_per_channel_(src_block == 1 ? 2 : 1),
        pixel_values_(src_block == 1 ? 2 * in_channels : src_block),
        n_outputs_(round_up(layer.out_channels, tile_rows)),
        bias_(static_cast<std::size_t>(n_outputs_)) {
    const std::vector<float>& given = weights.tensors.find(layer.name + ".weight")->second.values;
    for (int first = 0; first < n_outputs_; first += group_outputs(2)) {
      const int n_tiles = std::min((n_outputs_ - first) / tile_rows, 2);
      groups_.push_back({first, n_tiles, ordered_weights(given, in_channels, layer.out_channels, first, n_tiles)});
    }
    if (layer.bias) std::ranges::copy(weights.tensors.find(layer.name + ".bias")->second.values, bias_.data());
  }

  void run(const Activation& src, bool relu, FusedSum sum, const Activation& dst, float* scratch) const override {
    const Pass pass{src, relu, sum, dst, scratch};
    if (dst.layout.block == 1) {
      run_groups<1, PlaneStore>(groups_, pass);
    } else {
      const std::size_t n_wide = groups_.back().n_tiles == 2 ? groups_.size() : groups_.size() - 1;
      const std::span<const Group> groups(groups_);
      if (dst.layout.element == ElementType::f32) {
        run_groups<2, PixelStore<2, float>>(groups.first(n_wide), pass);
        run_groups<1, PixelStore<1, float>>(groups.subspan(n_wide), pass);
      } else {
        run_groups<2, PixelStore<2, std::uint16_t>>(groups.first(n_wide), pass);
        run_groups<1, PixelStore<1, std::uint16_t>>(groups.subspan(n_wide), pass);
      }
    }
    clear_padding(dst);
  }

  std::size_t scratch_bytes(const Activation&, const Activation& dst) const noexcept override {
    return 2 * group_sums * sizeof(float) +
           RowRing::values_needed(pixel_values_, rounded_width(dst)) * sizeof(std::uint16_t);
  }

  std::size_t memory_bytes() const noexcept override {
    std::size_t bytes = bias_.size_bytes();
    for (const Group& group : groups_) bytes += group.weights.size_bytes();
    return bytes;
  }

 private:
  struct Pass {
    const Activation& src;
    bool relu;
    FusedSum sum;
    const Activation& dst;
    float* scratch;
  };

  template <int n_tiles, typename Store>
  void run_groups(std::span<const Group> groups, const Pass& pass) const {
    if (groups.empty()) return;
    const Activation& dst = pass.dst;
    constexpr int step_px = group_pixels(n_tiles);
    RowRing ring(pass.src, pixel_values_, rounded_width(dst),
                 reinterpret_cast<std::uint16_t*>(pass.scratch + 2 * group_sums));
    const ShapedTiles tiles(tile_shapes(n_tiles, {{}, pixel_values_}));
    Store store(dst, pass.relu, pass.sum);
    float* sums = pass.scratch;
    float* stored = sums + group_sums;
    for (int y = 0; y < dst.height; ++y) {
      const TapRows rows = ring.around(y);
      // A group's weights stay in the first cache for a row.
      for (const Group& group : groups) {
        const auto* const weights = reinterpret_cast<const std::uint16_t*>(group.weights.data());
        for (int x = 0; x < dst.width; x += step_px) {
          matrix_sums<n_tiles>(rows, x, weights, bias_.data() + group.first_output, sums, store);
          store.begin({sums, group.first_output, x, y, std::min(step_px, dst.width - x)}, 3 * rows.n_chunks());
          std::swap(sums, stored);
        }
      }
    }
    store.finish();
  }

  /// The last group of pixels is computed whole.
  static int rounded_width(const Activation& dst) noexcept { return round_up(dst.width, group_pixels(1)); }

  [[nodiscard]] AlignedFloats ordered_weights(const std::vector<float>& given, int in_channels, int out_channels,
                                              int first_output, int n_tiles) const {
    const int n_chunks = TapRows{{}, pixel_values_}.n_chunks();
    AlignedFloats ordered(group_weight_values(n_tiles, n_chunks) / 2);
    auto* const to = reinterpret_cast<std::uint16_t*>(ordered.data());
    for (int output = first_output; output < std::min(first_output + n_tiles * tile_rows, out_channels); ++output)
      for (int channel = 0; channel < in_channels; ++channel)
        for (int tap = 0; tap < 9; ++tap) {
          const std::uint16_t weight =
              to_bf16(given[(static_cast<std::size_t>(output) * in_channels + channel) * 9 + tap]);
          for (int i = 0; i < values_per_channel_; ++i) {
            const int value = tap % 3 * pixel_values_ + channel * values_per_channel_ + i;  // of the kernel's row
            const int in_chunk = value % chunk_values;
            const int column = output - first_output;
            const std::size_t tile =
                (static_cast<std::size_t>(tap / 3) * n_chunks + value / chunk_values) * n_tiles + column / tile_rows;
            to[tile * tile_bytes / 2 + static_cast<std::size_t>(in_chunk / 2 * 2 * tile_rows) +
               static_cast<std::size_t>(column % tile_rows * 2 + in_chunk % 2)] = weight;
          }
        }
    return ordered;
  }

  int values_per_channel_;  ///< of the source: 2 if they are planes, whose precision is kept
  int pixel_values_;        ///< of the source
  int n_outputs_;           ///< in whole tiles
  AlignedFloats bias_;
  std::vector<Group> groups_;
};

}  // namespace

std::unique_ptr<OwnConvolution> make_matrix_convolution(const Layer& layer, const Weights& weights, int in_channels,
                                                        int src_block) {
  return std::make_unique<MatrixConvolution>(layer, weights, in_channels, src_block);
}

#else

std::unique_ptr<OwnConvolution> make_matrix_convolution(const Layer&, const Weights&, int, int) { return nullptr; }

#endif

}  // namespace rdenoise::onednn
