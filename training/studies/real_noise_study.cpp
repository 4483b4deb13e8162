// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/real_noise_study.hpp"

#include <array>
#include <functional>
#include <limits>
#include <memory>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/nonlocal.hpp>
#include <regex>
#include <span>
#include <utility>

#include "studies/psnr_ssim.hpp"
#include "studies/study_models.hpp"
#include "studies/white_noise_psnr.hpp"
#include "test_set_folder.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* doing = "studying real noise";
constexpr double none = std::numeric_limits<double>::quiet_NaN();

struct PairFolder {
  std::string name;
  std::vector<EvalItem> pairs;
};

NoiseProfile one_sigma(const NoiseProfile& noise) {
  return uniform_profile(ColorModel::rgb, NoiseModel::gaussian(sigma_8bit(noise)));
}

/// What the library makes of a picture whose noise nobody told. Cameras' noise is processed and so correlated, which
/// the usual estimate takes for texture.
struct Estimates {
  NoiseProfile line;
  NoiseProfile sigma_of_line;
  NoiseProfile level_function;
  NoiseProfile sigma_of_level_function;

  explicit Estimates(const Image& noisy)
      : line(estimate_noise(noisy.view())),
        sigma_of_line(one_sigma(line)),
        level_function(estimate_noise(noisy.view(), {.method = EstimateMethod::level_function})),
        sigma_of_level_function(one_sigma(level_function)) {}
};

struct Method {
  std::string name;
  std::string told;                                ///< empty: nothing
  const NoiseProfile Estimates::*noise = nullptr;  ///< nullptr: nothing
  std::function<Image(const Image& noisy, const NoiseProfile& noise)> denoise;

  [[nodiscard]] std::string title() const { return told.empty() ? name : name + ", told " + told; }
};

std::shared_ptr<Denoiser> color_denoiser(Model model) {
  if (model.spec.params.input != InputDomain::rgb)
    throw Error(ErrorCode::invalid_argument, std::string(doing) + ": expected models of rgb pictures, found " +
                                                 model.name + ", a model of " +
                                                 std::string(to_string(model.spec.params.input)));
  return std::make_shared<Denoiser>(study_denoiser(std::move(model)));
}

Method network_method(const std::shared_ptr<Denoiser>& denoiser, std::string told,
                      const NoiseProfile Estimates::*noise) {
  return {denoiser->model().name, std::move(told), noise, [denoiser](const Image& noisy, const NoiseProfile& profile) {
            Image result = noisy;
            denoiser->denoise(noisy.view(), result.view(), profile);
            return result;
          }};
}

std::vector<Method> methods_of(const RealNoiseStudy& study) {
  std::vector<Method> methods{{"noisy", "", nullptr, [](const Image& noisy, const NoiseProfile&) { return noisy; }}};
  for (Model& model : load_study_models(study.models, NoiseKnowledge::blind, doing))
    methods.push_back(network_method(color_denoiser(std::move(model)), "", nullptr));
  for (Model& model : load_study_models(study.non_blind, NoiseKnowledge::told, doing)) {
    const std::shared_ptr<Denoiser> denoiser = color_denoiser(std::move(model));
    methods.push_back(network_method(denoiser, "sigma of a x + b", &Estimates::sigma_of_line));
    methods.push_back(network_method(denoiser, "a x + b", &Estimates::line));
    methods.push_back(network_method(denoiser, "sigma of level function", &Estimates::sigma_of_level_function));
    methods.push_back(network_method(denoiser, "level function", &Estimates::level_function));
  }
  const auto by_blocks = [](const Image& noisy, const NoiseProfile& noise) { return bm3d(noisy, sigma_8bit(noise)); };
  methods.push_back({"bm3d", "sigma of a x + b", &Estimates::sigma_of_line, by_blocks});
  methods.push_back({"bm3d", "sigma of level function", &Estimates::sigma_of_level_function, by_blocks});
  return methods;
}

std::regex parse_only(const std::string& text) {
  try {
    return std::regex(text);
  } catch (const std::regex_error& error) {
    throw Error(ErrorCode::invalid_argument,
                std::string(doing) + ": expected a regular expression, found \"" + text + "\": " + error.what());
  }
}

/// FOLDER, whether the path ends in a slash or not.
std::string last_name(const fs::path& folder) {
  return (folder.has_filename() ? folder : folder.parent_path()).filename().string();
}

std::vector<PairFolder> folders_of(const RealNoiseStudy& study, const StudyRun& run) {
  std::vector<fs::path> paths = study.pairs;
  if (paths.empty()) {
    const auto usual = find_test_set(run.options().data, "cc60");
    if (!usual)
      throw Error(ErrorCode::not_found, std::string(doing) + ": expected --pairs or a folder called cc60 below " +
                                            run.options().data.string() + ", found none");
    paths.push_back(*usual);
  }
  const std::regex only = parse_only(study.only);
  const std::size_t most = run.options().most_pictures;
  std::vector<PairFolder> folders;
  for (const fs::path& path : paths) {
    PairFolder& folder = folders.emplace_back(last_name(path), list_pairs(path));
    std::erase_if(folder.pairs, [&](const EvalItem& pair) {
      return !std::regex_search(folder.name + '/' + pair.noisy.filename().string(), only);
    });
    if (folder.pairs.empty())
      throw Error(ErrorCode::invalid_argument, std::string(doing) + ": expected pairs that \"" + study.only +
                                                   "\" finds in " + path.string() + ", found none");
    if (most > 0 && folder.pairs.size() > most) folder.pairs.resize(most);
  }
  return folders;
}

struct MethodMeans {
  MeanPsnrSsim quality;
  double sigma_sum_8bit = 0.0;
};
using Means = std::vector<MethodMeans>;  ///< in the order of the methods

/// The table of pairs and the chart grow as pairs are measured.
struct Results {
  RecordTable pairs{{"folder", "pair", "method", "told", "told_sigma_8bit", "psnr_db", "ssim"}, {}};
  RecordTable means{
      {"folder", "pairs", "method", "told", "told_sigma_8bit", "psnr_db", "ssim", "psnr_gain_db", "ssim_gain"}, {}};
  std::vector<ChartSeries> gains;  ///< of the methods after the first
};

void measure_pair(const std::string& folder, const EvalItem& pair, const std::vector<Method>& methods,
                  std::span<Means* const> means, Results& results) {
  const Image clean = measured_image(read_in_domain(pair.clean, InputDomain::rgb));
  const Image noisy = measured_image(read_in_domain(pair.noisy, InputDomain::rgb));
  const Estimates estimates(noisy);
  double noisy_psnr_db = 0.0;
  for (std::size_t i = 0; i < methods.size(); ++i) {
    const Method& method = methods[i];
    const NoiseProfile& noise = method.noise != nullptr ? estimates.*method.noise : estimates.line;
    const PsnrSsim quality = psnr_ssim(clean, method.denoise(noisy, noise));
    const double told_8bit = method.noise != nullptr ? sigma_8bit(noise) : none;
    results.pairs.rows.push_back(
        {folder, pair.name, method.name, method.told, told_8bit, quality.psnr_db, quality.ssim});
    for (Means* const sums : means) {
      (*sums)[i].quality.add(quality);
      (*sums)[i].sigma_sum_8bit += told_8bit;
    }
    if (i == 0)
      noisy_psnr_db = quality.psnr_db;
    else
      results.gains[i - 1].points.push_back({noisy_psnr_db, quality.psnr_db - noisy_psnr_db});
  }
}

void add_means(const std::string& folder, std::size_t pairs, const std::vector<Method>& methods, const Means& means,
               const StudyRun& run, Results& results) {
  const PsnrSsim noisy = means.front().quality.mean();
  for (std::size_t i = 0; i < methods.size(); ++i) {
    const PsnrSsim mean = means[i].quality.mean();
    const auto count = static_cast<double>(pairs);
    results.means.rows.push_back({folder, count, methods[i].name, methods[i].told, means[i].sigma_sum_8bit / count,
                                  mean.psnr_db, mean.ssim, mean.psnr_db - noisy.psnr_db, mean.ssim - noisy.ssim});
    run.say(folder + ", " + methods[i].title() + ": " + db_text(mean.psnr_db) + ", SSIM " + number_text(mean.ssim));
  }
}

}  // namespace

void run_real_noise_study(const RealNoiseStudy& study, StudyRun& run) {
  const std::vector<Method> methods = methods_of(study);
  const std::vector<PairFolder> folders = folders_of(study, run);
  Results results;
  for (std::size_t i = 1; i < methods.size(); ++i)
    results.gains.push_back({.name = methods[i].title(), .points = {}, .line = false, .markers = true});
  Means all(methods.size());
  std::size_t all_pairs = 0;
  for (const PairFolder& folder : folders) {
    Means means(methods.size());
    for (const EvalItem& pair : folder.pairs) {
      run.stop_if_asked();
      const std::array<Means*, 2> sums{&means, &all};
      measure_pair(folder.name, pair, methods, sums, results);
    }
    all_pairs += folder.pairs.size();
    add_means(folder.name, folder.pairs.size(), methods, means, run, results);
  }
  if (folders.size() > 1) add_means("all", all_pairs, methods, all, run, results);
  run.write("real-noise", results.means);
  run.write("real-noise-pairs", results.pairs);
  run.write("real-noise", Chart{.title = "What methods gain on real noise",
                                .x_axis = {.label = "PSNR of the noisy picture [dB]"},
                                .panel = {.y_axis = {.label = "gain [dB]"}, .series = std::move(results.gains)}});
}

}  // namespace rdenoise::training
