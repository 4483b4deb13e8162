// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_plan.hpp"

#include <algorithm>

#include "network/edge_convolution.hpp"
#include "network/matrix_convolution.hpp"

namespace rdenoise::onednn {
namespace {

class Lowering {
 public:
  Lowering(const NetworkSpec& spec, const LayoutRules& rules, std::span<const int> watched)
      : spec_(spec), rules_(rules), watched_(watched), shapes_(layer_shapes(spec)), consumers_(spec.layers.size()) {
    for (std::size_t i = 0; i < spec.layers.size(); ++i)
      for (const int input : spec.layers[i].inputs) consumers_[at(input)].push_back(static_cast<int>(i));
    value_of_layer_.assign(spec.layers.size(), -1);
  }

  ExecutionPlan lower() {
    for (std::size_t i = 0; i < spec_.layers.size(); ++i) lower_layer(static_cast<int>(i));
    mark_watched();
    finish_output();
    return std::move(plan_);
  }

 private:
  static std::size_t at(int index) { return static_cast<std::size_t>(index); }
  [[nodiscard]] const Layer& layer(int index) const { return spec_.layers[at(index)]; }
  [[nodiscard]] int value_of(int layer_index) const { return value_of_layer_[at(layer_index)]; }

  [[nodiscard]] bool is_watched(int layer_index) const {
    return std::ranges::find(watched_, layer_index) != watched_.end();
  }

  int new_value(int layer_index, Layout layout, bool is_port = false) {
    const LayerShape shape = shapes_[at(layer_index)];
    plan_.values.push_back({shape.channels, shape.downscale, layout, is_port});
    return static_cast<int>(plan_.values.size()) - 1;
  }

  /// Sums and outputs keep f32; only what convolutions alone read may be narrower.
  [[nodiscard]] bool only_convolutions_read(int layer_index) const {
    const auto& readers = consumers_[at(layer_index)];
    return !readers.empty() &&
           std::ranges::all_of(readers, [&](int i) { return layer(i).kind == LayerKind::convolution; });
  }

  [[nodiscard]] Layout convolution_source(int channels) const {
    return channels <= rules_.max_planar_channels ? Layout{1, rules_.activation} : rules_.blocks(channels);
  }

  [[nodiscard]] bool is_convolution_source(const Value& value) const {
    return value.layout.element == ElementType::u8 || value.is_exact_source ||
           (!value.is_port &&
            (value.layout == rules_.blocks(value.channels) || value.layout == convolution_source(value.channels)));
  }

  /// Layout for a layer that computes no convolution: as its readers like it.
  [[nodiscard]] Layout wished_layout(int layer_index) const {
    const bool planar = !only_convolutions_read(layer_index) ||
                        std::ranges::all_of(consumers_[at(layer_index)], [&](int i) { return wants_input_kernel(i); });
    return planar ? Layout{} : convolution_source(shapes_[at(layer_index)].channels);
  }

  [[nodiscard]] bool fuses_relu(int convolution) const {
    return !is_watched(convolution) && consumers_[at(convolution)].size() == 1 &&
           layer(consumers_[at(convolution)].front()).kind == LayerKind::relu;
  }

  [[nodiscard]] bool needs_sub_grids(const Layer& convolution) const {
    return convolution.dilation > 1 && padding_px(convolution) > rules_.max_padding_px;
  }

  /// The value as a convolution wants to read it; copied if it lies otherwise or is the caller's.
  int as_convolution_source(int value) {
    const Value given = plan_.values[at(value)];
    if (is_convolution_source(given)) return value;
    const Layout wanted = convolution_source(given.channels);
    for (const Step& step : plan_.steps)
      if (step.kind == StepKind::move && step.movement == Movement::copy && step.minuend < 0 &&
          step.inputs.front() == value && plan_.values[at(step.output)].layout == wanted &&
          plan_.values[at(step.output)].channels == given.channels)
        return step.output;
    plan_.values.push_back({given.channels, given.downscale, wanted, false});
    const int copy = static_cast<int>(plan_.values.size()) - 1;
    plan_.steps.push_back({.kind = StepKind::move, .inputs = {value}, .output = copy});
    return copy;
  }

  /// Its kernel reads blocks and writes planes of f32, which a reader may want otherwise.
  [[nodiscard]] bool is_output(int i) const {
    const int in_channels = shapes_[at(layer(i).inputs[0])].channels;
    const int result = fuses_relu(i) ? consumers_[at(i)].front() : i;
    const bool fits = rules_.matrix_units ? is_matrix_convolution(layer(i)) && layer(i).out_channels <= most_planes
                                          : rules_.edge_kernels && is_output_edge(layer(i), in_channels);
    return fits && in_channels > rules_.max_planar_channels && wished_layout(result) == Layout{};
  }

  /// The sum or difference that alone reads convolution i, and can be computed along with it; −1: none.
  [[nodiscard]] int fused_sum(int i) const {
    if (is_watched(i) || consumers_[at(i)].size() != 1) return -1;
    const int reader = consumers_[at(i)].front();
    const std::vector<int>& terms = layer(reader).inputs;
    const bool fits = (layer(reader).kind == LayerKind::add || layer(reader).kind == LayerKind::subtract) &&
                      terms[1] == i && value_of(terms[0]) >= 0;
    return fits && plan_.values[at(value_of(terms[0]))].layout == Layout{} ? reader : -1;
  }

  void lower_output_edge(int i) {
    const int source = as_convolution_source(value_of(layer(i).inputs[0]));
    const int sum = fused_sum(i);
    const bool relu = fuses_relu(i);
    const int value = new_value(i, {});
    Step step{.kind = StepKind::own_convolution, .inputs = {source}, .output = value, .layer = i, .relu = relu};
    if (sum >= 0) {
      int& base = layer(sum).kind == LayerKind::subtract ? step.minuend : step.addend;
      base = value_of(layer(sum).inputs[0]);
      value_of_layer_[at(sum)] = value;
    } else {
      value_of_layer_[at(i)] = value;
    }
    if (relu) value_of_layer_[at(consumers_[at(i)].front())] = value;
    plan_.steps.push_back(std::move(step));
  }

  /// By its shape; its source must be planar besides.
  [[nodiscard]] bool wants_input_kernel(int i) const {
    if (layer(i).kind != LayerKind::convolution) return false;
    const int in_channels = shapes_[at(layer(i).inputs[0])].channels;
    if (rules_.matrix_units) return is_matrix_convolution(layer(i)) && in_channels < most_planes;
    if (fuses_relu(i) && in_eight_bits(consumers_[at(i)].front()))
      return rules_.edge_kernels && may_be_input_edge(layer(i), in_channels);
    if (!rules_.edge_kernels) return false;
    return rules_.activation == ElementType::f32 ? is_input_edge(layer(i), in_channels, rules_.block)
                                                 : may_be_input_edge(layer(i), in_channels);
  }

  [[nodiscard]] bool in_eight_bits(int result) const {
    return !rules_.eight_bit_results.empty() && !rules_.eight_bit_results[at(result)].empty();
  }

  [[nodiscard]] ElementType element_for(int result) const {
    return only_convolutions_read(result) ? rules_.activation : ElementType::f32;
  }

  /// By convolution i in floating point, block channels together.
  int new_float_result(int i, int block) {
    const int result = result_of(i);
    const bool is_exact =
        rules_.matrix_units && std::ranges::find(rules_.f32_results, result) != rules_.f32_results.end() &&
        std::ranges::all_of(consumers_[at(result)], [&](int reader) { return is_matrix_convolution(layer(reader)); });
    const int value = new_value(i, {block, is_exact ? ElementType::f32 : element_for(result)});
    plan_.values.back().is_exact_source = is_exact;
    return value;
  }

  int new_eight_bit_value(int result, int copies = 1) {
    Layout layout = rules_.pixels(shapes_[at(result)].channels, ElementType::u8);
    layout.block *= copies;
    const int value = new_value(result, layout);
    plan_.values.back().scales_of = result;
    plan_.values.back().copies = copies;
    return value;
  }

  /// Of the rounding of all results, that of a network's first costs most. Two copies of it, where oneDNN reads it,
  /// take 0.008 dB of 0.054 from what ffdnet-gray loses at sigma 15, and 0.019 of 0.059 from ffdnet-live-yuv.
  [[nodiscard]] int copies_of_first_result(int result) const {
    return std::ranges::any_of(consumers_[at(result)], [&](int i) { return is_output(i); }) ? 1 : 2;
  }

  [[nodiscard]] bool is_input(int i) const {
    return wants_input_kernel(i) && plan_.values[at(value_of(layer(i).inputs[0]))].layout == Layout{};
  }

  /// What layer i gives away: its relu's result where it has that done.
  [[nodiscard]] int result_of(int i) const { return fuses_relu(i) ? consumers_[at(i)].front() : i; }

  /// The step of layer i, from value `source` into `value`, which is then its result's as well.
  void add_convolution(StepKind kind, int i, int source, int value) {
    plan_.steps.push_back({.kind = kind, .inputs = {source}, .output = value, .layer = i, .relu = fuses_relu(i)});
    value_of_layer_[at(i)] = value;
    value_of_layer_[at(result_of(i))] = value;
  }

  void lower_input_edge(int i) {
    const int result = result_of(i);
    const int value = in_eight_bits(result) ? new_eight_bit_value(result, copies_of_first_result(result))
                                            : new_float_result(i, rules_.blocks(layer(i).out_channels).block);
    add_convolution(StepKind::own_convolution, i, value_of(layer(i).inputs[0]), value);
  }

  /// From whole pixels, to eight bits or floating point.
  void lower_pixel_convolution(StepKind kind, int i, int source) {
    const int result = result_of(i);
    const int value = in_eight_bits(result) ? new_eight_bit_value(result)
                                            : new_float_result(i, round_up(layer(i).out_channels, rules_.block));
    add_convolution(kind, i, source, value);
  }

  void lower_convolution(int i) {
    if (is_output(i)) return lower_output_edge(i);
    if (is_input(i)) return lower_input_edge(i);
    int source = as_convolution_source(value_of(layer(i).inputs[0]));
    if (rules_.matrix_units && is_matrix_convolution(layer(i)))
      return lower_pixel_convolution(StepKind::own_convolution, i, source);
    if (plan_.values[at(source)].layout.element == ElementType::u8)
      return lower_pixel_convolution(StepKind::convolution, i, source);
    const bool relu = fuses_relu(i);
    const int result = relu ? consumers_[at(i)].front() : i;
    // On its way to eight bits a result should not be rounded to bf16 as well.
    const Layout layout{rules_.blocks(layer(i).out_channels).block,
                        in_eight_bits(result) ? ElementType::f32 : element_for(result)};
    const int sub_grid = needs_sub_grids(layer(i)) ? layer(i).dilation : 1;
    if (sub_grid > 1) {
      Value split = plan_.values[at(source)];
      split.sub_grid = sub_grid;
      plan_.values.push_back(split);
      const int pictures = static_cast<int>(plan_.values.size()) - 1;
      plan_.steps.push_back({.kind = StepKind::split_into_sub_grids, .inputs = {source}, .output = pictures});
      source = pictures;
    }
    int value = new_value(i, layout);
    plan_.values.back().sub_grid = sub_grid;
    plan_.steps.push_back(
        {.kind = StepKind::convolution, .inputs = {source}, .output = value, .layer = i, .relu = relu});
    if (sub_grid > 1) {
      const int pictures = value;
      value = new_value(i, layout);
      plan_.steps.push_back({.kind = StepKind::join_sub_grids, .inputs = {pictures}, .output = value});
    }
    if (in_eight_bits(result)) {
      const int as_float = value;
      value = new_eight_bit_value(result);
      plan_.steps.push_back({.kind = StepKind::move, .inputs = {as_float}, .output = value});
    }
    value_of_layer_[at(i)] = value;
    if (relu) value_of_layer_[at(result)] = value;
  }

  void lower_resampling(int i, StepKind kind) {
    const int output = new_value(i, wished_layout(i));
    plan_.steps.push_back(
        {.kind = kind, .inputs = {value_of(layer(i).inputs[0])}, .output = output, .factor = layer(i).factor});
    value_of_layer_[at(i)] = output;
  }

  static bool is_shuffle(LayerKind kind) {
    return kind == LayerKind::pixel_unshuffle || kind == LayerKind::pixel_shuffle;
  }

  /// A shuffle whose only reader takes it in while it copies anyway.
  [[nodiscard]] bool is_moved_by_reader(int i) const {
    if (!is_shuffle(layer(i).kind) || consumers_[at(i)].size() != 1 || is_watched(i)) return false;
    const int reader = consumers_[at(i)].front();
    return layer(reader).kind == LayerKind::concatenate ||
           (layer(reader).kind == LayerKind::subtract && layer(reader).inputs[1] == i && layer(reader).inputs[0] != i);
  }

  /// The step that brings layer i's pixels to `output`, through the shuffle that i is if nobody has stored it.
  [[nodiscard]] Step move_from(int i, int output) const {
    Step step{.kind = StepKind::move, .output = output};
    if (value_of(i) >= 0) {
      step.inputs = {value_of(i)};
      return step;
    }
    step.inputs = {value_of(layer(i).inputs[0])};
    step.movement = layer(i).kind == LayerKind::pixel_shuffle ? Movement::shuffle : Movement::unshuffle;
    step.factor = layer(i).factor;
    return step;
  }

  /// An input that is copied whole may lie where it is copied to.
  void place_inside(const Step& copy, int whole) {
    Value& part = plan_.values[at(copy.inputs[0])];
    if (copy.movement != Movement::copy || !part.is_port || part.part_of >= 0 ||
        plan_.values[at(whole)].layout != Layout{})
      return;
    part.part_of = whole;
    part.first_channel = copy.channel_offset;
  }

  void lower_layer(int i) {
    const Layer& l = layer(i);
    int& value = value_of_layer_[at(i)];
    switch (l.kind) {
      case LayerKind::image_input:
        value = plan_.image = new_value(i, {}, true);
        return;
      case LayerKind::noise_map_input:
        value = plan_.noise_map = new_value(i, {}, true);
        return;
      case LayerKind::convolution:
        return lower_convolution(i);
      case LayerKind::batch_norm:
      case LayerKind::batch_scale:
      case LayerKind::transposed_convolution:
        return;  // folded and rewritten before
      case LayerKind::average_pool:
        return lower_resampling(i, StepKind::average_pool);
      case LayerKind::max_pool:
        return lower_resampling(i, StepKind::max_pool);
      case LayerKind::upsample_nearest:
        return lower_resampling(i, StepKind::upsample);
      case LayerKind::noise_estimate:
        value = plan_.noise_estimate = new_value(i, {}, true);
        plan_.steps.push_back({.kind = StepKind::scale, .inputs = {value_of(l.inputs[0])}, .output = value});
        return;
      case LayerKind::relu:
        if (value >= 0) return;  // fused into its convolution
        value = new_value(i, wished_layout(i));
        plan_.steps.push_back({.kind = StepKind::relu, .inputs = {value_of(l.inputs[0])}, .output = value});
        return;
      case LayerKind::pixel_unshuffle:
      case LayerKind::pixel_shuffle:
        if (is_moved_by_reader(i)) return;
        {
          const int output = new_value(i, wished_layout(i));
          plan_.steps.push_back(move_from(i, output));
          value = output;
        }
        return;
      case LayerKind::concatenate: {
        value = new_value(i, wished_layout(i));
        int channel = 0;
        for (const int input : l.inputs) {
          Step step = move_from(input, value);
          step.channel_offset = channel;
          place_inside(step, value);
          channel += shapes_[at(input)].channels;
          plan_.steps.push_back(std::move(step));
        }
        return;
      }
      case LayerKind::subtract:
        if (value >= 0) return;  // fused into its convolution
        if (is_moved_by_reader(l.inputs[1]) && value_of(l.inputs[1]) < 0) {
          value = new_value(i, wished_layout(i));
          Step step = move_from(l.inputs[1], value);
          step.minuend = value_of(l.inputs[0]);
          plan_.steps.push_back(std::move(step));
          return;
        }
        [[fallthrough]];
      case LayerKind::add:
        if (value >= 0) return;  // fused into its convolution
        value = new_value(i, wished_layout(i));
        plan_.steps.push_back({.kind = l.kind == LayerKind::add ? StepKind::add : StepKind::subtract,
                               .inputs = {value_of(l.inputs[0]), value_of(l.inputs[1])},
                               .output = value});
        return;
    }
  }

  /// What is watched is not fused, so it has a value of its own, whole after the last step that writes it.
  void mark_watched() {
    for (const int layer_index : watched_)
      for (std::size_t i = plan_.steps.size(); i-- > 0;)
        if (plan_.steps[i].output == value_of(layer_index)) {
          plan_.steps[i].shows = layer_index;
          break;
        }
  }

  /// The caller reads the last value: it must be dense, planar and not one of the inputs.
  void finish_output() {
    const int last = static_cast<int>(spec_.layers.size()) - 1;
    const int value = value_of(last);
    Value& given = plan_.values[at(value)];
    if (!given.is_port && given.layout == Layout{}) {
      given.is_port = true;
      plan_.output = value;
      return;
    }
    plan_.output = new_value(last, {}, true);
    plan_.steps.push_back({.kind = StepKind::move, .inputs = {value}, .output = plan_.output});
  }

  const NetworkSpec& spec_;
  const LayoutRules& rules_;
  std::span<const int> watched_;
  std::vector<LayerShape> shapes_;
  std::vector<std::vector<int>> consumers_;
  std::vector<int> value_of_layer_;
  ExecutionPlan plan_;
};

}  // namespace

ExecutionPlan lower(const NetworkSpec& spec, const LayoutRules& rules, std::span<const int> watched) {
  return Lowering(spec, rules, watched).lower();
}

}  // namespace rdenoise::onednn
