// SPDX-License-Identifier: LGPL-2.1-or-later
// Speed of one network against the size of the window it is prepared for: what the tile planner's rule rests on.
// Prints CSV. GFLOP/s count two per multiply-accumulate of the direct algorithm, halo included.
//
//   window_bench [network [example [precision [repeats]]]]
#include <cstdio>
#include <cstdlib>
#include <rdenoise/error.hpp>
#include <rdenoise/network.hpp>
#include <string>
#include <thread>

#include "bench/clock.hpp"
#include "lib/network/random_weights.hpp"

namespace {

using namespace rdenoise;

struct Window {
  int width_px;
  int height_px;
};

// From one small enough for the L2 cache to a quarter of 1080p (with FFDNet's halo), and sizes in between that divide
// badly.
constexpr Window windows[] = {{64, 64},   {128, 128}, {192, 192}, {256, 256}, {296, 296}, {320, 320}, {384, 384},
                              {480, 480}, {512, 512}, {576, 432}, {640, 640}, {736, 568}, {992, 572}, {992, 1080}};

void fill(NetworkRun& run) {
  for (const TensorView view : {run.image(), run.noise_map()})
    for (std::size_t i = 0; i < static_cast<std::size_t>(view.channels) * view.height * view.width; ++i)
      view.data[i] = static_cast<float>(i * 2654435761u % 1024) / 1024.0f;
}

double macs_per_window_px(const NetworkSpec& spec) {
  const int cell_px = cell_edge_px(spec.params.input);
  return macs_per_px(spec) * cell_px * cell_px;
}

void measure(const Executor& executor, double macs_per_px, Window window, int n_workers, int repeats) {
  std::vector<std::unique_ptr<NetworkRun>> runs;
  for (int i = 0; i < n_workers; ++i) {
    runs.push_back(executor.prepare(window.height_px, window.width_px));
    fill(*runs.back());
  }
  std::vector<bench::Sample> samples;
  for (int i = 0; i <= repeats; ++i)  // the first warms up
    samples.push_back(bench::timed([&] {
      std::vector<std::jthread> workers;
      for (auto& run : runs) workers.emplace_back([&] { run->run(); });
    }));
  const bench::Sample best = bench::best(samples);
  const double gflop = 2e-9 * macs_per_px * window.width_px * window.height_px * n_workers;
  std::printf("%d,%d,%d,%.2f,%.1f,%.1f\n", window.width_px, window.height_px, n_workers, best.wall_s * 1e3,
              gflop / best.wall_s, gflop / best.cpu_s);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, const char* otherwise) { return argc > i ? argv[i] : otherwise; };
  try {
    const Architecture& architecture = find_architecture(argument(1, "ffdnet"));
    const auto example = std::strtoul(argument(2, "0"), nullptr, 10);
    if (example >= architecture.examples.size()) {
      std::fprintf(stderr, "%s has %zu examples\n", argv[1], architecture.examples.size());
      return 2;
    }
    const NetworkSpec spec = build_network(architecture.examples[example]);
    const auto executor =
        make_onednn_executor(spec, test::random_weights(spec, 1), parse_precision(argument(3, "f32")));
    std::printf("width_px,height_px,workers,wall_ms,gflops,gflops_per_cpu_second\n");
    for (const Window window : windows)
      for (const int n_workers : {1, 2})
        measure(*executor, macs_per_window_px(spec), window, n_workers, std::atoi(argument(4, "4")));
    return 0;
  } catch (const Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
