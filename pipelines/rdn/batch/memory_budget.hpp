// SPDX-License-Identifier: LGPL-2.1-or-later
// Keeps the files in flight within an amount of memory.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <rdenoise/image.hpp>

namespace rdn {

class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}

  /// Memory that a file holds until it is done.
  class Share {
   public:
    Share(MemoryBudget& budget, std::uint64_t size_bytes) : budget_(budget), size_bytes_(size_bytes) {}
    ~Share() { budget_.give_back(size_bytes_); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    /// Once more is known. A file that turns out larger is let through; the next ones wait.
    void correct(std::uint64_t size_bytes);

   private:
    MemoryBudget& budget_;
    std::uint64_t size_bytes_;
  };

  /// Waits until there is room. A file larger than the limit gets its share when it is alone.
  [[nodiscard]] Share take(std::uint64_t size_bytes);

 private:
  void give_back(std::uint64_t size_bytes);

  std::uint64_t limit_bytes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t taken_bytes_ = 0;
};

/// What a file will need, by its name and size on disk alone: at most, for files that are compressed as usual.
[[nodiscard]] std::uint64_t guessed_need_bytes(const std::filesystem::path& source, std::uint64_t file_bytes);

/// What a frame in flight needs, with its result, the developed picture and the network's working memory.
[[nodiscard]] std::uint64_t need_bytes(const rdenoise::ConstFrameView& frame, bool is_developed);

/// Three quarters of what is available now: of the machine, or of the control group if that is less.
[[nodiscard]] std::uint64_t default_memory_limit_bytes();

}  // namespace rdn
