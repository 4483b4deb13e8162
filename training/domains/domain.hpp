// SPDX-License-Identifier: LGPL-2.1-or-later
// How a developed picture becomes the signal of a network's kind of input. A new kind is one file and one line in
// domain.cpp.
#pragma once

#include <rdenoise/camera_simulation.hpp>
#include <rdenoise/network.hpp>

namespace rdenoise::training {

struct Domain {
  InputDomain input;
  ColorModel stored;  ///< what is kept of each picture: gray or rgb
  bool has_camera;    ///< whether to_signal looks at its camera
  /// picture: encoded, of the stored kind; of even size for yuv420, whose planes come one below the other as gray
  Image (*to_signal)(Image picture, const CameraParameters& camera);
};

extern const Domain gray_domain;
extern const Domain rgb_domain;
extern const Domain bayer_domain;
extern const Domain yuv420_domain;

[[nodiscard]] const Domain& find_domain(InputDomain input);

}  // namespace rdenoise::training
