// SPDX-License-Identifier: LGPL-2.1-or-later
// The names under which the same stack of convolutions was published, brought to one: "model.N".
#pragma once

#include <functional>
#include <optional>
#include <rdenoise/network.hpp>
#include <string>

namespace rdenoise {

/// A published state dict under this project's names, with what its names gave away.
struct StateDict {
  Weights weights;
  /// How the file calls (or would call) a tensor: for messages.
  std::function<std::string(const std::string& name)> published_name;
  /// True for FFDNet as written by Tassano et al. (IPOL 2019): noise map first, and the network predicts the noise.
  bool map_first = false;
  /// ε of the batch norm where the names tell that it was not PyTorch's default.
  std::optional<double> batch_norm_epsilon;
};

/// Knows, all with or without wrappers such as DataParallel's "module.":
///
///   model.N, dncnn.N, intermediate_dncnn.itermediate_dncnn.N, N, …    any nn.Sequential, as KAIR, SaoYan, IPOL
///   first_layer, hidden_layer_list.N, bn_layer_list.N, last_layer     bias-free denoising, Mohan et al. 2020
///   conv_layers.N, gammas.N, running_sd.N                             BF-CNN, Kadkhodaie and Simoncelli 2021; also
///                                                                     without gammas
///   fcn.inc, fcn.conv, fcn.outc, unet.…                               CBDNet of one convolution used three times
///
/// Other names stay as they are, without the wrapper.
///
/// throws  Error{unsupported} for a file of several networks, as IRCNN's
[[nodiscard]] StateDict with_house_names(const Weights& published);

}  // namespace rdenoise
