// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements/element_stats.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace rdenoise::test {

DenoiseStats stats_of(GstElement* rdenoise) {
  GstStructure* fields = nullptr;
  g_object_get(rdenoise, "stats", &fields, nullptr);
  DenoiseStats stats;
  guint64 frames = 0;
  guint64 dropped = 0;
  guint64 latency_ns = 0;
  guint64 switches = 0;
  gchar* model = nullptr;
  gchar* quality = nullptr;
  EXPECT_TRUE(gst_structure_get(fields, "frames", G_TYPE_UINT64, &frames, "dropped", G_TYPE_UINT64, &dropped,
                                "cost-mean-ms", G_TYPE_DOUBLE, &stats.cost_mean_ms, "cost-p95-ms", G_TYPE_DOUBLE,
                                &stats.cost_p95_ms, "budget-ms", G_TYPE_DOUBLE, &stats.budget_ms, "latency",
                                G_TYPE_UINT64, &latency_ns, "model", G_TYPE_STRING, &model, "quality", G_TYPE_STRING,
                                &quality, "switches", G_TYPE_UINT64, &switches, nullptr));
  stats.frames = frames;
  stats.dropped = dropped;
  stats.latency_ns = latency_ns;
  stats.switches = switches;
  if (model != nullptr) stats.model = model;
  if (quality != nullptr) stats.quality = quality;
  g_free(model);
  g_free(quality);
  if (fields != nullptr) gst_structure_free(fields);
  return stats;
}

std::string caps_at(const FrameLayout& layout, const std::string& framerate) {
  const std::string caps = layout.caps();
  const std::size_t at = caps.find("framerate=");
  EXPECT_NE(at, std::string::npos) << caps;
  return caps.substr(0, at) + "framerate=(fraction)" + framerate +
         caps.substr(std::min(caps.find(',', at), caps.size()));
}

}  // namespace rdenoise::test
