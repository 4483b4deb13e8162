// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_run.hpp"

#include <algorithm>
#include <map>

#include "base/one_openmp_thread.hpp"
#include "network/onednn_errors.hpp"
#include "network/onednn_lifetimes.hpp"
#include "network/onednn_sub_grids.hpp"
#include "network/step_work.hpp"

namespace rdenoise::onednn {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

class StoredResult final : public LayerResult {
 public:
  StoredResult(int layer, const Activation& values)
      : LayerResult(layer, values.channels, values.height, values.width), values_(values) {}
  void read_row(int channel, int y, int x, std::span<float> values) const override {
    onednn::read_row(values_, channel, y, x, values);
  }

 private:
  const Activation& values_;
};

}  // namespace

Run::Run(std::shared_ptr<const Network> network, int height_px, int width_px, const SkewedGrid* grid)
    : network_(std::move(network)), stream_(cpu_engine()) {
  // Primitives are built for, and run on, the number of threads that OpenMP names.
  const OneOpenMpThread one_thread;
  lay_out_values(height_px, width_px, grid != nullptr);
  if (grid != nullptr) skew(*grid);
  const auto chosen = choose_convolutions();
  allocate(chosen);
  bind(chosen);
}

void Run::run() {
  const OneOpenMpThread one_thread;
  for (std::size_t i = 0; i < network_->plan.steps.size(); ++i) compute(i);
}

void Run::run_tile(SkewedTile& tile, SkewedBorders& borders) {
  const OneOpenMpThread one_thread;
  const ChainSteps& chain = *network_->chain;
  // The first column of windows begins a cell before the picture.
  column_px_ = column_step_px_ == 0 ? 0 : tile.column() * column_step_px_ - chain.cell_px;
  for (std::size_t i = 0; i < network_->plan.steps.size(); ++i) {
    if (static_cast<int>(i) == chain.refill_before) tile.refill_image();
    compute(i);
    const int layer = chain.border_layer[i];
    if (layer < 0) continue;
    tile.await_neighbours(layer);
    borders.exchange(layer, tile.column(), tile.row(), activations_[at(network_->plan.steps[i].output)]);
    tile.finish(layer);
  }
}

void Run::run_steps(int begin, int end) {
  const OneOpenMpThread one_thread;
  for (int i = begin; i < end; ++i) compute(at(i));
}

const Activation& Run::result(int step) const { return activations_[at(network_->plan.steps[at(step)].output)]; }

void Run::run_observed(const LayerObserver& observe) {
  const OneOpenMpThread one_thread;
  for (std::size_t i = 0; i < network_->plan.steps.size(); ++i) {
    compute(i);
    const Step& step = network_->plan.steps[i];
    if (step.shows >= 0)
      observe(StoredResult(network_->watched.find(step.shows)->second, activations_[at(step.output)]));
  }
}

void Run::lay_out_values(int height_px, int width_px, bool exact) {
  std::map<std::pair<int, int>, Extent> padded;  // by downscale and sub-grid
  for (const Value& value : network_->plan.values) {
    const auto extent_of = [&](int extent_px) {
      return round_up(extent_px / value.downscale, value.sub_grid) / value.sub_grid;
    };
    const Extent needed{extent_of(height_px), extent_of(width_px)};
    const std::pair kind{value.downscale, value.sub_grid};
    if (!exact && !padded.contains(kind)) padded[kind] = choose_extent(winograd_shapes(value), needed);
    const Extent extent = value.is_port || exact ? needed : padded[kind];
    activations_.push_back({nullptr, value.channels, needed.height, needed.width, extent.height, extent.width,
                            value.layout, value.sub_grid, network_->scales_of(value), value.copies});
  }
  store_offsets_.assign(activations_.size(), 0);
  columns_back_.assign(network_->plan.steps.size(), 0);
}

void Run::skew(const SkewedGrid& grid) {
  const ChainSteps& chain = *network_->chain;
  if (grid.columns > 1) {
    column_step_px_ = grid.window_width_px - 2 * chain.cell_px;
    int layers = 0;
    for (std::size_t i = 0; i < columns_back_.size(); ++i) {
      columns_back_[i] = layers;
      if (chain.border_layer[i] >= 0) ++layers;
    }
  }
  for (std::size_t i = 0; i < network_->plan.steps.size(); ++i) {
    const int value = network_->plan.steps[i].output;
    if (chain.border_layer[i] >= 0) store_offsets_[at(value)] = shift_bytes(grid, activations_[at(value)]);
  }
}

bool Run::begins_odd(std::size_t step) const {
  const int downscale = network_->plan.values[at(network_->plan.steps[step].output)].downscale;
  return (column_px_ / downscale - columns_back_[step]) % 2 != 0;
}

Activation Run::stored(int value) const {
  Activation activation = activations_[at(value)];
  activation.data = static_cast<std::byte*>(activation.data) + store_offsets_[at(value)];
  return activation;
}

std::vector<WinogradShape> Run::winograd_shapes(const Value& value) const {
  const ExecutionPlan& plan = network_->plan;
  std::vector<WinogradShape> shapes;
  for (const Step& step : plan.steps) {
    if (step.kind != StepKind::convolution) continue;
    const Value& src = plan.values[at(step.inputs[0])];
    const Value& dst = plan.values[at(step.output)];
    if (src.downscale == value.downscale && src.sub_grid == value.sub_grid &&
        may_winograd(network_->spec.layers[at(step.layer)], src.sub_grid, src.layout, dst.layout))
      shapes.push_back({src.padded_channels(), dst.padded_channels(), src.sub_grid * src.sub_grid});
  }
  return shapes;
}

Run::Chosen Run::choose_convolutions() const {
  Chosen chosen;
  for (const Step& step : network_->plan.steps)
    chosen.push_back(step.kind == StepKind::convolution
                         ? choose_convolution(network_->spec.layers[at(step.layer)], activations_[at(step.inputs[0])],
                                              activations_[at(step.output)], step.relu,
                                              network_->weights[at(step.layer)]->output_scales())
                         : dnnl::convolution_forward::primitive_desc{});
  return chosen;
}

int Run::host_of(std::size_t value) const {
  const int host = network_->plan.values[value].part_of;
  if (host < 0) return -1;
  const Activation& whole = activations_[at(host)];
  return whole.padded_height == activations_[value].height && whole.padded_width == activations_[value].width ? host
                                                                                                              : -1;
}

bool Run::lies_there(const Step& step) const {
  const auto value = at(step.inputs[0]);
  return host_of(value) == step.output && step.minuend < 0 &&
         network_->plan.values[value].first_channel == step.channel_offset;
}

void Run::allocate(const Chosen& chosen) {
  std::vector<std::size_t> size_bytes;
  std::vector<int> places;
  for (std::size_t i = 0; i < activations_.size(); ++i) {
    const int host = host_of(i);
    places.push_back(host < 0 ? static_cast<int>(i) : host);
    size_bytes.push_back(host < 0 ? activations_[i].size_bytes() + store_offsets_[i] : 0);
  }
  std::vector<Lifetime> needs = lifetimes_of(network_->plan, size_bytes, places);
  std::size_t scratchpad_bytes = 0;
  for (const auto& convolution : chosen)
    if (convolution) scratchpad_bytes = std::max(scratchpad_bytes, convolution.scratchpad_desc().get_size());
  for (const Step& step : network_->plan.steps)
    if (step.kind == StepKind::own_convolution)
      scratchpad_bytes =
          std::max(scratchpad_bytes, network_->own_convolutions[at(step.layer)]->scratch_bytes(
                                         activations_[at(step.inputs[0])], activations_[at(step.output)]));
  needs.push_back({scratchpad_bytes, -1, static_cast<int>(chosen.size())});

  const ArenaPlan plan = plan_arena(needs);
  arena_ = make_arena(plan.size_bytes);
  arena_bytes_ = plan.size_bytes;
  for (std::size_t i = 0; i < activations_.size(); ++i) activations_[i].data = arena_.get() + plan.offset_bytes[i];
  for (std::size_t i = 0; i < activations_.size(); ++i)
    if (const int host = host_of(i); host >= 0)
      activations_[i].data = static_cast<float*>(activations_[at(host)].data) +
                             static_cast<std::size_t>(network_->plan.values[i].first_channel) * activations_[i].height *
                                 activations_[i].width;
  scratchpad_ = arena_.get() + plan.offset_bytes.back();
  for (const int value : {network_->plan.image, network_->plan.noise_map, network_->plan.output})
    if (value >= 0) clear(activations_[at(value)]);
}

void Run::bind(const Chosen& chosen) {
  for (std::size_t i = 0; i < chosen.size(); ++i)
    convolutions_.push_back(chosen[i] ? bind_convolution(network_->plan.steps[i], chosen[i]) : BoundConvolution{});
}

BoundConvolution Run::bind_convolution(const Step& step, const dnnl::convolution_forward::primitive_desc& desc) const {
  const ConvolutionWeights& weights = *network_->weights[at(step.layer)];
  BoundConvolution bound{dnnl::convolution_forward(desc), {}, {}};
  const auto add = [&](int name, dnnl::memory memory) {
    bound.arguments.push_back({name, memory.get()});
    bound.memories.push_back(std::move(memory));
  };
  add(DNNL_ARG_SRC, {desc.src_desc(), cpu_engine(), activations_[at(step.inputs[0])].data});
  add(DNNL_ARG_WEIGHTS, weights.in_order(desc.weights_desc()));
  add(DNNL_ARG_BIAS, weights.bias());
  add(DNNL_ARG_DST, {desc.dst_desc(), cpu_engine(), stored(step.output).data});
  add(DNNL_ARG_SCRATCHPAD, {desc.scratchpad_desc(), cpu_engine(), scratchpad_});
  return bound;
}

void Run::compute(std::size_t index) {
  const Step& step = network_->plan.steps[index];
  Activation dst = stored(step.output);
  const Activation& src = activations_[at(step.inputs[0])];
  const StageScope timed([&] { return step_work(static_cast<int>(index), step, network_->spec, src, dst); });
  switch (step.kind) {
    case StepKind::convolution:
      execute(convolutions_[index]);
      if (dst.sub_grid == 1) clear_padding(dst);
      return;
    case StepKind::own_convolution:
      dst.begins_odd = begins_odd(index);
      return network_->own_convolutions[at(step.layer)]->run(src, step.relu, fused_sum_of(step), dst,
                                                             static_cast<float*>(scratchpad_));
    case StepKind::move:
      if (lies_there(step)) return;
      if (step.channel_offset == 0) clear_surplus(dst);
      if (dst.layout.element == ElementType::u8) return to_eight_bits(src, dst);
      move(step, src, step.minuend < 0 ? nullptr : &activations_[at(step.minuend)], dst);
      return;
    case StepKind::split_into_sub_grids:
      return split_into_sub_grids(src, dst);
    case StepKind::join_sub_grids:
      join_sub_grids(src, dst);
      return clear_padding(dst);
    case StepKind::relu:
      clear_surplus(dst);
      relu(src, dst);
      return;
    case StepKind::add:
    case StepKind::subtract:
      clear_surplus(dst);
      combine(step.kind, src, activations_[at(step.inputs[1])], dst);
      return;
    case StepKind::average_pool:
    case StepKind::max_pool:
      clear_surplus(dst);
      pool(step.kind, step.factor, src, dst);
      return;
    case StepKind::upsample:
      clear_surplus(dst);
      upsample(step.factor, src, dst);
      return;
    case StepKind::scale:
      clear_surplus(dst);
      scale(strength_, src, dst);
      return;
  }
}

FusedSum Run::fused_sum_of(const Step& step) const {
  if (step.minuend >= 0) return {&activations_[at(step.minuend)], -1.0f};
  if (step.addend >= 0) return {&activations_[at(step.addend)], 1.0f};
  return {};
}

void Run::execute(const BoundConvolution& convolution) {
  // The C call: the C++ one builds a map of the arguments each time.
  translated("running convolution", [&] {
    dnnl::error::wrap_c_api(
        dnnl_primitive_execute(convolution.primitive.get(), stream_.get(),
                               static_cast<int>(convolution.arguments.size()), convolution.arguments.data()),
        "could not execute a primitive");
  });
}

void Run::clear_surplus(const Activation& dst) {
  if (dst.padded_channels() != dst.channels)
    clear(dst);
  else
    clear_padding(dst);
}

TensorView Run::port(int value) const {
  const Activation& activation = activations_[at(value)];
  return {static_cast<float*>(activation.data), activation.channels, activation.height, activation.width};
}

}  // namespace rdenoise::onednn
