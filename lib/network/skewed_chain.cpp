// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/skewed_chain.hpp"

#include <algorithm>

namespace rdenoise::onednn {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

class ChainFinder {
 public:
  ChainFinder(const NetworkSpec& spec, const ExecutionPlan& plan)
      : spec_(spec), plan_(plan), layer_of_value_(plan.values.size(), unknown) {
    layer_of_value_[at(plan.image)] = 0;
    if (plan.noise_map >= 0) layer_of_value_[at(plan.noise_map)] = 0;
    found_.border_layer.assign(plan.steps.size(), -1);
  }

  std::optional<ChainSteps> find() {
    if (plan_.noise_estimate >= 0) return std::nullopt;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i)
      if (!follow(static_cast<int>(i))) return std::nullopt;
    const int depth = layer_of_value_[at(plan_.output)];
    if (depth < 2 || depth != found_.depth) return std::nullopt;
    // Between the first and the last convolution all have one size.
    for (std::size_t i = 0; i < plan_.values.size(); ++i)
      if (layer_of_value_[i] > 0 && layer_of_value_[i] < depth && plan_.values[i].downscale != found_.cell_px)
        return std::nullopt;
    if (refill_layer_ >= 0 && refill_layer_ != depth) return std::nullopt;
    for (int& layer : found_.border_layer)
      if (layer == depth - 1) layer = -1;  // nobody reads the borders of the last
    return found_;
  }

 private:
  static constexpr int unknown = -1;

  /// The layers that a step's result has passed; false if it belongs to no chain.
  bool follow(int index) {
    const Step& step = plan_.steps[at(index)];
    if (step.shows >= 0) return false;
    int layer = layer_of_value_[at(step.inputs[0])];
    switch (step.kind) {
      case StepKind::convolution:
      case StepKind::own_convolution:
        if (!takes_convolution(step)) return false;
        if (spec_.layers[at(step.layer)].kernel == 3) found_.border_layer[at(index)] = layer++;
        found_.depth = std::max(found_.depth, layer);
        break;
      case StepKind::move:
      case StepKind::relu:
        break;
      case StepKind::add:
      case StepKind::subtract:
        // image − noise: the picture stands first.
        layer = layer_of_value_[at(step.inputs[1])];
        if (!takes_again(step.inputs[0], layer, index)) return false;
        break;
      default:
        return false;
    }
    for (const int other : {step.minuend, step.addend})
      if (other >= 0 && !takes_again(other, layer, index)) return false;
    int& known = layer_of_value_[at(step.output)];
    if (known != unknown && known != layer) return false;
    known = layer;
    return true;
  }

  bool takes_convolution(const Step& step) {
    const Layer& layer = spec_.layers[at(step.layer)];
    const Value& src = plan_.values[at(step.inputs[0])];
    if ((layer.kernel != 3 && layer.kernel != 1) || layer.dilation != 1 || src.sub_grid != 1) return false;
    if (found_.depth == 0) found_.cell_px = src.downscale;
    return src.downscale == found_.cell_px;
  }

  /// A second operand at `layer`: of the same layer, or the picture, gathered once more where the output lies.
  bool takes_again(int value, int layer, int index) {
    if (layer_of_value_[at(value)] == layer) return true;
    if (value != plan_.image || (refill_layer_ >= 0 && refill_layer_ != layer)) return false;
    refill_layer_ = layer;
    if (found_.refill_before < 0) found_.refill_before = index;
    return true;
  }

  const NetworkSpec& spec_;
  const ExecutionPlan& plan_;
  std::vector<int> layer_of_value_;
  int refill_layer_ = -1;
  ChainSteps found_;
};

}  // namespace

std::optional<ChainSteps> find_chain(const NetworkSpec& spec, const ExecutionPlan& plan) {
  return ChainFinder(spec, plan).find();
}

}  // namespace rdenoise::onednn
