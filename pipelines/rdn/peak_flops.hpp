// SPDX-License-Identifier: LGPL-2.1-or-later
// What this machine's arithmetic units can do at most, measured.
#pragma once

#include <rdenoise/network.hpp>
#include <string>
#include <vector>

namespace rdn {

/// The speed of one instruction on operands in registers, all threads together.
struct PeakRate {
  rdenoise::Precision precision;  ///< of the operands; sums are f32, or 32-bit integers of int8
  std::string instructions;       ///< "avx512f", "amx_int8"
  double gflops;                  ///< 2 per multiply-add; of int8 as well
};

/// What the processor has: f32 by its widest vectors, then bf16 and int8 by vectors and by matrix units. Takes a tenth
/// of a second for each.
///
/// n_threads  as DenoiseOptions::n_threads
[[nodiscard]] std::vector<PeakRate> measure_peak_rates(int n_threads);

/// The fastest of one precision; 0 if there is none.
[[nodiscard]] double peak_gflops(const std::vector<PeakRate>& rates, rdenoise::Precision precision) noexcept;

}  // namespace rdn
