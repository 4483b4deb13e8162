// SPDX-License-Identifier: LGPL-2.1-or-later
#include "progress.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ostream>
#include <sstream>

#include "duration.hpp"

namespace rdenoise::training {
namespace {

constexpr int bar_cells = 20;
constexpr std::chrono::milliseconds bar_interval{200};

std::string fixed(double value, int decimals) {
  std::ostringstream text;
  text.precision(decimals);
  text << std::fixed << value;
  return text.str();
}

std::string json_number(double value) {
  if (!std::isfinite(value)) return "null";
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

}  // namespace

std::string progress_line(const Progress& progress) {
  std::string line = "step " + std::to_string(progress.step) + '/' + std::to_string(progress.steps);
  if (progress.validation) {
    const FigureWords& words = words_of(progress.validation->figure);
    line += std::string("  ") + words.name;
    for (const LevelFigure& level : progress.validation->levels)
      line += ' ' + level.label + ' ' + fixed(level.value, words.decimals);
    line += std::string(" ") + words.unit + (progress.best ? " (best)" : "");
  }
  line += "  " + fixed(progress.patches_per_s, 1) + " patches/s";
  if (progress.validation) line += "  trained " + duration_text(progress.validation->seconds_trained);
  return line + "  left " + duration_text(progress.left_s);
}

std::string progress_json(const Progress& progress) {
  std::string json = "{\"step\":" + std::to_string(progress.step) + ",\"steps\":" + std::to_string(progress.steps);
  if (progress.validation) {
    const CurvePoint& point = *progress.validation;
    json += ",\"seconds_trained\":" + json_number(point.seconds_trained) +
            ",\"learning_rate\":" + json_number(point.learning_rate) + ",\"loss\":" + json_number(point.loss) + ",\"" +
            words_of(point.figure).key + "\":{";
    const char* separator = "";
    for (const LevelFigure& level : point.levels) {
      json += separator + ('"' + plain_label(level.label)) + "\":" + json_number(level.value);
      separator = ",";
    }
    json += std::string("},\"best\":") + (progress.best ? "true" : "false");
  }
  return json + ",\"patches_per_s\":" + json_number(progress.patches_per_s) +
         ",\"left_s\":" + json_number(progress.left_s) + "}";
}

std::string progress_bar(const Progress& progress, const std::optional<CurvePoint>& last_validation) {
  const double share = std::clamp(static_cast<double>(progress.step) / static_cast<double>(progress.steps), 0.0, 1.0);
  const int filled = static_cast<int>(share * bar_cells);
  std::string bar = "[" + std::string(static_cast<std::size_t>(filled), '#') +
                    std::string(static_cast<std::size_t>(bar_cells - filled), '.') + "] " +
                    std::to_string(progress.step) + '/' + std::to_string(progress.steps);
  if (last_validation && !last_validation->levels.empty()) {
    const FigureWords& words = words_of(last_validation->figure);
    const LevelFigure& middle = last_validation->levels[last_validation->levels.size() / 2];
    bar += "  " + middle.label + ' ' + fixed(middle.value, words.decimals) + ' ' + words.unit;
  }
  return bar + "  " + fixed(progress.patches_per_s, 0) + "/s  left " + duration_text(progress.left_s);
}

ProgressPrinter::~ProgressPrinter() { clear_bar(); }

void ProgressPrinter::clear_bar() {
  if (bar_shown_) out_ << "\r\x1b[K" << std::flush;
  bar_shown_ = false;
}

void ProgressPrinter::report(const Progress& progress) {
  if (progress.validation) {
    last_validation_ = progress.validation;
    clear_bar();
    out_ << (style_ == ProgressStyle::json ? progress_json(progress) : progress_line(progress)) << std::endl;
  }
  const auto now = std::chrono::steady_clock::now();
  if (style_ != ProgressStyle::bar || (bar_shown_ && now - bar_drawn_ < bar_interval)) return;
  out_ << '\r' << progress_bar(progress, last_validation_) << "\x1b[K" << std::flush;
  bar_shown_ = true;
  bar_drawn_ = now;
}

void ProgressPrinter::say(const std::string& message) {
  if (style_ == ProgressStyle::json) return;
  clear_bar();
  out_ << message << std::endl;
}

}  // namespace rdenoise::training
