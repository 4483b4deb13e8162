// SPDX-License-Identifier: LGPL-2.1-or-later
#include "report.hpp"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>

#include "json_output.hpp"

namespace rdn::preview {
namespace {

struct StructureFree {
  void operator()(GstStructure* structure) const noexcept { gst_structure_free(structure); }
};

/// Resident memory now; its peak would not show whether it grows.
double rss_mib() {
  std::ifstream statm("/proc/self/statm");
  long total = 0;
  long resident = 0;
  statm >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

std::uint64_t dropped(const ReportFacts& facts) { return facts.frames.waived + facts.denoise.dropped; }

}  // namespace

DenoiseFigures denoise_figures(GstElement* denoise) {
  GstStructure* taken = nullptr;
  g_object_get(denoise, "stats", &taken, nullptr);
  const std::unique_ptr<GstStructure, StructureFree> stats(taken);
  DenoiseFigures figures;
  if (!stats) return figures;
  guint64 number = 0;
  if (gst_structure_get_uint64(stats.get(), "dropped", &number)) figures.dropped = number;
  if (gst_structure_get_uint64(stats.get(), "switches", &number)) figures.switches = number;
  gst_structure_get_double(stats.get(), "cost-mean-ms", &figures.cost_mean_ms);
  gst_structure_get_double(stats.get(), "cost-p95-ms", &figures.cost_p95_ms);
  if (const gchar* text = gst_structure_get_string(stats.get(), "model")) figures.model = text;
  if (const gchar* text = gst_structure_get_string(stats.get(), "quality")) figures.quality = text;
  return figures;
}

std::string overlay_text(const ReportFacts& facts) {
  char text[256];
  const std::string sigma = facts.sigma_8bit < 0.0 ? "–" : std::to_string(facts.sigma_8bit).substr(0, 4);
  const std::string what = facts.strength > 0.0 ? facts.denoise.model : "off";
  std::snprintf(text, sizeof text, "noise σ %s   %.1f fps   %.0f ms   %s ×%.1f   dropped %llu", sigma.c_str(),
                facts.frames.fps, facts.frames.latency_p50_ms, what.c_str(), facts.strength,
                static_cast<unsigned long long>(dropped(facts)));
  return text;
}

void print_line(const ReportFacts& facts, bool is_last) {
  const bool is_terminal = isatty(STDERR_FILENO) != 0;
  if (!is_terminal && !is_last) return;
  std::fprintf(stderr, "%s%s%s", is_terminal ? "\r\x1b[K" : "", overlay_text(facts).c_str(), is_last ? "\n" : "");
  if (is_last)
    std::fprintf(stderr,
                 "%llu frames in %.1f s, %.1f fps; latency %.1f ms median, %.1f ms of 95 %%, %.1f ms of 99 %%\n",
                 static_cast<unsigned long long>(facts.frames.shown), facts.seconds,
                 static_cast<double>(facts.frames.shown) / facts.seconds, facts.frames.latency_p50_ms,
                 facts.frames.latency_p95_ms, facts.frames.latency_p99_ms);
  std::fflush(stderr);
}

void print_json(const ReportFacts& facts, bool is_last) {
  Json object = {
      {"final", is_last},
      {"seconds", facts.seconds},
      {"frames", facts.frames.shown},
      {"fps", is_last ? static_cast<double>(facts.frames.shown) / facts.seconds : facts.frames.fps},
      {"dropped", dropped(facts)},
      {"latency_ms",
       {{"p50", facts.frames.latency_p50_ms},
        {"p95", facts.frames.latency_p95_ms},
        {"p99", facts.frames.latency_p99_ms},
        {"max", facts.frames.latency_max_ms}}},
      {"strength", facts.strength},
      {"model", facts.denoise.model},
      {"quality", facts.denoise.quality},
      {"switches", facts.denoise.switches},
      {"cost_ms", {{"mean", facts.denoise.cost_mean_ms}, {"p95", facts.denoise.cost_p95_ms}}},
      {"rss_mib", rss_mib()},
  };
  object["sigma_8bit"] = facts.sigma_8bit < 0.0 ? Json() : Json(facts.sigma_8bit);
  std::printf("%s\n", object.dump().c_str());
  std::fflush(stdout);
}

}  // namespace rdn::preview
