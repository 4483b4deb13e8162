// SPDX-License-Identifier: LGPL-2.1-or-later
#include "noise/level_function_fit.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "noise/level_smoothing.hpp"

namespace rdenoise {
namespace {

double knob(const char* name, double def) { const char* s = std::getenv(name); return s ? std::atof(s) : def; }

constexpr double tiny_energy = 1e-12;
constexpr int iteration_count = 8;

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
  double threshold = 1.0;    ///< flatness that had to do
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

// `flatness[half]` of each patch, in units of the noise.
void measure_flat(Channel& channel, const std::array<std::vector<double>, half_count>& flatness,
                  double share_of_patch) {
  static const double least_share = knob("H7_SHARE", 0.05);
  static const double slack = knob("H7_SLACK", 0.5);
  channel.measured.clear();
  for (const Bin& bin : channel.bins) {
    BinMeasurement measured;
    measured.threshold = 0.0;
    std::vector<double> ranked;
    for (int half = 0; half < half_count; ++half) {
      ranked.clear();
      for (std::size_t place = bin.first; place < bin.last; ++place) {
        ranked.push_back(flatness[half][channel.order[place]]);
      }
      const auto wanted = static_cast<std::size_t>(least_share * static_cast<double>(ranked.size()));
      const auto place = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(ranked.size() - 1, wanted + 8));
      std::ranges::nth_element(ranked, place);
      const double noise_threshold = 1.0 + slack * std::sqrt(2.0 / coefficient_count(half));
      const double threshold = std::max(noise_threshold, *place);
      measured.threshold = std::max(measured.threshold, threshold / noise_threshold);
      for (std::size_t k = bin.first; k < bin.last; ++k) {
        const std::size_t i = channel.order[k];
        if (flatness[half][i] > threshold) continue;
        add_half(measured, channel.patches[i], 1 - half);
        measured.patch_count += share_of_patch / half_count;
        measured.level += channel.patches[i].mean;
      }
    }
    measured.level *= share_of_patch / half_count / measured.patch_count;
    channel.measured.push_back(measured);
  }
}

double trust(const BinMeasurement& bin) { return std::pow(bin.threshold, -4.0); }

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
      sum[band] += trust(bin) * bin.energy[band] / variance;
      count[band] += trust(bin) * bin.count[band];
    }
  }
  NoiseSpectrum spectrum{};
  for (int band = first_measured_band; band < band_count; ++band) {
    spectrum[band] = sum[band] / std::max(count[band], tiny_energy) + tiny_energy;
  }
  return completed_spectrum(spectrum);
}

// Mean over bands of energy in units of the spectrum; strong bands count more, as they make up the variance.
double variance_of(const BinMeasurement& bin, const NoiseSpectrum& spectrum) {
  static const double power = knob("H7_POWER", 0.5);
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
        {bin.level, variance_of(bin, channel.fit.spectrum), trust(bin) / (1.0 / weight + 1.0 / greatest_weight)});
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
    flat += size * trust(channel.measured[k]);
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
  for (int iteration = 0; iteration < iteration_count; ++iteration) {
    for (int half = 0; half < half_count; ++half) {
      flatness[half].assign(patch_count, 0.0);
      int count = 0;
      for (const Channel& channel : channels) {
        if (channel.order.empty()) continue;
        add_flatness(channel, flatness[half], half);
        ++count;
      }
      for (double& value : flatness[half]) value /= coefficient_count(half) * std::max(count, 1);
    }
    for (Channel& channel : channels) {
      if (channel.order.empty()) continue;
      measure_flat(channel, flatness, sample.independent_share);
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
