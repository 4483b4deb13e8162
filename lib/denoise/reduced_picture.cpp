// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/reduced_picture.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "base/vector_clones.hpp"

namespace rdenoise {
namespace {

constexpr int longest_shape = 4;
/// With 8 columns of a cell of Full HD that makes 24 samples: a fifth of the noise is left.
constexpr int rows_per_cell = 3;
constexpr std::array<float, 3> bt601_luma{0.299F, 0.587F, 0.114F};
constexpr std::array<float, 1> as_it_is{1.F};

int rounded_up(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

/// Where cell `index` of `count` begins in `length` pixels.
int cell_begin(int index, int count, int length) {
  return static_cast<int>(static_cast<std::int64_t>(index) * length / count);
}

RDENOISE_VECTOR_CLONES void add_weighted(const float* __restrict src, float weight, float* __restrict sum, int count) {
  for (int x = 0; x < count; ++x) sum[x] += weight * src[x];
}

/// Mean of the rows of cell `cell_y` that are read, of as many channels as there are weights, added by weight.
void average_rows(const ConstFrameView& frame, int first_channel, std::span<const float> channel_weights, int cell_y,
                  int n_cells, std::span<float> row, std::span<float> mean) {
  const int begin = cell_begin(cell_y, n_cells, frame.height_px);
  const int end = std::max(begin + 1, cell_begin(cell_y + 1, n_cells, frame.height_px));
  const int n_rows = std::min(end - begin, rows_per_cell);
  std::ranges::fill(mean, 0.F);
  for (int i = 0; i < n_rows; ++i) {
    const int y = begin + (2 * i + 1) * (end - begin) / (2 * n_rows);
    for (std::size_t c = 0; c < channel_weights.size(); ++c) {
      read_row(frame.channels[first_channel + static_cast<int>(c)], y, 0, row);
      add_weighted(row.data(), channel_weights[c] / static_cast<float>(n_rows), mean.data(), frame.width_px);
    }
  }
}

void average_columns(std::span<const float> line, std::span<float> dst) {
  const int width_px = static_cast<int>(line.size());
  const int n_cells = static_cast<int>(dst.size());
  for (int x = 0; x < n_cells; ++x) {
    const int begin = cell_begin(x, n_cells, width_px);
    const int end = std::max(begin + 1, cell_begin(x + 1, n_cells, width_px));
    float total = 0.F;
    for (int i = begin; i < end; ++i) total += line[static_cast<std::size_t>(i)];
    const float mean = total / static_cast<float>(end - begin);
    dst[static_cast<std::size_t>(x)] = mean > 0.F ? std::min(mean, 1.F) : 0.F;
  }
}

}  // namespace

ReducedSize reduced_size(int width_px, int height_px, int short_side_px, int alignment_px) noexcept {
  const int short_px = rounded_up(short_side_px, alignment_px);
  const double shape = static_cast<double>(std::max(width_px, height_px)) / std::min(width_px, height_px);
  const int wanted_px = static_cast<int>(std::min(shape, double{longest_shape}) * short_px + 0.5 * alignment_px);
  const int long_px = wanted_px / alignment_px * alignment_px;
  return width_px < height_px ? ReducedSize{short_px, long_px} : ReducedSize{long_px, short_px};
}

void reduce_picture(const ConstFrameView& frame, const TensorView& dst, std::vector<float>& scratch) {
  const auto width = static_cast<std::size_t>(frame.width_px);
  scratch.resize(2 * width);
  const std::span<float> row = std::span(scratch).first(width);
  const std::span<float> mean = std::span(scratch).last(width);
  const bool is_rgb = frame.color_model == ColorModel::rgb;
  const int n_read = is_rgb ? dst.channels : 1;
  const std::span<const float> weights =
      is_rgb && dst.channels == 1 ? std::span<const float>(bt601_luma) : std::span<const float>(as_it_is);
  for (int plane = 0; plane < n_read; ++plane)
    for (int y = 0; y < dst.height; ++y) {
      average_rows(frame, plane, weights, y, dst.height, row, mean);
      average_columns(mean, {dst.row(plane, y), static_cast<std::size_t>(dst.width)});
    }
  const std::size_t plane_size = static_cast<std::size_t>(dst.width) * static_cast<std::size_t>(dst.height);
  for (int plane = n_read; plane < dst.channels; ++plane) std::copy_n(dst.data, plane_size, dst.row(plane, 0));
}

}  // namespace rdenoise
