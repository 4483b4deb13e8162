// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds the second moments of demosaiced noise from the demosaicer itself.
#pragma once

#include <functional>
#include <rdenoise/noise_propagation.hpp>

namespace rdenoise {

/// rggb mosaic → rgb
using Demosaicer = std::function<Image(const Image& mosaic)>;

/// True if the sum of two mosaics gives the sum of their pictures.
[[nodiscard]] bool is_linear(const Demosaicer& demosaicer);

/// For linear demosaicers: sums of products of their impulse responses.
[[nodiscard]] DemosaicNoise probe_by_impulses(const Demosaicer& demosaicer);

/// For any: covariance of weak noise on a flat field, and how it grows with the noise of one colour. The covariance is
/// homogeneous of degree one in the three variances where the demosaicer is homogeneous, so those derivatives are what
/// each colour contributes (Euler).
[[nodiscard]] DemosaicNoise probe_by_noise(const Demosaicer& demosaicer);

}  // namespace rdenoise
