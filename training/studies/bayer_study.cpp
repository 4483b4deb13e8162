// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/bayer_study.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/noise_propagation.hpp>
#include <utility>

#include "studies/iso_profile.hpp"
#include "studies/psnr_ssim.hpp"
#include "studies/study_models.hpp"
#include "studies/white_noise_psnr.hpp"

namespace rdenoise::training {
namespace {

constexpr const char* doing = "studying mosaics";
constexpr double none = std::numeric_limits<double>::quiet_NaN();

// ---- cameras -------------------------------------------------------------------------------------------------------

/// 14 bit, with room for noise below black.
constexpr Levels sensor_levels{1024.F, 16383.F};

/// A camera's colours are its own; its tone curve is that of development.
CameraParameters camera_number(std::size_t index) {
  CameraParameters camera = CameraSimulator(CameraKind::unprocessing).draw(0, index);
  camera.response = ResponseCurve(ToneCurve::srgb);
  camera.smoothstep = false;
  camera.levels = sensor_levels;
  return camera;
}

DevelopOptions development_of(const CameraParameters& camera) {
  return {.gains = camera.gains, .camera_to_srgb = camera.camera_to_srgb, .exposure_ev = camera.exposure_ev};
}

/// As a picture in a file: clipped.
Image developed(const Image& mosaic, const DevelopOptions& development) {
  Image picture(ColorModel::rgb, mosaic.width_px(), mosaic.height_px());
  develop(mosaic.view(), picture.view(), development);
  for (float& sample : picture.samples()) sample = std::clamp(sample, 0.F, 1.F);
  return picture;
}

struct Scene {
  Image mosaic;
  Image developed;
  std::uint32_t place = 0;
};

std::vector<Scene> scenes_of(const std::vector<EvalItem>& pictures, const CameraParameters& camera,
                             const StudyRun& run) {
  std::vector<Scene> scenes;
  for (const EvalItem& picture : pictures) {
    run.stop_if_asked();
    const Image clean = measured_image(read_in_domain(picture.clean, InputDomain::rgb));
    Image mosaic = unprocess(clean, camera);
    Image reference = developed(mosaic, development_of(camera));
    scenes.push_back({std::move(mosaic), std::move(reference), static_cast<std::uint32_t>(scenes.size())});
  }
  return scenes;
}

// ---- ways to denoise -----------------------------------------------------------------------------------------------

/// Places in a list of ways; from `first_developed` on they denoise what is developed.
enum WayPlace : std::size_t { noisy_way, mosaic_way, first_developed };

Denoiser study_denoiser_of(Model model, InputDomain input) {
  if (model.spec.params.input != input)
    throw Error(ErrorCode::invalid_argument, std::string(doing) + ": expected a model of " +
                                                 std::string(to_string(input)) + ", found " + model.name +
                                                 ", a model of " + std::string(to_string(model.spec.params.input)));
  return study_denoiser(std::move(model));
}

Denoiser load_told(const std::string& name, InputDomain input) {
  return study_denoiser_of(std::move(load_study_models({name}, NoiseKnowledge::told, doing).front()), input);
}

std::vector<Denoiser> load_blind(const std::vector<std::string>& names) {
  std::vector<Denoiser> denoisers;
  for (Model& model : load_study_models(names, NoiseKnowledge::blind, doing))
    denoisers.push_back(study_denoiser_of(std::move(model), InputDomain::rgb));
  return denoisers;
}

Image denoised(Denoiser& denoiser, const Image& noisy, const NoiseProfile& noise, double strength = 1.0) {
  Image result = noisy;
  denoiser.set_strength(strength);
  denoiser.denoise(noisy.view(), result.view(), noise);
  return result;
}

class Ways {
 public:
  explicit Ways(const BayerStudy& study)
      : strengths_(study.strengths),
        bayer_(load_told(study.bayer_model, InputDomain::bayer)),
        color_(load_told(study.color_model, InputDomain::rgb)),
        blind_(load_blind(study.blind_models)) {}

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names{"noisy", "mosaic", "developed_estimate", "developed_level_function",
                                   "developed_profile"};
    for (const double strength : strengths_) names.push_back("developed_profile_x" + number_text(strength));
    for (const Denoiser& denoiser : blind_) names.push_back("developed_" + denoiser.model().name);
    return names;
  }

  /// In the order of names().
  ///
  /// developed_profile  the camera's noise after development
  std::vector<PsnrSsim> measure(const Scene& scene, const CameraParameters& camera,
                                const NoiseProfile& developed_profile) {
    const Image noisy_mosaic = expose(scene.mosaic, camera, {.seed = 0, .stream = scene.place});
    const DevelopOptions development = development_of(camera);
    const Image noisy = developed(noisy_mosaic, development);
    const auto score = [&](Image result) { return psnr_ssim(scene.developed, std::move(result)); };
    std::vector<PsnrSsim> figures{score(noisy),
                                  score(developed(denoised(bayer_, noisy_mosaic, camera.noise), development)),
                                  score(denoised(color_, noisy, estimate_noise(noisy.view())))};
    figures.push_back(
        score(denoised(color_, noisy, estimate_noise(noisy.view(), {.method = EstimateMethod::level_function}))));
    figures.push_back(score(denoised(color_, noisy, developed_profile)));
    for (const double strength : strengths_)
      figures.push_back(score(denoised(color_, noisy, developed_profile, strength)));
    for (Denoiser& denoiser : blind_) figures.push_back(score(denoised(denoiser, noisy, developed_profile)));
    return figures;
  }

 private:
  std::vector<double> strengths_;
  Denoiser bayer_;
  Denoiser color_;
  std::vector<Denoiser> blind_;
};

// ---- results -------------------------------------------------------------------------------------------------------

using WayMeans = std::vector<MeanPsnrSsim>;

struct Row {
  std::string camera;
  double iso = 0.0;
  std::optional<double> extrapolated_from_iso = std::nullopt;
  NoiseModel green{none, none, {}};
};

class Results {
 public:
  explicit Results(std::vector<std::string> ways) : ways_(std::move(ways)) {
    table_.columns = {"camera",  "iso",      "extrapolated_from_iso", "a_green",
                      "b_green", "pictures", "mosaic_gain_db",        "mosaic_gain_over_best_db"};
    for (const std::string& way : ways_)
      for (const char* measure : {"_psnr_db", "_ssim"}) table_.columns.push_back(way + measure);
  }

  [[nodiscard]] std::size_t way_count() const noexcept { return ways_.size(); }

  void add(const Row& row, const WayMeans& means, std::size_t pictures, const StudyRun& run) {
    std::vector<double> psnr_db;
    for (const MeanPsnrSsim& mean : means) psnr_db.push_back(mean.mean().psnr_db);
    const auto [over_estimate_db, over_best_db] = mosaic_gains_db(psnr_db);
    std::vector<RecordTable::Field> fields{row.camera,       row.iso,     row.extrapolated_from_iso.value_or(none),
                                           row.green.a,      row.green.b, static_cast<double>(pictures),
                                           over_estimate_db, over_best_db};
    for (const MeanPsnrSsim& mean : means) {
      fields.emplace_back(mean.mean().psnr_db);
      fields.emplace_back(mean.mean().ssim);
    }
    table_.rows.push_back(std::move(fields));
    run.say(row.camera + ", ISO " + number_text(row.iso) + ": noisy " + db_text(psnr_db[noisy_way]) + ", mosaic " +
            db_text(psnr_db[mosaic_way]) + ", developed " + db_text(psnr_db[first_developed]) + ", at best " +
            db_text(psnr_db[mosaic_way] - over_best_db));
  }

  /// A point of every line, of the means over all cameras.
  void add_to_chart(double iso, const WayMeans& means) {
    std::vector<double> psnr_db;
    for (const MeanPsnrSsim& mean : means) psnr_db.push_back(mean.mean().psnr_db);
    const auto [over_estimate_db, over_best_db] = mosaic_gains_db(psnr_db);
    lines_.resize(means.size());
    for (std::size_t i = 0; i < means.size(); ++i) lines_[i].push_back({iso, psnr_db[i]});
    over_estimate_.push_back({iso, over_estimate_db});
    over_best_.push_back({iso, over_best_db});
  }

  void write(const StudyRun& run) {
    run.write("bayer", table_);
    const auto line = [](std::string name, std::vector<ChartPoint> points) {
      return ChartSeries{.name = std::move(name), .points = std::move(points), .markers = true};
    };
    Chart chart{.title = "Where to denoise a RAW photo",
                .x_axis = {.label = "ISO", .scale = AxisScale::logarithmic},
                .panel = {.y_axis = {.label = "PSNR [dB]"}, .series = {}}};
    ChartPanel gains{.y_axis = {.label = "gain of the mosaic [dB]"}, .series = {}};
    gains.series.push_back(line("mosaic over developed_estimate", over_estimate_));
    gains.series.push_back(line("mosaic over the best of developed_…", over_best_));
    for (ChartSeries& gain : gains.series) gain.dashed = true;
    chart.lower_panel = std::move(gains);
    for (std::size_t i = 0; i < ways_.size(); ++i) chart.panel.series.push_back(line(ways_[i], lines_[i]));
    run.write("bayer", chart);
  }

 private:
  static std::pair<double, double> mosaic_gains_db(const std::vector<double>& psnr_db) {
    const double best_db = *std::max_element(psnr_db.begin() + first_developed, psnr_db.end());
    return {psnr_db[mosaic_way] - psnr_db[first_developed], psnr_db[mosaic_way] - best_db};
  }

  std::vector<std::string> ways_;
  RecordTable table_;
  std::vector<std::vector<ChartPoint>> lines_;
  std::vector<ChartPoint> over_estimate_;
  std::vector<ChartPoint> over_best_;
};

std::vector<EvalItem> every_nth(std::vector<EvalItem> pictures, std::size_t every) {
  std::vector<EvalItem> kept;
  for (std::size_t i = 0; i < pictures.size(); i += every) kept.push_back(std::move(pictures[i]));
  return kept;
}

void check(const BayerStudy& study) {
  const auto expect = [](bool good, const std::string& what) {
    if (!good) throw Error(ErrorCode::invalid_argument, std::string(doing) + ": expected " + what);
  };
  expect(!study.cameras.empty(), "cameras, found none");
  expect(!study.isos.empty(), "ISOs, found none");
  for (const double iso : study.isos) expect(iso > 0.0, "an ISO above 0, found " + number_text(iso));
  expect(study.every > 0, "every first picture or fewer, found 0");
}

}  // namespace

void run_bayer_study(const BayerStudy& study, StudyRun& run) {
  check(study);
  const CameraProfiles profiles = load_camera_profiles(study.profiles, run.options().data);
  // A slip in the last name should not cost the work on all others.
  for (const std::string& camera : study.cameras) (void)iso_profile(profiles, camera, study.isos.front());
  Ways ways(study);
  const std::vector<EvalItem> pictures = every_nth(run.test_pictures("kodak24"), study.every);
  Results results(ways.names());
  std::vector<WayMeans> over_cameras(study.isos.size(), WayMeans(results.way_count()));
  for (std::size_t c = 0; c < study.cameras.size(); ++c) {
    CameraParameters camera = camera_number(c);
    const std::vector<Scene> scenes = scenes_of(pictures, camera, run);
    for (std::size_t i = 0; i < study.isos.size(); ++i) {
      const IsoProfile profile = iso_profile(profiles, study.cameras[c], study.isos[i]);
      camera.noise = profile.noise;
      const NoiseProfile developed_profile = developed_noise(profile.noise, development_of(camera));
      WayMeans means(results.way_count());
      for (const Scene& scene : scenes) {
        run.stop_if_asked();
        const std::vector<PsnrSsim> figures = ways.measure(scene, camera, developed_profile);
        for (std::size_t w = 0; w < figures.size(); ++w) {
          means[w].add(figures[w]);
          over_cameras[i][w].add(figures[w]);
        }
      }
      results.add({study.cameras[c], study.isos[i], profile.extrapolated_from_iso, profile.noise.channels[1]}, means,
                  scenes.size(), run);
    }
  }
  for (std::size_t i = 0; i < study.isos.size(); ++i) {
    results.add({.camera = "mean", .iso = study.isos[i]}, over_cameras[i], pictures.size(), run);
    results.add_to_chart(study.isos[i], over_cameras[i]);
  }
  results.write(run);
}

}  // namespace rdenoise::training
