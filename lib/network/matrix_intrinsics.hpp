// SPDX-License-Identifier: LGPL-2.1-or-later
// The compiler's intrinsics for AVX-512 and AMX.
#pragma once

// GCC 12 takes the undefined operands of its own intrinsics for mistakes.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
