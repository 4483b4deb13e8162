// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/matrix_convolution.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

#include "network/matrix_rows.hpp"
#include "network/matrix_stores.hpp"
#include "network/stored_kernels.hpp"
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
//
// The same in eight bits, in another run, where bf16 took 5.8, 13, 46, 56 and 114:
//
//   16 → 16   3.2 / 6.8      48 → 48   23 / 23        96 → 96   69 / 78
//   32 → 32   8.5 / 12       64 → 64   24 / 26
//
// From bf16 to eight bits takes as long as to bf16.
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
  AlignedFloats weights;  ///< group_weight_bytes()
};

/// A kernel in the order in which tiles take it.
class OrderedKernel {
 public:
  /// pixel_bytes  of the source
  OrderedKernel(int out_channels, int pixel_bytes)
      : pixel_bytes_(pixel_bytes), n_chunks_(TapRows{{}, pixel_bytes}.n_chunks()) {
    const int n_outputs = round_up(out_channels, tile_rows);
    for (int first = 0; first < n_outputs; first += group_outputs(2)) {
      const int n_tiles = std::min((n_outputs - first) / tile_rows, 2);
      groups_.push_back({first, n_tiles, AlignedFloats(group_weight_bytes(n_tiles, n_chunks_) / sizeof(float))});
    }
  }

  /// tap       ky · 3 + kx
  /// in_pixel  byte of the source's pixel that the weight multiplies
  template <typename Weight>
  void set(int output, int tap, int in_pixel, Weight weight) {
    Group& group = groups_[static_cast<std::size_t>(output / group_outputs(2))];
    const std::size_t place = place_of_weight(group.n_tiles, n_chunks_, tap / 3, tap % 3 * pixel_bytes_ + in_pixel,
                                              output - group.first_output);
    std::memcpy(reinterpret_cast<std::byte*>(group.weights.data()) + place, &weight, sizeof weight);
  }

  [[nodiscard]] int pixel_bytes() const noexcept { return pixel_bytes_; }
  /// All but the last have two tiles.
  [[nodiscard]] std::span<const Group> groups() const noexcept { return groups_; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    std::size_t bytes = 0;
    for (const Group& group : groups_) bytes += group.weights.size_bytes();
    return bytes;
  }

 private:
  int pixel_bytes_;
  int n_chunks_;
  std::vector<Group> groups_;
};

/// scales, bias  [output], in whole tiles: as RowSums has them; of bf16 the scales are empty
template <Products products>
class MatrixConvolution final : public OwnConvolution {
 public:
  MatrixConvolution(OrderedKernel kernel, AlignedFloats scales, AlignedFloats bias)
      : kernel_(std::move(kernel)), scales_(std::move(scales)), bias_(std::move(bias)) {}

  void run(const Activation& src, bool relu, FusedSum sum, const Activation& dst, float* scratch) const override {
    const Pass pass{src, relu, sum, dst, scratch};
    if (dst.layout.block > 1)
      store_pixels(pass);
    else if constexpr (products == Products::bf16)
      run_groups<1, PlaneStore>(kernel_.groups(), pass);
    clear_padding(dst);
  }

  std::size_t scratch_bytes(const Activation&, const Activation& dst) const noexcept override {
    return 2 * group_sums * sizeof(float) + RowRing::bytes_needed(kernel_.pixel_bytes(), rounded_width(dst));
  }

  std::size_t memory_bytes() const noexcept override {
    return kernel_.memory_bytes() + scales_.size_bytes() + bias_.size_bytes();
  }

 private:
  struct Pass {
    const Activation& src;
    bool relu;
    FusedSum sum;
    const Activation& dst;
    float* scratch;
  };

  void store_pixels(const Pass& pass) const {
    const std::span<const Group> groups = kernel_.groups();
    const std::size_t n_wide = groups.back().n_tiles == 2 ? groups.size() : groups.size() - 1;
    switch (pass.dst.layout.element) {
      case ElementType::f32:
        run_groups<2, PixelStore<products, 2, float>>(groups.first(n_wide), pass);
        return run_groups<1, PixelStore<products, 1, float>>(groups.subspan(n_wide), pass);
      case ElementType::bf16:
        run_groups<2, PixelStore<products, 2, std::uint16_t>>(groups.first(n_wide), pass);
        return run_groups<1, PixelStore<products, 1, std::uint16_t>>(groups.subspan(n_wide), pass);
      case ElementType::u8:
        run_groups<2, ByteStore<products, 2>>(groups.first(n_wide), pass);
        return run_groups<1, ByteStore<products, 1>>(groups.subspan(n_wide), pass);
    }
  }

  template <int n_tiles, typename Store>
  void run_groups(std::span<const Group> groups, const Pass& pass) const {
    if (groups.empty()) return;
    const Activation& dst = pass.dst;
    constexpr int step_px = group_pixels(n_tiles);
    RowRing ring(pass.src, kernel_.pixel_bytes(), rounded_width(dst),
                 reinterpret_cast<std::byte*>(pass.scratch + 2 * group_sums));
    const ShapedTiles tiles(tile_shapes(n_tiles, {{}, kernel_.pixel_bytes()}));
    Store store(dst, pass.relu, pass.sum);
    float* sums = pass.scratch;
    float* stored = sums + group_sums;
    for (int y = 0; y < dst.height; ++y) {
      const TapRows rows = ring.around(y);
      // A group's weights stay in the first cache for a row.
      for (const Group& group : groups) {
        const auto* const weights = reinterpret_cast<const std::byte*>(group.weights.data());
        const float* const scales = products == Products::bf16 ? nullptr : scales_.data() + group.first_output;
        const float* const bias = bias_.data() + group.first_output;
        for (int x = 0; x < dst.width; x += step_px) {
          matrix_sums<products, n_tiles>(rows, x, weights, bias, sums, store);
          store.begin({sums, scales, bias, group.first_output, x, y, std::min(step_px, dst.width - x)},
                      3 * rows.n_chunks());
          std::swap(sums, stored);
        }
      }
    }
    store.finish();
  }

  /// The last group of pixels is computed whole.
  static int rounded_width(const Activation& dst) noexcept { return round_up(dst.width, group_pixels(1)); }

  OrderedKernel kernel_;
  AlignedFloats scales_;
  AlignedFloats bias_;
};

std::size_t tiled_outputs(const Layer& layer) {
  return static_cast<std::size_t>(round_up(layer.out_channels, tile_rows));
}

}  // namespace

std::unique_ptr<OwnConvolution> make_matrix_convolution(const Layer& layer, const Weights& weights, int in_channels,
                                                        Layout src, std::span<const float> src_scales,
                                                        std::span<const float> result_scales) {
  const std::vector<float>& given = weights.tensors.find(layer.name + ".weight")->second.values;
  AlignedFloats bias(tiled_outputs(layer));
  if (layer.bias) std::ranges::copy(weights.tensors.find(layer.name + ".bias")->second.values, bias.data());
  // Of f32 two for each channel, so that its precision is kept.
  const int values_per_channel = src.element == ElementType::f32 ? 2 : 1;
  const int values_per_pixel = values_per_channel * (src.block == 1 ? in_channels : src.block);
  OrderedKernel kernel(layer.out_channels, values_per_pixel * 2);
  std::size_t next = 0;
  for (int output = 0; output < layer.out_channels; ++output) {
    // A relu lets a positive factor through: the numbers come out as they are stored.
    const float numbers_per_value =
        result_scales.empty() ? 1.0f : 1.0f / result_scales[static_cast<std::size_t>(output)];
    bias.data()[output] *= numbers_per_value;
    for (int channel = 0; channel < in_channels; ++channel) {
      const float factor =
          numbers_per_value * (src_scales.empty() ? 1.0f : src_scales[static_cast<std::size_t>(channel)]);
      for (int tap = 0; tap < 9; ++tap, ++next)
        for (int i = 0; i < values_per_channel; ++i)
          kernel.set(output, tap, (channel * values_per_channel + i) * 2, to_bf16(given[next] * factor));
    }
  }
  return std::make_unique<MatrixConvolution<Products::bf16>>(std::move(kernel), AlignedFloats(), std::move(bias));
}

std::unique_ptr<OwnConvolution> make_eight_bit_matrix_convolution(const Layer& layer, const Weights& weights,
                                                                  const EightBitResult& source, int copies,
                                                                  int src_block, std::span<const float> result_scales) {
  const EightBitKernel given = eight_bit_kernel(layer, weights, source, copies, most_eight_bit_weight);
  const auto in_channels = static_cast<int>(source.scales.size());
  OrderedKernel kernel(layer.out_channels, src_block);
  AlignedFloats scales(tiled_outputs(layer));
  AlignedFloats bias(tiled_outputs(layer));
  std::size_t next = 0;
  for (int output = 0; output < layer.out_channels; ++output) {
    const auto o = static_cast<std::size_t>(output);
    const float value_of_number = result_scales.empty() ? 1.0f : result_scales[o];
    scales.data()[o] = given.scales[o] / value_of_number;
    bias.data()[o] = given.bias[o] / value_of_number;
    for (int copy = 0; copy < copies; ++copy)
      for (int channel = 0; channel < in_channels; ++channel)
        for (int tap = 0; tap < 9; ++tap)
          kernel.set(output, tap, copy * (src_block / copies) + channel, given.numbers[next++]);
  }
  return std::make_unique<MatrixConvolution<Products::eight_bits>>(std::move(kernel), std::move(scales),
                                                                   std::move(bias));
}

#else

std::unique_ptr<OwnConvolution> make_matrix_convolution(const Layer&, const Weights&, int, Layout,
                                                        std::span<const float>, std::span<const float>) {
  return nullptr;
}

std::unique_ptr<OwnConvolution> make_eight_bit_matrix_convolution(const Layer&, const Weights&, const EightBitResult&,
                                                                  int, int, std::span<const float>) {
  return nullptr;
}

#endif

}  // namespace rdenoise::onednn
