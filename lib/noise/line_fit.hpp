// SPDX-License-Identifier: LGPL-2.1-or-later
// The line through a photon-transfer curve.
#pragma once

#include <rdenoise/noise_calibration.hpp>

namespace rdenoise {

/// Fits model, errors, r_squared and confidence to the points (at least one) and marks the outliers among them; see
/// NoiseCalibrator.
void fit_photon_transfer(PhotonTransferCurve& curve);

}  // namespace rdenoise
