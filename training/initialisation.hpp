// SPDX-License-Identifier: LGPL-2.1-or-later
// The ways in which a network's weights can start.
#pragma once

#include <optional>
#include <rdenoise/network.hpp>
#include <string>
#include <string_view>

namespace rdenoise::training {

/// All but linear suit every network. They draw weights of the variance 2/inputs, so that signals keep their strength
/// through relu. Every convolution that a picture or another branch is added to or subtracted from starts at a tenth,
/// and so does the last: residual networks start close to the identity, and deep stacks of residual blocks do not blow
/// the signal up. Biases start at 0, norms as the identity.
enum class Initialisation {
  he,          ///< independent Gaussians: He et al., "Delving deep into rectifiers" (ICCV 2015)
  orthogonal,  ///< the matrix [out, in·k·k] of a convolution has orthogonal rows (or columns, if it is taller than
               ///< wide), as the published training code of DnCNN and its successors has it: Saxe, McClelland, Ganguli,
               ///< "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks" (ICLR 2014).
               ///< Transposed convolutions as he.
  centre_light,  ///< he, smaller in the middle of a kernel and larger outside, so that the effective receptive field
                 ///< starts wide: Luo, Li, Urtasun, Zemel, "Understanding the effective receptive field in deep
                 ///< convolutional neural networks" (NeurIPS 2016), section 5. The middle has a quarter of the corners'
                 ///< scale; it grows with the square of the distance. 1×1 and transposed convolutions as he.
  linear  ///< mirrored halves, so that relu(h) − relu(−h) passes each signal on and the deep stack starts as a linear
          ///< one (Balduzzi et al., "The shattered gradients problem", ICML 2017, section 5), with orthogonal centre
          ///< taps (Xiao et al., "Dynamical isometry and a mean field theory of CNNs", ICML 2018, section 3).
          ///< Only plain chains, convolution – norm – relu – convolution …, of even width, without stride and side
          ///< outputs: FFDNet, DnCNN, FDnCNN, IRCNN, bias-free DnCNN.
};

/// As recipes write it: "centre-light".
[[nodiscard]] std::string_view to_string(Initialisation initialisation) noexcept;
/// "he, orthogonal, centre-light, linear"
[[nodiscard]] std::string initialisation_names();
/// Nothing for other words.
[[nodiscard]] std::optional<Initialisation> find_initialisation(std::string_view name) noexcept;

/// throws  Error{invalid_argument} naming the layer that does not suit it
void check_initialisation(const NetworkSpec& spec, Initialisation initialisation);

}  // namespace rdenoise::training
