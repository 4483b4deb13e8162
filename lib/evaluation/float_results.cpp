// SPDX-License-Identifier: LGPL-2.1-or-later
#include "evaluation/float_results.hpp"

#include <algorithm>

#include "network/edge_convolution.hpp"

namespace rdenoise {
namespace {

/// What the pass from float back to eight bits costs, as a share of the network: it makes a result that is free by its
/// multiply-accumulates not quite so.
constexpr double move_share = 0.02;

double macs(const Layer& convolution, LayerShape source) {
  const double outputs_per_px = 1.0 / (static_cast<double>(source.downscale) * source.downscale);
  return static_cast<double>(convolution.kernel) * convolution.kernel * source.channels * convolution.out_channels *
         outputs_per_px;
}

/// A result that was taken first may not be needed with those that came later.
void drop_needless(std::span<const ResultLoss> candidates, const FloatLimits& limits,
                   const std::function<std::vector<double>(std::span<const int>)>& measure, FloatChoice& choice) {
  if (choice.results.size() < 2) return;
  const double limit_db =
      std::ranges::max(choice.loss_db) <= limits.target_loss_db ? limits.target_loss_db : limits.acceptable_loss_db;
  for (const ResultLoss& candidate : candidates) {
    FloatChoice fewer = choice;
    if (std::erase(fewer.results, candidate.result) == 0) continue;
    fewer.mac_share -= candidate.mac_share;
    fewer.loss_db = measure(fewer.results);
    if (std::ranges::max(fewer.loss_db) <= limit_db) choice = fewer;
  }
}

/// counts(layer, channels that it reads): whether its work is a result's
template <typename Counts>
std::vector<double> mac_shares(const NetworkSpec& spec, std::span<const int> results, Counts counts) {
  const std::vector<LayerShape> shapes = layer_shapes(spec);
  std::vector<double> shares(results.size());
  double all = 0.0;
  for (const Layer& layer : spec.layers) {
    if (layer.kind != LayerKind::convolution) continue;
    const LayerShape source = shapes[static_cast<std::size_t>(layer.inputs[0])];
    all += macs(layer, source);
    const auto read = std::ranges::find(results, layer.inputs[0]);
    if (read != results.end() && counts(layer, source.channels))
      shares[static_cast<std::size_t>(read - results.begin())] += macs(layer, source);
  }
  for (double& share : shares) share /= all;
  return shares;
}

}  // namespace

std::vector<double> float_mac_shares(const NetworkSpec& spec, std::span<const int> results) {
  return mac_shares(spec, results,
                    [](const Layer& layer, int channels) { return !onednn::is_output_edge(layer, channels); });
}

std::vector<double> reading_mac_shares(const NetworkSpec& spec, std::span<const int> results) {
  return mac_shares(spec, results, [](const Layer&, int) { return true; });
}

FloatChoice choose_float_results(std::span<const ResultLoss> candidates, const FloatLimits& limits,
                                 const std::function<std::vector<double>(std::span<const int> in_float)>& measure) {
  std::vector<const ResultLoss*> left;
  for (const ResultLoss& candidate : candidates) left.push_back(&candidate);
  FloatChoice choice{.results = {}, .mac_share = 0.0, .loss_db = measure({})};
  FloatChoice acceptable;  // the first that is
  double worst_db = std::ranges::max(choice.loss_db);
  while (worst_db > limits.target_loss_db) {
    const bool is_acceptable = worst_db <= limits.acceptable_loss_db;
    if (is_acceptable && acceptable.loss_db.empty()) acceptable = choice;
    const double most_share = is_acceptable ? limits.target_share : limits.acceptable_share;
    const auto level = static_cast<std::size_t>(std::ranges::max_element(choice.loss_db) - choice.loss_db.begin());
    std::erase_if(left, [&](const ResultLoss* r) { return choice.mac_share + r->mac_share > most_share; });
    if (left.empty()) break;
    const auto best = std::ranges::max_element(
        left, {}, [&](const ResultLoss* r) { return r->loss_db[level] / (r->mac_share + move_share); });
    choice.results.insert(std::ranges::upper_bound(choice.results, (*best)->result), (*best)->result);
    choice.mac_share += (*best)->mac_share;
    left.erase(best);
    choice.loss_db = measure(choice.results);
    worst_db = std::ranges::max(choice.loss_db);
  }
  // Work for a target that was missed all the same is wasted.
  if (worst_db > limits.target_loss_db && !acceptable.loss_db.empty()) choice = acceptable;
  drop_needless(candidates, limits, measure, choice);
  return choice;
}

}  // namespace rdenoise
