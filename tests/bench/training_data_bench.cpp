// SPDX-License-Identifier: LGPL-2.1-or-later
// How fast training patches are made: training_data_bench DATA RECIPE.toml …
#include <cstdio>
#include <iostream>
#include <rdenoise/error.hpp>
#include <rdenoise/parallel.hpp>

#include "bench/clock.hpp"
#include "data/sample_source.hpp"

namespace {

void measure(const std::filesystem::path& data, const std::filesystem::path& path) {
  using namespace rdenoise;
  const training::Recipe recipe = training::read_recipe(path);
  if (recipe.task.kind == "classify") return;
  const training::SampleSource samples(recipe, build_network(recipe.network), data);
  WorkerPool pool(0);
  std::vector<bench::Sample> times;
  for (int step = 0; times.size() < 8; ++step) {
    if (samples.is_of_pairs(step)) continue;  // crops only
    times.push_back(
        bench::timed([&] { pool.run(recipe.data.batch, [&](int, int i) { (void)samples.training(step, i); }); }));
  }
  const bench::Sample best = bench::best(times);
  std::printf("%-20s %4d of %3d px  %9.0f patches/s on %d cores  %9.0f a core  batch %7.2f ms\n", recipe.name.c_str(),
              recipe.data.batch, recipe.data.patch_px, recipe.data.batch / best.wall_s, pool.n_threads(),
              recipe.data.batch / best.cpu_s, 1e3 * best.wall_s);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: training_data_bench DATA RECIPE.toml...\n";
    return 2;
  }
  try {
    for (int i = 2; i < argc; ++i) measure(argv[1], argv[i]);
  } catch (const std::exception& error) {
    std::cerr << "training_data_bench: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
