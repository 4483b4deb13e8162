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
  using Bytes [[gnu::vector_size(lanes)]] = std::uint8_t;
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

template <int lanes>
[[gnu::always_inline]] inline void store(float* to, const Vector<lanes>& from) {
  std::memcpy(to, &from, sizeof from);
}

/// Rounded to the nearest bf16, of two the even one.
template <int lanes>
[[gnu::always_inline]] inline void store(std::uint16_t* to, const Vector<lanes>& from) {
  typename VectorOf<lanes>::Words words;
  std::memcpy(&words, &from, sizeof words);
  const auto rounded = (words + 0x7fffu + ((words >> 16) & 1u)) >> 16;
  // Rounding could carry a nan to zero.
  const auto halves =
      __builtin_convertvector(from == from ? rounded : (words >> 16) | 0x40u, typename VectorOf<lanes>::Halves);
  std::memcpy(to, &halves, sizeof halves);
}

/// Rounded to the nearest whole number, of two the even one, and kept in 0 … 255.
template <int lanes>
[[gnu::always_inline]] inline void store(std::uint8_t* to, const Vector<lanes>& from) {
  // At this size a float has no room for fractions, and its lowest byte is the number.
  constexpr float whole_numbers = 0x1.8p23f;
  const Vector<lanes> least = {};
  const Vector<lanes> most = least + 255.0f;
  const Vector<lanes> above = from > least ? from : least;
  const Vector<lanes> kept = (above < most ? above : most) + whole_numbers;
  typename VectorOf<lanes>::Words words;
  std::memcpy(&words, &kept, sizeof words);
  // In two steps: GCC 12 takes one from words to bytes element by element.
  const auto halves = __builtin_convertvector(words & 0xffu, typename VectorOf<lanes>::Halves);
  const auto bytes = __builtin_convertvector(halves, typename VectorOf<lanes>::Bytes);
  std::memcpy(to, &bytes, sizeof bytes);
}

#endif

}  // namespace rdenoise::onednn
