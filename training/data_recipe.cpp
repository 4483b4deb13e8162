// SPDX-License-Identifier: LGPL-2.1-or-later
#include "data_recipe.hpp"

#include <algorithm>
#include <regex>

#include "recipe_table.hpp"

namespace rdenoise::training {
namespace {

constexpr int least_patch_px = 8;

void require_pattern(const RecipeTable& table, const char* key, const std::string& pattern, unsigned groups) {
  bool good = true;
  try {
    good = pattern.empty() || std::regex(pattern).mark_count() >= groups;
  } catch (const std::regex_error&) {
    good = false;
  }
  table.require(good, key, groups == 0 ? "a regular expression" : "a regular expression with a group ( )");
}

bool one_of(const std::string& value, std::initializer_list<const char*> known) {
  return std::ranges::any_of(known, [&](const char* name) { return value == name; });
}

template <typename T>
bool all_within(const std::vector<T>& values, T low, T high) {
  return std::ranges::all_of(values, [&](T value) { return low <= value && value <= high; });
}

}  // namespace

DataRecipe parse_data(RecipeTable table, const NetworkSpec& spec) {
  DataRecipe data;
  table.read_list("folders", data.folders);
  table.read_list("scales", data.scales);
  table.read_list("details_px", data.details_px);
  table.read("max_side_px", data.max_side_px);
  table.read("patch_px", data.patch_px);
  table.read("batch", data.batch);
  table.read("hold_out_every", data.hold_out_every);
  table.read("hold_out", data.hold_out);
  table.read("exclude", data.exclude);
  table.read("scene", data.scene);
  table.read_list("pairs", data.pairs);
  table.read("pair_batches", data.pair_batches);
  table.read("pair_hold_out", data.pair_hold_out);
  table.read("pair_scene", data.pair_scene);
  table.finish();

  const bool mosaic = spec.params.input == InputDomain::bayer;
  const int multiple = std::max(alignment_px(spec), mosaic ? 2 : 1);
  table.require(!data.folders.empty(), "folders", "at least one folder");
  table.require(all_within(data.scales, 0.05, 1.0), "scales", "numbers of 0.05 … 1");
  table.require(all_within(data.details_px, 1.0, 16.0), "details_px", "sizes of 1 … 16 px");
  table.require(data.max_side_px >= 0, "max_side_px", "0 or a size in pixels");
  table.require(data.patch_px >= least_patch_px && data.patch_px % multiple == 0, "patch_px",
                "at least " + std::to_string(least_patch_px) + " and a multiple of " + std::to_string(multiple));
  table.require(data.batch >= 1, "batch", "at least 1");
  table.require(data.hold_out_every >= 2, "hold_out_every", "at least 2");
  require_pattern(table, "hold_out", data.hold_out, 0);
  require_pattern(table, "exclude", data.exclude, 0);
  require_pattern(table, "scene", data.scene, 1);
  require_pattern(table, "pair_hold_out", data.pair_hold_out, 0);
  require_pattern(table, "pair_scene", data.pair_scene, 1);
  table.require(one_of(data.pair_batches, {"alternate", "none"}), "pair_batches", "alternate or none");
  table.require(data.pairs.empty() || !(mosaic || spec.params.input == InputDomain::yuv420), "pairs",
                "no pairs of developed pictures for a network of mosaics or of 4:2:0");
  return data;
}

TaskRecipe parse_task(RecipeTable table, InputDomain input) {
  TaskRecipe task;
  table.read("kind", task.kind);
  table.read_list("jpeg_quality", task.jpeg_quality);
  table.read_list("factors", task.factors);
  table.read_list("shares", task.shares);
  table.read_list("classes", task.classes);
  table.read("side_px", task.side_px);
  table.read("least_confidence", task.least_confidence);
  table.finish();
  table.require(one_of(task.kind,
                       {"denoise", "deblock", "super-resolution", "general", "denoise+demosaic", "camera", "classify"}),
                "kind", "denoise, deblock, super-resolution, general, denoise+demosaic, camera or classify");
  table.require(task.kind == "denoise" || (input != InputDomain::bayer && input != InputDomain::yuv420), "kind",
                "denoise for mosaics and 4:2:0");
  const bool needs_color = task.kind == "denoise+demosaic" || task.kind == "camera";
  table.require(!needs_color || input == InputDomain::rgb, "kind", "a network with input rgb for this task");
  table.require(task.jpeg_quality.size() == 2 && task.jpeg_quality[0] <= task.jpeg_quality[1] &&
                    all_within(task.jpeg_quality, 1, 100),
                "jpeg_quality", "lowest and highest quality, 1 … 100");
  table.require(all_within(task.factors, 2, 4), "factors", "factors of 2 … 4");
  double sum = 0.0;
  for (const double share : task.shares) sum += share;
  table.require(task.shares.size() == 3 && all_within(task.shares, 0.0, 1e6) && sum > 0.0, "shares",
                "three shares, for denoising, deblocking and super-resolution, not all 0");
  // What a classifier's file can say.
  table.require(all_within(std::vector{task.side_px}, 16, 2048), "side_px", "a side of 16 … 2048");
  table.require(0.0 <= task.least_confidence && task.least_confidence <= 1.0, "least_confidence",
                "a probability, 0 … 1");
  table.require(task.kind != "classify" || task.classes.size() >= 2, "classes", "two classes or more");
  return task;
}

NoiseRecipe parse_noise(RecipeTable table) {
  NoiseRecipe noise;
  table.read("min_8bit", noise.min_8bit);
  table.read("max_8bit", noise.max_8bit);
  table.read("signal_dependent", noise.signal_dependent);
  table.read("spatial", noise.spatial);
  table.read("clip", noise.clip);
  table.read("told_error", noise.told_error);
  table.finish();
  table.require(noise.min_8bit >= 0.0, "min_8bit", "0 or more");
  table.require(noise.max_8bit >= noise.min_8bit, "max_8bit", "no less than min_8bit");
  table.require(0.0 <= noise.signal_dependent && noise.signal_dependent <= 1.0, "signal_dependent", "a share, 0 … 1");
  table.require(0.0 <= noise.spatial && noise.spatial <= 1.0, "spatial", "a share, 0 … 1");
  table.require(0.0 <= noise.told_error && noise.told_error < 1.0, "told_error", "a share of σ, 0 to below 1");
  return noise;
}

CameraRecipe parse_camera(RecipeTable table) {
  CameraRecipe camera;
  table.read("kind", camera.kind);
  table.read("curves", camera.curves);
  table.read("jpeg", camera.jpeg);
  table.finish();
  table.require(one_of(camera.kind, {"cbdnet", "unprocessing"}), "kind", "cbdnet or unprocessing");
  table.require(0.0 <= camera.jpeg && camera.jpeg <= 1.0, "jpeg", "a share, 0 … 1");
  return camera;
}

}  // namespace rdenoise::training
