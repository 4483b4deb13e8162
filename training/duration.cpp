// SPDX-License-Identifier: LGPL-2.1-or-later
#include "duration.hpp"

#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <rdenoise/error.hpp>
#include <sstream>

namespace rdenoise::training {
namespace {

using Clock = std::chrono::steady_clock;

const Clock::time_point library_loaded = Clock::now();

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// How old the process is by the kernel's account; negative if that cannot be read.
double age_by_proc_s() {
  std::ifstream stat("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(stat), std::istreambuf_iterator<char>()};
  // The second field is the program's name in parentheses and may hold anything; the start is field 22.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return -1.0;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 22; ++field) fields >> skipped;
  double start_ticks = 0.0;
  double up_s = 0.0;
  std::ifstream uptime("/proc/uptime");
  if (!(fields >> start_ticks) || !(uptime >> up_s)) return -1.0;
  return up_s - start_ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace

double parse_duration_s(std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const double factor = unit.empty() || unit == "s" ? 1.0 : unit == "m" ? 60.0 : unit == "h" ? 3600.0 : 0.0;
  if (error != std::errc() || factor == 0.0 || !std::isfinite(value) || value <= 0.0)
    throw Error(ErrorCode::invalid_argument,
                "reading a time: expected one such as 90s, 9m or 2h, found \"" + std::string(text) + "\"");
  return value * factor;
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  char text[32];
  const auto whole = static_cast<long>(seconds);
  std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  return text;
}

double process_age_s() {
  static const double age_when_loaded_s = [] {
    const double age_s = age_by_proc_s() - seconds_since(library_loaded);
    // A container may see the clock of another boot; then the library's loading has to do.
    return age_s >= 0.0 && age_s < 3600.0 ? age_s : 0.0;
  }();
  return age_when_loaded_s + seconds_since(library_loaded);
}

}  // namespace rdenoise::training
