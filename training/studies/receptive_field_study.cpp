// SPDX-License-Identifier: LGPL-2.1-or-later
#include "studies/receptive_field_study.hpp"

#include <cstdio>
#include <limits>
#include <rdenoise/chart.hpp>
#include <rdenoise/csv.hpp>
#include <rdenoise/error.hpp>
#include <set>

#include "effective_receptive_field.hpp"

namespace rdenoise::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* effective_label = "effective receptive field [px]";
constexpr double least_drawn_influence = 1e-4;

void write_both(const fs::path& stem, const FigureTable& table, const Chart& chart) {
  write_csv(stem.string() + ".csv", table);
  write_svg(stem.string() + ".svg", chart);
}

std::string px_text(double value_px) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f px", value_px);
  return text;
}

/// "centre_light_px"
std::string column_name(Initialisation initialisation) {
  std::string name(to_string(initialisation));
  for (char& c : name)
    if (c == '-') c = '_';
  return name + "_px";
}

void study_depth(const ReceptiveFieldStudy& study, const fs::path& folder,
                 const std::function<void(const std::string&)>& report) {
  constexpr Initialisation initialisations[] = {Initialisation::he, Initialisation::orthogonal,
                                                Initialisation::centre_light, Initialisation::linear};
  FigureTable table{{"depth", "theoretical_px"}, {}};
  Chart chart{.title = "Untrained stacks of " + std::to_string(study.width) + " channels",
              .x_axis = {.label = "convolutions of 3 × 3"},
              .panel = {.y_axis = {.label = effective_label, .least = 0.0}, .series = {}}};
  chart.panel.series.push_back({.name = "theoretical", .points = {}, .dashed = true});
  for (const Initialisation initialisation : initialisations) {
    table.columns.push_back(column_name(initialisation));
    chart.panel.series.push_back({.name = std::string(to_string(initialisation)), .points = {}, .markers = true});
  }
  for (const int depth : study.depths) {
    const NetworkSpec spec =
        build_network({.network = "dncnn", .image_channels = 1, .depth = depth, .width = study.width});
    std::vector<double> row{static_cast<double>(depth), 2.0 * receptive_radius_px(spec) + 1.0};
    chart.panel.series[0].points.push_back({row[0], row[1]});
    std::string line = "depth " + std::to_string(depth) + ": theoretical " + px_text(row[1]);
    for (std::size_t i = 0; i < std::size(initialisations); ++i) {
      const auto field =
          measure_untrained_receptive_field(spec, initialisations[i], CentrePixel::left_out, study.draws);
      row.push_back(field.effective_px);
      chart.panel.series[i + 1].points.push_back({row[0], field.effective_px});
      line += ", " + std::string(to_string(initialisations[i])) + ' ' + px_text(field.effective_px);
    }
    table.rows.push_back(std::move(row));
    report(line);
  }
  write_both(folder / "receptive-field-depth", table, chart);
}

struct Curve {
  std::string name;
  std::string column;
  EffectiveReceptiveField field;
};

void write_profile(const std::string& model, const std::vector<Curve>& curves, const fs::path& folder) {
  FigureTable table{{"distance_px"}, {}};
  Chart chart{.title = model,
              .x_axis = {.label = "distance from the output pixel [px]"},
              .panel = {.y_axis = {.label = "influence, largest 1",
                                   .scale = AxisScale::logarithmic,
                                   .least = least_drawn_influence,
                                   .most = 1.0},
                        .series = {}}};
  std::vector<std::vector<double>> profiles;
  for (const Curve& curve : curves) {
    table.columns.push_back(curve.column);
    profiles.push_back(influence_by_distance(curve.field));
    ChartSeries series{.name = curve.name + ", " + px_text(curve.field.effective_px), .points = {}};
    for (std::size_t i = 0; i < profiles.back().size(); ++i)
      series.points.push_back({static_cast<double>(i), profiles.back()[i] >= least_drawn_influence
                                                           ? profiles.back()[i]
                                                           : std::numeric_limits<double>::quiet_NaN()});
    chart.panel.series.push_back(std::move(series));
  }
  for (std::size_t i = 0; i < profiles.front().size(); ++i) {
    std::vector<double> row{static_cast<double>(i)};
    for (const auto& profile : profiles) row.push_back(profile[i]);
    table.rows.push_back(std::move(row));
  }
  write_both(folder / ("receptive-field-" + model), table, chart);
}

/// "models/ffdnet-gray/weights.safetensors" → "ffdnet-gray"
std::string short_name(const std::string& model) {
  fs::path path = fs::path(model).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  if (path.filename() == "weights.safetensors" && path.has_parent_path()) path = path.parent_path();
  return path.extension() == ".safetensors" ? path.stem().string() : path.filename().string();
}

void study_models(const ReceptiveFieldStudy& study, const fs::path& folder,
                  const std::function<void(const std::string&)>& report) {
  FigureTable table{{"depth", "theoretical_px", "untrained_px", "trained_px", "trained_with_centre_px"}, {}};
  Chart chart{.title = "Before and after training",
              .x_axis = {.label = "theoretical receptive field [px]"},
              .panel = {.y_axis = {.label = effective_label, .least = 0.0}, .series = {}}};
  for (const std::string& name : study.models) {
    const Model model = load_model(name);
    const std::vector<Curve> curves{
        {"untrained", "untrained",
         measure_untrained_receptive_field(model.spec, Initialisation::he, CentrePixel::left_out, study.draws)},
        {"trained", "trained", measure_receptive_field(model, CentrePixel::left_out)},
        {"trained, against its own pixel", "trained_with_centre", measure_receptive_field(model)}};
    const double theoretical_px = curves[0].field.theoretical_px;
    const double before_px = curves[0].field.effective_px;
    const double after_px = curves[1].field.effective_px;
    const double with_centre_px = curves[2].field.effective_px;
    table.rows.push_back(
        {static_cast<double>(model.spec.params.depth), theoretical_px, before_px, after_px, with_centre_px});
    chart.panel.series.push_back({.name = short_name(name) + ", untrained and trained",
                                  .points = {{theoretical_px, before_px}, {theoretical_px, after_px}},
                                  .markers = true});
    write_profile(short_name(name), curves, folder);
    report(short_name(name) + ": theoretical " + px_text(theoretical_px) + ", untrained " + px_text(before_px) +
           ", trained " + px_text(after_px) + ", against its own pixel " + px_text(with_centre_px));
  }
  write_both(folder / "receptive-field-models", table, chart);
}

}  // namespace

void run_receptive_field_study(const ReceptiveFieldStudy& study, const fs::path& folder,
                               const std::function<void(const std::string&)>& report) {
  std::set<std::string> names{"depth", "models"};
  for (const std::string& model : study.models)
    if (!names.insert(short_name(model)).second)
      throw Error(ErrorCode::invalid_argument, "studying receptive fields: expected models of different names, found " +
                                                   short_name(model) + " twice, or as the name of a result");
  fs::create_directories(folder);
  study_depth(study, folder, report);
  if (!study.models.empty()) study_models(study, folder, report);
}

}  // namespace rdenoise::training
