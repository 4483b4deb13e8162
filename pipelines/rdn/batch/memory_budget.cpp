// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/memory_budget.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#include "input.hpp"

namespace rdn {
namespace {

/// A figure of /proc/meminfo, or nothing.
std::optional<std::uint64_t> available_memory_bytes() {
  std::ifstream stream("/proc/meminfo");
  for (std::string name, line; stream >> name; std::getline(stream, line)) {
    std::uint64_t kibibytes = 0;
    if (name == "MemAvailable:" && stream >> kibibytes) return kibibytes * 1024;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> number_in(const char* path) {
  std::ifstream stream(path);
  std::uint64_t number = 0;
  return stream >> number ? std::optional(number) : std::nullopt;
}

}  // namespace

MemoryBudget::Share MemoryBudget::take(std::uint64_t size_bytes) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return taken_bytes_ == 0 || taken_bytes_ + size_bytes <= limit_bytes_; });
  taken_bytes_ += size_bytes;
  return {*this, size_bytes};
}

void MemoryBudget::give_back(std::uint64_t size_bytes) {
  {
    const std::scoped_lock lock(mutex_);
    taken_bytes_ -= size_bytes;
  }
  changed_.notify_all();
}

void MemoryBudget::Share::correct(std::uint64_t size_bytes) {
  {
    const std::scoped_lock lock(budget_.mutex_);
    budget_.taken_bytes_ += size_bytes - size_bytes_;
    size_bytes_ = size_bytes;
  }
  budget_.changed_.notify_all();
}

std::uint64_t need_bytes(const rdenoise::ConstFrameView& frame, bool is_developed) {
  const auto pixels = static_cast<std::uint64_t>(frame.width_px) * static_cast<std::uint64_t>(frame.height_px);
  const bool is_mosaic = frame.color_model == rdenoise::ColorModel::bayer;
  const std::uint64_t channels = frame.color_model == rdenoise::ColorModel::rgb ? 3 : 1;
  // Input and result; then a developed picture twice (as it is turned upright), or an encoder's copy.
  std::uint64_t frame_bytes_per_px = is_mosaic ? 2 + 4 : 2 * 4 * channels;
  frame_bytes_per_px += is_developed ? 2 * 12 : 2 * channels;
  // The network's windows: two threads, each with windows of up to 1.2 megapixels and 160 bytes for each pixel.
  constexpr std::uint64_t window_px = 2 * 1'200'000;
  constexpr std::uint64_t network_bytes_per_px = 160;
  return pixels * frame_bytes_per_px + std::min(pixels, window_px) * network_bytes_per_px;
}

std::uint64_t guessed_need_bytes(const std::filesystem::path& source, std::uint64_t file_bytes) {
  // RAW: a byte for each pixel and more. JPEG: as little as a quarter of one.
  const bool is_jpeg = rdenoise::picture_type_for_name(source) == rdenoise::PictureFileType::jpeg;
  const std::uint64_t pixels = file_bytes * (is_jpeg ? 4 : 1);
  constexpr std::uint64_t frame_bytes_per_px = 30;
  constexpr std::uint64_t most_network_bytes = 384'000'000;
  constexpr std::uint64_t network_bytes_per_px = 160;
  return file_bytes + pixels * frame_bytes_per_px + std::min(pixels * network_bytes_per_px, most_network_bytes);
}

std::uint64_t default_memory_limit_bytes() {
  constexpr std::uint64_t fallback = std::uint64_t{4} << 30;
  std::uint64_t available = available_memory_bytes().value_or(fallback);
  const auto limit = number_in("/sys/fs/cgroup/memory.max");  // "max" is no number
  const auto used = number_in("/sys/fs/cgroup/memory.current");
  if (limit && used) available = std::min(available, *limit - std::min(*limit, *used));
  return available / 4 * 3;
}

}  // namespace rdn
