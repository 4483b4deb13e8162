// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rdenoise/noise.hpp>

#include "noise/philox.hpp"

namespace rdenoise {

std::uint64_t random_u64(NoiseSeed seed, std::uint64_t index) noexcept {
  const philox::Counter words =
      philox::block(philox::counter_of(seed, philox::Purpose::uniform, index), philox::key_of(seed));
  return static_cast<std::uint64_t>(words[1]) << 32 | words[0];
}

double random_uniform(NoiseSeed seed, std::uint64_t index) noexcept {
  return static_cast<double>(random_u64(seed, index) >> 11) * 0x1p-53;
}

}  // namespace rdenoise
