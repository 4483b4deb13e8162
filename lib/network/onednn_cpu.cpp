// SPDX-License-Identifier: LGPL-2.1-or-later
#include "network/onednn_cpu.hpp"

#include <oneapi/dnnl/dnnl.hpp>

#include "network/edge_convolution.hpp"
#include "network/matrix_units.hpp"

namespace rdenoise {

std::string cpu_isa() {
  switch (dnnl::get_effective_cpu_isa()) {
    case dnnl::cpu_isa::sse41:
      return "sse41";
    case dnnl::cpu_isa::avx:
      return "avx";
    case dnnl::cpu_isa::avx2:
      return "avx2";
    case dnnl::cpu_isa::avx2_vnni:
      return "avx2_vnni";
    case dnnl::cpu_isa::avx512_mic:
      return "avx512_mic";
    case dnnl::cpu_isa::avx512_mic_4ops:
      return "avx512_mic_4ops";
    case dnnl::cpu_isa::avx512_core:
      return "avx512_core";
    case dnnl::cpu_isa::avx512_core_vnni:
      return "avx512_core_vnni";
    case dnnl::cpu_isa::avx512_core_bf16:
      return "avx512_core_bf16";
    case dnnl::cpu_isa::avx512_core_amx:
      return "avx512_core_amx";
    default:
      return "generic";
  }
}

namespace onednn {
namespace {

/// oneDNN names instruction sets by bits: a set includes another if it has all its bits.
bool has(dnnl::cpu_isa wanted) noexcept {
  const auto bits = static_cast<unsigned>(wanted);
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & bits) == bits;
}

#if defined(__x86_64__)
bool has_avx2_with_fma() noexcept { return has(dnnl::cpu_isa::avx2) && __builtin_cpu_supports("fma"); }
#else
bool has_avx2_with_fma() noexcept { return false; }
#endif

}  // namespace

bool has_bf16() noexcept { return has(dnnl::cpu_isa::avx512_core_bf16); }

bool has_amx() noexcept { return has(dnnl::cpu_isa::avx512_core_amx); }

bool has_eight_bits() noexcept { return has(dnnl::cpu_isa::avx2); }

int most_weight_of_cpu() noexcept {
  const bool has_vnni = has(dnnl::cpu_isa::avx512_core_vnni) || has(dnnl::cpu_isa::avx2_vnni);
  return has_vnni ? most_eight_bit_weight : most_seven_bit_weight;
}

LayoutRules layout_rules(Precision precision) noexcept {
  LayoutRules rules;
  rules.block = has(dnnl::cpu_isa::avx512_core) ? 16 : 8;
  // Fewer channels than AVX2's registers hold are fast unblocked; below AVX only the reference code takes them so.
  rules.max_planar_channels = has(dnnl::cpu_isa::avx) ? 7 : 0;
  // oneDNN 2.6's kernels take in no more zeros in a row than the output pixels that they hold in registers: 6 … 28 with
  // AVX-512, by width and precision, 3 below. With more, only its reference code is left.
  rules.max_padding_px = has(dnnl::cpu_isa::avx512_core) ? 6 : 3;
  rules.edge_kernels = has_edge_kernels() && (rules.block == 16 || has_avx2_with_fma());
  // What int8 leaves in floating point. Without AMX, Winograd in f32 is as fast as bf16 or faster: 64 to 64 channels
  // 2.8 against 7.6 ms on a Sapphire Rapids kept from it, and about equal on a Zen 4.
  const bool floats_are_bf16 = precision == Precision::bf16 || (precision == Precision::int8 && has_amx());
  if (floats_are_bf16) {
    rules.activation = ElementType::bf16;
    // In blocks oneDNN 2.6 finds kernels without AMX only: 64 to 64 channels 63 instead of 1065 GFLOP/s.
    rules.whole_pixels = true;
    rules.max_planar_channels = 0;
    rules.matrix_units = has_matrix_units();
  }
  return rules;
}

}  // namespace onednn
}  // namespace rdenoise
