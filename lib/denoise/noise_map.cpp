// SPDX-License-Identifier: LGPL-2.1-or-later
#include "denoise/noise_map.hpp"

#include <algorithm>
#include <cmath>
#include <rdenoise/stage_times.hpp>

#include "base/vector_clones.hpp"
#include "denoise/padded_picture.hpp"

namespace rdenoise {
namespace {

// A row is worked on in pieces that fit the stack: nothing is allocated here.
constexpr int piece_px = 1024;

/// How many planes of yuv420 each channel of a map stands for.
constexpr std::array yuv420_map_planes{4, 1, 1};

/// variance[i] += a·max(signal[i], 0) + b at every step-th sample.
template <int step>
inline void add_line(float a, float b, const float* __restrict signal, int count, float* __restrict variance) {
  for (int i = 0; i < count; ++i) {
    const float x = signal[step * i] > 0.F ? signal[step * i] : 0.F;  // not a number: 0
    const float v = a * x + b;
    variance[step * i] += v > 0.F ? v : 0.F;
  }
}

/// variance[i] += level function at every step-th sample. The look-ups are scalar code, so they stand in a loop of
/// their own: what surrounds them becomes vector code.
template <int step>
inline void add_level_function(const float* __restrict levels, const float* __restrict signal, int count,
                               float* __restrict variance) {
  constexpr float last = NoiseLevelFunction::level_count - 1;
  constexpr int block = 64;
  std::array<int, block> index;
  std::array<float, block> share;
  std::array<float, block> below;
  std::array<float, block> above;
  for (int begin = 0; begin < count; begin += block) {
    const int size = std::min(block, count - begin);
    const float* const from = signal + step * begin;
    float* const to = variance + step * begin;
    for (int i = 0; i < size; ++i) {
      const float x = from[step * i] > 0.F ? from[step * i] : 0.F;
      const float place = (x < 1.F ? x : 1.F) * last;
      const int whole = static_cast<int>(place);
      index[i] = whole < NoiseLevelFunction::level_count - 2 ? whole : NoiseLevelFunction::level_count - 2;
      share[i] = place - static_cast<float>(index[i]);
    }
    for (int i = 0; i < size; ++i) {
      below[i] = levels[index[i]];
      above[i] = levels[index[i] + 1];
    }
    for (int i = 0; i < size; ++i) to[step * i] += below[i] + share[i] * (above[i] - below[i]);
  }
}

RDENOISE_VECTOR_CLONES void add_line_everywhere(float a, float b, const float* signal, int count, float* variance) {
  add_line<1>(a, b, signal, count, variance);
}
RDENOISE_VECTOR_CLONES void add_line_at_sites(float a, float b, const float* signal, int count, float* variance) {
  add_line<2>(a, b, signal, count, variance);
}
RDENOISE_VECTOR_CLONES void add_function_everywhere(const float* levels, const float* signal, int count,
                                                    float* variance) {
  add_level_function<1>(levels, signal, count, variance);
}
RDENOISE_VECTOR_CLONES void add_function_at_sites(const float* levels, const float* signal, int count,
                                                  float* variance) {
  add_level_function<2>(levels, signal, count, variance);
}

bool same_model(const NoiseModel& one, const NoiseModel& other) {
  return one.a == other.a && one.b == other.b && one.level_function == other.level_function;
}

/// Adds the variance of `count` samples of a row; the two models alternate, `even` first.
void add_variance(const NoiseModel& even, const NoiseModel& odd, bool alike, const float* signal, int count,
                  float* variance) {
  const auto line = [](const NoiseModel& noise, auto&& add) {
    add(static_cast<float>(noise.a), static_cast<float>(noise.b));
  };
  if (alike) {
    if (even.level_function) {
      add_function_everywhere(even.level_function->variance.data(), signal, count, variance);
    } else {
      line(even, [&](float a, float b) { add_line_everywhere(a, b, signal, count, variance); });
    }
    return;
  }
  for (int parity = 0; parity < 2; ++parity) {
    const NoiseModel& noise = parity == 0 ? even : odd;
    const int sites = (count + 1 - parity) / 2;
    if (noise.level_function) {
      add_function_at_sites(noise.level_function->variance.data(), signal + parity, sites, variance + parity);
    } else {
      line(noise, [&](float a, float b) { add_line_at_sites(a, b, signal + parity, sites, variance + parity); });
    }
  }
}

RDENOISE_VECTOR_CLONES void root(const float* __restrict variance, int count, float scale, float strength,
                                 float* __restrict sigma) {
  for (int i = 0; i < count; ++i) sigma[i] = strength * std::sqrt(variance[i] * scale);
}

RDENOISE_VECTOR_CLONES void root_of_pairs(const float* __restrict variance, int count, float scale, float strength,
                                          float* __restrict sigma) {
  for (int i = 0; i < count; ++i) sigma[i] = strength * std::sqrt((variance[2 * i] + variance[2 * i + 1]) * scale);
}

void root_of_cells(float* variance, int count, int factor, float scale, float strength, float* sigma) {
  if (factor == 1) return root(variance, count, scale, strength, sigma);
  if (factor == 2) return root_of_pairs(variance, count, scale, strength, sigma);
  for (int i = 0; i < count; ++i) {
    float sum = 0.F;
    for (int k = 0; k < factor; ++k) sum += variance[i * factor + k];
    sigma[i] = strength * std::sqrt(sum * scale);
  }
}

void fill_channel(ConstTensorView picture, std::span<const CellNoise> noise, double strength, int factor,
                  TensorView map) {
  const auto scale = static_cast<float>(1.0 / (static_cast<double>(factor) * factor * picture.channels));
  // Pieces begin at even columns.
  const int piece_cells = std::max(2, piece_px / factor / 2 * 2);
  std::array<std::array<bool, 2>, max_planes> alike{};
  for (int plane = 0; plane < picture.channels; ++plane) {
    for (int row = 0; row < 2; ++row) alike[plane][row] = same_model(noise[plane][2 * row], noise[plane][2 * row + 1]);
  }
  std::array<float, piece_px> variance;
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; x += piece_cells) {
      const int cells = std::min(piece_cells, map.width - x);
      std::fill_n(variance.begin(), cells * factor, 0.F);
      for (int plane = 0; plane < picture.channels; ++plane) {
        for (int py = y * factor; py < (y + 1) * factor; ++py) {
          const CellNoise& cell = noise[plane];
          const int row = 2 * (py & 1);
          add_variance(cell[row], cell[row + 1], alike[plane][py & 1], picture.row(plane, py) + x * factor,
                       cells * factor, variance.data());
        }
      }
      root_of_cells(variance.data(), cells, factor, scale, static_cast<float>(strength), map.row(0, y) + x);
    }
  }
}

/// Cells that a map pixel covers along one axis.
struct CellSpan {
  int first;
  int count;
};

CellSpan cells_under(int begin_px, const MapPlace& place, int cells) {
  const auto cell_of = [&](int px) { return (px < 0 ? px - place.cell_px + 1 : px) / place.cell_px; };
  const int first = std::clamp(cell_of(begin_px), 0, cells - 1);
  const int last = std::clamp(cell_of(begin_px + place.factor - 1), first, cells - 1);
  return {first, last - first + 1};
}

RDENOISE_VECTOR_CLONES void multiply(const float* __restrict factors, int count, float* __restrict values) {
  for (int i = 0; i < count; ++i) values[i] *= factors[i];
}

/// Where map pixels are the frame's cells.
void weaken_cell_by_cell(const NoiseShare& share, const MapPlace& place, TensorView map) {
  const int x_cell = place.x_px / place.cell_px;
  const int inside = std::clamp(share.width_cells - x_cell, 0, map.width);
  for (int channel = 0; channel < map.channels; ++channel) {
    for (int y = 0; y < map.height; ++y) {
      const float* const shares =
          share.row(cells_under(place.y_px + y * place.factor, place, share.height_cells).first);
      float* const row = map.row(channel, y);
      multiply(shares + x_cell, inside, row);
      for (int x = inside; x < map.width; ++x) row[x] *= shares[share.width_cells - 1];
    }
  }
}

}  // namespace

bool can_fill_noise_map(const NetworkSpec& spec) noexcept {
  const Layer* const map = spec.noise_map_layer();
  if (map == nullptr || map->out_channels == 1) return true;
  return spec.params.input == InputDomain::yuv420 && map->out_channels == static_cast<int>(yuv420_map_planes.size());
}

void weaken_noise_map(const NoiseShare& share, const MapPlace& place, TensorView map) {
  const StageScope timed(FrameStage::noise_map);
  if (place.factor == place.cell_px && place.x_px >= 0 && place.x_px % place.cell_px == 0)
    return weaken_cell_by_cell(share, place, map);
  for (int y = 0; y < map.height; ++y) {
    const CellSpan rows = cells_under(place.y_px + y * place.factor, place, share.height_cells);
    for (int x = 0; x < map.width; ++x) {
      const CellSpan columns = cells_under(place.x_px + x * place.factor, place, share.width_cells);
      float sum = 0.F;
      for (int row = rows.first; row < rows.first + rows.count; ++row)
        for (int column = columns.first; column < columns.first + columns.count; ++column)
          sum += share.row(row)[column];
      const float mean = sum / static_cast<float>(rows.count * columns.count);
      for (int channel = 0; channel < map.channels; ++channel) map.row(channel, y)[x] *= mean;
    }
  }
}

void fill_noise_map(ConstTensorView picture, std::span<const CellNoise> noise, double strength, int factor,
                    TensorView map) {
  const StageScope timed(FrameStage::noise_map);
  if (map.channels == 1) return fill_channel(picture, noise, strength, factor, map);
  int plane = 0;
  for (int channel = 0; channel < map.channels; ++channel) {
    const int planes = yuv420_map_planes[channel];
    fill_channel({picture.row(plane, 0), planes, picture.height, picture.width}, noise.subspan(plane, planes), strength,
                 factor, {map.row(channel, 0), 1, map.height, map.width});
    plane += planes;
  }
}

}  // namespace rdenoise
