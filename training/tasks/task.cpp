// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tasks/task.hpp"

#include <rdenoise/error.hpp>

namespace rdenoise::training {

std::unique_ptr<Task> make_task(const Recipe& recipe, const std::filesystem::path& data,
                                std::vector<std::string>& remarks) {
  const std::string& kind = recipe.task.kind;
  if (kind == "denoise") return make_denoise_task(recipe);
  if (kind == "deblock") return make_deblock_task(recipe);
  if (kind == "super-resolution") return make_super_resolution_task(recipe);
  if (kind == "general") return make_general_task(recipe);
  if (kind == "denoise+demosaic") return make_demosaic_task(recipe);
  if (kind == "camera") return make_camera_task(recipe, data, remarks);
  throw Error(ErrorCode::unsupported,
              "making training patches: expected a task with clean and noisy pictures, found " + kind);
}

}  // namespace rdenoise::training
