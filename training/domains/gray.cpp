// SPDX-License-Identifier: LGPL-2.1-or-later
// Luma as it is.
#include "domains/domain.hpp"

namespace rdenoise::training {

const Domain gray_domain{InputDomain::gray, ColorModel::gray, false,
                         [](Image picture, const CameraParameters& /*camera*/) { return picture; }};

}  // namespace rdenoise::training
