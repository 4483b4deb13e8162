// SPDX-License-Identifier: LGPL-2.1-or-later
// Colours as they are.
#include "domains/domain.hpp"

namespace rdenoise::training {

const Domain rgb_domain{InputDomain::rgb, ColorModel::rgb, false,
                        [](Image picture, const CameraParameters& /*camera*/) { return picture; }};

}  // namespace rdenoise::training
