// SPDX-License-Identifier: LGPL-2.1-or-later
// 3×3 layers to few channels, and from few, by the own kernel and by oneDNN, on pictures of 128² (in the cache) and
// 320² pixels (a tile of a large frame), in one thread and in two. The figures are ns for a pixel.
//
//   output/edge    the own kernel; its result is planar
//   output/onednn  as chosen for any other layer; its result is padded to blocks of channels
//   input/edge     the own kernel, from planes
//   input/onednn   the planes put into blocks first
//   middle         the layer before, as a yardstick
//   siblings       63 features with relu and a plane of noise that is added to the picture, as class-aware networks
//   have
//                  them: by two convolutions, or by one and a pass that takes its result apart
#include <benchmark/benchmark.h>

#include <algorithm>
#include <rdenoise/network.hpp>
#include <vector>

#include "base/one_openmp_thread.hpp"
#include "network/edge_convolution.hpp"
#include "network/onednn_arena.hpp"
#include "network/onednn_convolution.hpp"
#include "network/onednn_cpu.hpp"

namespace {

using namespace rdenoise;
using namespace rdenoise::onednn;

/// A value with memory of its own.
struct Picture {
  Picture(int channels, int extent_px, Layout layout)
      : view{nullptr, channels, extent_px, extent_px, extent_px, extent_px, layout},
        memory(make_arena(view.size_bytes())) {
    view.data = memory.get();
    auto* values = static_cast<float*>(view.data);
    for (std::size_t i = 0; i < view.element_count(); ++i) values[i] = static_cast<float>(i % 251) / 251.0f - 0.3f;
  }
  Activation view;
  Arena memory;
};

struct LayerCase {
  LayerCase(int in_channels, int out_channels, int extent_px, bool planar = false)
      : layer{.kind = LayerKind::convolution, .name = "a", .inputs = {0}, .out_channels = out_channels, .kernel = 3},
        block(layout_rules(Precision::f32).block),
        src(in_channels, extent_px, {planar ? 1 : block, ElementType::f32}) {
    const std::size_t n_weights = static_cast<std::size_t>(out_channels) * in_channels * 9;
    weights.tensors["a.weight"] = {{out_channels, in_channels, 3, 3}, std::vector<float>(n_weights, 0.01f)};
    weights.tensors["a.bias"] = {{out_channels}, std::vector<float>(static_cast<std::size_t>(out_channels), 0.1f)};
  }
  Layer layer;
  int block;
  Picture src;
  Weights weights;
};

class OneDnnLayer {
 public:
  OneDnnLayer(const LayerCase& c, const Activation& dst, bool relu)
      : desc_(choose_convolution(c.layer, c.src.view, dst, relu)),
        primitive_(desc_),
        weights_(c.layer, c.weights, c.src.view.channels, c.src.view.padded_channels(), dst.padded_channels()),
        scratchpad_(make_arena(desc_.scratchpad_desc().get_size())),
        stream_(cpu_engine()),
        arguments_{{DNNL_ARG_SRC, {desc_.src_desc(), cpu_engine(), c.src.view.data}},
                   {DNNL_ARG_WEIGHTS, weights_.in_order(desc_.weights_desc())},
                   {DNNL_ARG_BIAS, weights_.bias()},
                   {DNNL_ARG_DST, {desc_.dst_desc(), cpu_engine(), dst.data}},
                   {DNNL_ARG_SCRATCHPAD, {desc_.scratchpad_desc(), cpu_engine(), scratchpad_.get()}}} {}
  void run() { primitive_.execute(stream_, arguments_); }

 private:
  dnnl::convolution_forward::primitive_desc desc_;
  dnnl::convolution_forward primitive_;
  ConvolutionWeights weights_;
  Arena scratchpad_;
  dnnl::stream stream_;
  std::unordered_map<int, dnnl::memory> arguments_;
};

class EdgeLayer {
 public:
  EdgeLayer(const LayerCase& c, const Activation& dst)
      : convolution_(c.src.view.layout.block == 1 ? make_input_edge(c.layer, c.weights, c.src.view.channels, c.block)
                                                  : make_output_edge(c.layer, c.weights, c.src.view.channels, c.block)),
        scratch_(make_arena(convolution_->scratch_bytes(c.src.view, dst))) {}
  void run(const LayerCase& c, FusedSum sum, const Activation& dst) {
    convolution_->run(c.src.view, false, sum, dst, reinterpret_cast<float*>(scratch_.get()));
  }

 private:
  std::unique_ptr<OwnConvolution> convolution_;
  Arena scratch_;
};

template <typename Work>
void measure(benchmark::State& state, int extent_px, Work work) {
  for (auto _ : state) {
    work();
    benchmark::ClobberMemory();
  }
  state.counters["ns_per_px"] = benchmark::Counter(
      1e-9 * extent_px * extent_px,
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert | benchmark::Counter::kAvgThreads);
}

void output_edge(benchmark::State& state) {
  const int extent_px = static_cast<int>(state.range(2));
  const LayerCase c(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)), extent_px);
  const Picture dst(c.layer.out_channels, extent_px, {});
  EdgeLayer layer(c, dst.view);
  measure(state, extent_px, [&] { layer.run(c, {}, dst.view); });
}

void output_onednn(benchmark::State& state) {
  const OneOpenMpThread one_thread;
  const int extent_px = static_cast<int>(state.range(2));
  const LayerCase c(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)), extent_px);
  const Picture dst(c.layer.out_channels, extent_px, {c.block, ElementType::f32});
  OneDnnLayer layer(c, dst.view, false);
  measure(state, extent_px, [&] { layer.run(); });
}

void input_edge(benchmark::State& state) {
  const int extent_px = static_cast<int>(state.range(2));
  const LayerCase c(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)), extent_px, true);
  const Picture dst(c.layer.out_channels, extent_px, {c.block, ElementType::f32});
  EdgeLayer layer(c, dst.view);
  measure(state, extent_px, [&] { layer.run(c, {}, dst.view); });
}

void input_onednn(benchmark::State& state) {
  const OneOpenMpThread one_thread;
  const int extent_px = static_cast<int>(state.range(2));
  const LayerCase c(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)), extent_px);
  const Picture planes(c.src.view.channels, extent_px, {});
  const Picture dst(c.layer.out_channels, extent_px, {c.block, ElementType::f32});
  OneDnnLayer layer(c, dst.view, false);
  measure(state, extent_px, [&] {
    move({}, planes.view, nullptr, c.src.view);
    layer.run();
  });
}

constexpr int n_features = 63;

void siblings_apart(benchmark::State& state) {
  const OneOpenMpThread one_thread;
  const int extent_px = static_cast<int>(state.range(0));
  const LayerCase features(n_features, n_features, extent_px);
  const LayerCase noise(n_features, 1, extent_px);
  const Picture picture(1, extent_px, {});
  const Picture sum(1, extent_px, {});
  const Picture dst(n_features, extent_px, {features.block, ElementType::f32});
  OneDnnLayer middle(features, dst.view, true);
  EdgeLayer last(noise, sum.view);
  measure(state, extent_px, [&] {
    middle.run();
    last.run(noise, {&picture.view, 1.0f}, sum.view);
  });
}

/// Relu of the features; the channel after them, which is noise, goes to the picture and leaves a zero.
void take_apart(const Activation& joined, const Activation& picture, const Activation& sum) {
  auto* const values = static_cast<float*>(joined.data);
  const auto n_px = static_cast<std::size_t>(joined.height) * joined.width;
  const auto block = static_cast<std::size_t>(joined.layout.block);
  float* const last_block = values + (joined.element_count() - n_px * block);
  const auto* const from = static_cast<const float*>(picture.data);
  auto* const to = static_cast<float*>(sum.data);
  for (std::size_t i = 0; i < n_px; ++i) {
    float* const noise = last_block + (i + 1) * block - 1;
    to[i] = from[i] + *noise;
    *noise = 0.0f;
  }
  for (std::size_t i = 0; i < joined.element_count(); ++i) values[i] = std::max(values[i], 0.0f);
}

void siblings_joined(benchmark::State& state) {
  const OneOpenMpThread one_thread;
  const int extent_px = static_cast<int>(state.range(0));
  const LayerCase both(n_features, n_features + 1, extent_px);
  const Picture picture(1, extent_px, {});
  const Picture sum(1, extent_px, {});
  const Picture dst(n_features + 1, extent_px, {both.block, ElementType::f32});
  OneDnnLayer middle(both, dst.view, false);
  measure(state, extent_px, [&] {
    middle.run();
    take_apart(dst.view, picture.view, sum.view);
  });
}

/// The least of several runs: what a machine that others use as well would take by itself.
void least_of_several(benchmark::internal::Benchmark* bench) {
  bench->Unit(benchmark::kMillisecond)->Repetitions(15)->ReportAggregatesOnly()->MinTime(0.02);
  bench->ComputeStatistics("min", [](const std::vector<double>& times) { return *std::ranges::min_element(times); });
  bench->Threads(1)->Threads(2);
}

/// Last layers of published networks, and shapes around the border between the two.
void edge_shapes(benchmark::internal::Benchmark* bench) {
  for (const auto& [in, out] : {std::pair{64, 1},
                                {64, 3},
                                {64, 4},
                                {96, 12},
                                {16, 6},
                                {63, 1},
                                {16, 4},
                                {16, 8},
                                {16, 12},
                                {32, 4},
                                {32, 8},
                                {32, 12},
                                {64, 8},
                                {64, 12},
                                {64, 16}})
    for (const int extent_px : {128, 320}) bench->Args({in, out, extent_px});
  least_of_several(bench);
}

void input_shapes(benchmark::internal::Benchmark* bench) {
  for (const auto& [in, out] : {std::pair{9, 16}, {9, 32}, {8, 64}, {13, 96}, {8, 16}, {13, 16}, {15, 16}, {13, 32}})
    for (const int extent_px : {128, 320}) bench->Args({in, out, extent_px});
  least_of_several(bench);
}

BENCHMARK(input_edge)->Name("input/edge")->Apply(input_shapes);
BENCHMARK(input_onednn)->Name("input/onednn")->Apply(input_shapes);
BENCHMARK(output_edge)->Name("output/edge")->Apply(edge_shapes);
BENCHMARK(output_onednn)->Name("output/onednn")->Apply(edge_shapes);
BENCHMARK(output_onednn)
    ->Name("middle")
    ->Args({64, 64, 128})
    ->Args({64, 64, 320})
    ->Args({96, 96, 320})
    ->Args({16, 16, 320})
    ->Apply(least_of_several);
BENCHMARK(siblings_apart)->Name("siblings/apart")->Arg(128)->Arg(320)->Apply(least_of_several);
BENCHMARK(siblings_joined)->Name("siblings/joined")->Arg(128)->Arg(320)->Apply(least_of_several);

}  // namespace

BENCHMARK_MAIN();
