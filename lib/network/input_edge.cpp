// SPDX-License-Identifier: LGPL-2.1-or-later
// From few channels: vectors hold output channels of one pixel, and each source value meets them all. The source stays
// planar, so that nothing has to be put into blocks and no product is with a channel that is not there.
#include <algorithm>
#include <type_traits>

#include "network/edge_convolution.hpp"
#include "network/vector_lanes.hpp"

namespace rdenoise::onednn {
namespace {

constexpr int tile_px = 12;  // with AVX2 as many sums as leave registers for the factors
constexpr int patch_width = tile_px + 2;

/// One tile of one block of outputs. src: the pixel above and left of its first.
struct InputTile {
  const float* src;
  std::ptrdiff_t row_floats;
  std::ptrdiff_t channel_floats;
  int n_channels;
  const float* weights;  ///< [channel][ky][kx][lane]
  const float* bias;
  bool relu;
  std::byte* to;  ///< tile_px pixels, of which lanes channels are written
  std::ptrdiff_t pixel_elements;
  std::ptrdiff_t copy_elements;  ///< u8: from the first copy to the second; 0: there is one
};

using TileKernel = void (*)(const InputTile&);

#if RDENOISE_HAS_VECTOR_LANES

template <int lanes, typename Element>
[[gnu::always_inline]] inline void compute(const InputTile& tile) {
  Vector<lanes> bias;
  load<lanes>(bias, tile.bias);
  Vector<lanes> sums[tile_px];
#pragma GCC unroll 12
  for (int x = 0; x < tile_px; ++x) sums[x] = bias;
  const float* weights = tile.weights;
  for (int c = 0; c < tile.n_channels; ++c, weights += 9 * lanes)
#pragma GCC unroll 3
    for (int ky = 0; ky < 3; ++ky) {
      const float* const row = tile.src + c * tile.channel_floats + ky * tile.row_floats;
#pragma GCC unroll 3
      for (int kx = 0; kx < 3; ++kx) {
        Vector<lanes> weight;
        load<lanes>(weight, weights + (ky * 3 + kx) * lanes);
#pragma GCC unroll 12
        for (int x = 0; x < tile_px; ++x) sums[x] += weight * row[x + kx];
      }
    }
  const Vector<lanes> zero = {};
#pragma GCC unroll 12
  for (int x = 0; x < tile_px; ++x) {
    const Vector<lanes> result = tile.relu ? (sums[x] > zero ? sums[x] : zero) : sums[x];
    Element* const to = reinterpret_cast<Element*>(tile.to) + x * tile.pixel_elements;
    if (std::is_same_v<Element, std::uint8_t> && tile.copy_elements != 0) {
      store<lanes>(to, result - 0.25f);
      store<lanes>(to + tile.copy_elements, result + 0.25f);
    } else {
      store<lanes>(to, result);
    }
  }
}

template <typename Element>
RDENOISE_FOR_16_LANES void compute_16(const InputTile& tile) {
  compute<16, Element>(tile);
}
template <typename Element>
RDENOISE_FOR_8_LANES void compute_8(const InputTile& tile) {
  compute<8, Element>(tile);
}

TileKernel tile_kernel(int lanes, ElementType element) {
  if (element == ElementType::u8) return lanes == 16 ? compute_16<std::uint8_t> : compute_8<std::uint8_t>;
  if (element == ElementType::bf16) return compute_16<std::uint16_t>;
  return lanes == 16 ? compute_16<float> : compute_8<float>;
}

#else

TileKernel tile_kernel(int, ElementType) { return nullptr; }

#endif

class InputEdge final : public OwnConvolution {
 public:
  InputEdge(const Layer& layer, const Weights& weights, int in_channels, int lanes, std::span<const float> scales)
      : lanes_(lanes),
        n_inputs_(in_channels),
        n_blocks_(round_up(layer.out_channels, lanes) / lanes),
        weights_(static_cast<std::size_t>(n_blocks_) * in_channels * 9 * lanes),
        bias_(static_cast<std::size_t>(n_blocks_) * lanes) {
    const std::vector<float>& given = weights.tensors.find(layer.name + ".weight")->second.values;
    if (layer.bias) std::ranges::copy(weights.tensors.find(layer.name + ".bias")->second.values, bias_.data());
    for (int o = 0; o < layer.out_channels; ++o) {
      // The relu lets a factor through: the numbers come out as they are stored.
      const float numbers_per_value = scales.empty() ? 1.0f : 1.0f / scales[static_cast<std::size_t>(o)];
      bias_.data()[o] *= numbers_per_value;
      for (int i = 0; i < in_channels * 9; ++i)
        weights_.data()[(static_cast<std::size_t>(o / lanes) * in_channels * 9 + i) * lanes + o % lanes] =
            given[static_cast<std::size_t>(o) * in_channels * 9 + i] * numbers_per_value;
    }
  }

  void run(const Activation& src, bool relu, FusedSum, const Activation& dst, float* scratch) const override {
    const TileKernel kernel = tile_kernel(lanes_, dst.layout.element);
    const int element_bytes = bytes_of(dst.layout.element);
    const int pixel_bytes = dst.layout.block * element_bytes;
    const int written_bytes = lanes_ * element_bytes;
    const int copy_bytes = dst.copies == 1 ? 0 : pixel_bytes / dst.copies;
    const auto* const source = static_cast<const float*>(src.data);
    const std::ptrdiff_t channel_floats = static_cast<std::ptrdiff_t>(src.padded_height) * src.padded_width;
    const std::ptrdiff_t block_bytes = static_cast<std::ptrdiff_t>(dst.padded_height) * dst.padded_width * pixel_bytes;
    auto* const surplus = reinterpret_cast<std::byte*>(scratch + round_up(patch_floats(), lanes_));
    for (int y = 0; y < dst.height; ++y)
      for (int x = 0; x < dst.width; x += tile_px) {
        const bool inside = y >= 1 && y + 2 <= src.padded_height && x >= 1 && x + tile_px + 1 <= src.padded_width;
        if (!inside) fill_patch(src, y, x, scratch);
        const bool whole = x + tile_px <= dst.width;
        std::byte* const to =
            static_cast<std::byte*>(dst.data) + (static_cast<std::ptrdiff_t>(y) * dst.padded_width + x) * pixel_bytes;
        for (int block = 0; block < n_blocks_; ++block) {
          const int channel = block * lanes_;
          std::byte* const block_to = to + channel / dst.layout.block * block_bytes +
                                      static_cast<std::ptrdiff_t>(channel % dst.layout.block) * element_bytes;
          kernel({
              .src = inside ? source + static_cast<std::ptrdiff_t>(y - 1) * src.padded_width + x - 1 : scratch,
              .row_floats = inside ? src.padded_width : patch_width,
              .channel_floats = inside ? channel_floats : 3 * patch_width,
              .n_channels = n_inputs_,
              .weights = weights_.data() + static_cast<std::ptrdiff_t>(block) * n_inputs_ * 9 * lanes_,
              .bias = bias_.data() + block * lanes_,
              .relu = relu,
              .to = whole ? block_to : surplus,
              .pixel_elements = whole ? dst.layout.block : lanes_,
              .copy_elements = whole || copy_bytes == 0 ? copy_bytes : tile_px * lanes_,
          });
          if (whole) continue;
          for (int copy = 0; copy < dst.copies; ++copy)
            for (int i = 0; i < dst.width - x; ++i)
              std::memcpy(block_to + static_cast<std::ptrdiff_t>(i) * pixel_bytes + copy * copy_bytes,
                          surplus + (copy * tile_px + i) * written_bytes, static_cast<std::size_t>(written_bytes));
        }
      }
    clear_padding(dst);
  }

  std::size_t scratch_bytes(const Activation&, const Activation&) const noexcept override {
    return static_cast<std::size_t>(round_up(patch_floats(), lanes_) + tile_px * lanes_) * sizeof(float);
  }
  std::size_t memory_bytes() const noexcept override { return weights_.size_bytes() + bias_.size_bytes(); }

 private:
  [[nodiscard]] int patch_floats() const noexcept { return n_inputs_ * 3 * patch_width; }

  /// What a tile reads, with zeros beyond the picture.
  void fill_patch(const Activation& src, int y, int x, float* patch) const {
    const int first_x = std::clamp(x - 1, 0, src.padded_width);
    const int end_x = std::clamp(x - 1 + patch_width, 0, src.padded_width);
    std::fill_n(patch, patch_floats(), 0.0f);
    for (int c = 0; c < n_inputs_; ++c)
      for (int ky = 0; ky < 3; ++ky) {
        const int from_y = y + ky - 1;
        if (from_y < 0 || from_y >= src.padded_height) continue;
        const float* const from = static_cast<const float*>(src.data) +
                                  (static_cast<std::ptrdiff_t>(c) * src.padded_height + from_y) * src.padded_width +
                                  first_x;
        std::copy_n(from, end_x - first_x, patch + (c * 3 + ky) * patch_width + first_x - (x - 1));
      }
  }

  int lanes_;
  int n_inputs_;
  int n_blocks_;
  AlignedFloats weights_;
  AlignedFloats bias_;
};

}  // namespace

std::unique_ptr<OwnConvolution> make_input_edge(const Layer& layer, const Weights& weights, int in_channels, int lanes,
                                                std::span<const float> scales) {
  return std::make_unique<InputEdge>(layer, weights, in_channels, lanes, scales);
}

}  // namespace rdenoise::onednn
