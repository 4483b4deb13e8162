// SPDX-License-Identifier: LGPL-2.1-or-later
// A study of effective receptive fields: how they grow with depth, and what training does to them.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rdenoise::training {

struct ReceptiveFieldStudy {
  std::vector<int> depths{2, 3, 4, 5, 7, 9, 12, 15, 20};
  int width = 32;
  int draws = 8;                    ///< sets of untrained weights
  std::vector<std::string> models;  ///< names, folders or files of trained networks
};

/// Writes into `folder`:
///   receptive-field-depth.csv, .svg     effective width of untrained plain stacks of 3×3 convolutions against their
///                                       depth, for each initialisation
///   receptive-field-models.csv, .svg    the same of each model, untrained (he) and trained; one row a model, in order
///   receptive-field-NAME.csv, .svg      influence against the distance from the centre, untrained and trained
/// Influences are measured against the largest one beside the output pixel's own, see CentrePixel; those of trained
/// networks against that one, too, as `rdn-train receptive-field` does.
///
/// report  gets a line for each figure
/// throws  Error as load_model; Error{invalid_argument} for two models of one name; Error{io}
void run_receptive_field_study(const ReceptiveFieldStudy& study, const std::filesystem::path& folder,
                               const std::function<void(const std::string&)>& report);

}  // namespace rdenoise::training
