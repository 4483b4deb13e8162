// SPDX-License-Identifier: LGPL-2.1-or-later
// Vectors of a width that is a template's parameter, for kernels compiled once for each kind of CPU.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define RDENOISE_HAS_VECTOR_LANES 1
// What oneDNN calls avx512_core; and AVX2 with FMA, which all have but a few that no longer exist.
#define RDENOISE_FOR_16_LANES [[gnu::target("avx512f,avx512bw,avx512dq,avx512vl")]]
#define RDENOISE_FOR_8_LANES [[gnu::target("avx2,fma")]]
#else
#define RDENOISE_HAS_VECTOR_LANES 0
#endif

namespace rdenoise::onednn {

/// Floats on the boundary of a vector.
class AlignedFloats {
 public:
  explicit AlignedFloats(std::size_t size = 0) : lines_((size + per_line - 1) / per_line) {}
  [[nodiscard]] float* data() noexcept { return lines_.empty() ? nullptr : lines_.front().values; }
  [[nodiscard]] const float* data() const noexcept { return lines_.empty() ? nullptr : lines_.front().values; }
  [[nodiscard]] std::size_t size_bytes() const noexcept { return lines_.size() * sizeof(CacheLine); }

 private:
  static constexpr std::size_t per_line = 16;
  struct alignas(64) CacheLine {
    float values[per_line] = {};
  };
  std::vector<CacheLine> lines_;
};

#if RDENOISE_HAS_VECTOR_LANES

template <int lanes>
struct VectorOf {
  using Halves [[gnu::vector_size(lanes * sizeof(std::uint16_t))]] = std::uint16_t;
  using Words [[gnu::vector_size(lanes * sizeof(std::uint32_t))]] = std::uint32_t;
  using type [[gnu::vector_size(lanes * sizeof(float))]] = float;
  using Index [[gnu::vector_size(lanes * sizeof(float))]] = int;
};
template <int lanes>
using Vector = typename VectorOf<lanes>::type;

template <int lanes>
[[gnu::always_inline]] inline void load(Vector<lanes>& to, const float* from) {
  std::memcpy(&to, from, sizeof to);
}

/// A bf16 is the upper half of a float.
template <int lanes>
[[gnu::always_inline]] inline void load(Vector<lanes>& to, const std::uint16_t* from) {
  typename VectorOf<lanes>::Halves halves;
  std::memcpy(&halves, from, sizeof halves);
  const auto words = __builtin_convertvector(halves, typename VectorOf<lanes>::Words) << 16;
  std::memcpy(&to, &words, sizeof to);
}

#endif

}  // namespace rdenoise::onednn
