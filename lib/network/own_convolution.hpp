// SPDX-License-Identifier: LGPL-2.1-or-later
// What the executor asks of a convolution that it does not leave to oneDNN: edge_convolution, matrix_convolution.
#pragma once

#include <cstddef>

#include "network/onednn_moves.hpp"

namespace rdenoise::onednn {

/// dst = base + sign · convolution; dst = convolution if base is nullptr. base: f32, planar.
struct FusedSum {
  const Activation* base = nullptr;
  float sign = 1.0f;
};

/// A 3×3 convolution with its weights. Knows no sizes.
class OwnConvolution {
 public:
  virtual ~OwnConvolution() = default;
  /// scratch: scratch_bytes(src, dst), aligned for vectors.  threads  safe
  virtual void run(const Activation& src, bool relu, FusedSum sum, const Activation& dst, float* scratch) const = 0;
  [[nodiscard]] virtual std::size_t scratch_bytes(const Activation& src, const Activation& dst) const noexcept = 0;
  [[nodiscard]] virtual std::size_t memory_bytes() const noexcept = 0;
};

}  // namespace rdenoise::onednn
