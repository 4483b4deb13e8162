// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/edge_convolution.hpp"

#include <algorithm>
#include <limits>

#include "base/vector_clones.hpp"
#include "network/edge_rows.hpp"

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

float* row(const Activation& planar, int channel, int y) {
  return static_cast<float*>(planar.data) +
         (static_cast<std::ptrdiff_t>(channel) * planar.padded_height + y) * planar.padded_width;
}

}  // namespace

// ns for a pixel, this kernel / oneDNN 2.6.3 (Winograd from 64 channels on), one core of a Sapphire Rapids, 128² px:
//
//   outputs        1          4          8          12         16
//   AVX-512   64   17 / 210   39 / 232   80 / 172   114 / 173  149 / 173
//             32              21 / 60    42 / 62    65 / 60
//             16              14 / 51    25 / 51    36 / 33
//   AVX2      64   33 / 229   88 / 227   173 / 235  261 / 313  339 / 315
//             16              23 / 60    45 / 60    71 / 79
//
// For comparison, 64 → 64 channels take 295 and 971 ns.
bool is_edge_convolution(const Layer& convolution, int in_channels) noexcept {
  const int most_outputs = in_channels >= 64 ? 12 : 8;
  return convolution.kernel == 3 && convolution.dilation == 1 && convolution.out_channels <= most_outputs;
}

EdgeConvolution::EdgeConvolution(const Layer& layer, const Weights& weights, int in_channels, int lanes)
    : lanes_(lanes),
      n_blocks_(round_up(in_channels, lanes) / lanes),
      bias_(static_cast<std::size_t>(layer.out_channels)) {
  const std::vector<float>& given = weights.tensors.find(layer.name + ".weight")->second.values;
  // Groups of even size: a tile of four outputs is not much slower than one of three, but one is.
  const int n_groups = (layer.out_channels + max_edge_group - 1) / max_edge_group;
  int first = 0;
  for (int i = 0; i < n_groups; ++i) {
    const int end = layer.out_channels * (i + 1) / n_groups;
    groups_.push_back({first, end - first, weights_.size()});
    add_weights(groups_.back(), given, in_channels);
    first = end;
  }
  if (layer.bias) std::ranges::copy(weights.tensors.find(layer.name + ".bias")->second.values, bias_.begin());
}

void EdgeConvolution::add_weights(const Group& group, const std::vector<float>& given, int in_channels) {
  std::vector<float> ordered(static_cast<std::size_t>(n_blocks_) * 9 * group.n_outputs * lanes_);
  for (int o = 0; o < group.n_outputs; ++o)
    for (int c = 0; c < in_channels; ++c)
      for (int tap = 0; tap < 9; ++tap) {
        const std::size_t from = ((static_cast<std::size_t>(group.first_output) + o) * in_channels + c) * 9 + tap;
        const std::size_t to =
            ((static_cast<std::size_t>(c / lanes_) * 9 + tap) * group.n_outputs + o) * lanes_ + c % lanes_;
        ordered[to] = given[from];
      }
  constexpr std::size_t line = std::size(CacheLine{}.values);
  ordered.resize((ordered.size() + line - 1) / line * line);
  for (std::size_t i = 0; i < ordered.size(); i += line) std::copy_n(&ordered[i], line, weights_.emplace_back().values);
}

const float* EdgeConvolution::weights_of(const Group& group) const noexcept {
  return weights_[group.first_weight].values;
}

// Only a convolution to one channel has a group of one.
int EdgeConvolution::rows_at_once() const noexcept { return edge_rows_at_once(lanes_, groups_.front().n_outputs); }

std::size_t EdgeConvolution::scratch_bytes(const Activation& dst) const noexcept {
  const auto row_floats = static_cast<std::size_t>(sums_stride(dst)) * max_edge_group;
  return (edge_patch_floats(lanes_, n_blocks_) + row_floats) * sizeof(float);
}

std::size_t EdgeConvolution::memory_bytes() const noexcept {
  return weights_.size() * sizeof(CacheLine) + bias_.size() * sizeof(float);
}

void EdgeConvolution::run(const Activation& src, bool relu, EdgeSum sum, const Activation& dst, float* scratch) const {
  float* const sums = scratch + edge_patch_floats(lanes_, n_blocks_);
  const std::ptrdiff_t stride = sums_stride(dst);
  const int n_rows = rows_at_once();
  // Groups inside: they find the source's rows in the cache.
  for (int y = 0; y < dst.height; y += n_rows)
    for (const Group& group : groups_) {
      edge_rows_kernel(src.layout.element, lanes_, group.n_outputs)({
          .src = {src.data, n_blocks_, src.padded_height, src.padded_width},
          .y = y,
          .width = dst.width,
          .weights = weights_of(group),
          .patch = scratch,
          .sums = sums,
          .sums_stride = stride,
      });
      for (int r = 0; r < std::min(n_rows, dst.height - y); ++r)
        for (int o = 0; o < group.n_outputs; ++o) {
          const int channel = group.first_output + o;
          finish_row(sums + (r * group.n_outputs + o) * stride, bias_[static_cast<std::size_t>(channel)], relu,
                     sum.base ? row(*sum.base, channel, y + r) : nullptr, sum.sign, dst.width,
                     row(dst, channel, y + r));
        }
    }
  clear_padding(dst);
}

}  // namespace rdenoise::onednn
