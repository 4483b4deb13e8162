// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quality_table.hpp"

#include <cstdio>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/evaluation.hpp>
#include <utility>

#include "published_figures.hpp"
#include "test_set_folder.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> sets_for(InputDomain input) {
  if (input == InputDomain::gray) return {"Set12", "BSD68"};
  return {"CBSD68", "Kodak24"};
}

std::vector<double> in_range(const Model& model, const std::vector<double>& sigmas_8bit) {
  const auto [least, most] = std::pair(model.noise_range_8bit[0], model.noise_range_8bit[1]);
  std::vector<double> kept;
  for (const double sigma : sigmas_8bit)
    if (sigma >= least && sigma <= most) kept.push_back(sigma);
  if (kept.empty()) kept.push_back((least + most) / 2.0);
  return kept;
}

/// Means over a folder at one σ.
void measure(Denoiser& denoiser, const std::vector<EvalItem>& items, double sigma_8bit, std::uint64_t seed,
             SetQuality& quality) {
  double psnr_sum = 0.0;
  double psnr_yuv_sum = 0.0;
  double ssim_sum = 0.0;
  std::size_t ssim_count = 0;
  for (std::size_t place = 0; place < items.size(); ++place) {
    const ModelPicture clean = read_in_domain(items[place].clean, denoiser.model().spec.params.input);
    const ModelPicture noisy = with_white_noise(clean, sigma_8bit, seed, place);
    ModelPicture result = noisy;
    const ConstFrameView noisy_view = view_of(noisy);
    denoiser.denoise(noisy_view, view_of(result),
                     uniform_profile(noisy_view.color_model, NoiseModel::gaussian(sigma_8bit)));
    const PictureScore score = score_picture(clean, noisy, result);
    psnr_sum += score.psnr_db;
    psnr_yuv_sum += score.psnr_yuv_db.value_or(0.0);
    if (score.ssim) {
      ssim_sum += *score.ssim;
      ++ssim_count;
    }
  }
  quality.pictures = items.size();
  quality.psnr_db.push_back(psnr_sum / static_cast<double>(items.size()));
  if (denoiser.model().spec.params.input == InputDomain::yuv420)
    quality.psnr_yuv_db.push_back(psnr_yuv_sum / static_cast<double>(items.size()));
  quality.ssim.push_back(ssim_count == 0 ? std::nullopt : std::optional(ssim_sum / static_cast<double>(ssim_count)));
}

std::string number(double value, int decimals) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string sigma_text(double sigma_8bit) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", sigma_8bit);
  return text;
}

}  // namespace

QualityTable measure_quality(Model model, const fs::path& data, const std::vector<double>& sigmas_8bit,
                             std::uint64_t seed, const std::function<void(const std::string&)>& report) {
  QualityTable table{
      .input = model.spec.params.input, .seed = seed, .sigmas_8bit = in_range(model, sigmas_8bit), .sets = {}};
  Denoiser denoiser(std::move(model), {.precision = Precision::f32});
  for (const std::string& set : sets_for(table.input)) {
    const auto folder = find_test_set(data, set);
    if (!folder) {
      report(set + ": no folder of this name below " + data.string());
      continue;
    }
    const std::vector<EvalItem> items = list_clean_pictures(*folder);
    SetQuality quality{.set = set, .pictures = 0, .psnr_db = {}, .ssim = {}, .psnr_yuv_db = {}};
    for (const double sigma : table.sigmas_8bit) {
      measure(denoiser, items, sigma, seed, quality);
      report(set + " σ " + sigma_text(sigma) + ": " + number(quality.psnr_db.back(), 2) + " dB");
    }
    table.sets.push_back(std::move(quality));
  }
  if (table.sets.empty())
    throw Error(ErrorCode::not_found, "measuring quality below " + data.string() +
                                          ": expected folders called as the test sets (" + sets_for(table.input)[0] +
                                          ", " + sets_for(table.input)[1] + "), found none");
  return table;
}

std::string to_markdown(const QualityTable& table) {
  const bool mosaics = table.input == InputDomain::bayer;
  const bool yuv420 = table.input == InputDomain::yuv420;
  std::string text = "PSNR in dB / SSIM, white noise of known σ (8-bit steps), seed " + std::to_string(table.seed) +
                     ", means over all pictures" +
                     (mosaics  ? ", which are linear mosaics here.\n\n"
                      : yuv420 ? ", which are 4:2:0 here, with this σ in luma and chroma.\n\n"
                               : ". In italics what the papers report.\n\n");
  text += "| set |";
  for (const double sigma : table.sigmas_8bit) text += " σ " + sigma_text(sigma) + " |";
  text += "\n|---|";
  for (std::size_t i = 0; i < table.sigmas_8bit.size(); ++i) text += "---|";
  text += '\n';
  for (const SetQuality& quality : table.sets) {
    text += "| " + quality.set + " (" + std::to_string(quality.pictures) + ")" + (yuv420 ? ", luma" : "") + " |";
    for (std::size_t i = 0; i < table.sigmas_8bit.size(); ++i)
      text += ' ' + number(quality.psnr_db[i], 2) + (quality.ssim[i] ? " / " + number(*quality.ssim[i], 3) : "") + " |";
    text += '\n';
    if (yuv420) {
      text += "| " + quality.set + ", Y, U and V |";
      for (const double psnr_db : quality.psnr_yuv_db) text += ' ' + number(psnr_db, 2) + " |";
      text += '\n';
    }
    if (mosaics || yuv420) continue;
    for (const std::string_view method : published_methods(quality.set)) {
      std::string row = "| *" + std::string(method) + "* |";
      bool any = false;
      for (const double sigma : table.sigmas_8bit) {
        const auto psnr_db = published_psnr_db(quality.set, method, sigma);
        row += psnr_db ? ' ' + number(*psnr_db, 2) + " |" : " |";
        any = any || psnr_db;
      }
      if (any) text += row + '\n';
    }
  }
  return text;
}

}  // namespace rdenoise::training
