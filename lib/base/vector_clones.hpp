// SPDX-License-Identifier: LGPL-2.1-or-later
// Inner loops are compiled twice on x86-64, and the loader picks: packages are built for the oldest processor, but most
// have AVX2. Without fused multiply-add (not part of AVX2) both copies give the same bits.
// RDENOISE_WIDE_VECTOR_CLONES adds a copy for AVX-512, which has fused multiply-add: only for layers compiled with
// -ffp-contract=off, as noise is.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define RDENOISE_VECTOR_CLONES [[gnu::target_clones("avx2", "default")]]
#define RDENOISE_WIDE_VECTOR_CLONES [[gnu::target_clones("arch=x86-64-v4", "avx2", "default")]]
#else
#define RDENOISE_WIDE_VECTOR_CLONES
#define RDENOISE_VECTOR_CLONES
#endif
