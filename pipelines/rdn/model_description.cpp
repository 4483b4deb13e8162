// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model_description.hpp"

namespace rdn {

Json describe(const rdenoise::Model& model) {
  const rdenoise::NetworkSpec& spec = model.spec;
  // The frame's pixels are what a user counts.
  const int cell_px = rdenoise::cell_edge_px(spec.params.input);
  Json classes = Json::array();
  for (const auto& [name, weights] : model.by_class) classes.push_back(name);
  Json losses = Json::object();
  for (const rdenoise::PrecisionLoss& loss : rdenoise::precision_losses(model.weights))
    losses[std::string(to_string(loss.precision))] = loss.psnr_db;
  return {{"name", model.name},
          {"path", model.path.string()},
          {"network", spec.params.network},
          {"input", rdenoise::to_string(spec.params.input)},
          {"depth", spec.params.depth},
          {"width", spec.params.width},
          {"blind", !spec.has_noise_map()},
          {"noise_range_8bit", {model.noise_range_8bit[0], model.noise_range_8bit[1]}},
          {"variant", spec.params.variant},
          {"picture_classes", classes},
          {"psnr_loss_db", losses},
          {"estimates_noise", spec.noise_estimate_index() >= 0},
          {"parameters", rdenoise::parameter_count(spec)},
          {"macs_per_px", rdenoise::macs_per_px(spec)},
          {"flops_per_px", 2.0 * rdenoise::macs_per_px(spec)},
          {"receptive_field_px", cell_px * (2 * rdenoise::receptive_radius_px(spec) + 1)},
          {"halo_px", cell_px * rdenoise::halo_px(spec)},
          {"alignment_px", cell_px * rdenoise::alignment_px(spec)}};
}

}  // namespace rdn
