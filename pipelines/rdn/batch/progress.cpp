// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace rdn {
namespace {

int terminal_columns() {
  winsize size{};
  constexpr int fallback = 80;
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : fallback;
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(std::lround(seconds));
  char text[32];
  std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  return text;
}

void print_line(const FileReport& report, const std::string& count) {
  const std::string source = report.source.string();
  switch (report.status) {
    case FileStatus::failed: {
      // Most reasons name the file already.
      const bool is_named = report.reason.find(source) != std::string::npos;
      std::fprintf(stderr, "%sfailed: %s%s\n", count.c_str(), is_named ? "" : (source + ": ").c_str(),
                   report.reason.c_str());
      break;
    }
    case FileStatus::done: {
      const double sigma_8bit = report.details.at("noise").at("sigma_8bit").get<double>();
      std::fprintf(stderr, "%s%s: sigma %.2f, %.1f s\n", count.c_str(), report.output.c_str(), sigma_8bit,
                   report.seconds);
      break;
    }
    default:
      std::fprintf(stderr, "%s%s: %s%s%s\n", count.c_str(), report.output.c_str(),
                   std::string(to_string(report.status)).c_str(), report.reason.empty() ? "" : ", ",
                   report.reason.c_str());
  }
}

}  // namespace

ProgressStyle progress_style(bool json) {
  if (json) return ProgressStyle::json;
  return ::isatty(STDERR_FILENO) == 1 ? ProgressStyle::bar : ProgressStyle::lines;
}

Progress::Progress(ProgressStyle style, std::size_t total_files, std::uintmax_t total_bytes)
    : style_(style), total_files_(total_files), total_bytes_(total_bytes) {}

double Progress::eta_seconds() const {
  if (settled_bytes_ == 0) return 0.0;
  const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  const auto left_bytes = static_cast<double>(total_bytes_ - std::min(settled_bytes_, total_bytes_));
  return passed * left_bytes / static_cast<double>(settled_bytes_);
}

void Progress::draw_bar() const {
  const double share =
      total_files_ == 0 ? 1.0 : static_cast<double>(settled_files_) / static_cast<double>(total_files_);
  const std::string figures = " " + std::to_string(settled_files_) + "/" + std::to_string(total_files_) +
                              " files, time left " + clock_text(eta_seconds());
  const int room = std::clamp(terminal_columns() - 3 - static_cast<int>(figures.size()), 0, 60);
  const auto filled = static_cast<std::size_t>(share * room);
  const std::string bar = std::string(filled, '#') + std::string(static_cast<std::size_t>(room) - filled, '.');
  std::fprintf(stderr, "\r[%s]%s\x1b[K", bar.c_str(), figures.c_str());
}

void Progress::file_settled(const FileReport& report) {
  const std::scoped_lock lock(mutex_);
  ++settled_files_;
  // Files that fail, mostly at once, tell nothing of the others' time.
  if (report.status == FileStatus::failed) {
    total_bytes_ -= std::min(total_bytes_, report.source_bytes);
  } else {
    settled_bytes_ += report.source_bytes;
  }
  switch (style_) {
    case ProgressStyle::bar:
      if (report.status == FileStatus::failed) {
        std::fputs("\r\x1b[K", stderr);
        print_line(report, "");
      }
      draw_bar();
      break;
    case ProgressStyle::lines:
      print_line(report, "[" + std::to_string(settled_files_) + "/" + std::to_string(total_files_) + "] ");
      break;
    case ProgressStyle::json: {
      Json line = {{"done", settled_files_}, {"total", total_files_}, {"eta_seconds", eta_seconds()}};
      line.update(to_json(report));
      std::fprintf(stderr, "%s\n", line.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
      break;
    }
  }
}

void Progress::finish() {
  if (style_ == ProgressStyle::bar && settled_files_ > 0) std::fputc('\n', stderr);
}

}  // namespace rdn
