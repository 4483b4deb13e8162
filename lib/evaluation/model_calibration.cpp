// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/evaluation.hpp>
#include <rdenoise/model_calibration.hpp>
#include <rdenoise/quality.hpp>

#include "denoise/frame_denoiser.hpp"
#include "evaluation/float_results.hpp"
#include "evaluation/kernel_rounding.hpp"
#include "evaluation/scale_balance.hpp"
#include "evaluation/value_histogram.hpp"
#include "network/f32_results.hpp"
#include "network/onednn_cpu.hpp"
#include "network/quantisation.hpp"

namespace rdenoise {
namespace {

std::vector<double> chosen_levels(const Model& model, const ModelCalibrationOptions& options) {
  std::vector<double> levels = options.sigma_8bit;
  if (levels.empty())
    for (const double sigma_8bit : {15.0, 25.0, 50.0})
      if (sigma_8bit >= model.noise_range_8bit[0] && sigma_8bit <= model.noise_range_8bit[1])
        levels.push_back(sigma_8bit);
  if (levels.empty()) levels.push_back(model.noise_range_8bit[1]);
  for (const double sigma_8bit : levels)
    if (!(sigma_8bit >= 0.0) || !std::isfinite(sigma_8bit))
      throw Error(ErrorCode::invalid_argument, "calibrating " + model.name + ": expected noise levels of 0 or more, " +
                                                   "found " + std::to_string(sigma_8bit));
  return levels;
}

NoiseProfile white_profile(const ModelPicture& picture, double sigma_8bit) {
  return uniform_profile(view_of(picture).color_model, NoiseModel::gaussian(sigma_8bit));
}

/// Calls visit(clean, noisy, profile, index of the level) for each picture at each level.
template <typename Visit>
void for_each_noisy_picture(std::span<const ModelPicture> clean, const std::vector<double>& levels, std::uint64_t seed,
                            Visit visit) {
  for (std::size_t i = 0; i < clean.size(); ++i)
    for (std::size_t level = 0; level < levels.size(); ++level) {
      const ModelPicture noisy = with_white_noise(clean[i], levels[level], seed + level, i);
      visit(clean[i], noisy, white_profile(noisy, levels[level]), level);
    }
}

/// How often which values occur in each channel of the results that eight bits can keep.
class ResultHistograms {
 public:
  explicit ResultHistograms(const Model& model) : model_(model), layers_(results_to_calibrate(model.spec)) {
    const std::vector<LayerShape> shapes = layer_shapes(model.spec);
    for (const int layer : layers_)
      channels_[layer].resize(static_cast<std::size_t>(shapes[static_cast<std::size_t>(layer)].channels));
    if (layers_.empty())
      throw Error(ErrorCode::unsupported, "calibrating " + model.name +
                                              ": expected convolutions with relu that only undilated convolutions "
                                              "read, found none");
  }

  [[nodiscard]] const std::vector<int>& layers() const noexcept { return layers_; }

  void add(const LayerResult& result, double weight) {
    std::vector<float> row(static_cast<std::size_t>(result.width()));
    const std::lock_guard lock(mutex_);
    std::vector<ValueHistogram>& channels = channels_.find(result.layer())->second;
    for (int c = 0; c < result.channels(); ++c)
      for (int y = 0; y < result.height(); ++y) {
        result.read_row(c, y, 0, row);
        channels[static_cast<std::size_t>(c)].add(row, weight);
      }
  }

  void write_scales(std::map<std::string, std::string, std::less<>>& metadata) const {
    for (const auto& [layer, channels] : channels_) {
      const std::vector<float> scales = balanced_scales(channels, readers_of(layer));
      std::vector<float> means;
      for (const ValueHistogram& channel : channels) means.push_back(static_cast<float>(channel.mean()));
      const int convolution = model_.spec.layers[static_cast<std::size_t>(layer)].inputs[0];
      const std::string& name = model_.spec.layers[static_cast<std::size_t>(convolution)].name;
      metadata[result_scales_key(name)] = channel_numbers_text(scales);
      metadata[result_means_key(name)] = channel_numbers_text(means);
    }
  }

 private:
  [[nodiscard]] const Layer& layer_at(int index) const { return model_.spec.layers[static_cast<std::size_t>(index)]; }

  /// The convolutions that read a result. Where their own results are kept in eight bits too, errors count by the steps
  /// that those are seen in.
  [[nodiscard]] std::vector<ScaleReader> readers_of(int result) const {
    std::vector<ScaleReader> readers;
    for (std::size_t i = 0; i < model_.spec.layers.size(); ++i) {
      const Layer& reader = model_.spec.layers[i];
      if (std::ranges::find(reader.inputs, result) == reader.inputs.end()) continue;
      ScaleReader as_reader{model_.weights.tensors.find(reader.name + ".weight")->second.values,
                            std::vector<double>(static_cast<std::size_t>(reader.out_channels), 1.0), false};
      for (const auto& [layer, channels] : channels_) {
        if (layer_at(layer).inputs[0] != static_cast<int>(i)) continue;
        as_reader.in_eight_bits = true;
        for (std::size_t c = 0; c < channels.size(); ++c)
          as_reader.output_precision[c] = 1.0 / (channels[c].best_scale() * channels[c].best_scale());
      }
      readers.push_back(std::move(as_reader));
    }
    return readers;
  }

  const Model& model_;
  std::vector<int> layers_;
  std::map<int, std::vector<ValueHistogram>> channels_;
  std::mutex mutex_;
};

void add_scales(const Model& model, std::span<const ModelPicture> clean, const std::vector<double>& levels,
                const ModelCalibrationOptions& options, ModelCalibration& calibration) {
  ResultHistograms histograms(model);
  // Whole pictures: tiles would show values at their edges that the network has nowhere else.
  constexpr int beyond_any_picture_px = 1 << 16;
  const DenoiseOptions denoise{.precision = Precision::f32, .tile_size_px = beyond_any_picture_px, .n_threads = 1};
  FrameDenoiser frames(model.name, model.spec,
                       make_onednn_executor(model.spec, model.weights, Precision::f32, histograms.layers()), denoise);
  for_each_noisy_picture(
      clean, levels, options.seed,
      [&](const ModelPicture&, const ModelPicture& noisy, const NoiseProfile& profile, std::size_t level) {
        // What a denoiser errs grows about as the noise: an error counts by what is there already.
        const double weight = 1.0 / std::max(levels[level], 1.0);
        frames.for_each_tile(view_of(noisy), {}, profile, [&](const FilledTile& filled) {
          filled.run.run_observed([&](const LayerResult& result) { histograms.add(result, weight); });
        });
      });
  histograms.write_scales(calibration.metadata);
}

double psnr_of(const ModelPicture& clean, ModelPicture& result) {
  clip(result);
  return psnr_yuv_db(clean, result).value_or(psnr_db(measured_image(clean), measured_image(result)));
}

/// PSNR at each level, mean over the pictures.
std::vector<double> mean_psnr(const Model& model, Precision precision, std::span<const ModelPicture> clean,
                              const std::vector<double>& levels, const ModelCalibrationOptions& options) {
  Denoiser denoiser(model, {.precision = precision, .n_threads = options.n_threads});
  if (denoiser.precision() != precision) return {};
  std::vector<double> means(levels.size(), 0.0);
  for_each_noisy_picture(
      clean, levels, options.seed,
      [&](const ModelPicture& reference, const ModelPicture& noisy, const NoiseProfile& profile, std::size_t level) {
        ModelPicture result = noisy;
        denoiser.denoise(view_of(noisy), view_of(result), profile);
        means[level] += psnr_of(reference, result) / static_cast<double>(clean.size());
      });
  return means;
}

/// What model loses against the PSNR by level that f32 has; empty where this CPU has not the precision.
std::vector<double> losses_db(const Model& model, Precision precision, std::span<const ModelPicture> clean,
                              const std::vector<double>& levels, const ModelCalibrationOptions& options,
                              const std::vector<double>& exact_db) {
  std::vector<double> losses = mean_psnr(model, precision, clean, levels, options);
  for (std::size_t i = 0; i < losses.size(); ++i) losses[i] = exact_db[i] - losses[i];
  return losses;
}

std::string names_text(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

/// Decides what a lower precision leaves in floating point: int8 whole layers, bf16 results that it keeps in f32.
class FloatSearch {
 public:
  /// model  with what the calibration has found so far
  FloatSearch(const Model& model, Precision precision, std::span<const ModelPicture> clean,
              const std::vector<double>& levels, const ModelCalibrationOptions& options)
      : model_(model),
        precision_(precision),
        clean_(clean),
        levels_(levels),
        options_(options),
        results_(results_to_calibrate(model.spec)) {}

  /// limits  the target is tried before anything else
  [[nodiscard]] FloatChoice choose(const std::vector<double>& exact_db, const FloatLimits& limits) const {
    if (const std::vector<double> all_db = losses_with({}, clean_, exact_db);
        std::ranges::max(all_db) <= limits.target_loss_db)
      return {.loss_db = all_db};
    // The order needs no exact figures, and these are as many passes as there are results.
    const auto few = clean_.first(std::min(clean_.size(), most_ranking_pictures));
    const std::vector<double> few_exact_db = mean_psnr(model_, Precision::f32, few, levels_, options_);
    const std::vector<double> shares = precision_ == Precision::int8 ? float_mac_shares(model_.spec, results_)
                                                                     : reading_mac_shares(model_.spec, results_);
    // With all of them in float bf16 still rounds weights; int8 is f32 then.
    const std::vector<double> least_db =
        precision_ == Precision::int8 ? std::vector<double>(levels_.size()) : losses_with(results_, few, few_exact_db);
    std::vector<ResultLoss> candidates;
    for (std::size_t i = 0; i < results_.size(); ++i) {
      std::vector<int> others = results_;
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
      std::vector<double> lost_db = losses_with(others, few, few_exact_db);
      for (std::size_t level = 0; level < lost_db.size(); ++level) lost_db[level] -= least_db[level];
      candidates.push_back({results_[i], shares[i], lost_db});
    }
    return choose_float_results(candidates, limits,
                                [&](std::span<const int> in_float) { return losses_with(in_float, clean_, exact_db); });
  }

  /// The metadata entry of a choice: the convolutions that lead to these results.
  [[nodiscard]] std::string_view key() const {
    return precision_ == Precision::int8 ? float_results_key : f32_results_key;
  }
  [[nodiscard]] std::vector<std::string> names_of(std::span<const int> results) const {
    std::vector<std::string> names;
    for (const int result : results) {
      const int convolution = model_.spec.layers[static_cast<std::size_t>(result)].inputs[0];
      names.push_back(model_.spec.layers[static_cast<std::size_t>(convolution)].name);
    }
    return names;
  }

 private:
  static constexpr std::size_t most_ranking_pictures = 8;

  [[nodiscard]] std::vector<double> losses_with(std::span<const int> in_float, std::span<const ModelPicture> clean,
                                                const std::vector<double>& exact_db) const {
    Model mixed = model_;
    mixed.weights.metadata[std::string(key())] = names_text(names_of(in_float));
    return losses_db(mixed, precision_, clean, levels_, options_, exact_db);
  }

  const Model& model_;
  Precision precision_;
  std::span<const ModelPicture> clean_;
  const std::vector<double>& levels_;
  const ModelCalibrationOptions& options_;
  std::vector<int> results_;
};

void add_loss(Precision precision, const std::vector<double>& losses, ModelCalibration& calibration) {
  if (losses.empty()) return;
  const double worst = *std::ranges::max_element(losses);
  calibration.losses.push_back({precision, worst});
  std::array<char, 32> text;
  (void)std::snprintf(text.data(), text.size(), "%.4f", worst);
  calibration.metadata["psnr_loss_db." + std::string(to_string(precision))] = text.data();
}

/// The same model with what the calibration has found so far.
Model with_metadata(Model model, const ModelCalibration& calibration) {
  for (const auto& [key, value] : calibration.metadata) model.weights.metadata[key] = value;
  return model;
}

/// One set of weights, and nothing of an earlier calibration.
Model uncalibrated(Model model) {
  std::erase_if(model.weights.metadata, [](const auto& entry) {
    return std::ranges::any_of(calibration_prefixes,
                               [&](std::string_view prefix) { return entry.first.starts_with(prefix); });
  });
  model.by_class.clear();
  model.classifier.reset();
  return model;
}

/// A few of the pictures to round kernels on: enough for the covariances, and each is run twice for each layer.
std::vector<NoisyPicture> pictures_to_round_on(std::span<const ModelPicture> clean, const std::vector<double>& levels,
                                               const ModelCalibrationOptions& options) {
  constexpr std::size_t most_pictures = 12;
  const std::size_t count = std::min(clean.size(), most_pictures);
  std::vector<NoisyPicture> noisy;
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t level = 0; level < levels.size(); ++level) {
      const std::size_t index = i * clean.size() / count;
      // Noise of its own, which the losses are not measured on.
      ModelPicture picture = with_white_noise(clean[index], levels[level], options.seed + levels.size() + level, index);
      NoiseProfile profile = white_profile(picture, levels[level]);
      noisy.push_back({std::move(picture), std::move(profile), 1.0 / std::max(levels[level], 1.0)});
    }
  return noisy;
}

/// Kernels and results in f32 for bf16, where it loses much without.
/// model  without what earlier calibrations found
void add_bf16(const Model& model, std::span<const ModelPicture> clean, const std::vector<double>& levels,
              const ModelCalibrationOptions& options, const std::vector<double>& exact_db,
              ModelCalibration& calibration) {
  // Kernels of their own cost no time, but make the file larger by two thirds.
  constexpr double loss_worth_kernels_db = 0.007;
  constexpr double least_gain = 0.9;
  if (!onednn::has_bf16()) return;
  const auto worst_db = [&](const Model& candidate) {
    const std::vector<double> losses = losses_db(candidate, Precision::bf16, clean, levels, options, exact_db);
    return losses.empty() ? 0.0 : std::ranges::max(losses);
  };
  if (const double plain_db = worst_db(model); plain_db > loss_worth_kernels_db) {
    ModelCalibration rounded;
    rounded.metadata = rounded_bf16_kernels(model, pictures_to_round_on(clean, levels, options), options.seed);
    if (worst_db(with_metadata(model, rounded)) < least_gain * plain_db) calibration.metadata.merge(rounded.metadata);
  }
  const Model calibrated = with_metadata(model, calibration);
  const FloatSearch search(calibrated, Precision::bf16, clean, levels, options);
  const FloatChoice choice = search.choose(exact_db, {.target_loss_db = options.bf16_target_loss_db,
                                                      .target_share = 0.5,
                                                      .acceptable_loss_db = options.bf16_target_loss_db,
                                                      .acceptable_share = 0.5});
  calibration.f32_results = search.names_of(choice.results);
  if (!choice.results.empty()) calibration.metadata[std::string(search.key())] = names_text(calibration.f32_results);
  add_loss(Precision::bf16, choice.loss_db, calibration);
}

/// model  without what earlier calibrations found
void add_int8(const Model& model, std::span<const ModelPicture> clean, const std::vector<double>& levels,
              const ModelCalibrationOptions& options, const std::vector<double>& exact_db,
              ModelCalibration& calibration) {
  const std::vector<double> rounded_alone_db =
      losses_db(with_metadata(model, calibration), Precision::int8, clean, levels, options, exact_db);
  if (rounded_alone_db.empty()) return;
  if (std::ranges::max(rounded_alone_db) > options.target_loss_db)
    calibration.metadata.merge(
        rounded_kernels(with_metadata(model, calibration), pictures_to_round_on(clean, levels, options), options.seed));
  const Model calibrated = with_metadata(model, calibration);
  const FloatSearch search(calibrated, Precision::int8, clean, levels, options);
  const FloatChoice choice = search.choose(exact_db, {.target_loss_db = options.target_loss_db});
  calibration.float_results = search.names_of(choice.results);
  calibration.float_mac_share = choice.mac_share;
  if (!choice.results.empty()) calibration.metadata[std::string(search.key())] = names_text(calibration.float_results);
  add_loss(Precision::int8, choice.loss_db, calibration);
}

}  // namespace

ModelCalibration calibrate_model(const Model& model, std::span<const ModelPicture> clean,
                                 const ModelCalibrationOptions& options) {
  if (clean.empty())
    throw Error(ErrorCode::invalid_argument, "calibrating " + model.name + ": expected pictures, found none");
  if (std::isnan(options.target_loss_db) || std::isnan(options.bf16_target_loss_db))
    throw Error(ErrorCode::invalid_argument, "calibrating " + model.name + ": expected a target in dB, found nan");
  ModelCalibration calibration{.sigma_8bit = chosen_levels(model, options)};
  add_scales(model, clean, calibration.sigma_8bit, options, calibration);
  const Model bare = uncalibrated(model);
  const std::vector<double> exact_db = mean_psnr(bare, Precision::f32, clean, calibration.sigma_8bit, options);
  add_bf16(bare, clean, calibration.sigma_8bit, options, exact_db, calibration);
  add_int8(bare, clean, calibration.sigma_8bit, options, exact_db, calibration);
  return calibration;
}

}  // namespace rdenoise
