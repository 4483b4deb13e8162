// SPDX-License-Identifier: LGPL-2.1-or-later
#include "evaluation/scale_balance.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace rdenoise {
namespace {

constexpr double most_weight = 127.0;
constexpr int most_rounds = 20;
constexpr std::array moves{0.8, 0.93, 1.07, 1.25};

/// What counts of a reader's weights, by output and channel.
struct ReaderSums {
  std::size_t outputs;
  std::size_t channels;
  std::size_t taps;
  std::vector<double> squares;  ///< [channel]: over outputs and taps, times the output's precision
  std::vector<float> largest;   ///< [output, channel]
  std::vector<double> precision;
  bool in_eight_bits;

  ReaderSums(const ScaleReader& reader, std::size_t n_channels)
      : outputs(reader.output_precision.size()),
        channels(n_channels),
        taps(reader.weights.size() / (outputs * n_channels)),
        squares(n_channels),
        largest(outputs * n_channels),
        precision(reader.output_precision),
        in_eight_bits(reader.in_eight_bits) {
    for (std::size_t o = 0; o < outputs; ++o)
      for (std::size_t c = 0; c < channels; ++c)
        for (std::size_t i = 0; i < taps; ++i) {
          const float weight = reader.weights[(o * channels + c) * taps + i];
          squares[c] += precision[o] * weight * weight;
          largest[o * channels + c] = std::max(largest[o * channels + c], std::abs(weight));
        }
  }

  /// Σ over outputs of precision · step²/12.
  [[nodiscard]] double rounding(std::span<const double> scales) const {
    double sum = 0.0;
    for (std::size_t o = 0; o < outputs; ++o) {
      double most = 0.0;
      for (std::size_t c = 0; c < channels; ++c) most = std::max(most, largest[o * channels + c] * scales[c]);
      sum += precision[o] * most * most;
    }
    return sum / (most_weight * most_weight * 12.0);
  }
};

class Balance {
 public:
  Balance(std::span<const ValueHistogram> channels, std::span<const ScaleReader> readers) : channels_(channels) {
    for (const ScaleReader& reader : readers) readers_.emplace_back(reader, channels.size());
    for (const ValueHistogram& channel : channels) {
      scales_.push_back(channel.best_scale());
      errors_.push_back(channel.squared_error(scales_.back()));
    }
  }

  std::vector<float> run() {
    double least = cost();
    bool has_moved = true;
    for (int round = 0; has_moved && round < most_rounds; ++round) {
      has_moved = false;
      for (std::size_t c = 0; c < scales_.size(); ++c)
        for (const double move : moves) {
          const double scale = scales_[c];
          const double error = errors_[c];
          scales_[c] = scale * move;
          errors_[c] = channels_[c].squared_error(scales_[c]);
          if (const double moved = cost(); moved < least) {
            least = moved;
            has_moved = true;
          } else {
            scales_[c] = scale;
            errors_[c] = error;
          }
        }
    }
    return {scales_.begin(), scales_.end()};
  }

 private:
  [[nodiscard]] double cost() const {
    double number_squares = 0.0;
    for (std::size_t c = 0; c < scales_.size(); ++c)
      number_squares += channels_[c].local_variance() / (scales_[c] * scales_[c]);
    double sum = 0.0;
    for (const ReaderSums& reader : readers_) {
      for (std::size_t c = 0; c < scales_.size(); ++c) sum += reader.squares[c] * errors_[c];
      if (reader.in_eight_bits) sum += reader.rounding(scales_) * static_cast<double>(reader.taps) * number_squares;
    }
    return sum;
  }

  std::span<const ValueHistogram> channels_;
  std::vector<ReaderSums> readers_;
  std::vector<double> scales_;
  std::vector<double> errors_;  ///< mean squared error of each channel at its scale
};

}  // namespace

std::vector<float> balanced_scales(std::span<const ValueHistogram> channels, std::span<const ScaleReader> readers) {
  return Balance(channels, readers).run();
}

}  // namespace rdenoise
