// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bench_report.hpp"

#include <cstdio>
#include <string>
#include <utility>

namespace rdn {

Json stages_json(const StageSplit& split) {
  Json stages = Json::array();
  for (const StageShare& stage : split.stages) {
    Json object = {{"name", stage.name}, {"ms", stage.ms}, {"share", stage.share}};
    if (stage.gflop > 0.0) {
      object["gflop"] = stage.gflop;
      object["gflops"] = stage.gflops;
      object["flop_per_byte"] = stage.flop_per_byte;
    }
    stages.push_back(std::move(object));
  }
  return stages;
}

Json split_json(const StageSplit& split) {
  using rdenoise::FrameStage;
  return {{"gather", stage_ms(split, FrameStage::gather)},
          {"noise_map", stage_ms(split, FrameStage::noise_map)},
          {"network", stage_ms(split, FrameStage::layer)},
          {"scatter", stage_ms(split, FrameStage::scatter)},
          {"idle", split.idle_ms}};
}

Json peaks_json(const std::vector<PeakRate>& peaks) {
  Json list = Json::array();
  for (const PeakRate& peak : peaks)
    list.push_back({{"precision", rdenoise::to_string(peak.precision)},
                    {"instructions", peak.instructions},
                    {"gflops", peak.gflops}});
  return list;
}

void print_table(const Json& figures, const StageSplit& split, const std::vector<PeakRate>& peaks) {
  for (const auto& [key, value] : figures.items())
    if (!value.is_structured()) std::printf("%-16s %s\n", key.c_str(), value.dump().c_str());
  std::printf("\npeaks, GFLOP/s\n");
  for (const PeakRate& peak : peaks)
    std::printf("  %-6s %-12s %8.1f\n", std::string(to_string(peak.precision)).c_str(), peak.instructions.c_str(),
                peak.gflops);
  std::printf("\n%-36s %9s %7s %9s %9s\n", "stage", "ms", "share", "GFLOP/s", "FLOP/byte");
  for (const StageShare& stage : split.stages) {
    // Arrows take three bytes and one column.
    const int width = stage.stage == rdenoise::FrameStage::layer ? 38 : 36;
    std::printf("%-*s %9.3f %5.1f %%", width, stage.name.c_str(), stage.ms, 100.0 * stage.share);
    if (stage.gflop > 0.0) std::printf(" %9.1f %9.1f", stage.gflops, stage.flop_per_byte);
    std::printf("\n");
  }
  std::printf("%-36s %9.3f\n", "idle", split.idle_ms);
}

}  // namespace rdn
