// SPDX-License-Identifier: LGPL-2.1-or-later
// rdn eval: the mean quality of a model over a folder of pictures.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <rdenoise/evaluation.hpp>
#include <rdenoise/picture_file.hpp>
#include <rdenoise/quality.hpp>
#include <string>
#include <utility>
#include <vector>

#include "assumed_sigma.hpp"
#include "command.hpp"
#include "denoiser_options.hpp"
#include "json_output.hpp"
#include "named_error.hpp"
#include "noise_charts.hpp"
#include "picture_class_output.hpp"
#include "picture_method.hpp"

namespace rdn {
namespace {

using rdenoise::ModelPicture;
using rdenoise::NoiseProfile;

struct Arguments {
  std::filesystem::path data;
  double sigma_8bit = -1.0;
  bool pairs = false;
  bool blind = false;
  std::uint64_t seed = 0;
  AssumedSigmaArguments assumed;
  DenoiserArguments denoiser;
  bool json = false;
};

struct Score {
  std::string name;
  double psnr_noisy_db = 0.0;
  double psnr_db = 0.0;
  std::optional<double> ssim;
  std::optional<double> psnr_yuv_db;
  double sigma_8bit = 0.0;  ///< that the network was told
  std::optional<rdenoise::PictureClass> picture_class;
  std::vector<double> assumed_psnr_db;  ///< for each of the assumed sigmas
};

/// Means; nothing is counted where it could not be measured.
class Mean {
 public:
  void add(std::optional<double> value) {
    if (!value) return;
    sum_ += *value;
    ++count_;
  }
  [[nodiscard]] std::optional<double> value() const {
    return count_ == 0 ? std::nullopt : std::optional(sum_ / count_);
  }

 private:
  double sum_ = 0.0;
  int count_ = 0;
};

/// PSNR for each sigma that the network is told instead of the true one.
std::vector<double> psnr_with_assumed_sigmas(const ModelPicture& clean, const ModelPicture& noisy,
                                             const std::vector<double>& sigmas_8bit, PictureMethod& method) {
  std::vector<double> psnr_db;
  ModelPicture result = noisy;
  const rdenoise::ConstFrameView noisy_view = view_of(noisy);
  for (const double sigma_8bit : sigmas_8bit) {
    method.denoise(noisy_view, view_of(result),
                   rdenoise::uniform_profile(noisy_view.color_model, rdenoise::NoiseModel::gaussian(sigma_8bit)));
    clip(result);
    psnr_db.push_back(rdenoise::psnr_db(measured_image(clean), measured_image(result)));
  }
  return psnr_db;
}

/// The picture as the model wants it; as it is, for BM3D.
ModelPicture read_for(const PictureMethod& method, const std::filesystem::path& path) {
  if (method.model() == nullptr) return rdenoise::read_picture(path).image;
  return rdenoise::read_in_domain(path, method.model()->spec.params.input);
}

Score evaluate(const rdenoise::EvalItem& item, std::size_t place, const Arguments& arguments, PictureMethod& method) {
  const ModelPicture clean = read_for(method, item.clean);
  const ModelPicture noisy = item.noisy.empty()
                                 ? rdenoise::with_white_noise(clean, arguments.sigma_8bit, arguments.seed, place)
                                 : read_for(method, item.noisy);
  const rdenoise::ConstFrameView noisy_view = view_of(noisy);
  const NoiseProfile noise =
      arguments.blind || arguments.pairs
          ? rdenoise::estimate_noise(noisy_view)
          : rdenoise::uniform_profile(noisy_view.color_model, rdenoise::NoiseModel::gaussian(arguments.sigma_8bit));
  ModelPicture result = noisy;
  method.denoise(noisy_view, view_of(result), noise);
  const rdenoise::PictureScore score = rdenoise::score_picture(clean, noisy, result);
  return {item.name,
          score.psnr_noisy_db,
          score.psnr_db,
          score.ssim,
          score.psnr_yuv_db,
          rdenoise::sigma_8bit(noise),
          method.picture_class(),
          psnr_with_assumed_sigmas(clean, noisy, arguments.assumed.sigmas_8bit, method)};
}

AssumedSigmaCurve assumed_sigma_curve(const Arguments& arguments, const std::string& model,
                                      const std::vector<Score>& scores) {
  AssumedSigmaCurve curve{.model = model, .images = scores.size(), .true_sigma_8bit = arguments.sigma_8bit};
  const auto count = static_cast<double>(scores.size());
  for (const double sigma_8bit : arguments.assumed.sigmas_8bit) curve.points.push_back({sigma_8bit, 0.0});
  for (const Score& score : scores) {
    curve.true_psnr_db += score.psnr_db / count;
    curve.noisy_psnr_db += score.psnr_noisy_db / count;
    for (std::size_t i = 0; i < curve.points.size(); ++i) curve.points[i].psnr_db += score.assumed_psnr_db[i] / count;
  }
  std::ranges::sort(curve.points, {}, &AssumedSigmaCurve::Point::sigma_8bit);
  return curve;
}

Json describe(const Score& score) {
  Json object = {{"name", score.name},
                 {"psnr", score.psnr_db},
                 {"ssim", to_json(score.ssim)},
                 {"psnr_yuv", to_json(score.psnr_yuv_db)},
                 {"psnr_noisy", score.psnr_noisy_db},
                 {"sigma_8bit", score.sigma_8bit}};
  add_picture_class(object, score.picture_class);
  return object;
}

void print_result(const Arguments& arguments, const PictureMethod& method, const std::vector<Score>& scores,
                  const std::vector<std::string>& failed) {
  Mean psnr;
  Mean ssim;
  Mean psnr_noisy;
  Mean psnr_yuv;
  const bool has_curve = !arguments.assumed.sigmas_8bit.empty() && !scores.empty();
  const AssumedSigmaCurve curve = assumed_sigma_curve(arguments, method.title(), scores);
  if (has_curve) write_curve(arguments.assumed, curve);
  for (const Score& score : scores) {
    psnr.add(score.psnr_db);
    ssim.add(score.ssim);
    psnr_noisy.add(score.psnr_noisy_db);
    psnr_yuv.add(score.psnr_yuv_db);
  }
  if (!arguments.json) {
    for (const Score& score : scores) {
      std::printf("%-32s %8.3f dB   ssim %.4f   noisy %8.3f dB   sigma %.2f\n", score.name.c_str(), score.psnr_db,
                  score.ssim.value_or(0.0), score.psnr_noisy_db, score.sigma_8bit);
    }
    std::printf("mean of %zu: psnr %.3f dB, ssim %.4f, noisy %.3f dB\n", scores.size(), psnr.value().value_or(0.0),
                ssim.value().value_or(0.0), psnr_noisy.value().value_or(0.0));
    if (has_curve) print_curve(curve);
    return;
  }
  Json per_image = Json::array();
  for (const Score& score : scores) per_image.push_back(describe(score));
  print_json({{"method", method.name()},
              {"model", method.model() == nullptr ? Json(nullptr) : Json(method.model()->name)},
              {"data", arguments.data.string()},
              {"picture_class", arguments.denoiser.picture_class},
              {"precision", rdenoise::to_string(method.precision())},
              {"sigma_8bit", arguments.pairs ? Json(nullptr) : Json(arguments.sigma_8bit)},
              {"pairs", arguments.pairs},
              {"blind", arguments.blind || arguments.pairs},
              {"seed", arguments.seed},
              {"assumed_sigma", has_curve ? to_json(curve) : Json::array()},
              {"psnr", to_json(psnr.value())},
              {"ssim", to_json(ssim.value())},
              {"psnr_yuv", to_json(psnr_yuv.value())},
              {"psnr_noisy", to_json(psnr_noisy.value())},
              {"images", scores.size()},
              {"per_image", per_image},
              {"failed", failed}});
}

int run(const Arguments& arguments) {
  check_method(arguments.denoiser);
  if (arguments.denoiser.method() != Method::bm3d && arguments.denoiser.model.empty())
    throw UsageError("eval: expected --model M with --method " + arguments.denoiser.method_name);
  if (arguments.pairs == (arguments.sigma_8bit >= 0.0)) {
    throw UsageError("eval: expected --sigma S for clean pictures, or --pairs for noisy ones with references");
  }
  if (arguments.blind && !arguments.assumed.sigmas_8bit.empty()) {
    throw UsageError("eval: expected --assume-sigma or --blind, found both");
  }
  if (!arguments.assumed.plot.empty()) expect_svg_name(arguments.assumed.plot);
  const std::vector<rdenoise::EvalItem> items =
      arguments.pairs ? rdenoise::list_pairs(arguments.data) : rdenoise::list_clean_pictures(arguments.data);
  PictureMethod method(arguments.denoiser, arguments.denoiser.model);
  std::vector<Score> scores;
  std::vector<std::string> failed;
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::fprintf(stderr, "[%zu/%zu] %s\n", i + 1, items.size(), items[i].name.c_str());
    try {
      scores.push_back(naming(items[i].noisy.empty() ? items[i].clean : items[i].noisy,
                              [&] { return evaluate(items[i], i, arguments, method); }));
    } catch (const rdenoise::Error& error) {
      std::fprintf(stderr, "rdn: %s\n", error.what());
      failed.push_back(items[i].name);
    }
  }
  print_result(arguments, method, scores, failed);
  return failed.empty() ? exit_done : exit_input_failed;
}

}  // namespace

void add_eval_command(CLI::App& parent, Action& chosen) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App& command = *parent.add_subcommand("eval", "Measure a model over a folder of pictures");
  command.footer(
      "With --sigma, each picture of the folder gets white Gaussian noise, not clipped, from the seed and its place "
      "in\n"
      "the sorted folder; the model is told the true sigma, or with --blind its own estimate. With --pairs the folder\n"
      "holds noisy/X and mean/X, or X_real and X_mean, and the noise is estimated. The result is clipped to 0..1 "
      "before\n"
      "it is measured, as usual in papers; the noisy picture is not. PSNR has peak 1 over the whole picture.\n"
      "A gray model sees the luma of colour pictures (BT.601). A bayer model sees them decoded to linear light and\n"
      "reduced to a mosaic; noise and figures are then those of the mosaic. Gray pictures do for gray models only.\n"
      "A yuv420 model sees them as 4:2:0 (BT.709, full range), with noise in Y, U and V alike; psnr and ssim are then\n"
      "those of luma, and psnr_yuv is over all samples.\n"
      "With --assume-sigma the same noisy pictures are denoised again for each of the levels and their mean PSNR is\n"
      "reported; --csv and --plot write it to files. BM3D takes each picture as it is, gray or colour.");
  add_denoiser_options(command, arguments->denoiser);
  add_method_option(command, arguments->denoiser);
  command.add_option("--data", arguments->data, "Folder of pictures")->required();
  CLI::Option* sigma = command.add_option("--sigma", arguments->sigma_8bit, "Noise to add, in 8-bit steps")
                           ->check(CLI::NonNegativeNumber);
  command.add_flag("--pairs", arguments->pairs, "The folder holds noisy pictures with references")->excludes(sigma);
  command.add_flag("--blind", arguments->blind, "Tell the model the estimated noise, not the true one");
  add_assumed_sigma_options(command, arguments->assumed, sigma);
  command.add_option("--seed", arguments->seed, "Seed of the noise")->capture_default_str();
  add_json_flag(command, arguments->json);
  command.callback([arguments, &chosen] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace rdn
