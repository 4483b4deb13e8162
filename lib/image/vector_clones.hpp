// SPDX-License-Identifier: LGPL-2.1-or-later
// Row loops are compiled twice on x86-64, and the loader picks: packages are built for the oldest processor, but most
// have AVX2. Without FMA both copies give the same bits.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define RDENOISE_IMAGE_VECTOR_CLONES [[gnu::target_clones("avx2", "default")]]
#else
#define RDENOISE_IMAGE_VECTOR_CLONES
#endif
