// SPDX-License-Identifier: LGPL-2.1-or-later
// The arithmetic speed limit of this machine, measured.
#pragma once

namespace rdn {

/// f32 GFLOP/s of n threads that do nothing but independent fused multiply-adds (2 FLOP each) on registers, with the
/// widest vectors of the CPU (AVX-512, AVX2; else what the compiler makes of plain code). Takes about 0.3 s; the best
/// of several short runs counts, so that a busy machine harms the figure little.
///
/// n_threads  0: all cores
[[nodiscard]] double measure_peak_gflops(int n_threads);

}  // namespace rdn
