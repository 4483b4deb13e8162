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
// Where two pixels share a row of sums (SumRow), in another run, before / after: 16 → 16 18 / 16, 16 → 6 18 / 11. Those
// were slow minutes of a virtual machine, where what counts is the number of tiles loaded and multiplied.
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

/// What a row of a tile of sums is for. The four pixels under the kernels of two side by side begin where cache lines
/// do, if a pixel has 16 or 32 bytes, and so are loaded twice as fast as the three of one; and no more products are
/// needed, since those three are no whole chunks.
enum class SumRow {
  pixel,
  pair,        ///< two pixels, each with up to 16 outputs in a tile of its own
  packed_pair  ///< two pixels, each with up to pair_outputs in half a tile
};

/// As OrderedKernel's constructor has them.
constexpr SumRow sum_row_for(int out_channels, RowPixel pixel, bool to_planes) noexcept {
  const bool may_pair = pixel.bytes == 16 || pixel.bytes == 32;
  if (!may_pair || out_channels > tile_rows) return SumRow::pixel;
  if (!to_planes) return SumRow::pair;
  return out_channels <= pair_outputs ? SumRow::packed_pair : SumRow::pixel;
}

constexpr int pixels_of(SumRow row) noexcept { return row == SumRow::pixel ? 1 : 2; }
/// From the first pixel's outputs of a pair to the second's.
constexpr int second_pixel(SumRow row) noexcept { return row == SumRow::packed_pair ? pair_outputs : tile_rows; }

/// Outputs computed at once, in one or two tiles' columns.
struct Group {
  int first_output;
  int n_tiles;
  AlignedFloats weights;  ///< group_weight_bytes()
};

/// A kernel in the order in which tiles take it.
class OrderedKernel {
 public:
  /// pixel      of the source
  /// to_planes  the result's layout
  OrderedKernel(int out_channels, RowPixel pixel, bool to_planes)
      : pixel_(pixel), sum_row_(sum_row_for(out_channels, pixel, to_planes)) {
    if (sum_row_ != SumRow::pixel) {
      add_group(0, sum_row_ == SumRow::pair ? 2 : 1);
      return;
    }
    const int n_outputs = round_up(out_channels, tile_rows);
    for (int first = 0; first < n_outputs; first += group_outputs(2))
      add_group(first, std::min((n_outputs - first) / tile_rows, 2));
  }

  /// tap       ky · 3 + kx
  /// in_pixel  byte of the source's pixel that the weight multiplies
  template <typename Weight>
  void set(int output, int tap, int in_pixel, Weight weight) {
    Group& group = groups_[static_cast<std::size_t>(sum_row_ == SumRow::pixel ? output / group_outputs(2) : 0)];
    for (int pixel = 0; pixel < pixels_of(sum_row_); ++pixel) {
      const std::size_t place =
          place_of_weight(group.n_tiles, taps().n_chunks(), tap / 3, (tap % 3 + pixel) * pixel_.bytes + in_pixel,
                          output - group.first_output + pixel * second_pixel(sum_row_));
      std::memcpy(reinterpret_cast<std::byte*>(group.weights.data()) + place, &weight, sizeof weight);
    }
  }

  [[nodiscard]] SumRow sum_row() const noexcept { return sum_row_; }
  [[nodiscard]] TapShape taps() const noexcept {
    return sum_row_ == SumRow::pixel ? TapShape::of_pixels(pixel_.bytes) : TapShape::of_pairs(pixel_.bytes);
  }
  [[nodiscard]] RowPixel pixel() const noexcept { return pixel_; }
  /// All but the last have two tiles.
  [[nodiscard]] std::span<const Group> groups() const noexcept { return groups_; }
  /// Values of outputs, once more for the second pixel of a pair; as many as the tiles have columns.
  [[nodiscard]] AlignedFloats in_columns(const AlignedFloats& outputs) const {
    if (sum_row_ == SumRow::pixel || outputs.data() == nullptr) return outputs;
    AlignedFloats columns(static_cast<std::size_t>(group_outputs(groups_.front().n_tiles)));
    for (int pixel = 0; pixel < 2; ++pixel)
      std::copy_n(outputs.data(), second_pixel(sum_row_), columns.data() + pixel * second_pixel(sum_row_));
    return columns;
  }
  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    std::size_t bytes = 0;
    for (const Group& group : groups_) bytes += group.weights.size_bytes();
    return bytes;
  }

 private:
  void add_group(int first_output, int n_tiles) {
    groups_.push_back(
        {first_output, n_tiles, AlignedFloats(group_weight_bytes(n_tiles, taps().n_chunks()) / sizeof(float))});
  }

  RowPixel pixel_;
  SumRow sum_row_;
  std::vector<Group> groups_;
};

/// scales, bias  [output], in whole tiles: as RowSums has them; of bf16 the scales are empty
template <Products products>
class MatrixConvolution final : public OwnConvolution {
 public:
  MatrixConvolution(OrderedKernel kernel, const AlignedFloats& scales, const AlignedFloats& bias)
      : kernel_(std::move(kernel)), scales_(kernel_.in_columns(scales)), bias_(kernel_.in_columns(bias)) {}

  void run(const Activation& src, bool relu, FusedSum sum, const Activation& dst, float* scratch) const override {
    const Pass pass{src, relu, sum, dst, scratch};
    if (dst.layout.block > 1) {
      store_pixels(pass);
    } else if constexpr (products == Products::bf16) {
      if (kernel_.sum_row() == SumRow::packed_pair)
        run_groups<SumRow::packed_pair, 1, PlaneStore<2>>(kernel_.groups(), pass);
      else
        run_groups<SumRow::pixel, 1, PlaneStore<1>>(kernel_.groups(), pass);
    }
    clear_padding(dst);
  }

  std::size_t scratch_bytes(const Activation&, const Activation& dst) const noexcept override {
    return 2 * group_sums * sizeof(float) + RowRing::bytes_needed(kernel_.pixel(), rounded_width(dst));
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
    switch (pass.dst.layout.element) {
      case ElementType::f32:
        return store_pixels<PixelStore<products, 1, float>, PixelStore<products, 2, float>>(pass);
      case ElementType::bf16:
        return store_pixels<PixelStore<products, 1, std::uint16_t>, PixelStore<products, 2, std::uint16_t>>(pass);
      case ElementType::u8:
        return store_pixels<ByteStore<products, 1>, ByteStore<products, 2>>(pass);
    }
  }

  template <typename Narrow, typename Wide>
  void store_pixels(const Pass& pass) const {
    const std::span<const Group> groups = kernel_.groups();
    // The sums of a pair are those of one pixel, and after them those of the other.
    if (kernel_.sum_row() == SumRow::pair) return run_groups<SumRow::pair, 2, Narrow>(groups, pass);
    const std::size_t n_wide = groups.back().n_tiles == 2 ? groups.size() : groups.size() - 1;
    run_groups<SumRow::pixel, 2, Wide>(groups.first(n_wide), pass);
    run_groups<SumRow::pixel, 1, Narrow>(groups.subspan(n_wide), pass);
  }

  template <SumRow sum_row, int n_tiles, typename Store>
  void run_groups(std::span<const Group> groups, const Pass& pass) const {
    if (groups.empty()) return;
    const Activation& dst = pass.dst;
    constexpr int step_px = pixels_of(sum_row) * group_steps(n_tiles);
    // A pair is the same two pixels in every window that has them: sums are rounded in the same order.
    const int first_px = pixels_of(sum_row) == 2 && dst.begins_odd ? -1 : 0;
    const TapShape taps = kernel_.taps();
    RowRing ring(pass.src, kernel_.pixel(), 1 - first_px, rounded_width(dst),
                 reinterpret_cast<std::byte*>(pass.scratch + 2 * group_sums));
    const ShapedTiles tiles(tile_shapes(n_tiles, taps));
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
        for (int x = first_px; x < dst.width; x += step_px) {
          matrix_sums<products, n_tiles>(rows, taps, (x - first_px) / pixels_of(sum_row), weights, bias, sums, store);
          RowSums row{sums, scales, bias, group.first_output, x, y, std::min(step_px, dst.width - x)};
          if constexpr (sum_row == SumRow::pair)
            if (x < 0) row.skip_pixels(-x);
          store.begin(row, 3 * taps.n_chunks());
          std::swap(sums, stored);
        }
      }
    }
    store.finish();
  }

  /// The last group of pixels is computed whole.
  static int rounded_width(const Activation& dst) noexcept { return round_up(dst.width + 1, 2 * group_steps(1)); }

  OrderedKernel kernel_;
  AlignedFloats scales_;
  AlignedFloats bias_;
};

constexpr int bf16_bytes = 2;

/// Of f32 two values for each channel, so that its precision is kept.
RowPixel row_pixel(const Layer& layer, int in_channels, Layout src, int exact_channels) {
  if (src.element != ElementType::f32) return {src.block * bf16_bytes, 0};
  const int channels = src.block == 1 ? in_channels : src.block;
  // As many as let a pixel of planes have 32 bytes.
  const int split = most_planes - channels;
  const bool may_round =
      src.block == 1 && layer.out_channels <= tile_rows && split < channels && exact_channels <= split;
  return may_round ? RowPixel{most_planes * bf16_bytes, split} : RowPixel{2 * channels * bf16_bytes, channels};
}

/// Where a channel's values lie in a pixel.
int first_byte(RowPixel pixel, int channel) { return (channel + std::min(channel, pixel.split_channels)) * bf16_bytes; }

std::size_t tiled_outputs(const Layer& layer) {
  return static_cast<std::size_t>(round_up(layer.out_channels, tile_rows));
}

}  // namespace

std::unique_ptr<OwnConvolution> make_matrix_convolution(const Layer& layer, const Weights& weights, int in_channels,
                                                        Layout src, Layout dst, std::span<const float> src_scales,
                                                        std::span<const float> result_scales, int exact_channels) {
  const std::vector<float>& given = weights.tensors.find(layer.name + ".weight")->second.values;
  AlignedFloats bias(tiled_outputs(layer));
  if (layer.bias) std::ranges::copy(weights.tensors.find(layer.name + ".bias")->second.values, bias.data());
  const RowPixel pixel = row_pixel(layer, in_channels, src, exact_channels);
  OrderedKernel kernel(layer.out_channels, pixel, dst.block == 1);
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
        for (int byte = first_byte(pixel, channel); byte < first_byte(pixel, channel + 1); byte += bf16_bytes)
          kernel.set(output, tap, byte, to_bf16(given[next] * factor));
    }
  }
  return std::make_unique<MatrixConvolution<Products::bf16>>(std::move(kernel), AlignedFloats(), bias);
}

std::unique_ptr<OwnConvolution> make_eight_bit_matrix_convolution(const Layer& layer, const Weights& weights,
                                                                  const EightBitResult& source, int copies,
                                                                  int src_block, std::span<const float> result_scales) {
  const EightBitKernel given = eight_bit_kernel(layer, weights, source, copies, most_eight_bit_weight);
  const auto in_channels = static_cast<int>(source.scales.size());
  OrderedKernel kernel(layer.out_channels, {.bytes = src_block, .split_channels = 0}, false);
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
  return std::make_unique<MatrixConvolution<Products::eight_bits>>(std::move(kernel), scales, bias);
}

#else

std::unique_ptr<OwnConvolution> make_matrix_convolution(const Layer&, const Weights&, int, Layout, Layout,
                                                        std::span<const float>, std::span<const float>, int) {
  return nullptr;
}

std::unique_ptr<OwnConvolution> make_eight_bit_matrix_convolution(const Layer&, const Weights&, const EightBitResult&,
                                                                  int, int, std::span<const float>) {
  return nullptr;
}

#endif

}  // namespace rdenoise::onednn
