// SPDX-License-Identifier: LGPL-2.1-or-later
#include "explain.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <limits>
#include <rdenoise/contact_sheet.hpp>
#include <rdenoise/csv.hpp>
#include <rdenoise/explain.hpp>
#include <rdenoise/picture_file.hpp>
#include <utility>

#include "developed.hpp"
#include "noise_map_output.hpp"
#include "sheet_pictures.hpp"
#include "upright.hpp"

namespace rdn {
namespace {

namespace fs = std::filesystem;
using rdenoise::ConstFrameView;
using rdenoise::Image;
using rdenoise::Picture;
using rdenoise::RawFrame;
using rdenoise::SheetSection;

constexpr int sheet_width_px = 1516;
constexpr int picture_box_px = 358;  // four in a row
constexpr int energy_box_px = 172;   // eight in a row

std::string figure(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string number_of(int index, int count) {
  std::string digits = std::to_string(index);
  const std::size_t width = std::max<std::size_t>(2, std::to_string(count).size());
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

/// A picture of the input's size as OUT would be: what belongs to the file goes with it.
Picture as_output(const ExplainTask& task, Image image) {
  if (const auto* raw = std::get_if<RawFrame>(&task.input))
    return developed(*raw, std::as_const(image).view(), task.demosaic, task.options.n_threads);
  const Picture& source = picture_of(task.input);
  Picture picture;
  picture.image = std::move(image);
  picture.icc_profile = source.icc_profile;
  picture.exif = source.exif;
  return picture;
}

/// A picture that stands for the input, but is none: turned like it.
Picture as_map(const ExplainTask& task, Image image) {
  Picture picture;
  if (const auto* raw = std::get_if<RawFrame>(&task.input)) {
    picture.image = upright(std::move(image), raw->metadata.orientation);
  } else {
    picture.image = std::move(image);
    picture.exif = picture_of(task.input).exif;
  }
  return picture;
}

rdenoise::SheetTile noisy_tile(const ExplainTask& task, const fs::path& folder) {
  const ConstFrameView frame = view_of(task.input);
  std::vector<std::string> label{"noisy.png", std::to_string(frame.width_px) + "x" + std::to_string(frame.height_px) +
                                                  " " + std::string(rdenoise::to_string(frame.color_model)) +
                                                  ", sigma " + figure("%.2f", rdenoise::sigma_8bit(task.noise)) +
                                                  " in 8-bit steps"};
  if (const auto* raw = std::get_if<RawFrame>(&task.input)) {
    const Picture picture = developed(*raw, frame, task.demosaic, task.options.n_threads);
    return write_with_tile(folder, "noisy.png", picture, picture_box_px, std::move(label));
  }
  return write_with_tile(folder, "noisy.png", picture_of(task.input), picture_box_px, std::move(label));
}

SheetSection input_section(const ExplainTask& task, const fs::path& folder) {
  SheetSection section;
  section.title = "What the network sees";
  section.tiles.push_back(noisy_tile(task, folder));
  const bool estimates = task.model.spec.noise_estimate_index() >= 0;
  if (!estimates && !task.model.spec.has_noise_map()) return section;

  Image map = rdenoise::noise_map(task.model, view_of(task.input), task.noise, task.options);
  const SigmaRange range = sigma_range(map);
  const double white_8bit = white_sigma_8bit(range);
  Picture shown = as_map(task, std::move(map));
  write_noise_map(folder / "noise-map.tiff", shown.image, white_8bit);
  for (float& sample : shown.image.samples()) sample *= static_cast<float>(255.0 / white_8bit);
  section.tiles.push_back(
      write_with_tile(folder, "noise-map.png", shown, picture_box_px,
                      {std::string("noise-map.png: sigma that the network ") + (estimates ? "estimated" : "was told"),
                       "black 0, white " + figure("%g", white_8bit) + " in 8-bit steps",
                       "from " + figure("%.2f", range.least_8bit) + " to " + figure("%.2f", range.most_8bit) +
                           ", mean " + figure("%.2f", range.mean_8bit)}));
  return section;
}

double rms_8bit(const Image& image) {
  double sum = 0.0;
  for (const float sample : image.samples()) sum += static_cast<double>(sample) * sample;
  return 255.0 * std::sqrt(sum / static_cast<double>(image.samples().size()));
}

Image estimate_after(const ExplainTask& task, int layer) {
  const rdenoise::Model& whole = task.model;
  rdenoise::FoldedNetwork part = rdenoise::cut_at(whole.spec, whole.weights, layer);
  rdenoise::Denoiser denoiser(
      {.name = whole.name, .path = whole.path, .spec = std::move(part.spec), .weights = std::move(part.weights)},
      task.options);
  const ConstFrameView frame = view_of(task.input);
  Image estimate(frame.color_model, frame.width_px, frame.height_px, frame.cfa);
  denoiser.denoise(frame, estimate.view(), task.noise);
  return estimate;
}

/// The estimates, and what they took away; both in one section if there is but one of each.
std::vector<SheetSection> estimate_sections(const ExplainTask& task, const fs::path& folder) {
  const std::vector<int> layers = rdenoise::picture_estimates(task.model.spec);
  const int count = static_cast<int>(layers.size());
  const double gain = gain_for_noise(task.options.strength * rdenoise::sigma_8bit(task.noise));
  const std::string is_mosaic = std::holds_alternative<RawFrame>(task.input) ? "; of the mosaic, cell by cell" : "";
  SheetSection estimates;
  SheetSection removed;
  removed.title = "The noise taken away until there";
  removed.notes = {"Noisy minus estimate, on mid-gray, times " + figure("%g", gain) + is_mosaic};
  for (const int index : quarters(count)) {
    const std::string number = number_of(index + 1, count);
    const std::string after =
        count > 1 ? "after estimate " + std::to_string(index + 1) + " of " + std::to_string(count) : "the result";
    Image estimate = estimate_after(task, layers[static_cast<std::size_t>(index)]);
    {
      Image difference = frame_difference(view_of(task.input), std::as_const(estimate).view());
      const std::string rms = "rms " + figure("%.2f", rms_8bit(difference)) + " in 8-bit steps";
      centre_on_gray(difference, gain);
      const std::string name = "removed-" + number + ".png";
      removed.tiles.push_back(write_with_tile(folder, name, as_map(task, std::move(difference)), picture_box_px,
                                              {name + ": " + after, rms}));
    }
    const std::string name = "estimate-" + number + ".png";
    estimates.tiles.push_back(
        write_with_tile(folder, name, as_output(task, std::move(estimate)), picture_box_px, {name + ": " + after}));
  }
  if (count > 1) {
    estimates.title = "The picture, layer by layer";
    return {std::move(estimates), std::move(removed)};
  }
  removed.tiles.front().label.front() = "removed-01.png: noisy minus result";
  removed.tiles.front().label.push_back("on mid-gray, times " + figure("%g", gain) + is_mosaic);
  estimates.tiles.push_back(std::move(removed.tiles.front()));
  return {std::move(estimates)};
}

SheetSection energy_section(const ExplainTask& task, const fs::path& folder) {
  const rdenoise::LayerEnergies energies =
      rdenoise::layer_energies(task.model, view_of(task.input), task.noise, task.options, energy_box_px);
  SheetSection section;
  section.title = "Where the layers are busy";
  section.notes = {"Root mean square of each convolution's features, over its channels and " +
                   std::to_string(energies.cell_px) + "x" + std::to_string(energies.cell_px) +
                   " px of the picture, from the least of the layer (black) to the most (white). Figures: layers.csv"};
  rdenoise::RecordTable table;
  table.columns = {"layer", "name", "kind", "channels", "downscale", "rms", "mean_abs", "zero_share"};
  const int count = static_cast<int>(task.model.spec.layers.size());
  for (const rdenoise::LayerEnergy& layer : energies.layers) {
    table.rows.push_back({static_cast<double>(layer.layer), layer.name, layer.kind, static_cast<double>(layer.channels),
                          static_cast<double>(layer.downscale), layer.rms, layer.mean_abs, layer.zero_share});
    const auto [least, most] = std::ranges::minmax(layer.rms_map.samples());
    Image map = layer.rms_map;
    const float range = std::max(most - least, std::numeric_limits<float>::min());
    for (float& sample : map.samples()) sample = (sample - least) / range;
    const bool has_relu = layer.kind.ends_with("relu");
    section.tiles.push_back(write_with_tile(
        folder, "energy-" + number_of(layer.layer, count) + ".png", as_map(task, std::move(map)), energy_box_px,
        {std::to_string(layer.layer) + ": " + layer.name + (has_relu ? " + relu" : ""),
         std::to_string(layer.channels) + (layer.channels == 1 ? " channel" : " channels") +
             (layer.downscale > 1 ? ", 1/" + std::to_string(layer.downscale) + " size" : ""),
         "rms " + figure("%.3g", layer.rms), figure("%.3g", least) + " to " + figure("%.3g", most)}));
  }
  rdenoise::write_records_csv(folder / "layers.csv", table);
  return section;
}

}  // namespace

std::vector<int> quarters(int count) {
  std::vector<int> indices;
  for (int quarter = 1; quarter <= 4; ++quarter) indices.push_back((count * quarter + 3) / 4 - 1);
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
  return indices;
}

void explain(const ExplainTask& task, const fs::path& folder) {
  rdenoise::ContactSheet sheet;
  sheet.title = task.title;
  sheet.width_px = sheet_width_px;
  sheet.sections.push_back(input_section(task, folder));
  std::vector<SheetSection> estimates = estimate_sections(task, folder);
  if (estimates.size() == 1) {
    SheetSection& whole = sheet.sections.front();
    whole.title = "The picture";
    std::ranges::move(estimates.front().tiles, std::back_inserter(whole.tiles));
  } else {
    std::ranges::move(estimates, std::back_inserter(sheet.sections));
  }
  sheet.sections.push_back(energy_section(task, folder));
  rdenoise::write_svg(folder / "explain.svg", sheet);
}

}  // namespace rdn
