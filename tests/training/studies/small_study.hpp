// SPDX-License-Identifier: LGPL-2.1-or-later
// Studies small enough for a test: pictures by formula where the recipes look for theirs, tiny networks, a few steps.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "../picture_files.hpp"
#include "studies/study_run.hpp"
#include "support/temporary_folder.hpp"

namespace rdenoise::training {

/// A CSV file as fields; none of those that studies write is quoted.
using CsvFields = std::vector<std::vector<std::string>>;

inline CsvFields read_fields(const std::filesystem::path& path) {
  CsvFields rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string>& row = rows.emplace_back();
    std::istringstream fields(line + ',');
    for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
  }
  return rows;
}

class SmallStudy : public testing::Test {
 protected:
  /// Two, so that one can validate; large enough for validation.
  void write_training_pictures(const std::string& name) const { write_pictures(name, 144); }
  /// Too small for the measures with several scales.
  void write_test_pictures(const std::string& name) const { write_pictures(name, 48); }

  StudyOptions options(const std::string& out = "out") const {
    return {.data = folder_.path(),
            .out = folder_ / out,
            .settings = {"network.depth=3", "network.width=8", "data.patch_px=16", "data.batch=2", "data.scales=[1.0]",
                         "optimiser.steps=4", "optimiser.warmup_steps=1", "optimiser.compute=f32", "validate_every=2"}};
  }
  bool has(const std::string& file) const { return std::filesystem::exists(folder_ / file); }

  test::TemporaryFolder folder_;

 private:
  void write_pictures(const std::string& name, int width_px) const {
    for (const int more_px : {0, 4})
      write_formula_picture(folder_ / (name + "/p" + std::to_string(more_px) + ".png"), width_px + more_px, width_px);
  }
};

}  // namespace rdenoise::training
