// SPDX-License-Identifier: LGPL-2.1-or-later
// A folder of RAW photos and pictures for rdn batch, and calls of it.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "run_program.hpp"
#include "workplace.hpp"

namespace rdenoise::test {

/// By names below the folder.
using FolderContents = std::map<std::string, std::string>;

class BatchWorkplace : public Workplace {
 protected:
  using Words = std::vector<std::string>;

  void SetUp() override;

  /// rdn batch with these arguments.
  static ProgramResult batch(Words arguments);
  /// The same with --json; expects this exit code.
  static nlohmann::json batch_object(Words arguments, int exit_code = 0);
  /// Starts rdn batch and returns its process; messages are dropped.
  static pid_t start_batch(Words arguments);
  /// The bytes of all files below, without journals; hidden ones too.
  [[nodiscard]] static FolderContents contents_of(const std::string& folder);
  /// The status of each file of a report, by the source's name.
  [[nodiscard]] static std::map<std::string, std::string> statuses(const nlohmann::json& report);

  /// Writes count RAW photos in/photo-K.dng.
  void write_photos(int count, int width_px = 48, int height_px = 40) const;
};

}  // namespace rdenoise::test
