// SPDX-License-Identifier: LGPL-2.1-or-later
// Inner loops are compiled twice on x86-64, and the loader picks: packages are built for the oldest processor, but most
// have AVX2. The layer is built without contraction to fused multiply-add, so both give the same bits.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define RDENOISE_NOISE_VECTOR_CLONES [[gnu::target_clones("arch=haswell", "default")]]
#else
#define RDENOISE_NOISE_VECTOR_CLONES
#endif
