// SPDX-License-Identifier: LGPL-2.1-or-later
// Weights in eight bits or bf16 whose rounding errors cancel on the inputs that pictures give: each is rounded in turn,
// and those still to come take over its error as far as their inputs go along with its own.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "network/quantisation.hpp"
#include "network/stored_kernels.hpp"

namespace rdenoise {

/// Second moments of the inputs of one output pixel: [in, k, k] values, as f32 has them and as the precision keeps
/// them; for eight bits both divided by the channels' scales.
class InputMoments {
 public:
  explicit InputMoments(std::size_t n_inputs);
  void add(std::span<const float> exact, std::span<const float> kept, double weight);

  struct Covariances {
    std::size_t n_inputs = 0;
    std::vector<double> kept;        ///< [n, n]: of kept with kept
    std::vector<double> exact_kept;  ///< [n, n]: of exact (rows) with kept
    std::vector<double> mean_exact;
    std::vector<double> mean_kept;
  };
  [[nodiscard]] Covariances covariances();

 private:
  void add_pending();

  std::size_t n_inputs_;
  std::size_t n_pending_ = 0;
  std::vector<float> pending_exact_;  ///< [sample, input], times √weight
  std::vector<float> pending_kept_;
  double weight_ = 0.0;
  Covariances sums_;
};

/// Makes E|w·exact − step·n·kept − bias|² small over whole numbers n and the bias, for each output: first the exact
/// weights that fit the kept inputs best, then rounding with compensation in the order of the inputs' variance, by the
/// Cholesky factor of the inverse covariance (Frantar, Ashkboos, Hoefler, Alistarh, "GPTQ: accurate post-training
/// quantization for generative pre-trained transformers", ICLR 2023, section 3).
///
/// weights  [out, n], each times the scale of its input's channel
[[nodiscard]] EightBitKernel round_compensated(std::span<const float> weights, const InputMoments::Covariances& inputs,
                                               int most);

/// The same with weights that bf16 has.  weights  [out, n]
[[nodiscard]] Bf16Kernel round_compensated_to_bf16(std::span<const float> weights,
                                                   const InputMoments::Covariances& inputs);

}  // namespace rdenoise
