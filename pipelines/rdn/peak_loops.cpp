// SPDX-License-Identifier: LGPL-2.1-or-later
#include "peak_loops.hpp"

#include <array>

#if defined(__x86_64__)
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace rdn {
namespace {

using rdenoise::Precision;

// Latency 4 or 5 times 2 units: at least 10 chains must be in flight, and more would spill 16 vector registers. AVX-512
// has 32, which its dot products, of longer latency on some processors, need.
constexpr int chain_count = 10;
constexpr int wide_chain_count = 16;  // GCC unrolls no more by itself

double fma_loop_plain(std::int64_t iterations, float& sink) {
  constexpr int lanes = 8;
  std::array<float, lanes * chain_count> values;
  values.fill(sink);
  for (std::int64_t i = 0; i < iterations; ++i) {
    for (float& value : values) value = value * 0.999F + 0.001F;
  }
  for (const float value : values) sink += value * 1e-9F;
  return 2.0 * lanes * chain_count * static_cast<double>(iterations);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) double fma_loop_avx2(std::int64_t iterations, float& sink) {
  constexpr int lanes = 8;
  const __m256 factor = _mm256_set1_ps(0.999F);
  const __m256 summand = _mm256_set1_ps(0.001F);
  __m256 values[chain_count];
  for (__m256& value : values) value = _mm256_set1_ps(sink);
  for (std::int64_t i = 0; i < iterations; ++i) {
    for (__m256& value : values) value = _mm256_fmadd_ps(value, factor, summand);
  }
  for (const __m256 value : values) sink += _mm256_cvtss_f32(value) * 1e-9F;
  return 2.0 * lanes * chain_count * static_cast<double>(iterations);
}

__attribute__((target("avx512f"))) double fma_loop_avx512(std::int64_t iterations, float& sink) {
  constexpr int lanes = 16;
  const __m512 factor = _mm512_set1_ps(0.999F);
  const __m512 summand = _mm512_set1_ps(0.001F);
  __m512 values[chain_count];
  for (__m512& value : values) value = _mm512_set1_ps(sink);
  for (std::int64_t i = 0; i < iterations; ++i) {
    for (__m512& value : values) value = _mm512_fmadd_ps(value, factor, summand);
  }
  for (const __m512 value : values) sink += _mm512_cvtss_f32(value) * 1e-9F;
  return 2.0 * lanes * chain_count * static_cast<double>(iterations);
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16"))) double bf16_loop_avx512(std::int64_t iterations,
                                                                                        float& sink) {
  constexpr int products = 32;
  const auto factor = reinterpret_cast<__m512bh>(_mm512_set1_epi16(0x3080));  // 2⁻³⁰
  __m512 values[wide_chain_count];
  for (__m512& value : values) value = _mm512_set1_ps(sink);
  for (std::int64_t i = 0; i < iterations; ++i) {
    for (__m512& value : values) value = _mm512_dpbf16_ps(value, factor, factor);
  }
  for (const __m512 value : values) sink += _mm512_cvtss_f32(value) * 1e-9F;
  return 2.0 * products * wide_chain_count * static_cast<double>(iterations);
}

__attribute__((target("avx512f,avx512vnni"))) double int8_loop_avx512(std::int64_t iterations, float& sink) {
  constexpr int products = 64;
  const __m512i factor = _mm512_set1_epi8(1);
  __m512i values[wide_chain_count];
  for (__m512i& value : values) value = _mm512_set1_epi32(static_cast<int>(sink));
  for (std::int64_t i = 0; i < iterations; ++i) {
    for (__m512i& value : values) value = _mm512_dpbusd_epi32(value, factor, factor);
  }
  alignas(64) std::int32_t sums[16];
  for (const __m512i value : values) {
    _mm512_store_si512(sums, value);
    sink += static_cast<float>(sums[0] & 1) * 1e-9F;
  }
  return 2.0 * products * wide_chain_count * static_cast<double>(iterations);
}

__attribute__((target("avx2,avxvnni"))) double int8_loop_avx2(std::int64_t iterations, float& sink) {
  constexpr int products = 32;
  const __m256i factor = _mm256_set1_epi8(1);
  __m256i values[chain_count];
  for (__m256i& value : values) value = _mm256_set1_epi32(static_cast<int>(sink));
  for (std::int64_t i = 0; i < iterations; ++i) {
    for (__m256i& value : values) value = _mm256_dpbusd_avx_epi32(value, factor, factor);
  }
  for (const __m256i value : values) sink += static_cast<float>(_mm256_extract_epi32(value, 0) & 1) * 1e-9F;
  return 2.0 * products * chain_count * static_cast<double>(iterations);
}

constexpr int tile_rows = 16;
constexpr int tile_row_bytes = 64;

/// Eight tiles of 16 rows of 64 bytes. Intel, "Architecture instruction set extensions programming reference", AMX.
struct alignas(64) TileShapes {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

/// Linux keeps the matrix registers' 8 KiB from processes that have not asked for them.
bool may_use_matrix_units() {
  constexpr long arch_req_xcomp_perm = 0x1023;
  constexpr long xfeature_xtiledata = 18;
  return syscall(SYS_arch_prctl, arch_req_xcomp_perm, xfeature_xtiledata) == 0;
}

// Six sums are in flight: a product takes 52 cycles, and one can begin every 16.
constexpr int tile_sums = 6;

__attribute__((target("amx-tile,amx-bf16"))) double bf16_loop_amx(std::int64_t iterations, float& sink) {
  const TileShapes shapes;
  _tile_loadconfig(&shapes);
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  _tile_zero(4);
  _tile_zero(5);
  _tile_zero(6);
  _tile_zero(7);
  for (std::int64_t i = 0; i < iterations; ++i) {
    _tile_dpbf16ps(0, 6, 7);
    _tile_dpbf16ps(1, 6, 7);
    _tile_dpbf16ps(2, 6, 7);
    _tile_dpbf16ps(3, 6, 7);
    _tile_dpbf16ps(4, 6, 7);
    _tile_dpbf16ps(5, 6, 7);
  }
  alignas(64) float sums[tile_rows * tile_row_bytes / sizeof(float)];
  _tile_stored(0, sums, tile_row_bytes);
  _tile_release();
  sink += sums[0] * 1e-9F;
  return 2.0 * 16 * 16 * 32 * tile_sums * static_cast<double>(iterations);
}

__attribute__((target("amx-tile,amx-int8"))) double int8_loop_amx(std::int64_t iterations, float& sink) {
  const TileShapes shapes;
  _tile_loadconfig(&shapes);
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  _tile_zero(4);
  _tile_zero(5);
  _tile_zero(6);
  _tile_zero(7);
  for (std::int64_t i = 0; i < iterations; ++i) {
    _tile_dpbusd(0, 6, 7);
    _tile_dpbusd(1, 6, 7);
    _tile_dpbusd(2, 6, 7);
    _tile_dpbusd(3, 6, 7);
    _tile_dpbusd(4, 6, 7);
    _tile_dpbusd(5, 6, 7);
  }
  alignas(64) std::int32_t sums[tile_rows * tile_row_bytes / sizeof(std::int32_t)];
  _tile_stored(0, sums, tile_row_bytes);
  _tile_release();
  sink += static_cast<float>(sums[0]) * 1e-9F;
  return 2.0 * 16 * 16 * 64 * tile_sums * static_cast<double>(iterations);
}
#endif

}  // namespace

std::vector<NamedPeakLoop> peak_loops() {
  std::vector<NamedPeakLoop> loops;
#if defined(__x86_64__)
  constexpr std::int64_t vector_steps = 1'000'000;
  constexpr std::int64_t tile_steps = 100'000;
  if (__builtin_cpu_supports("avx512f"))
    loops.push_back({Precision::f32, "avx512f", fma_loop_avx512, vector_steps});
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    loops.push_back({Precision::f32, "avx2", fma_loop_avx2, vector_steps});
  if (__builtin_cpu_supports("avx512bf16"))
    loops.push_back({Precision::bf16, "avx512_bf16", bf16_loop_avx512, vector_steps});
  if (__builtin_cpu_supports("avx512vnni"))
    loops.push_back({Precision::int8, "avx512_vnni", int8_loop_avx512, vector_steps});
  else if (__builtin_cpu_supports("avxvnni"))
    loops.push_back({Precision::int8, "avx_vnni", int8_loop_avx2, vector_steps});
  if (__builtin_cpu_supports("amx-tile") && may_use_matrix_units()) {
    if (__builtin_cpu_supports("amx-bf16")) loops.push_back({Precision::bf16, "amx_bf16", bf16_loop_amx, tile_steps});
    if (__builtin_cpu_supports("amx-int8")) loops.push_back({Precision::int8, "amx_int8", int8_loop_amx, tile_steps});
  }
#endif
  constexpr std::int64_t plain_steps = 100'000;
  if (loops.empty() || loops.front().precision != Precision::f32)
    loops.insert(loops.begin(), {Precision::f32, "compiled", fma_loop_plain, plain_steps});
  return loops;
}

}  // namespace rdn
