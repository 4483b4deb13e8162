// SPDX-License-Identifier: LGPL-2.1-or-later
#include "isp/tone_moments.hpp"

namespace rdenoise {
namespace {

// Levels are equally spaced where the eye (and the curve) wants them: in encoded signal.
constexpr int level_count = 281;
constexpr double first_level = -0.25;
constexpr double level_step = 1.75 / (level_count - 1);

// Widths in steps of a fourth of an octave.
constexpr int widths_per_octave = 4;
constexpr double narrowest_log2 = -16.0;
constexpr int width_count = 18 * widths_per_octave + 1;

struct Place {
  int index;
  double fraction;
};
Place place(double at, int count) {
  const double inside = std::clamp(at, 0.0, static_cast<double>(count - 1));
  const int index = std::min(static_cast<int>(inside), count - 2);
  return {index, inside - index};
}

}  // namespace

ToneMomentTable::ToneMomentTable(const ToneOutput& output)
    : output_(output), entries_(static_cast<std::size_t>(level_count) * width_count) {
  const DirectToneMoments direct(output);
  for (int level = 0; level < level_count; ++level) {
    const double mean = decode_tone(output.curve, static_cast<float>(first_level + level * level_step));
    for (int width = 0; width < width_count; ++width) {
      const double sigma = std::exp2(narrowest_log2 + static_cast<double>(width) / widths_per_octave);
      const FirstTwoMoments moments = direct(mean, sigma);
      entries_[static_cast<std::size_t>(level) * width_count + width] = {
          static_cast<float>((moments.mean - output(mean)) / sigma),
          static_cast<float>(std::sqrt(moments.variance()) / sigma)};
    }
  }
}

const ToneMomentTable::Entry& ToneMomentTable::entry(int level, int width) const noexcept {
  return entries_[static_cast<std::size_t>(level) * width_count + width];
}

bool ToneMomentTable::is_narrow_at_a_clip(double mean, double sigma, double encoded) const noexcept {
  // An entry of the table may stand for a level one step away.
  const bool below_white = mean + NormalNodes::reach * sigma < 1.0 && encoded + level_step < 1.0;
  if (mean > NormalNodes::reach * sigma && encoded > level_step && below_white) return false;
  const double encoded_sigma = encode_tone(output_.curve, static_cast<float>(mean + sigma)) - encoded;
  constexpr double narrow = 4.0 * level_step;
  return encoded_sigma < narrow;
}

FirstTwoMoments ToneMomentTable::operator()(double mean, double sigma) const {
  if (!(sigma > 0.0)) {
    const double y = output_(mean);
    return {y, y * y};
  }
  const double encoded = encode_tone(output_.curve, static_cast<float>(mean));
  if (output_.clipped && is_narrow_at_a_clip(mean, sigma, encoded)) return DirectToneMoments(output_)(mean, sigma);
  const auto [level, level_share] = place((encoded - first_level) / level_step, level_count);
  const auto [width, width_share] = place((std::log2(sigma) - narrowest_log2) * widths_per_octave, width_count);
  const auto between = [&](float Entry::*value) {
    return std::lerp(std::lerp(static_cast<double>(entry(level, width).*value),
                               static_cast<double>(entry(level, width + 1).*value), width_share),
                     std::lerp(static_cast<double>(entry(level + 1, width).*value),
                               static_cast<double>(entry(level + 1, width + 1).*value), width_share),
                     level_share);
  };
  const double y = (output_.clipped ? std::clamp(encoded, 0.0, 1.0) : encoded) + sigma * between(&Entry::shift);
  const double y_sigma = sigma * between(&Entry::sigma_ratio);
  return {y, y * y + y_sigma * y_sigma};
}

}  // namespace rdenoise
