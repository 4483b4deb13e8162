// SPDX-License-Identifier: LGPL-2.1-or-later
// Samples as the average keeps them: integers of 15 bits, so that the difference of two is one of 16 bits, and sixteen
// or more of them fit a vector register.
#pragma once

#include <cstdint>
#include <rdenoise/image.hpp>

namespace rdenoise {

/// Format and levels of a channel's stored samples. Integers of fewer bits are shifted up; those of 16 bits lose the
/// last one; floats are kept from −0.5 to 1.5.
struct StoredSamples {
  SampleFormat sample{SampleType::u16, 15, 0};
  Levels levels;

  explicit StoredSamples(const ConstChannelView& channel) noexcept;
};

/// Reads a whole row.
void store_row(const ConstChannelView& channel, int y_px, std::uint16_t* stored);

}  // namespace rdenoise
