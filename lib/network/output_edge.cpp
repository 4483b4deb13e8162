// SPDX-License-Identifier: LGPL-2.1-or-later
// To few channels: groups of outputs, each summed up by output_edge_rows and finished here.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/vector_clones.hpp"
#include "network/edge_convolution.hpp"
#include "network/output_edge_rows.hpp"
#include "network/vector_lanes.hpp"

namespace rdenoise::onednn {
namespace {

/// Beyond the widest vector, so that a last tile may write past the row.
constexpr int row_surplus = 16;

std::ptrdiff_t sums_stride(const Activation& dst) { return round_up(dst.width, row_surplus) + row_surplus; }

RDENOISE_VECTOR_CLONES void finish_row(const float* sums, float bias, bool relu, const float* base, float sign,
                                       int width, float* to) {
  const float least = relu ? 0.0f : -std::numeric_limits<float>::infinity();
  if (base) {
    for (int x = 0; x < width; ++x) to[x] = base[x] + sign * std::max(sums[x] + bias, least);
  } else {
    for (int x = 0; x < width; ++x) to[x] = std::max(sums[x] + bias, least);
  }
}

/// Rows that are widened to f32 at once, beside one above and one below: each is read by nine taps of every group.
constexpr int band_rows = 4;

RDENOISE_VECTOR_CLONES void widen(const std::uint8_t* from, std::ptrdiff_t count, float* to) {
  for (std::ptrdiff_t i = 0; i < count; ++i) to[i] = static_cast<float>(from[i]);
}

/// A bf16 is the upper half of a float.
RDENOISE_VECTOR_CLONES void widen(const std::uint16_t* from, std::ptrdiff_t count, float* to) {
  for (std::ptrdiff_t i = 0; i < count; ++i) to[i] = std::bit_cast<float>(static_cast<std::uint32_t>(from[i]) << 16);
}

/// Rows of whole pixels, without what lies beyond the picture.
void widen(const Activation& src, int first_row, int n_rows, int width, float* to) {
  const std::ptrdiff_t count = static_cast<std::ptrdiff_t>(width) * src.layout.block;
  const std::ptrdiff_t row_elements = static_cast<std::ptrdiff_t>(src.padded_width) * src.layout.block;
  for (int y = first_row; y < first_row + n_rows; ++y, to += count)
    if (src.layout.element == ElementType::u8)
      widen(static_cast<const std::uint8_t*>(src.data) + y * row_elements, count, to);
    else
      widen(static_cast<const std::uint16_t*>(src.data) + y * row_elements, count, to);
}

float* row(const Activation& planar, int channel, int y) {
  return static_cast<float*>(planar.data) +
         (static_cast<std::ptrdiff_t>(channel) * planar.padded_height + y) * planar.padded_width;
}

/// Outputs computed in one pass.
struct Group {
  int first_output;
  int n_outputs;
  AlignedFloats weights;  ///< [block][ky][kx][output][lane]
};

class OutputEdge final : public OwnConvolution {
 public:
  OutputEdge(const Layer& layer, const Weights& weights, int in_channels, int lanes, std::span<const float> scales)
      : lanes_(lanes),
        n_blocks_(round_up(in_channels, lanes) / lanes),
        bias_(static_cast<std::size_t>(layer.out_channels)) {
    std::vector<float> given = weights.tensors.find(layer.name + ".weight")->second.values;
    if (!scales.empty())
      for (std::size_t i = 0; i < given.size(); ++i) given[i] *= scales[i / 9 % static_cast<std::size_t>(in_channels)];
    // Groups of even size: four and one would read the source twice, and hardly compute the second time.
    const int n_groups = (layer.out_channels + max_edge_group - 1) / max_edge_group;
    int first = 0;
    for (int i = 0; i < n_groups; ++i) {
      const int end = layer.out_channels * (i + 1) / n_groups;
      groups_.push_back({first, end - first, ordered_weights(given, in_channels, first, end)});
      first = end;
    }
    if (layer.bias) std::ranges::copy(weights.tensors.find(layer.name + ".bias")->second.values, bias_.begin());
  }

  void run(const Activation& src, bool relu, FusedSum sum, const Activation& dst, float* scratch) const override {
    float* const sums = scratch + edge_patch_floats(lanes_, n_blocks_);
    if (src.layout.element == ElementType::f32) {
      const bool whole_pixels = src.layout.block >= lanes_ * n_blocks_;
      const std::ptrdiff_t block_floats =
          whole_pixels ? lanes_ : static_cast<std::ptrdiff_t>(src.padded_height) * src.padded_width * lanes_;
      const BlockedPicture picture{static_cast<const float*>(src.data),
                                   n_blocks_,
                                   src.layout.block,
                                   block_floats,
                                   src.padded_height,
                                   src.padded_width};
      compute_rows({picture, 0, 0, dst.height}, relu, sum, dst, scratch, sums);
    } else {
      float* const band = sums + row_floats(dst);
      for (int y = 0; y < dst.height; y += band_rows) {
        const int first = std::max(y - 1, 0);
        const int end = std::min(y + band_rows + 1, dst.height);
        widen(src, first, end - first, dst.width, band);
        const BlockedPicture picture{band, n_blocks_, src.layout.block, lanes_, end - first, dst.width};
        compute_rows({picture, first, y, std::min(y + band_rows, dst.height)}, relu, sum, dst, scratch, sums);
      }
    }
    clear_padding(dst);
  }

  std::size_t scratch_bytes(const Activation& src, const Activation& dst) const noexcept override {
    const std::size_t band_floats = src.layout.element == ElementType::f32
                                        ? 0
                                        : static_cast<std::size_t>(band_rows + 2) * dst.width * src.layout.block;
    return (edge_patch_floats(lanes_, n_blocks_) + row_floats(dst) + band_floats) * sizeof(float);
  }

  std::size_t memory_bytes() const noexcept override {
    std::size_t bytes = bias_.size() * sizeof(float);
    for (const Group& group : groups_) bytes += group.weights.size_bytes();
    return bytes;
  }

 private:
  /// Rows of the source, the first of them row first_row of the picture, and which of them to compute.
  struct Rows {
    BlockedPicture src;
    int first_row;
    int begin;
    int end;
  };

  void compute_rows(const Rows& rows, bool relu, FusedSum sum, const Activation& dst, float* patch, float* sums) const {
    const std::ptrdiff_t stride = sums_stride(dst);
    const int n_rows = rows_at_once();
    // Groups inside: they find the source's rows in the cache.
    for (int y = rows.begin; y < rows.end; y += n_rows)
      for (const Group& group : groups_) {
        edge_rows_kernel(lanes_, group.n_outputs)({
            .src = rows.src,
            .y = y - rows.first_row,
            .width = dst.width,
            .weights = group.weights.data(),
            .patch = patch,
            .sums = sums,
            .sums_stride = stride,
        });
        for (int r = 0; r < std::min(n_rows, rows.end - y); ++r)
          for (int o = 0; o < group.n_outputs; ++o) {
            const int channel = group.first_output + o;
            finish_row(sums + (r * group.n_outputs + o) * stride, bias_[static_cast<std::size_t>(channel)], relu,
                       sum.base ? row(*sum.base, channel, y + r) : nullptr, sum.sign, dst.width,
                       row(dst, channel, y + r));
          }
      }
  }

  static std::size_t row_floats(const Activation& dst) {
    return static_cast<std::size_t>(sums_stride(dst)) * max_edge_group;
  }

  [[nodiscard]] AlignedFloats ordered_weights(const std::vector<float>& given, int in_channels, int first,
                                              int end) const {
    const int n_outputs = end - first;
    AlignedFloats ordered(static_cast<std::size_t>(n_blocks_) * 9 * n_outputs * lanes_);
    for (int o = 0; o < n_outputs; ++o)
      for (int c = 0; c < in_channels; ++c)
        for (int tap = 0; tap < 9; ++tap) {
          const std::size_t from = ((static_cast<std::size_t>(first) + o) * in_channels + c) * 9 + tap;
          const std::size_t to =
              ((static_cast<std::size_t>(c / lanes_) * 9 + tap) * n_outputs + o) * lanes_ + c % lanes_;
          ordered.data()[to] = given[from];
        }
    return ordered;
  }

  // Only a convolution to one channel has a group of one.
  [[nodiscard]] int rows_at_once() const noexcept { return edge_rows_at_once(lanes_, groups_.front().n_outputs); }

  int lanes_;
  int n_blocks_;
  std::vector<Group> groups_;
  std::vector<float> bias_;
};

}  // namespace

std::unique_ptr<OwnConvolution> make_output_edge(const Layer& layer, const Weights& weights, int in_channels, int lanes,
                                                 std::span<const float> scales) {
  return std::make_unique<OutputEdge>(layer, weights, in_channels, lanes, scales);
}

}  // namespace rdenoise::onednn
