// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/losses_study.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <rdenoise/denoise.hpp>
#include <rdenoise/error.hpp>
#include <rdenoise/isp.hpp>
#include <rdenoise/jpeg.hpp>
#include <utility>

#include "studies/quality_figures.hpp"
#include "studies/white_noise_psnr.hpp"

namespace rdenoise::training {
namespace {

/// One of the two restorations, on whole pictures what the training task of that name is on patches.
struct Restoration {
  std::string name;  ///< in names of files
  std::string_view recipe;
  std::string test_set;
  std::vector<std::string> settings;
  std::function<Image(const Image& clean, std::size_t place)> degrade;
};

/// A noisy mosaic, clipped, demosaiced bilinearly.
Image noisy_demosaiced(const Image& clean, double sigma_8bit, std::size_t place) {
  ModelPicture mosaic = with_white_noise(mosaic_from_rgb(clean, CfaPattern::rggb), sigma_8bit, 0, place);
  clip(mosaic);
  return demosaic(view_of(std::as_const(mosaic)), DemosaicMethod::bilinear);
}

Restoration restoration_of(const LossesStudy& study, const std::string& task) {
  if (task == "denoise+demosaic")
    return {.name = "demosaic",
            .recipe = "demosaic-study",
            .test_set = "kodak24",
            .settings = {},
            .degrade = [sigma_8bit = study.sigma_8bit](const Image& clean, std::size_t place) {
              return noisy_demosaiced(clean, sigma_8bit, place);
            }};
  if (task == "deblock") {
    const std::string quality = std::to_string(study.jpeg_quality);
    return {.name = "deblock",
            .recipe = "deblock-study",
            .test_set = "live1",
            .settings = {"task.jpeg_quality=[" + quality + ", " + quality + ']'},
            .degrade = [quality = study.jpeg_quality](const Image& clean, std::size_t) {
              return jpeg_round_trip(clean, {.quality = quality});
            }};
  }
  throw Error(ErrorCode::invalid_argument,
              "studying losses: expected the task denoise+demosaic or deblock, found \"" + task + '"');
}

std::vector<std::string> loss_settings(const std::string& loss) {
  constexpr std::string_view change = "-to-";
  const std::size_t at = loss.find(change);
  if (at == std::string::npos) return {"loss.kind=" + loss};
  return {"loss.kind=" + loss.substr(0, at), "loss.switch_to=" + loss.substr(at + change.size()), "loss.switch_at=0.5"};
}

QualityFigures measure(const StudyRun& run, const std::vector<EvalItem>& pictures, const Restoration& task,
                       Denoiser* network) {
  MeanQuality quality;
  for (std::size_t place = 0; place < pictures.size(); ++place) {
    run.stop_if_asked();
    const ModelPicture clean = read_in_domain(pictures[place].clean, InputDomain::rgb);
    const ModelPicture degraded = task.degrade(measured_image(clean), place);
    ModelPicture result = degraded;
    // The networks are blind: any noise will do.
    if (network != nullptr)
      network->denoise(view_of(degraded), view_of(result), uniform_profile(ColorModel::rgb, NoiseModel::gaussian(25)));
    clip(result);
    quality.add(quality_figures(measured_image(clean), measured_image(result)));
  }
  return quality.mean();
}

struct TaskCharts {
  Chart trade_off;
  Chart learning;
};

TaskCharts empty_charts(const std::string& task) {
  return {.trade_off = {.title = task + ": what each loss is good for",
                        .x_axis = {.label = "PSNR [dB]"},
                        .panel = {.y_axis = {.label = "SSIM"}, .series = {}}},
          .learning = {.title = task + ": learning by each loss",
                       .x_axis = {.label = "step"},
                       .panel = {.y_axis = {.label = "PSNR of the validation [dB]"}, .series = {}}}};
}

void add_row(const StudyRun& run, RecordTable& table, const std::string& task, const std::string& name,
             std::int64_t steps, const QualityFigures& figures) {
  std::vector<RecordTable::Field> row{task, name, static_cast<double>(steps)};
  row.insert(row.end(), figures.begin(), figures.end());
  table.rows.push_back(std::move(row));
  run.say(task + ", " + name + ": " + db_text(figures[psnr_place]) + ", SSIM " + number_text(figures[ssim_place]));
}

/// A task with its pictures and networks, one for each loss.
struct TaskPlan {
  std::string task;
  Restoration restoration;
  std::vector<EvalItem> pictures;
  std::vector<StudyNetwork> networks;
};

TaskPlan plan_of(const LossesStudy& study, const std::string& task, const StudyRun& run) {
  TaskPlan plan{task, restoration_of(study, task), {}, {}};
  plan.pictures = run.test_pictures(plan.restoration.test_set);
  for (const std::string& loss : study.losses) {
    std::vector<std::string> settings = plan.restoration.settings;
    std::ranges::copy(loss_settings(loss), std::back_inserter(settings));
    plan.networks.push_back({.name = plan.restoration.name + '-' + loss,
                             .recipe = plan.restoration.recipe,
                             .settings = std::move(settings),
                             .start_from = {}});
    run.check(plan.networks.back());
  }
  return plan;
}

void study_task(const LossesStudy& study, const TaskPlan& plan, StudyRun& run, RecordTable& table) {
  const auto& [task, restoration, pictures, networks] = plan;
  TaskCharts charts = empty_charts(task);
  add_row(run, table, task, "input", 0, measure(run, pictures, restoration, nullptr));
  for (std::size_t i = 0; i < networks.size(); ++i) {
    const std::string& loss = study.losses[i];
    TrainedNetwork trained = run.train(networks[i]);
    Denoiser network = study_denoiser(std::move(trained.model));
    const QualityFigures figures = measure(run, pictures, restoration, &network);
    add_row(run, table, task, loss, trained.steps, figures);
    charts.trade_off.panel.series.push_back(
        {.name = loss, .points = {{figures[psnr_place], figures[ssim_place]}}, .line = false, .markers = true});
    ChartSeries learning{.name = loss, .points = {}, .markers = true};
    for (const CurvePoint& point : trained.curve.points())
      learning.points.push_back({static_cast<double>(point.step), mean_figure(point)});
    charts.learning.panel.series.push_back(std::move(learning));
  }
  run.write("losses-" + restoration.name, charts.trade_off);
  run.write("losses-" + restoration.name + "-learning", charts.learning);
}

}  // namespace

void run_losses_study(const LossesStudy& study, StudyRun& run) {
  RecordTable table{{"task", "loss", "steps"}, {}};
  for (const std::string_view name : quality_names) table.columns.emplace_back(name);
  std::vector<TaskPlan> plans;
  for (const std::string& task : study.tasks) plans.push_back(plan_of(study, task, run));
  for (const TaskPlan& plan : plans) study_task(study, plan, run, table);
  run.write("losses", table);
}

}  // namespace rdenoise::training
