// SPDX-License-Identifier: LGPL-2.1-or-later
// 3×3 layers in bf16 and in eight bits on matrix units, by the own kernel and by oneDNN, in one thread and in two:
// 128×64 pixels, which the second cache holds. Up to 15 channels are planes for the own kernel; oneDNN is given whole
// pixels, and what that takes is not counted. The figures are ns for a pixel.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <rdenoise/network.hpp>
#include <vector>

#include "base/one_openmp_thread.hpp"
#include "network/matrix_convolution.hpp"
#include "network/matrix_units.hpp"
#include "network/onednn_arena.hpp"
#include "network/onednn_convolution.hpp"

namespace {

using namespace rdenoise;
using namespace rdenoise::onednn;

constexpr int height_px = 64;
constexpr int width_px = 128;

/// A value with memory of its own, all of it 1/128.
struct Picture {
  Picture(int channels, Layout layout)
      : view{nullptr, channels, height_px, width_px, height_px, width_px, layout},
        memory(make_arena(view.size_bytes())) {
    view.data = memory.get();
    if (layout.element == ElementType::f32)
      std::fill_n(static_cast<float*>(view.data), view.element_count(), 0x1p-7f);
    else if (layout.element == ElementType::u8)
      std::fill_n(static_cast<std::uint8_t*>(view.data), view.element_count(), std::uint8_t{20});
    else
      std::fill_n(static_cast<std::uint16_t*>(view.data), view.element_count(), std::uint16_t{0x3c00});
  }
  Activation view;
  Arena memory;
};

struct LayerCase {
  explicit LayerCase(const benchmark::State& state)
      : in_channels(static_cast<int>(state.range(0))),
        layer{.kind = LayerKind::convolution,
              .name = "a",
              .inputs = {0},
              .out_channels = static_cast<int>(state.range(1)),
              .kernel = 3} {
    const std::size_t n_weights = static_cast<std::size_t>(layer.out_channels) * in_channels * 9;
    weights.tensors["a.weight"] = {{layer.out_channels, in_channels, 3, 3}, std::vector<float>(n_weights, 0.01f)};
    weights.tensors["a.bias"] = {{layer.out_channels},
                                 std::vector<float>(static_cast<std::size_t>(layer.out_channels), 0.1f)};
  }
  int in_channels;
  Layer layer;
  Weights weights;
};

Layout pixels(int channels, ElementType element = ElementType::bf16) { return {round_up(channels, 16), element}; }
Layout planes_or_pixels(int channels) { return channels < most_planes ? Layout{} : pixels(channels); }

template <typename Work>
void measure(benchmark::State& state, Work work) {
  for (auto _ : state) {
    work();
    benchmark::ClobberMemory();
  }
  state.counters["ns_per_px"] = benchmark::Counter(
      1e-9 * height_px * width_px,
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert | benchmark::Counter::kAvgThreads);
}

void run_own(benchmark::State& state, const OwnConvolution& convolution, const Picture& src, const Picture& dst) {
  const Arena scratch = make_arena(convolution.scratch_bytes(src.view, dst.view));
  measure(state, [&] { convolution.run(src.view, true, {}, dst.view, reinterpret_cast<float*>(scratch.get())); });
}

void own(benchmark::State& state) {
  if (!has_matrix_units()) return state.SkipWithError("this processor has no matrix units");
  const LayerCase c(state);
  const Picture src(c.in_channels, planes_or_pixels(c.in_channels));
  const Picture dst(c.layer.out_channels, planes_or_pixels(c.layer.out_channels));
  run_own(state, *make_matrix_convolution(c.layer, c.weights, c.in_channels, src.view.layout, dst.view.layout), src,
          dst);
}

/// From eight bits; to eight bits, or to planes where there are few outputs.
void own_eight_bits(benchmark::State& state) {
  if (!has_matrix_units()) return state.SkipWithError("this processor has no matrix units");
  const LayerCase c(state);
  const int outputs = c.layer.out_channels;
  const std::vector<float> src_scales(static_cast<std::size_t>(c.in_channels), 0.01f);
  const std::vector<float> result_scales(static_cast<std::size_t>(outputs), 0.01f);
  const bool to_planes = outputs < most_planes;
  const Picture src(c.in_channels, pixels(c.in_channels, ElementType::u8));
  const Picture dst(outputs, to_planes ? Layout{} : pixels(outputs, ElementType::u8));
  run_own(state,
          to_planes ? *make_matrix_convolution(c.layer, c.weights, c.in_channels, src.view.layout, dst.view.layout,
                                               src_scales)
                    : *make_eight_bit_matrix_convolution(c.layer, c.weights, {src_scales, src_scales}, 1,
                                                         src.view.layout.block, result_scales),
          src, dst);
}

/// From planes or bf16 to eight bits.
void own_to_eight_bits(benchmark::State& state) {
  if (!has_matrix_units()) return state.SkipWithError("this processor has no matrix units");
  const LayerCase c(state);
  const std::vector<float> result_scales(static_cast<std::size_t>(c.layer.out_channels), 0.01f);
  const Picture src(c.in_channels, planes_or_pixels(c.in_channels));
  const Picture dst(c.layer.out_channels, pixels(c.layer.out_channels, ElementType::u8));
  run_own(
      state,
      *make_matrix_convolution(c.layer, c.weights, c.in_channels, src.view.layout, dst.view.layout, {}, result_scales),
      src, dst);
}

void run_onednn(benchmark::State& state, const LayerCase& c, const ConvolutionWeights& weights, const Picture& src,
                const Picture& dst) {
  const OneOpenMpThread one_thread;
  const auto desc = choose_convolution(c.layer, src.view, dst.view, true, weights.output_scales());
  const Arena scratchpad = make_arena(desc.scratchpad_desc().get_size());
  dnnl::stream stream(cpu_engine());
  const dnnl::convolution_forward primitive(desc);
  const std::unordered_map<int, dnnl::memory> arguments{
      {DNNL_ARG_SRC, {desc.src_desc(), cpu_engine(), src.view.data}},
      {DNNL_ARG_WEIGHTS, weights.in_order(desc.weights_desc())},
      {DNNL_ARG_BIAS, weights.bias()},
      {DNNL_ARG_DST, {desc.dst_desc(), cpu_engine(), dst.view.data}},
      {DNNL_ARG_SCRATCHPAD, {desc.scratchpad_desc(), cpu_engine(), scratchpad.get()}}};
  measure(state, [&] { primitive.execute(stream, arguments); });
}

void by_onednn(benchmark::State& state) {
  if (!has_matrix_units()) return state.SkipWithError("this processor has no matrix units");
  const LayerCase c(state);
  const Picture src(c.in_channels, pixels(c.in_channels));
  const Picture dst(c.layer.out_channels, pixels(c.layer.out_channels));
  run_onednn(
      state, c,
      ConvolutionWeights(c.layer, c.weights, c.in_channels, src.view.padded_channels(), dst.view.padded_channels()),
      src, dst);
}

void eight_bits_by_onednn(benchmark::State& state) {
  if (!has_matrix_units()) return state.SkipWithError("this processor has no matrix units");
  const LayerCase c(state);
  const std::vector<float> src_scales(static_cast<std::size_t>(c.in_channels), 0.01f);
  const std::vector<float> result_scales(static_cast<std::size_t>(c.layer.out_channels), 0.01f);
  const Picture src(c.in_channels, pixels(c.in_channels, ElementType::u8));
  const Picture dst(c.layer.out_channels, pixels(c.layer.out_channels, ElementType::u8));
  run_onednn(state, c,
             ConvolutionWeights(c.layer, c.weights, {src_scales, src_scales}, 1, src.view.padded_channels(),
                                dst.view.padded_channels(), result_scales, most_eight_bit_weight),
             src, dst);
}

/// The least of several runs: what a machine that others use as well would take by itself.
void measured(benchmark::internal::Benchmark* bench) {
  bench->Unit(benchmark::kMillisecond)->Repetitions(15)->ReportAggregatesOnly()->MinTime(0.01);
  bench->ComputeStatistics("min", [](const std::vector<double>& times) { return *std::ranges::min_element(times); });
  bench->Threads(1)->Threads(2);
}

void from_few(benchmark::internal::Benchmark* bench) {
  for (const auto& [in, out] : {std::pair{1, 64}, {5, 64}, {9, 16}, {9, 32}, {13, 96}}) bench->Args({in, out});
}

void between_many(benchmark::internal::Benchmark* bench) {
  for (const int channels : {16, 32, 48, 64, 96}) bench->Args({channels, channels});
}

void to_few(benchmark::internal::Benchmark* bench) {
  for (const auto& [in, out] : {std::pair{16, 6}, {32, 6}, {64, 1}, {64, 4}, {96, 12}}) bench->Args({in, out});
}

BENCHMARK(own)->Apply(from_few)->Apply(between_many)->Apply(to_few)->Apply(measured);
BENCHMARK(by_onednn)->Name("onednn")->Apply(from_few)->Apply(between_many)->Apply(to_few)->Apply(measured);
BENCHMARK(own_eight_bits)->Apply(between_many)->Apply(to_few)->Apply(measured);
BENCHMARK(eight_bits_by_onednn)->Name("onednn_eight_bits")->Apply(between_many)->Apply(to_few)->Apply(measured);
BENCHMARK(own_to_eight_bits)->Apply(from_few)->Apply(between_many)->Apply(measured);

}  // namespace

BENCHMARK_MAIN();
