// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lib/temporal/plain_temporal_average.hpp"

#include <algorithm>
#include <cmath>

namespace rdenoise::test {
namespace {

/// Samples are kept as integers of 15 bits: so many steps from black to white.
double steps_of(const ConstChannelView& channel) {
  return (channel.levels.white_dn - channel.levels.black_dn) * std::ldexp(1.0, 15 - channel.sample.bit_depth);
}

std::vector<double> samples_of(const ConstChannelView& channel) {
  const double steps = steps_of(channel);
  std::vector<double> samples;
  std::vector<float> row(static_cast<std::size_t>(channel.width_px));
  for (int y = 0; y < channel.height_px; ++y) {
    read_row(channel, y, 0, row);
    // Of 16 bits the last is dropped; float arithmetic may leave an integer a little below itself.
    for (const float signal : row) samples.push_back(std::floor(signal * steps + 0.01) / steps);
  }
  return samples;
}

double stored(double signal, double steps) { return std::floor(signal * steps + 0.5) / steps; }

/// Samples of a channel in the cell, as indices.
std::vector<std::size_t> samples_in_cell(const ConstFrameView& frame, int channel, int x_cell, int y_cell) {
  const ConstChannelView& view = frame.channels[channel];
  const bool is_site = frame.color_model == ColorModel::bayer;
  const int across = !is_site && view.width_px == frame.width_px ? 2 : 1;
  const int down = !is_site && view.height_px == frame.height_px ? 2 : 1;
  std::vector<std::size_t> indices;
  for (int y = y_cell * down; y < std::min((y_cell + 1) * down, view.height_px); ++y)
    for (int x = x_cell * across; x < std::min((x_cell + 1) * across, view.width_px); ++x)
      indices.push_back(static_cast<std::size_t>(y) * view.width_px + x);
  return indices;
}

/// How many samples a whole cell has: border cells of odd sizes count as if they had them.
int whole_samples(const ConstFrameView& frame, int channel) {
  const ConstChannelView& view = frame.channels[channel];
  if (frame.color_model == ColorModel::bayer) return 1;
  return (view.width_px == frame.width_px ? 2 : 1) * (view.height_px == frame.height_px ? 2 : 1);
}

/// Evidence is counted in whole steps, up to a limit.
double in_steps(double evidence) { return std::trunc(std::clamp(evidence, -4096.0, 4096.0) * 4096.0) / 4096.0; }

struct CellEvidence {
  double energy = 0.0;
  double shift = 0.0;
};

/// Mean excess over a window of cells, in variances.
double excess(const std::vector<CellEvidence>& cells, int columns, int rows, int x, int y, int radius, int samples,
              double energy_margin, double shift_margin) {
  double energy = 0.0;
  double shift = 0.0;
  for (int dy = -radius; dy <= radius; ++dy)
    for (int dx = -radius; dx <= radius; ++dx) {
      const CellEvidence& cell = cells[static_cast<std::size_t>(std::clamp(y + dy, 0, rows - 1)) * columns +
                                       std::clamp(x + dx, 0, columns - 1)];
      energy += in_steps(cell.energy);
      shift += in_steps(cell.shift);
    }
  const double count = (2.0 * radius + 1.0) * (2.0 * radius + 1.0) * samples;
  const double energy_excess = energy / count - 1.0 - energy_margin * std::sqrt(2.0 / count);
  const double shift_excess = (shift / count) * (shift / count) - shift_margin / count;
  return 40.0 * std::max(energy_excess, 0.0) + 64.0 * std::max(shift_excess, 0.0);
}

}  // namespace

void PlainTemporalAverage::add(const ConstFrameView& frame, const NoiseProfile& noise) {
  const int columns = (frame.width_px + 1) / 2;
  const int rows = (frame.height_px + 1) / 2;
  std::vector<std::vector<double>> now;
  for (int c = 0; c < frame.channel_count; ++c) now.push_back(samples_of(frame.channels[c]));
  if (samples_.empty()) {
    samples_ = now;
    shares_.assign(static_cast<std::size_t>(columns) * rows, 1.0);
    return;
  }

  std::vector<CellEvidence> cells(shares_.size());
  int samples = 0;
  for (int c = 0; c < frame.channel_count; ++c) {
    samples += whole_samples(frame, c);
    const NoiseModel& model = channel_noise(noise, frame.color_model, frame.cfa, c);
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x) {
        const std::size_t cell = static_cast<std::size_t>(y) * columns + x;
        double signal = 0.0;
        double squares = 0.0;
        double differences = 0.0;
        const std::vector<std::size_t> indices = samples_in_cell(frame, c, x, y);
        if (indices.empty()) continue;  // a mosaic of odd size lacks some sites
        for (const std::size_t i : indices) {
          const double difference = now[c][i] - samples_[c][i];
          signal += now[c][i] + samples_[c][i];
          squares += difference * difference;
          differences += difference;
        }
        const double level = signal / (2.0 * static_cast<double>(indices.size()));
        // A level function is looked up in 256 steps.
        const double at_level = model.level_function ? std::floor(std::clamp(level, 0.0, 1.0) * 255.0) / 255.0 : level;
        const double variance = model.variance(at_level) * (1.0 + shares_[cell] * shares_[cell]);
        cells[cell].energy += squares / variance;
        cells[cell].shift += differences / std::sqrt(variance);
      }
  }

  std::vector<double> weights(shares_.size());
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      const std::size_t cell = static_cast<std::size_t>(y) * columns + x;
      const double before = shares_[cell] * shares_[cell];
      const double uncertain = before + (1.0 + before) * (excess(cells, columns, rows, x, y, 2, samples, 3.0, 4.0) +
                                                          excess(cells, columns, rows, x, y, 4, samples, 2.4, 3.0));
      weights[cell] = std::max(uncertain / (1.0 + uncertain), 0.09);
    }
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) {
      const std::size_t cell = static_cast<std::size_t>(y) * columns + x;
      const double weight = weights[cell];
      // Samples are weighed with 15 bits.
      const double rounded = std::min(std::floor(weight * 32768.0 + 0.5), 32767.0) / 32768.0;
      for (int c = 0; c < frame.channel_count; ++c)
        for (const std::size_t i : samples_in_cell(frame, c, x, y))
          samples_[c][i] = stored(samples_[c][i] + rounded * (now[c][i] - samples_[c][i]), steps_of(frame.channels[c]));
      shares_[cell] = std::sqrt(weight * weight + (1.0 - weight) * (1.0 - weight) * shares_[cell] * shares_[cell]);
    }
}

}  // namespace rdenoise::test
