// SPDX-License-Identifier: LGPL-2.1-or-later
// Loops of multiply-adds on registers, one for each instruction that the processor may have.
#pragma once

#include <cstdint>
#include <rdenoise/network.hpp>
#include <vector>

namespace rdn {

/// Runs `iterations` steps on independent vectors. Returns FLOP done; `sink`, near 1, keeps the result alive.
using PeakLoop = double (*)(std::int64_t iterations, float& sink);

struct NamedPeakLoop {
  rdenoise::Precision precision;
  const char* instructions;
  PeakLoop loop;
  std::int64_t iterations;  ///< that take a few milliseconds
};

/// Those that run here; the widest of f32 first.
[[nodiscard]] std::vector<NamedPeakLoop> peak_loops();

}  // namespace rdn
