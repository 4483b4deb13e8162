// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/level_function_fit.hpp"

#include <algorithm>
#include <cmath>

#include "noise/level_smoothing.hpp"

namespace rdenoise {
namespace {

constexpr double tiny_energy = 1e-12;
constexpr int iteration_count = 4;

// Patches of neighbouring levels of one channel, [first, last) of its order.
struct Bin {
  std::size_t first = 0;
  std::size_t last = 0;
  double level = 0.0;  ///< mean
};

// What the flat patches of a bin show.
struct BinMeasurement {
  NoiseSpectrum energy{};    ///< sum over patches of each band
  NoiseSpectrum count{};     ///< of coefficients
  double trust = 1.0;        ///< 0 … 1: how far the flattest show noise rather than texture
  double patch_count = 0.0;  ///< flat ones, without overlap
  double level = 0.0;
};

struct Channel {
  std::span<const PatchSpectrum> patches;
  std::vector<std::size_t> order;  ///< of those that are not constant, by level
  std::vector<Bin> bins;
  std::vector<BinMeasurement> measured;
  LevelFunctionFit fit;
};

std::vector<Bin> bins_of(const Channel& channel) {
  const double least_width = 1.0 / NoiseLevelFunction::level_count;
  const std::size_t least_count = std::max<std::size_t>(60, channel.order.size() / 100);
  std::vector<Bin> bins;
  const auto level = [&](std::size_t place) { return channel.patches[channel.order[place]].mean; };
  std::size_t first = 0;
  for (std::size_t place = 0; place < channel.order.size(); ++place) {
    const std::size_t count = place + 1 - first;
    if (count < least_count || level(place) - level(first) < least_width) continue;
    bins.push_back({first, place + 1});
    first = place + 1;
  }
  const std::size_t rest = channel.order.size() - first;
  if (rest >= least_count || bins.empty()) {
    if (rest > 0) bins.push_back({first, channel.order.size()});
  } else {
    bins.back().last = channel.order.size();
  }
  for (Bin& bin : bins) {
    for (std::size_t place = bin.first; place < bin.last; ++place) bin.level += level(place) / (bin.last - bin.first);
  }
  return bins;
}

double coefficient_count(int half) {
  double count = 0.0;
  for (int band = first_measured_band; band < band_count; ++band) count += coefficients_in_bands()[half][band];
  return count;
}

// Energy of a patch that falls with everything that is not noise, whatever the noise is: Σ count·ln(energy).
double log_energy(const PatchSpectrum& patch) {
  double sum = 0.0;
  for (int band = first_measured_band; band < band_count; ++band) {
    const double count = coefficients_in_bands()[0][band] + coefficients_in_bands()[1][band];
    sum += count * std::log((patch.energy[0][band] + patch.energy[1][band]) / count + tiny_energy);
  }
  return sum;
}

void add_half(BinMeasurement& bin, const PatchSpectrum& patch, int half) {
  for (int band = first_measured_band; band < band_count; ++band) {
    bin.energy[band] += patch.energy[half][band];
    bin.count[band] += coefficients_in_bands()[half][band];
  }
}

// Where to start: the twentieth with the least energy of each bin.
void measure_lowest(Channel& channel, std::span<const double> energies, double share_of_patch) {
  channel.measured.clear();
  for (const Bin& bin : channel.bins) {
    std::vector<std::size_t> members(channel.order.begin() + bin.first, channel.order.begin() + bin.last);
    const std::size_t wanted = std::min(members.size(), std::max<std::size_t>(8, members.size() / 20));
    std::ranges::nth_element(members, members.begin() + (wanted - 1), {}, [&](std::size_t i) { return energies[i]; });
    BinMeasurement measured;
    for (std::size_t k = 0; k < wanted; ++k) {
      for (int half = 0; half < half_count; ++half) add_half(measured, channel.patches[members[k]], half);
      measured.level += channel.patches[members[k]].mean / wanted;
    }
    measured.patch_count = wanted * share_of_patch;
    channel.measured.push_back(measured);
  }
}

// Squared coefficient of variation over patches.
double relative_spread(std::span<const double> values) {
  double sum = 0.0;
  double squares = 0.0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  const auto n = static_cast<double>(values.size());
  return sum > 0.0 ? std::max(0.0, n * squares / (sum * sum) - 1.0) : 0.0;
}

// The flattest patches of a bin: few, so that textured pictures have them, but enough to be measured.
constexpr double flat_share = 0.08;
constexpr std::size_t least_flat_count = 12;
// Squared variation of flatness over those patches, beyond that of χ², that noise whose coefficients are correlated may
// have; texture has more.
constexpr double spread_beyond_noise = 0.01;

// flatness      [half][patch] relative to the noise
// noise_spread  squared variation of flatness if all is noise
void measure_flat(Channel& channel, const std::array<std::vector<double>, half_count>& flatness, double noise_spread,
                  double share_of_patch) {
  channel.measured.clear();
  for (const Bin& bin : channel.bins) {
    BinMeasurement measured;
    std::vector<std::size_t> members(channel.order.begin() + bin.first, channel.order.begin() + bin.last);
    const std::size_t wanted = std::min(
        members.size(), least_flat_count + static_cast<std::size_t>(flat_share * static_cast<double>(members.size())));
    double spread = 0.0;
    for (int half = 0; half < half_count; ++half) {
      std::ranges::sort(members, {}, [&](std::size_t i) { return flatness[half][i]; });
      std::vector<double> other_half;
      for (const std::size_t i : std::span(members).first(wanted)) {
        other_half.push_back(flatness[1 - half][i]);
        add_half(measured, channel.patches[i], 1 - half);
        measured.patch_count += share_of_patch / half_count;
        measured.level += channel.patches[i].mean;
      }
      spread += relative_spread(other_half) / half_count;
    }
    const double excess = std::max(0.0, spread - noise_spread) / spread_beyond_noise;
    measured.trust = 1.0 / (1.0 + excess * excess);
    measured.level *= share_of_patch / half_count / measured.patch_count;
    channel.measured.push_back(measured);
  }
}

// The spectrum over all levels, each level in units of its own variance.
NoiseSpectrum spectrum_of(const Channel& channel) {
  NoiseSpectrum sum{};
  NoiseSpectrum count{};
  for (const BinMeasurement& bin : channel.measured) {
    double all = 0.0;
    double all_count = 0.0;
    for (int band = first_measured_band; band < band_count; ++band) {
      all += bin.energy[band];
      all_count += bin.count[band];
    }
    const double variance = all / all_count + tiny_energy;
    for (int band = first_measured_band; band < band_count; ++band) {
      sum[band] += bin.trust * bin.energy[band] / variance;
      count[band] += bin.trust * bin.count[band];
    }
  }
  NoiseSpectrum spectrum{};
  for (int band = first_measured_band; band < band_count; ++band) {
    spectrum[band] = sum[band] / std::max(count[band], tiny_energy) + tiny_energy;
  }
  return completed_spectrum(spectrum);
}

// Mean over bands of energy in units of the spectrum. Strong bands count somewhat more: they make up the variance, but
// texture sits there too.
double variance_of(const BinMeasurement& bin, const NoiseSpectrum& spectrum) {
  constexpr double power = 0.25;
  double sum = 0.0;
  double weights = 0.0;
  for (int band = first_measured_band; band < band_count; ++band) {
    const double weight = std::pow(spectrum[band], power);
    sum += weight * bin.energy[band] / spectrum[band];
    weights += weight * bin.count[band];
  }
  return sum / weights;
}

std::vector<LevelMeasurement> measurements_of(const Channel& channel) {
  // Coefficients tell this much; but texture, and the spectrum's own change over levels, are good for a tenth.
  constexpr double greatest_weight = 100.0;
  std::vector<LevelMeasurement> measurements;
  for (const BinMeasurement& bin : channel.measured) {
    const double weight = 0.5 * bin.patch_count * coefficient_count(0);
    measurements.push_back(
        {bin.level, variance_of(bin, channel.fit.spectrum), bin.trust / (1.0 / weight + 1.0 / greatest_weight)});
  }
  return measurements;
}

void refit(Channel& channel) {
  channel.fit.spectrum = spectrum_of(channel);
  const std::vector<LevelMeasurement> measurements = measurements_of(channel);
  channel.fit.model = nearest_line(measurements, smoothed_level_function(measurements));
}

void add_flatness(const Channel& channel, std::vector<double>& energies, int half) {
  NoiseSpectrum inverse{};
  for (int band = first_measured_band; band < band_count; ++band) inverse[band] = 1.0 / channel.fit.spectrum[band];
  for (std::size_t i = 0; i < energies.size(); ++i) {
    const PatchSpectrum& patch = channel.patches[i];
    double sum = 0.0;
    for (int band = first_measured_band; band < band_count; ++band) sum += patch.energy[half][band] * inverse[band];
    energies[i] += sum / (channel.fit.model.variance(patch.mean) + tiny_energy);
  }
}

double confidence_of(const Channel& channel) {
  double patches = 0.0;
  double flat = 0.0;
  double count = 0.0;
  for (std::size_t k = 0; k < channel.bins.size(); ++k) {
    const auto size = static_cast<double>(channel.bins[k].last - channel.bins[k].first);
    patches += size;
    flat += size * channel.measured[k].trust;
    count += channel.measured[k].patch_count;
  }
  return flat / patches * count / (count + 20.0);
}

}  // namespace

std::vector<LevelFunctionFit> fit_level_functions(const SpectrumSample& sample) {
  std::vector<Channel> channels(sample.channels.size());
  std::size_t patch_count = 0;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    Channel& channel = channels[c];
    channel.patches = sample.channels[c];
    patch_count = channel.patches.size();
    for (std::size_t i = 0; i < patch_count; ++i) {
      if (!channel.patches[i].is_constant) channel.order.push_back(i);
    }
    std::ranges::stable_sort(channel.order, {}, [&](std::size_t i) { return channel.patches[i].mean; });
    channel.bins = bins_of(channel);
  }
  std::vector<double> energies(patch_count);
  for (const Channel& channel : channels) {
    for (std::size_t i = 0; i < patch_count; ++i) energies[i] += log_energy(channel.patches[i]);
  }
  for (Channel& channel : channels) {
    channel.fit.model.level_function.emplace();
    if (channel.order.empty()) continue;
    measure_lowest(channel, energies, sample.independent_share);
    refit(channel);
  }
  std::array<std::vector<double>, half_count> flatness;
  const double noise_spread = 2.0 / (coefficient_count(0) * static_cast<double>(channels.size()));
  for (int iteration = 0; iteration < iteration_count; ++iteration) {
    for (int half = 0; half < half_count; ++half) {
      flatness[half].assign(patch_count, 0.0);
      for (const Channel& channel : channels) {
        if (!channel.order.empty()) add_flatness(channel, flatness[half], half);
      }
    }
    for (Channel& channel : channels) {
      if (channel.order.empty()) continue;
      measure_flat(channel, flatness, noise_spread, sample.independent_share);
      refit(channel);
    }
  }
  std::vector<LevelFunctionFit> fits;
  for (Channel& channel : channels) {
    if (!channel.order.empty()) channel.fit.confidence = confidence_of(channel);
    fits.push_back(channel.fit);
  }
  return fits;
}

}  // namespace rdenoise
