// SPDX-License-Identifier: LGPL-2.1-or-later
#include "losses/loss_recipe.hpp"

#include <algorithm>
#include <array>

#include "recipe_table.hpp"

namespace rdenoise::training {
namespace {

constexpr std::array kinds{LossKind::power,   LossKind::l2,  LossKind::l1,       LossKind::ssim,
                           LossKind::ms_ssim, LossKind::mix, LossKind::residual, LossKind::cbdnet};

/// A key that holds one value or a list of them, as a list; empty if it is absent.
template <typename T>
std::vector<T> one_or_several(RecipeTable& reader, const toml::table* table, const char* key) {
  std::vector<T> values;
  if (table != nullptr && table->contains(key) && !table->at(key).is_array()) {
    values.emplace_back();
    reader.read(key, values.front());
  } else {
    reader.read_list(key, values);
  }
  return values;
}

LossKind parse_kind(const RecipeTable& reader, const char* key, const std::string& text) {
  std::string known;
  for (const LossKind kind : kinds) {
    if (text == to_string(kind)) return kind;
    known += (known.empty() ? "" : ", ") + std::string(to_string(kind));
  }
  reader.require(false, key, "one of " + known);
  return LossKind::power;
}

std::vector<LossSwitch> parse_switches(RecipeTable& reader, const toml::table* table) {
  std::vector<LossSwitch> switches;
  for (const std::string& text : one_or_several<std::string>(reader, table, "switch_to"))
    switches.push_back({.kind = parse_kind(reader, "switch_to", text)});
  const auto shares = one_or_several<double>(reader, table, "switch_at");
  const auto steps = one_or_several<std::int64_t>(reader, table, "switch_at_step");
  const char* key = steps.empty() ? "switch_at" : "switch_at_step";
  reader.require((shares.empty() || steps.empty()) && std::max(shares.size(), steps.size()) == switches.size(), key,
                 "as many as switch_to, in either switch_at or switch_at_step");
  const auto rises_from = [](const auto& values, auto least) {
    return std::ranges::is_sorted(values) && (values.empty() || values.front() >= least);
  };
  reader.require(rises_from(shares, 0.0) && (shares.empty() || shares.back() <= 1.0), "switch_at",
                 "rising shares of the run, 0 … 1");
  reader.require(rises_from(steps, std::int64_t{0}), "switch_at_step", "rising steps of at least 0");
  for (std::size_t i = 0; i < switches.size(); ++i) {
    if (!shares.empty()) switches[i].share = shares[i];
    if (!steps.empty()) switches[i].step = steps[i];
  }
  return switches;
}

}  // namespace

std::string_view to_string(LossKind kind) noexcept {
  switch (kind) {
    case LossKind::power:
      return "power";
    case LossKind::l2:
      return "l2";
    case LossKind::l1:
      return "l1";
    case LossKind::ssim:
      return "ssim";
    case LossKind::ms_ssim:
      return "ms-ssim";
    case LossKind::mix:
      return "mix";
    case LossKind::residual:
      return "residual";
    case LossKind::cbdnet:
      return "cbdnet";
  }
  return "";
}

LossRecipe parse_loss(const toml::table* table, const std::string& where, const NetworkSpec& spec) {
  RecipeTable reader(table, where);
  LossRecipe recipe;
  std::string kind(to_string(recipe.kind));
  reader.read("kind", kind);
  recipe.kind = parse_kind(reader, "kind", kind);
  recipe.switches = parse_switches(reader, table);

  const auto uses = [&](LossKind wanted) {
    return recipe.kind == wanted ||
           std::ranges::any_of(recipe.switches, [&](const LossSwitch& s) { return s.kind == wanted; });
  };
  // A parameter of a loss that is not used is not read, so that finish() refuses it.
  if (uses(LossKind::power)) {
    reader.read("power", recipe.power);
    reader.require(recipe.power > 0.0, "power", "above 0");
    reader.read("sigma_power", recipe.sigma_power);
  }
  const bool multi_scale = uses(LossKind::ms_ssim) || uses(LossKind::mix);
  if (uses(LossKind::ssim) || multi_scale) reader.read("centre_only", recipe.centre_only);
  if (uses(LossKind::ssim)) {
    reader.read("ssim_sigma_px", recipe.ssim_sigma_px);
    reader.require(recipe.ssim_sigma_px > 0.0, "ssim_sigma_px", "above 0");
  }
  if (multi_scale) {
    reader.read_list("scales_px", recipe.scales_px);
    reader.require(std::ranges::is_sorted(recipe.scales_px) && recipe.scales_px.front() > 0.0, "scales_px",
                   "rising values above 0");
  }
  if (uses(LossKind::mix)) {
    reader.read("mix_alpha", recipe.mix_alpha);
    reader.require(recipe.mix_alpha >= 0.0 && recipe.mix_alpha <= 1.0, "mix_alpha", "0 … 1");
  }
  if (uses(LossKind::cbdnet)) {
    reader.require(spec.noise_estimate_index() >= 0, "kind",
                   "a network that estimates its noise for cbdnet, such as the network cbdnet");
    reader.read("asymmetry", recipe.asymmetry);
    reader.require(recipe.asymmetry > 0.0 && recipe.asymmetry < 1.0, "asymmetry", "above 0 and below 1");
    reader.read("asymmetric_weight", recipe.asymmetric_weight);
    reader.read("variation_weight", recipe.variation_weight);
    reader.require(recipe.asymmetric_weight >= 0.0, "asymmetric_weight", "at least 0");
    reader.require(recipe.variation_weight >= 0.0, "variation_weight", "at least 0");
  }
  reader.finish();
  return recipe;
}

}  // namespace rdenoise::training
