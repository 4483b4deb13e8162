// SPDX-License-Identifier: LGPL-2.1-or-later
// The random numbers of one training patch.
#pragma once

#include <algorithm>
#include <cstdint>
#include <rdenoise/noise.hpp>

namespace rdenoise::training {

/// Depends on the seed and the patch's number alone, so that a patch is the same in any batch, process and thread.
/// Numbers come one after the other; up to draws_per_patch of them are independent of the next patch's.
class PatchRandom {
 public:
  PatchRandom(std::uint64_t seed, std::uint64_t patch) : seed_(seed), patch_(patch), next_(patch * draws_per_patch) {}

  [[nodiscard]] double uniform(double low = 0.0, double high = 1.0) {
    return low + (high - low) * random_uniform({seed_, patch_stream}, next_++);
  }
  /// 0 … count − 1
  [[nodiscard]] int below(int count) { return std::min(static_cast<int>(uniform() * count), count - 1); }

  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }
  [[nodiscard]] std::uint64_t patch() const noexcept { return patch_; }
  /// The field of the patch's noise.
  [[nodiscard]] NoiseSeed noise_seed() const noexcept {
    // A frame's channels take four streams of 32 bits; what does not fit goes into the seed.
    constexpr int stream_bits = 28;
    constexpr std::uint64_t mask = (1ULL << stream_bits) - 1;
    return {seed_ ^ (patch_ >> stream_bits << 40), static_cast<std::uint32_t>(patch_ & mask)};
  }

 private:
  static constexpr std::uint32_t patch_stream = 0xFFFFFFFFU;  // above all streams of noise
  static constexpr std::uint64_t draws_per_patch = 256;
  std::uint64_t seed_;
  std::uint64_t patch_;
  std::uint64_t next_;
};

}  // namespace rdenoise::training
