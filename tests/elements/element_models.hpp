// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "support/temporary_folder.hpp"

namespace rdenoise::test {

/// Small networks with random weights under the names that rdenoise asks for by itself or for a preset, and one
/// for 4:2:0 video, "yuv420". While it lives, RDENOISE_MODEL_PATH is its folder.
class ElementModels {
 public:
  ElementModels();
  ~ElementModels();
  ElementModels(const ElementModels&) = delete;
  ElementModels& operator=(const ElementModels&) = delete;

  void remove(const std::string& name) const;

 private:
  TemporaryFolder folder_;
  std::string path_before_;
};

}  // namespace rdenoise::test
