// SPDX-License-Identifier: LGPL-2.1-or-later
// The recipe's sections [data], [task], [noise] and [camera]: what a network is trained on.
#pragma once

#include <array>
#include <rdenoise/network.hpp>
#include <string>
#include <vector>

namespace rdenoise::training {

struct DataRecipe {
  std::vector<std::string> folders;     ///< of pictures, below --data
  std::vector<double> scales{1.0};      ///< each picture is used at each of these sizes
  std::vector<double> details_px{1.0};  ///< … and of each of those sizes without details finer than this, as video is
  int max_side_px = 0;                  ///< larger pictures are reduced to it first; 0: none are
  int patch_px = 64;                    ///< of the network's picture: of yuv420 it counts cells of 2×2 pixels
  int batch = 32;

  // Which pictures validate. All patterns are regular expressions (ECMAScript) that may match anywhere in the path
  // below --data. Pictures of one scene are either all trained on or none.
  int hold_out_every = 25;  ///< every n-th scene, by name, where there is no pattern
  std::string hold_out;     ///< pattern of the pictures that validate
  std::string exclude;      ///< pattern of pictures that are not used at all
  std::string scene;        ///< pattern whose first group names the scene; "": each picture is a scene of its own

  /// Folders of real pairs: noisy/ and mean/ with the same file names, or NAME_real.* and NAME_mean.* side by side.
  std::vector<std::string> pairs;
  std::string pair_batches = "alternate";           ///< every second batch is of real pairs, as CBDNet; or "none"
  std::string pair_hold_out;                        ///< as hold_out, for pairs
  std::string pair_scene = R"(([^/]*?)(_+\d+)?$)";  ///< as scene, on the pair's name without ending and _real
};

struct TaskRecipe {
  std::string kind = "denoise";  ///< see tasks/task.hpp; or classify
  std::vector<int> jpeg_quality{5, 99};
  std::vector<int> factors{2, 3, 4};          ///< of super-resolution
  std::vector<double> shares{1.0, 1.0, 1.0};  ///< general: of denoising, deblocking and super-resolution
  std::vector<std::string> classes;           ///< classify: the name of each of the data folders
  int side_px = 128;                          ///< classify: pictures are reduced to this shorter side
  double least_confidence = 0.5;              ///< classify: pictures less likely of any class are of none
};

struct NoiseRecipe {
  double min_8bit = 0.0;  ///< σ range of white noise, and of the σ at mid-gray of signal-dependent noise
  double max_8bit = 75.0;
  double signal_dependent = 0.0;  ///< share of patches with a > 0
  double spatial = 0.0;           ///< share of patches whose σ varies from place to place
  bool clip = false;              ///< noisy pictures are clipped to 0 … 1, as those of cameras are
  double told_error = 0.0;        ///< the network is told σ times 1 − this … 1 + this, so that it bears estimates
};

/// The simulated camera of the task camera.
struct CameraRecipe {
  std::string kind = "cbdnet";  ///< cbdnet or unprocessing, see CameraSimulator
  std::string curves;           ///< response curves (file below --data) for cbdnet; "": those by formula
  double jpeg = 0.5;            ///< share of the patches that are compressed, quality 60 … 100
};

class RecipeTable;

/// Each reads its section and checks it.
/// throws  Error{corrupt} for unknown keys, other types and values that make no sense
[[nodiscard]] DataRecipe parse_data(RecipeTable table, const NetworkSpec& spec);
[[nodiscard]] TaskRecipe parse_task(RecipeTable table, InputDomain input);
[[nodiscard]] NoiseRecipe parse_noise(RecipeTable table);
[[nodiscard]] CameraRecipe parse_camera(RecipeTable table);

}  // namespace rdenoise::training
